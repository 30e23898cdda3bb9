import type { SimulatedCall, Simulation } from '../../../../shared/schemas/simulation.ts';
import type { PastCall } from '../../audit/types.ts';
import { canonicalDigest } from '../../codec/index.ts';
import type { Clock, Log } from '../../ports.ts';
import type { SettingsDoc } from '../../settings/types.ts';
import { pastArguments } from '../draft/past-arguments.ts';
import { createMemoryCounters } from '../judge/counters.ts';
import { createPolicyEngine, type PolicyInForce } from '../judge/engine.ts';
import type { CompiledPolicy } from '../language/compile.ts';
import type { CallFacts, PolicyEngine, Verdict } from '../types.ts';
import { looksAt } from './looks-at.ts';
import { simulationSentence } from './words.ts';

export interface SimulationInput {
  /** Recorded calls of one server, newest first (`audit.history`). */
  readonly history: readonly PastCall[];
  /** The policy in force, and the edited one. */
  readonly before: CompiledPolicy;
  readonly after: CompiledPolicy;
  /** For the loop guard, which belongs to every judgement. Modes and pauses are left out: a policy is tried as if enforced. */
  readonly settings: SettingsDoc;
  /** Measures how long the event loop was kept. */
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Log;
}

/** Rows that are listed; the counts are of all. */
const MAX_ROWS = 200;
/** Judging gives way to other work after this long. */
const SLICE_MS = 15;

/**
 * Judges recorded calls once more under two policies, oldest first and at their recorded times, each with counters and
 * sessions of its own that begin empty. A question counts as asked, whatever a person answered; the call then goes on to
 * the counters if it ran in truth. Changes nothing.
 */
export async function simulatePolicy(input: SimulationInput): Promise<Simulation> {
  const { history, clock } = input;
  let at = 0;
  const time: Clock = { now: () => at, monotonic: () => at, after: () => noop, every: () => noop };
  const before = engineOf(input.before, input, time);
  const after = engineOf(input.after, input, time);
  const counts = { before: noCalls(), after: noCalls() };
  const rows: SimulatedCall[] = [];
  let changed = 0;
  let unclear = 0;
  let since = clock.monotonic();
  for (const call of history.toReversed()) {
    at = call.at;
    const { args, doubtful, hidden } = pastArguments(call);
    const facts = factsOf(call, args);
    const was = judged(before, facts, call);
    const would = judged(after, facts, call);
    counts.before[was.decision] += 1;
    counts.after[would.decision] += 1;
    const unsure = doubtful && [input.before, input.after].some((policy) => looksAt(policy, call, hidden));
    if (unsure) unclear += 1;
    if (was.decision !== would.decision) {
      changed += 1;
      rows.push(rowOf(call, was, would, unsure));
      if (rows.length > MAX_ROWS) rows.shift();
    }
    if (clock.monotonic() - since < SLICE_MS) continue;
    await new Promise((resume) => setImmediate(resume));
    since = clock.monotonic();
  }
  const result = {
    calls: history.length,
    from: history.at(-1)?.at ?? null,
    to: history[0]?.at ?? null,
    ...counts,
    changed,
    unclear,
  };
  return { ...result, sentence: simulationSentence(result), rows: rows.reverse() };
}

const noop = (): void => {};
const noCalls = (): Simulation['before'] => ({ allow: 0, ask: 0, deny: 0, hide: 0 });

/** The engine that judges for real, on one document, with nothing that outlives it. */
function engineOf(policy: CompiledPolicy, { settings, log }: SimulationInput, clock: Clock): PolicyEngine {
  const enforced: SettingsDoc = {
    ...settings,
    mode: { mode: 'enforce', until: null },
    servers: {},
    pausedClients: {},
  };
  const inForce: PolicyInForce = { policy, source: 'file', version: 'simulated' };
  return createPolicyEngine({
    clock,
    store: { lookup: () => inForce },
    settings: { get: () => enforced },
    counters: createMemoryCounters(clock),
    log,
  });
}

function factsOf(call: PastCall, args: CallFacts['args']): CallFacts {
  return {
    clientId: call.clientId,
    server: call.server,
    session: call.session,
    tool: call.tool,
    args,
    argsDigest: call.argumentsDigest ?? canonicalDigest(call.argumentsText ?? '{}'),
    definition:
      call.definitionHash === null
        ? undefined
        : // Documents do not look at the rating of a tool; a review that was open then is no part of the policy.
          {
            hash: call.definitionHash,
            risk: { category: 'Read', severity: 'Low', flags: [], confidence: 0, reasons: [] },
          },
  };
}

/** Judges a call and lets it take from the counters what it took if it ran. */
function judged(engine: PolicyEngine, facts: CallFacts, call: PastCall): Verdict {
  const verdict = engine.judge(facts);
  if (verdict.decision === 'allow') engine.reserve(facts, false);
  else if (verdict.decision === 'ask' && (call.decision === 'allow' || call.decision === 'approved'))
    engine.reserve(facts, true);
  return verdict;
}

function rowOf(call: PastCall, before: Verdict, after: Verdict, unclear: boolean): SimulatedCall {
  const said = ({ decision, rule, reason }: Verdict) => ({ decision, rule, reason });
  return {
    seq: call.seq,
    at: call.at,
    clientId: call.clientId,
    clientName: call.clientName,
    tool: call.tool,
    before: said(before),
    after: said(after),
    unclear,
  };
}
