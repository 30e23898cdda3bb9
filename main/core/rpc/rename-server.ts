import { join } from 'node:path';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ClientResult } from '../../../shared/schemas/client.ts';
import type { ServerConfig } from '../../../shared/schemas/server.ts';
import { refusals } from '../../../shared/text/core/rpc.ts';
import type { CoreOptions, CoreParts } from '../parts.ts';
import { policyFileName } from '../policy/documents/file-name.ts';
import { errorCode } from '../settings/index.ts';

/**
 * Gives a server another name. It is switched off while that is done, so that no call meets half of it; each step may be done
 * twice, and what a killed process left is finished by {@link finishRename} at the next start.
 * @throws RpcError where the name is taken; nothing was changed then
 */
export async function renameServer(
  parts: CoreParts,
  options: CoreOptions,
  from: string,
  to: string,
): Promise<ClientResult[]> {
  const { settings, policies } = parts;
  // One that an error broke off is finished first: what it switched off is not what the person switched off.
  await finishRename(parts, options);
  if (from === to) throw new RpcError('bad_input', refusals.sameName(to));
  if (parts.servers.get(to)) throw new RpcError('conflict', refusals.serverTaken(to), refusals.otherName);
  if (policies.state(to).source === 'file' || policies.state(to).broken !== null)
    throw new RpcError('conflict', refusals.policyInTheWay(to, policyPath(options, to)), refusals.moveItAway);
  await settings.update((doc) => {
    const record = doc.servers[from];
    if (!record) throw new RpcError('not_found', refusals.noServer(from), refusals.listServers);
    return {
      ...doc,
      renaming: { from, to, disabled: record.disabled === true },
      servers: { ...doc.servers, [from]: { ...record, disabled: true } },
    };
  });
  return finishRename(parts, options);
}

/** Finishes a rename that was begun; gives what became of the clients' entries. */
export async function finishRename(parts: CoreParts, options: CoreOptions): Promise<ClientResult[]> {
  const { settings, upstreams, clients, audit, hub } = parts;
  const { renaming } = settings.get();
  if (!renaming) return [];
  const { from, to, disabled } = renaming;
  if (parts.servers.get(from)) {
    await upstreams.reset(from);
    const config = await withSecretsUnder(parts, from, to);
    await copyPolicy(parts, options, from, to);
    await parts.signIns.rename(from, to);
    parts.pins.rename(from, to);
    parts.catalogue.rename(from, to);
    await settings.update((doc) => {
      const { [from]: record, ...others } = doc.servers;
      if (!record) return doc;
      const { disabled: _while, ...rest } = record;
      const renamed = { ...rest, config, ...(disabled ? { disabled: true as const } : {}) };
      return { ...doc, servers: { ...others, [to]: renamed } };
    });
    audit.note('server-renamed', { server: to, from });
  }
  await clients.serverRenamed(from, to);
  await removeOld(parts, options, from);
  await settings.update(({ renaming: _done, ...doc }) => doc);
  const results = await clients.follow();
  for (const { client, ok, message, routed } of results)
    audit.note('client-kept-up', { client, ok, message, routed });
  await parts.clientScan.again();
  hub.touch('servers', 'clients', 'problems');
  return results;
}

/** The configuration with its secrets under the new name; those under the old one are still there. */
async function withSecretsUnder(
  { servers, secrets }: CoreParts,
  from: string,
  to: string,
): Promise<ServerConfig> {
  const prefix = `server/${from}/`;
  const moved = (name: string): string => `server/${to}/${name.slice(prefix.length)}`;
  for (const name of await secrets.names()) {
    if (!name.startsWith(prefix)) continue;
    const value = await secrets.get(name);
    if (value !== undefined) await secrets.set(moved(name), value);
  }
  const text = JSON.stringify(servers.get(from), (key, value: unknown) =>
    key === 'secret' && typeof value === 'string' && value.startsWith(prefix) ? moved(value) : value,
  );
  return JSON.parse(text) as ServerConfig;
}

/** Copied before the name is in force: a server must not be without its policy for a moment. */
async function copyPolicy(
  { policies }: CoreParts,
  options: CoreOptions,
  from: string,
  to: string,
): Promise<void> {
  const { files } = options.ports;
  for (const end of ['.good', '']) {
    try {
      await files.copyFile(policyPath(options, from) + end, policyPath(options, to) + end);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  // Asked for by its name, so that the file read next is known to be this server's.
  policies.state(to);
  await policies.reload();
}

async function removeOld({ secrets, signIns }: CoreParts, options: CoreOptions, from: string): Promise<void> {
  await signIns.forget(from);
  for (const name of await secrets.names())
    if (name.startsWith(`server/${from}/`)) await secrets.delete(name);
  await options.ports.files.rm(policyPath(options, from), { force: true });
  await options.ports.files.rm(`${policyPath(options, from)}.good`, { force: true });
}

function policyPath({ dataDir }: CoreOptions, server: string): string {
  return join(dataDir, 'policies', policyFileName(server));
}
