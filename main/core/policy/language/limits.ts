import type { LimitScope, PolicyWindow, RateLimit, WindowName } from '../../../../shared/schemas/policy.ts';
import { UNIT } from './decimal.ts';
import type { Step } from './path.ts';

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
