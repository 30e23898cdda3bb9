import { createListeners } from '../../../shared/base/listeners.ts';
import type { Clock } from '../ports.ts';

/** A number that only grows; subscribers get it at most every 50 ms, however often it grows. */
export interface Ticks {
  tick(seq: number): void;
  subscribe(listener: (seq: number) => void): () => void;
}

const GATHER_MS = 50;

export function createTicks(clock: Clock): Ticks {
  const listeners = createListeners<[seq: number]>();
  let newest = 0;
  let waiting = false;
  return {
    tick(seq) {
      newest = seq;
      if (waiting || listeners.size === 0) return;
      waiting = true;
      clock.after(GATHER_MS, () => {
        waiting = false;
        listeners.tell(newest);
      });
    },
    subscribe: listeners.add,
  };
}
