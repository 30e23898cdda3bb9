import type { clientCalls } from '../../../../shared/contract/clients.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import type { ClientResult } from '../../../../shared/schemas/client.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreOptions, CoreParts } from '../../parts.ts';
import { withLeftAlone } from '../../settings/left-alone.ts';
import type { PauseCalls } from './paused.ts';

/** Answers the calls about the AI clients' files and tokens. */
export function clientHandlers(
  parts: CoreParts,
  { ports }: CoreOptions,
): HandlersOf<Omit<typeof clientCalls, PauseCalls>> {
  const { clients, audit, identities, settings } = parts;

  const mustBeKnown = async (ids: readonly string[]): Promise<void> => {
    if (parts.clientScan.views.length === 0) await parts.clientScan.again();
    const known = parts.clientScan.views.map((client) => client.id);
    const unknown = ids.find((id) => !known.includes(id));
    if (unknown !== undefined)
      throw new RpcError('not_found', refusals.noClient(unknown), refusals.knownClients(known));
  };
  const finish = async (what: string, results: ClientResult[]): Promise<ClientResult[]> => {
    for (const { client, ok, message, routed, restored } of results)
      audit.note(what, { client, ok, message, routed, restored });
    await parts.clientScan.again();
    return results;
  };

  return {
    'clients.scan': async () => {
      await parts.clientScan.again();
      return null;
    },
    'clients.plan': async ({ clients: ids, direction, merge }) => {
      await mustBeKnown(ids);
      return clients.plan(ids, direction, { merge });
    },
    'clients.apply': async ({ clients: ids, direction, digests, merge }) => {
      await mustBeKnown(ids);
      return finish(`client-${direction}ed`, await clients.apply(ids, direction, digests, { merge }));
    },
    'clients.settleHandEdit': async ({ client, ...edit }) => {
      await mustBeKnown([client]);
      const [result] = await finish('client-hand-edit', [await clients.settleHandEdit(client, edit)]);
      return result as ClientResult;
    },
    'clients.copyToLocalScope': async ({ client, dryRun }) => {
      await mustBeKnown([client]);
      const result = await clients.copyToLocalScope(client, dryRun);
      if (dryRun) return result;
      return (await finish('client-servers-copied', [result]))[0] as ClientResult;
    },
    'clients.leaveAlone': async ({ entries, leave }) => {
      const ids = [...new Set(entries.map(({ client }) => client))];
      await mustBeKnown(ids);
      await settings.update((doc) => withLeftAlone(doc, entries, leave));
      for (const client of ids) {
        const names = entries.filter((entry) => entry.client === client).map(({ name }) => name);
        audit.note(leave ? 'client-left-alone' : 'client-offered-again', { client, servers: names });
      }
      return null;
    },
    'clients.restoreAll': async () => {
      const results = await finish('client-restored', await clients.restoreAll());
      // Nothing of ours is to be left on the machine: what starts at login would start for no client.
      if ((await ports.startAtLogin?.get())?.on) {
        const { on, kind } = (await ports.startAtLogin?.set(false)) ?? { on: false, kind: null };
        audit.note('start-at-login', { on, kind });
      }
      return results;
    },
    'clients.token': async ({ client }) => ({ token: await identities.tokenFor(client) }),
  };
}
