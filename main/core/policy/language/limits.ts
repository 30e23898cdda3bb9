import type { LimitScope, PolicyWindow, RateLimit, WindowName } from '../../../../shared/schemas/policy.ts';
import type { JsonObject } from '../../codec/types.ts';
import type { CounterUse } from '../judge/counters.ts';
import type { CallFacts } from '../types.ts';
import { toUnits, UNIT } from './decimal.ts';
import { resolvePath, type Step } from './path.ts';

const SECONDS: Record<WindowName, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

export interface Limit {
  readonly pointer: string;
  /** Null: a count of this rule's own. */
  readonly counter: string | null;
  readonly window: PolicyWindow;
  readonly windowMs: number;
  readonly max: number;
  readonly maxUnits: bigint;
  readonly scope: LimitScope;
  /** What each call adds: a fixed amount, or a number in the arguments. */
  readonly increment: bigint | { readonly path: string; readonly steps: readonly Step[] };
  readonly onExceed: 'deny' | 'ask';
  readonly message: string | null;
}

export function windowMs(window: PolicyWindow): number {
  return (typeof window === 'number' ? window : SECONDS[window]) * 1000;
}

/** Takes the short form apart: `"10/minute"` or `{ max, window }`. */
export function rateLimitParts(short: RateLimit): { max: number; window: PolicyWindow } {
  if (typeof short !== 'string') return short;
  const [max = '0', window = 'minute'] = short.split('/');
  return { max: Number(max), window: window as WindowName };
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

const plural = (count: string) => (count === '1' ? 'once' : `${count} times`);

/** `a minute`, `a day`, `in 90 seconds`. */
export function windowText(window: PolicyWindow): string {
  if (typeof window !== 'number') return window === 'hour' ? 'an hour' : `a ${window}`;
  return window === 1 ? 'a second' : `in ${window} seconds`;
}

const SCOPES: Record<LimitScope, string> = {
  grant: 'for each client',
  session: 'for each session',
  client: 'for each client over all servers',
  server: 'for all clients together',
  global: 'for all clients and servers together',
};

/** `at most 10 times a minute for each client`. */
export function limitText(limit: Limit): string {
  const scope = SCOPES[limit.scope];
  const window = windowText(limit.window);
  if (limit.increment === UNIT) return `at most ${plural(String(limit.max))} ${window} ${scope}`;
  const what = typeof limit.increment === 'bigint' ? `"${limit.counter ?? 'count'}"` : limit.increment.path;
  return `at most ${limit.max} of ${what} ${window} ${scope}`;
}
