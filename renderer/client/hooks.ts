import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { messageOf } from '../../shared/base/message-of.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import type { State } from '../../shared/schemas/state.ts';
import type { Input, Link, Output, Store } from './store.ts';

export const StoreContext = createContext<Store | null>(null);

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('There is no store above this component.');
  return store;
}

/** A part of the core's state. Only for components below the gate that waits for the first state. */
export function useCore<T>(select: (state: State) => T): T {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => {
    const { state } = store.get();
    if (!state) throw new Error('The state was read before it came.');
    return select(state);
  });
}

export function useLink(): Link {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => store.get().link);
}

export function useHasState(): boolean {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => store.get().state !== null);
}

export function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  return new RpcError('internal', messageOf(error));
}

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: RpcError | undefined;
  readonly loading: boolean;
  reload(): void;
  /** Puts another value in place, e.g. before the core confirms it. */
  set(next: T | ((before: T) => T)): void;
}

type CallName = Parameters<Store['call']>[0];

/** Calls once for each `key`, and again on `reload` and after a reconnection. The data of the last call stays meanwhile. */
export function useLoad<N extends CallName>(name: N, input: Input<N>, key: string): Loaded<Output<N>> {
  const store = useStore();
  const link = useLink();
  const [turn, setTurn] = useState(0);
  const [result, setResult] = useState<{ key: string; data?: Output<N>; error?: RpcError; turn?: number }>({
    key,
  });
  const latest = useRef(input);
  latest.current = input;
  useEffect(() => {
    if (link !== 'live') return;
    const abort = new AbortController();
    store.call(name, latest.current, abort.signal).then(
      (data) => setResult({ key, data, turn }),
      (error: unknown) => {
        if (!abort.signal.aborted)
          setResult((before) => ({
            key,
            turn,
            error: asRpcError(error),
            ...(before.key === key ? { data: before.data } : {}),
          }));
      },
    );
    return () => abort.abort();
  }, [store, name, key, turn, link]);
  const isCurrent = result.key === key;
  return {
    data: isCurrent ? result.data : undefined,
    error: isCurrent ? result.error : undefined,
    loading: !isCurrent || result.turn !== turn,
    reload: useCallback(() => setTurn((before) => before + 1), []),
    set: useCallback((next) => {
      setResult((before) => {
        if (typeof next !== 'function') return { ...before, data: next };
        if (before.data === undefined) return before;
        return { ...before, data: (next as (data: Output<N>) => Output<N>)(before.data) };
      });
    }, []),
  };
}

/** The time, renewed every `everyMs`; stands still while `everyMs` is null. Milliseconds since the epoch. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
