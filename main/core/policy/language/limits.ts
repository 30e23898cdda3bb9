import type { LimitScope, PolicyWindow, RateLimit, WindowName } from '../../../../shared/schemas/policy.ts';
import { limitWords } from '../../../../shared/text/core/policy.ts';
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

/** `at most 10 times a minute for each client`. */
export function limitText({ max, window, scope, increment, counter }: Limit): string {
  const named = typeof increment === 'bigint' ? `"${counter ?? 'count'}"` : increment.path;
  return limitWords({ max, window, scope, what: increment === UNIT ? null : named });
}
