import { useEffect, useMemo, useRef, useState } from 'react';
import type { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ActionName } from '../../../../shared/schemas/common.ts';
import type { ServerView, SimpleLimit, ToolView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { useLoad, useStore } from '../../../client/hooks.ts';
import { tell, tellError } from '../../../ui/toast.tsx';

type Change = { action?: ActionName; limit?: SimpleLimit | null };

export interface Tools {
  readonly list: readonly ToolView[] | undefined;
  readonly error: RpcError | undefined;
  readonly refreshing: boolean;
  reload(): void;
  refresh(): Promise<void>;
  /** Shows the change at once, and takes it back when the core refuses it. */
  change(names: string[], change: Change, done: string): Promise<void>;
}

/** The tools of a server, kept in step with its policy and its last listing. */
export function useTools(server: ServerView): Tools {
  const { name } = server;
  const store = useStore();
  const loaded = useLoad('servers.tools', { name }, name);
  const [refreshing, setRefreshing] = useState(false);
  const [pending, setPending] = useState<ReadonlyMap<string, Change>>(new Map());

  const seen = `${server.policy.version} ${server.toolCount} ${server.blockedTools} ${server.quarantine} ${server.lastCallAt}`;
  const first = useRef(seen);
  const { reload, set } = loaded;
  useEffect(() => {
    if (first.current === seen) return;
    first.current = seen;
    reload();
  }, [seen, reload]);

  const refresh = async (): Promise<void> => {
    setRefreshing(true);
    try {
      const list = await store.call('servers.refresh', { name });
      set(list);
      tell(en.servers.detail.refreshed(list.length));
    } catch (error) {
      tellError(error);
    }
    setRefreshing(false);
  };

  const change = async (names: string[], wanted: Change, done: string): Promise<void> => {
    const changed = new Set(names);
    setPending((before) => {
      const next = new Map(before);
      for (const tool of names) next.set(tool, { ...next.get(tool), ...wanted });
      return next;
    });
    try {
      await store.call('policy.setTool', { server: name, tools: names, ...wanted });
      set((before) => before.map((tool) => (changed.has(tool.name) ? { ...tool, ...wanted } : tool)));
      tell(done);
      reload();
    } catch (error) {
      tellError(error);
    }
    setPending((before) => new Map([...before].filter(([tool]) => !changed.has(tool))));
  };

  const { data } = loaded;
  const list = useMemo(() => {
    if (pending.size === 0) return data;
    return data?.map((tool) => {
      const mine = pending.get(tool.name);
      return mine ? { ...tool, ...mine } : tool;
    });
  }, [data, pending]);
  return { list, error: loaded.error, refreshing, reload, refresh, change };
}
