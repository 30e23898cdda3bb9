import type { LimitScope } from '../../../../shared/schemas/policy.ts';
import type { JsonObject } from '../../codec/types.ts';
import { toUnits } from '../language/decimal.ts';
import type { Limit } from '../language/limits.ts';
import { resolvePath, type Step } from '../language/path.ts';
import type { CallFacts } from '../types.ts';

/** What one call takes from one counter. Amounts are units of decimal.ts. */
export interface CounterUse {
  /** Names the counter, its window and whom it counts. */
  readonly key: string;
  readonly windowMs: number;
  readonly max: bigint;
  readonly amount: bigint;
  /** Kept across restarts. Session counters are not: no session outlives the process. */
  readonly lasting: boolean;
  /** Counted even beyond `max`: a person allowed it, and it did happen. */
  readonly force?: boolean;
}

/** What a call would take from a limit's counter, or why it cannot be counted (then it is denied). */
export function toCounterUse(
  limit: Limit,
  facts: CallFacts,
): { ok: true; use: CounterUse } | { ok: false; why: string } {
  const amount = typeof limit.increment === 'bigint' ? limit.increment : sumOf(limit.increment, facts.args);
  if (typeof amount === 'string') return { ok: false, why: amount };
  // A counter without a name of its own belongs to its rule, so its server is part of the name.
  const name = limit.counter ?? `${facts.server} ${limit.pointer}`;
  const key = keyOf(limit, name, facts);
  return {
    ok: true,
    use: { key, windowMs: limit.windowMs, max: limit.maxUnits, amount, lasting: limit.scope !== 'session' },
  };
}

/** Keys of limits made before: they are the same for every call of a client, and looked up several times for each. */
const known = new WeakMap<Limit, Map<string, string>>();
const MAX_KNOWN = 1000;

function keyOf(limit: Limit, name: string, facts: CallFacts): string {
  let keys = known.get(limit);
  if (keys === undefined || keys.size >= MAX_KNOWN) {
    keys = new Map();
    known.set(limit, keys);
  }
  // None of these may hold a line break but the server's name, which is the last.
  const of = `${facts.clientId}\n${facts.session}\n${facts.server}`;
  let key = keys.get(of);
  if (key === undefined) {
    key = JSON.stringify([name, limit.windowMs, limit.scope, ...owners(limit.scope, facts)]);
    keys.set(of, key);
  }
  return key;
}

function owners(scope: LimitScope, facts: CallFacts): string[] {
  switch (scope) {
    case 'grant':
      return [facts.clientId, facts.server];
    case 'session':
      return [facts.clientId, facts.server, facts.session];
    case 'client':
      return [facts.clientId];
    case 'server':
      return [facts.server];
    case 'global':
      return [];
  }
}

function sumOf(from: { path: string; steps: readonly Step[] }, args: JsonObject): bigint | string {
  let sum = 0n;
  for (const slot of resolvePath(from.steps, args)) {
    if (slot.kind === 'missing') return `${from.path} is not given`;
    if (slot.kind === 'unfit') return `${from.path} cannot be counted: ${slot.why}`;
    const units = typeof slot.value === 'number' ? toUnits(slot.value) : undefined;
    if (units === undefined) return `${from.path} is not a number from 0 to 9007199254740991`;
    sum += units;
  }
  return sum;
}
