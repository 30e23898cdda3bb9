import { useCallback } from 'react';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ClientPlan, ClientResult } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { asRpcError, useStore } from '../../client/hooks.ts';

/**
 * Applies plans one client at a time, so that one broken client neither blocks the others nor hides how far it went.
 * Each apply is bound to the digest of the plan that was shown, which was made with the same `merge`.
 */
export function useApply(): (
  plan: ClientPlan,
  merge?: boolean,
) => Promise<{ result: ClientResult; error?: undefined } | { result?: undefined; error: RpcError }> {
  const store = useStore();
  return useCallback(
    async ({ client, direction, digest }, merge = false) => {
      try {
        const [result] = await store.call('clients.apply', {
          clients: [client],
          direction,
          digests: { [client]: digest },
          ...(merge ? { merge } : {}),
        });
        if (!result) throw new RpcError('internal', en.clients.noResult(client));
        return { result };
      } catch (error) {
        return { error: asRpcError(error) };
      }
    },
    [store],
  );
}
