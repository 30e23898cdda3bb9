import { useCallback, useEffect, useRef, useState } from 'react';
import type { RpcError } from '../../../shared/rpc/frames.ts';
import type { ActivityRow } from '../../../shared/schemas/audit.ts';
import { asRpcError, useLink, useStore } from '../../client/hooks.ts';
import type { Input } from '../../client/store.ts';

export type Filter = Omit<Input<'audit.page'>, 'before' | 'limit'>;

const PAGE = 100;
/** Ticks come in bursts; the list is read again at most this often, ms. */
const TICK_MS = 150;

export interface ActivityList {
  /** Newest first. */
  readonly rows: readonly ActivityRow[];
  readonly loading: boolean;
  readonly atEnd: boolean;
  readonly error: RpcError | undefined;
  loadOlder(): void;
  reload(): void;
}

/**
 * The rows that match a filter: pages backwards on demand, and on each tick the newest page again, which brings new rows
 * in and the outcome of running ones up to date.
 */
export function useActivity(filter: Filter): ActivityList {
  const store = useStore();
  const link = useLink();
  const key = JSON.stringify(filter);
  const [state, setState] = useState<{
    key: string;
    rows: readonly ActivityRow[];
    atEnd: boolean;
    error?: RpcError;
    loaded: boolean;
  }>({ key, rows: [], atEnd: false, loaded: false });
  const current =
    state.key === key ? state : { key, rows: [], atEnd: false, loaded: false, error: undefined };
  const latest = useRef(current);
  latest.current = current;
  const paging = useRef(false);
  const [turn, setTurn] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for the same again
  useEffect(() => {
    if (link !== 'live') return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let reading = false;
    let again = false;
    const fail = (thrown: unknown): void => {
      if (!abort.signal.aborted)
        setState((before) => ({
          ...(before.key === key ? before : latest.current),
          key,
          error: asRpcError(thrown),
          loaded: true,
        }));
    };
    const readNewest = async (): Promise<void> => {
      if (reading) {
        again = true;
        return;
      }
      reading = true;
      try {
        const page = await store.call(
          'audit.page',
          { ...(JSON.parse(key) as Filter), limit: PAGE },
          abort.signal,
        );
        setState((before) => merge(before, key, page));
      } catch (thrown) {
        fail(thrown);
      }
      reading = false;
      if (again && !abort.signal.aborted) {
        again = false;
        void readNewest();
      }
    };
    void readNewest();
    const stop = store.onActivity(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void readNewest();
      }, TICK_MS);
    });
    return () => {
      clearTimeout(timer);
      abort.abort();
      stop();
    };
  }, [store, key, link, turn]);

  const loadOlder = useCallback(async () => {
    const { rows, atEnd, loaded } = latest.current;
    const oldest = rows.at(-1);
    if (paging.current || atEnd || !loaded || !oldest) return;
    paging.current = true;
    try {
      const page = await store.call('audit.page', {
        ...(JSON.parse(key) as Filter),
        before: oldest.seq,
        limit: PAGE,
      });
      setState((before) =>
        before.key === key
          ? { ...before, rows: [...before.rows, ...page], atEnd: page.length < PAGE }
          : before,
      );
    } catch (thrown) {
      setState((before) => (before.key === key ? { ...before, error: asRpcError(thrown) } : before));
    }
    paging.current = false;
  }, [store, key]);

  return {
    rows: current.rows,
    loading: !current.loaded,
    atEnd: current.atEnd,
    error: current.error,
    loadOlder: () => void loadOlder(),
    reload: () => setTurn((before) => before + 1),
  };
}

interface Pages {
  key: string;
  rows: readonly ActivityRow[];
  atEnd: boolean;
  loaded: boolean;
  error?: RpcError;
}

/** Puts the newest page before what is known. When it does not reach what is known, what is known is dropped. */
export function merge(before: Pages, key: string, page: readonly ActivityRow[]): Pages {
  const oldest = page.at(-1);
  const fresh = { key, rows: page, atEnd: page.length < PAGE, loaded: true };
  if (before.key !== key || !oldest || page.length < PAGE) return fresh;
  const at = before.rows.findIndex((row) => row.seq < oldest.seq);
  const reaches = before.rows.some((row) => row.seq >= oldest.seq);
  if (!reaches || at === -1) return fresh;
  return { ...fresh, rows: [...page, ...before.rows.slice(at)], atEnd: before.atEnd };
}
