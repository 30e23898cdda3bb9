import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ClientResult } from '../../../shared/schemas/client.ts';
import { gatewayPort as t } from '../../../shared/text/core/gateway-port.ts';
import { clientName, clientRow } from '../clients/index.ts';
import { PortTaken } from '../gateway/index.ts';
import type { CoreParts } from '../parts.ts';
import { freePort } from '../settings/gateway-port.ts';

export interface MovedGateway {
  readonly from: number | null;
  readonly to: number;
  readonly results: ClientResult[];
  /** Names of clients that were set up by hand, which have to be told the new address and token by a person. */
  readonly byHand: string[];
}

/** The port the gateway listens on now, or will at the next start. */
export function currentPort({ life, settings }: CoreParts): number | null {
  return life.port ?? settings.get().gatewayPort;
}

/**
 * Listens on another port from now on, and brings the clients there.
 * @throws RpcError `refused` where that port is taken; nothing was changed then
 */
export async function moveGateway(parts: CoreParts, wanted: number): Promise<MovedGateway> {
  const from = currentPort(parts);
  if (parts.life.listening) {
    try {
      await parts.gateway.move(wanted);
    } catch (error) {
      if (error instanceof PortTaken) throw new RpcError('refused', error.message, t.takenFix);
      throw error;
    }
    parts.life.port = wanted;
    parts.life.onPort?.(wanted);
  } else if (wanted !== from && (await freePort(wanted)) === undefined)
    throw new RpcError('refused', t.taken(wanted), t.takenFix);
  if (parts.settings.get().gatewayPort !== wanted)
    await parts.settings.update((doc) => ({ ...doc, gatewayPort: wanted }));
  if (wanted === from) return { from, to: wanted, results: [], byHand: [] };
  return bringClients(parts, { from, to: wanted, renewed: await renewTokens(parts) });
}

/**
 * Whoever listens on a port that was ours gets the tokens that clients still send there: those are refused from now on.
 * Resolves with the clients that have another one.
 */
export async function renewTokens({ identities }: CoreParts): Promise<string[]> {
  const renewed: string[] = [];
  for (const id of identities.ids()) {
    // The bridge asks the data folder where the core is, and never calls a port that is not ours.
    if (clientRow(id)?.dialect.ours === 'bridge') continue;
    await identities.renew(id);
    renewed.push(id);
  }
  return renewed;
}

/** Brings the entries of clients to another port, each file in one step that the journal knows. */
export async function bringClients(
  parts: CoreParts,
  { from, to, renewed }: { from: number | null; to: number; renewed: readonly string[] },
): Promise<MovedGateway> {
  const { clients, audit, hub } = parts;
  const results = await clients.follow();
  const written = new Set(results.map(({ client }) => client));
  audit.note('gateway-port', { from, to, renewed });
  for (const { client, ok, message, routed } of results)
    audit.note('client-kept-up', { client, ok, message, routed });
  await parts.clientScan.again();
  hub.touch('core', 'clients', 'problems');
  const byHand = renewed.filter((id) => !written.has(id) && !hasEntries(parts, id)).map(clientName);
  return { from, to, results, byHand };
}

function hasEntries({ clientScan }: CoreParts, id: string): boolean {
  return clientScan.views.some(
    (view) => view.id === id && view.entries.some(({ server }) => server !== null),
  );
}
