import { DatabaseSync } from 'node:sqlite';
import { versionOf } from '../../../main/core/policy/documents/store.ts';
import { applicable } from '../../../main/core/policy/judge/applicable.ts';
import { type Counters, createCounters } from '../../../main/core/policy/judge/counters.ts';
import { createPolicyEngine } from '../../../main/core/policy/judge/engine.ts';
import { evaluate, type Judgement } from '../../../main/core/policy/judge/evaluate.ts';
import type { CompiledPolicy } from '../../../main/core/policy/language/compile.ts';
import { parsePolicy, problemText } from '../../../main/core/policy/language/parse.ts';
import type { CallFacts } from '../../../main/core/policy/types.ts';
import type { Database } from '../../../main/core/ports.ts';
import type { SettingsDoc } from '../../../main/core/settings/types.ts';
import type { Risk } from '../../../shared/schemas/common.ts';
import { FakeClock } from '../../fakes/clock.ts';

export const RISK: Risk = { category: 'Read', severity: 'Low', flags: [], confidence: 1, reasons: [] };

export function policyOf(document: object | string): CompiledPolicy {
  const parsed = parsePolicy(typeof document === 'string' ? document : JSON.stringify(document));
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'));
  return parsed.policy;
}

/** One sentence for each problem of a text; empty when there is none. */
export function problemsOf(document: object | string): string[] {
  const parsed = parsePolicy(typeof document === 'string' ? document : JSON.stringify(document, null, 2));
  return parsed.ok ? [] : parsed.problems.map(problemText);
}

export function facts(tool: string, args: object = {}, more: Partial<CallFacts> = {}): CallFacts {
  return {
    clientId: 'cursor',
    server: 'github',
    session: 's1',
    tool,
    // As the codec gives them: without prototypes, from JSON text.
    args: bare(args) as CallFacts['args'],
    argsDigest: JSON.stringify(args),
    definition: { hash: 'h', risk: RISK },
    ...more,
  };
}

export function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(bare);
  return Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bare(inner)])),
  );
}

export function memoryDatabase(): Database {
  return new DatabaseSync(':memory:') as unknown as Database;
}

export function countersOf(clock: FakeClock, database: Database = memoryDatabase()): Counters {
  return createCounters({ database, clock, log: () => {} });
}

/** Judges one call by one document, without modes. */
export function judge(
  document: object,
  tool: string,
  args: object = {},
  more: Partial<CallFacts> = {},
): Judgement {
  const call = facts(tool, args, more);
  return evaluate(applicable(policyOf(document), call.clientId, tool), call, countersOf(new FakeClock()));
}

export const SETTINGS: SettingsDoc = {
  version: 1,
  gatewayPort: null,
  uiPort: null,
  mode: { mode: 'enforce', until: null },
  servers: {},
  maxMessageBytes: 1,
  allowedOrigins: [],
  loopGuard: null,
  pausedClients: {},
  leftAlone: [],
  retention: { days: 30, megabytes: 200 },
};

/** An engine over one document for every server, with settings that a test can change. */
export function engineOf(document: object, settings: Partial<SettingsDoc> = {}) {
  const clock = new FakeClock();
  const version = versionOf(JSON.stringify(document));
  const state = {
    clock,
    settings: { ...SETTINGS, ...settings },
    source: 'file' as 'file' | 'recommended',
    policy: policyOf(document),
    counters: countersOf(clock),
    logged: [] as string[],
  };
  const engine = createPolicyEngine({
    clock,
    settings: { get: () => state.settings },
    store: {
      lookup: () => ({
        policy: state.policy,
        source: state.source,
        version,
      }),
    },
    counters: {
      check: (uses) => state.counters.check(uses),
      take: (uses) => state.counters.take(uses),
    },
    log: (_level, message) => void state.logged.push(message),
  });
  return { engine, state, clock };
}
