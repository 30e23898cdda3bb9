import { useState } from 'react';
import type { RpcError } from '../../../shared/rpc/frames.ts';
import { asRpcError, useStore } from '../../client/hooks.ts';
import type { Input } from '../../client/store.ts';
import { tellError } from '../../ui/toast.tsx';

export interface SignInAction {
  readonly busy: boolean;
  /** Set when a person has to give a client ID: why, and what to do. */
  readonly asks: RpcError | null;
  start(client?: Input<'servers.signIn'>['client']): Promise<void>;
  /** The person gives no client ID. */
  dismiss(): void;
}

/** Begins a sign-in and opens its page. */
export function useSignIn(server: string): SignInAction {
  const store = useStore();
  const [busy, setBusy] = useState(false);
  const [asks, setAsks] = useState<RpcError | null>(null);
  return {
    busy,
    asks,
    async start(client) {
      setBusy(true);
      try {
        const { url } = await store.call('servers.signIn', { name: server, ...(client ? { client } : {}) });
        setAsks(null);
        if (isPage(url)) window.open(url, '_blank', 'noopener,noreferrer');
      } catch (thrown) {
        const error = asRpcError(thrown);
        if (error.code === 'needs_client') setAsks(error);
        else tellError(error);
      } finally {
        setBusy(false);
      }
    },
    dismiss: () => setAsks(null),
  };
}

/** The core gives no other addresses; nothing else may become a link in any case. */
export function isPage(url: string): boolean {
  return URL.canParse(url) && ['https:', 'http:'].includes(new URL(url).protocol);
}
