import type { clientCalls } from '../../../../shared/contract/clients.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreOptions, CoreParts } from '../../parts.ts';

/** The calls that are answered here; the others about clients are in clients.ts. */
export type PauseCalls = 'clients.pause' | 'clients.resume';

/** Answers the calls about pauses of clients. */
export function pauseHandlers(
  parts: CoreParts,
  options: CoreOptions,
): HandlersOf<Pick<typeof clientCalls, PauseCalls>> {
  const { settings, approvals, audit, identities } = parts;

  const mustBeKnown = async (client: string): Promise<void> => {
    if (identities.knows(client)) return;
    if (parts.clientScan.views.length === 0) await parts.clientScan.again();
    if (parts.clientScan.views.some(({ id }) => id === client)) return;
    throw new RpcError('not_found', refusals.noClient(client), refusals.listClients);
  };

  return {
    'clients.pause': async ({ client, minutes }) => {
      await mustBeKnown(client);
      const now = options.ports.clock.now();
      const until = minutes === undefined ? null : now + Math.round(minutes * 60_000);
      await settings.update((doc) => ({
        ...doc,
        pausedClients: {
          ...doc.pausedClients,
          [client]: { since: doc.pausedClients[client]?.since ?? now, until },
        },
      }));
      audit.note('client-paused', { client, until });
      // A grant from before the pause does not hold after it.
      approvals.forgetClient(client);
      return null;
    },
    'clients.resume': async ({ client }) => {
      if (settings.get().pausedClients[client] === undefined) {
        await mustBeKnown(client);
        return null;
      }
      await settings.update((doc) => {
        const { [client]: _gone, ...pausedClients } = doc.pausedClients;
        return { ...doc, pausedClients };
      });
      audit.note('client-resumed', { client });
      return null;
    },
  };
}
