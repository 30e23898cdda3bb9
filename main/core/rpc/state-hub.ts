import { createListeners } from '../../../shared/base/listeners.ts';
import type { State, StateEvent, StateSlice } from '../../../shared/schemas/state.ts';
import type { Clock } from '../ports.ts';

/** Computes each slice of the state from what the core is now. */
export type Slices = { [S in StateSlice]: () => State[S] };

/**
 * The one state snapshot and its subscribers. Parts of the core say what changed (`touch`); slices touched within a few
 * milliseconds are computed once and sent together under the next revision.
 */
export interface StateHub {
  touch(...slices: StateSlice[]): void;
  snapshot(): State;
  subscribe(send: (event: StateEvent) => void): () => void;
  stop(): void;
}

/** Long enough to gather a burst, far below what a person notices; an approval prompt has 200 ms in all. */
const GATHER_MS = 10;

export function createStateHub(clock: Clock, slices: Slices): StateHub {
  let rev = 1;
  const touched = new Set<StateSlice>();
  const subscribers = createListeners<[event: StateEvent]>();
  let cancel: (() => void) | undefined;
  let stopped = false;

  const compute = (names: Iterable<StateSlice>): Partial<State> =>
    Object.fromEntries([...names].map((name) => [name, slices[name]()]));

  const flush = (): void => {
    cancel = undefined;
    if (touched.size === 0) return;
    const slice = compute(touched);
    touched.clear();
    rev += 1;
    subscribers.tell({ rev, slice });
  };

  return {
    touch(...names) {
      // The parts still change while they close, but there are no subscribers, and their databases are closed next.
      if (stopped) return;
      // A later subscriber gets the whole state; computing slices without one would only slow calls down.
      if (subscribers.size === 0) return;
      for (const name of names) touched.add(name);
      cancel ??= clock.after(GATHER_MS, flush);
    },
    snapshot: () => ({ rev, ...compute(Object.keys(slices) as StateSlice[]) }) as State,
    subscribe(send) {
      // What was touched but not sent is part of the snapshot; sending it again afterwards does no harm.
      send({ whole: this.snapshot() });
      return subscribers.add(send);
    },
    stop() {
      stopped = true;
      cancel?.();
      cancel = undefined;
      subscribers.clear();
    },
  };
}
