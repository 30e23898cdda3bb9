import { useMemo, useSyncExternalStore } from 'react';
import { createListeners } from '../../../../shared/base/listeners.ts';
import { asRpcError, useStore } from '../../../client/hooks.ts';
import type { Store } from '../../../client/store.ts';
import { enforceServer } from '../../policies/observed/enforce-server.ts';

/** How far one server is: its tools are listed, and then its recommended rules put in force if that was chosen. */
export interface ListedServer {
  readonly name: string;
  readonly step: 'waiting' | 'listing' | 'enforcing' | 'done' | 'failed';
  readonly message: string | null;
  readonly enforce: boolean;
}

/** Servers are programs that start, and some are downloaded first: a few at a time. */
const AT_ONCE = 3;

/** Lists the tools of servers that were just routed. Goes on when the page is left, because rules may depend on it. */
export interface Listing {
  /** Takes in servers not yet known here. */
  add(names: readonly string[], enforce: boolean): void;
  retry(name: string): void;
  get(): readonly ListedServer[];
  subscribe(listener: () => void): () => void;
}

const listings = new WeakMap<Store, Listing>();

export function listingOf(store: Store): Listing {
  const found = listings.get(store) ?? createListing(store);
  listings.set(store, found);
  return found;
}

export function useListing(): { listing: Listing; servers: readonly ListedServer[] } {
  const store = useStore();
  const listing = useMemo(() => listingOf(store), [store]);
  return { listing, servers: useSyncExternalStore(listing.subscribe, listing.get) };
}

function createListing(store: Store): Listing {
  let servers: readonly ListedServer[] = [];
  const listeners = createListeners();
  const put = (name: string, change: Partial<ListedServer>): void => {
    servers = servers.map((each) => (each.name === name ? { ...each, ...change } : each));
    listeners.tell();
  };
  const one = async ({ name, enforce }: ListedServer): Promise<void> => {
    try {
      put(name, { step: 'listing', message: null });
      await store.call('servers.refresh', { name });
      if (enforce) {
        put(name, { step: 'enforcing' });
        const { state } = store.get();
        const server = state?.servers.find((each) => each.name === name);
        if (state && server) await enforceServer(store, server, state.mode);
      }
      put(name, { step: 'done' });
    } catch (thrown) {
      const { message, fix } = asRpcError(thrown);
      put(name, { step: 'failed', message: fix ? `${message} ${fix}` : message });
    }
  };
  let running = 0;
  const next = (): void => {
    while (running < AT_ONCE) {
      const waiting = servers.find(({ step }) => step === 'waiting');
      if (!waiting) return;
      running++;
      void one(waiting).finally(() => {
        running--;
        next();
      });
    }
  };
  return {
    add(names, enforce) {
      const known = new Set(servers.map(({ name }) => name));
      const fresh = names.filter((name) => !known.has(name));
      if (fresh.length === 0) return;
      servers = [
        ...servers,
        ...fresh.map((name): ListedServer => ({ name, step: 'waiting', message: null, enforce })),
      ];
      listeners.tell();
      next();
    },
    retry(name) {
      put(name, { step: 'waiting', message: null });
      next();
    },
    get: () => servers,
    subscribe: listeners.add,
  };
}
