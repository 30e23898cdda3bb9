import type { Clock } from '../ports.ts';

/** Small corrections of the wall clock are no reason to give anything up. */
const CORRECTION_MS = 2_000;

/**
 * An end that no change of clocks can put off: it has passed when the wall clock is beyond it (the machine slept), when
 * the monotonic clock is (the wall clock was set back), or when the wall clock is well before its beginning.
 */
export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly at: number;
  passed(): boolean;
}

export function deadline(clock: Clock, ms: number): Deadline {
  const from = clock.now();
  const at = from + ms;
  const monotonicEnd = clock.monotonic() + ms;
  return {
    at,
    passed: () => {
      const now = clock.now();
      return now >= at || now < from - CORRECTION_MS || clock.monotonic() >= monotonicEnd;
    },
  };
}
