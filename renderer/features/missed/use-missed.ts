import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { createListeners, type Listeners } from '../../../shared/base/listeners.ts';
import { MAX_MISSED_CALLS } from '../../../shared/limits.ts';
import type { RpcError } from '../../../shared/rpc/frames.ts';
import type { MissedCall } from '../../../shared/schemas/health.ts';
import { asRpcError, useCore, useLink, useStore } from '../../client/hooks.ts';
import type { Store } from '../../client/store.ts';

/** Questions end in bursts; the list is read again at most this often, ms. */
const REST_MS = 200;

export interface Missed {
  /** Newest first; undefined until it was read once. */
  readonly calls: readonly MissedCall[] | undefined;
  readonly error: RpcError | undefined;
}
interface Kept {
  snapshot: Missed;
  readonly listeners: Listeners;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** One list for the page and the count in the navigation. */
const kept = new WeakMap<Store, Kept>();

function keptFor(store: Store): Kept {
  let found = kept.get(store);
  if (!found) {
    found = {
      snapshot: { calls: undefined, error: undefined },
      listeners: createListeners(),
      timer: undefined,
    };
    kept.set(store, found);
  }
  return found;
}

function readSoon(store: Store, wait: number): void {
  const list = keptFor(store);
  const put = (next: Missed): void => {
    list.snapshot = next;
    list.listeners.tell();
  };
  clearTimeout(list.timer);
  list.timer = setTimeout(() => {
    list.timer = undefined;
    store.call('approvals.missed', { limit: MAX_MISSED_CALLS }).then(
      (calls) => put({ calls, error: undefined }),
      (error: unknown) => {
        const known = asRpcError(error);
        // A lost connection is told of elsewhere, and the list is read again when it is back.
        if (known.code !== 'disconnected') put({ ...list.snapshot, error: known });
      },
    );
  }, wait);
}

/** The list of missed calls as it is known. Does not read it: see `useMissedFeed`. */
export function useMissed(): Missed & { reload(): void } {
  const store = useStore();
  const list = keptFor(store);
  const snapshot = useSyncExternalStore(list.listeners.add, () => list.snapshot);
  return { ...snapshot, reload: useCallback(() => readSoon(store, 0), [store]) };
}

/** Keeps the list up to date: a question is missed only when it leaves the waiting ones. In use once, in the navigation. */
export function useMissedFeed(): void {
  const store = useStore();
  const link = useLink();
  const waiting = useCore((state) => state.approvals)
    .map(({ id, state }) => `${id} ${state}`)
    .join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when what waits changes
  useEffect(() => {
    if (link === 'live') readSoon(store, REST_MS);
  }, [store, link, waiting]);
}
