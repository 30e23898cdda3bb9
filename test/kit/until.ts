import { inspect } from 'node:util';

export interface UntilOptions {
  /** When to give up, in milliseconds. Long on purpose: a busy machine is slow, and what is broken is named anyway. */
  readonly within?: number;
}
type See = <V>(value: V) => V;

// Those of the real clock, also where a test replaces it.
const { setImmediate, setTimeout } = globalThis;
const WITHIN_MS = 60_000;

/**
 * Waits until `check` gives something other than undefined or false, and gives that. The one place in the tests that
 * waits for a condition: no test sleeps for a while and hopes. It looks again with every turn of the event loop at first,
 * then less and less often, at least every 50 ms. When it gives up it says what it saw last: what `check` passed through
 * `see`, or else what it gave. What `check` throws ends the waiting at once.
 */
export function until(check: () => boolean, options?: UntilOptions): Promise<true>;
export function until<T>(
  what: string,
  check: (see: See) => T | Promise<T>,
  options?: UntilOptions,
): Promise<Exclude<T, undefined | false>>;
export async function until<T>(
  first: string | (() => T),
  second?: UntilOptions | ((see: See) => T | Promise<T>),
  third?: UntilOptions,
): Promise<Exclude<T, undefined | false>> {
  const [check, options] =
    typeof first === 'string'
      ? [second as (see: See) => T | Promise<T>, third]
      : [first, second as UntilOptions | undefined];
  const { within = WITHIN_MS } = options ?? {};
  const began = performance.now();
  let seen: unknown;
  const see: See = (value) => {
    seen = value;
    return value;
  };
  for (;;) {
    seen = undefined;
    const value = await check(see);
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    const waited = performance.now() - began;
    if (waited > within) {
      const what = typeof first === 'string' ? first : first.toString();
      throw new Error(
        `Waited ${Math.round(waited)} ms in vain for: ${what}\nLast seen: ${inspect(seen ?? value, { depth: 6, breakLength: 110 }).slice(0, 4000)}`,
      );
    }
    await new Promise<void>((done) => {
      if (waited < 20) setImmediate(done);
      else setTimeout(done, Math.min(50, 1 + waited / 20));
    });
  }
}
