import { useCallback } from 'react';
import type { ClientEntry, ClientView, LeftAlone } from '../../../shared/schemas/client.ts';
import { asRpcError, useStore } from '../../client/hooks.ts';
import type { Store } from '../../client/store.ts';
import { tellError, useAction } from '../../ui/toast.tsx';

/** Names an entry of a client to the core. */
export function referTo(client: ClientView, entry: ClientEntry): LeftAlone {
  const { file, project, name, target } = entry;
  return { client: client.id, file, project, name, target };
}

/**
 * Leaves entries unrouted, so that they are not offered any more, or (`leave` false) has them offered again. Does nothing
 * without entries; an error is shown.
 */
export function useLeaveAlone(): (entries: readonly LeftAlone[], leave?: boolean) => Promise<void> {
  const store = useStore();
  const act = useAction();
  return useCallback(
    async (entries, leave = true) => {
      if (entries.length === 0) return;
      await act(() => store.call('clients.leaveAlone', { entries: [...entries], leave }));
    },
    [store, act],
  );
}

/** Where an earlier version kept what was left alone: a list of keys, each the five parts of an entry on lines. */
const OLD_KEY = 'drawbridge.left-alone';

/** Gives what an earlier version kept in this browser to the core, once. Kept for the next time when the core is away. */
export async function handOver(store: Store): Promise<void> {
  const text = localStorage.getItem(OLD_KEY);
  if (text === null) return;
  const clients = store.get().state?.clients ?? [];
  // A client that this version does not know cannot be offered.
  const entries = readOld(text).filter(({ client }) => clients.some(({ id }) => id === client));
  try {
    if (entries.length > 0) await store.call('clients.leaveAlone', { entries });
  } catch (error) {
    if (asRpcError(error).code === 'disconnected') return;
    tellError(error);
  }
  localStorage.removeItem(OLD_KEY);
}

/** What is no list of keys is passed over: it only means that a server is offered once more. */
function readOld(text: string): LeftAlone[] {
  let keys: unknown;
  try {
    keys = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(keys)) return [];
  return keys.flatMap((key): LeftAlone[] => {
    const [client, file, project, name, ...target] = String(key).split('\n');
    if (client === undefined || file === undefined || project === undefined || name === undefined) return [];
    return [{ client, file, project: project || null, name, target: target.join('\n') }];
  });
}
