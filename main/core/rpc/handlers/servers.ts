import type { serverCalls } from '../../../../shared/contract/servers.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import type { PinView } from '../../../../shared/schemas/pin.ts';
import type { ServerConfig, ToolView } from '../../../../shared/schemas/server.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import { isCredentialName, redactText } from '../../audit/credential-patterns.ts';
import { holdsCredential } from '../../clients/entries/url-credentials.ts';
import type { CoreParts } from '../../parts.ts';
import type { ToolEntry } from '../../tools/types.ts';
import { SignInError } from '../../upstream/auth/index.ts';
import { headerFault } from '../../upstream/errors/header-check.ts';
import { listServerTools } from '../../upstream/list-tools.ts';
import { UpstreamError } from '../../upstream/types.ts';
import { mustHaveServer } from './known.ts';

/** Answers the calls about servers. */
export function serverHandlers(parts: CoreParts): HandlersOf<typeof serverCalls> {
  const { servers, catalogue, upstreams, signIns, audit, hub } = parts;

  const mustExist = (name: string): void => mustHaveServer(parts, name);
  const pinOf = (name: string, tool: string): PinView => {
    const pin = parts.pins.view(name, tool);
    if (!pin) throw new Error(`${tool} of ${name} is listed without its definition having been seen`);
    return pin;
  };
  const views = (name: string, tools: readonly ToolEntry[]): ToolView[] => {
    const use = audit.toolUse(name);
    return tools.map((tool) => ({
      pin: pinOf(name, tool.name),
      name: tool.name,
      title: tool.title,
      description: tool.description,
      inputSchema: tool.definition.inputSchema ?? null,
      outputSchema: tool.definition.outputSchema ?? null,
      annotations: tool.definition.annotations ?? null,
      risk: tool.risk,
      ...parts.engine.describe(name, tool.name, tool.risk),
      lastCallAt: use.get(tool.name)?.lastCallAt ?? null,
      callsToday: use.get(tool.name)?.callsToday ?? 0,
    }));
  };

  return {
    'servers.add': async ({ name, config }) => {
      if (servers.get(name)) throw new RpcError('conflict', refusals.serverTaken(name), refusals.otherName);
      checkHeaders(config);
      await servers.put(name, await withSecretsStored(parts, name, config));
      audit.note('server-added', { server: name, target: servers.target(name) });
      hub.touch('servers');
      return null;
    },
    'servers.remove': async ({ name }) => {
      mustExist(name);
      const users = parts.clientScan.views.filter((client) =>
        client.entries.some((entry) => entry.server === name),
      );
      if (users.length > 0) {
        throw new RpcError(
          'refused',
          refusals.serverUsed(
            name,
            users.map((client) => client.name),
          ),
          refusals.disconnectFirst(users[0]?.id),
        );
      }
      await upstreams.reset(name);
      await signIns.forget(name);
      await servers.remove(name);
      catalogue.forget(name);
      audit.note('server-removed', { server: name });
      hub.touch('servers', 'problems');
      return null;
    },
    'servers.refresh': async ({ name }, { signal }) => {
      mustExist(name);
      try {
        catalogue.replace(name, await listServerTools(upstreams, name, signal));
      } catch (error) {
        // A problem of the server, already in a sentence for people; not a fault of ours.
        if (error instanceof UpstreamError)
          throw new RpcError(
            'refused',
            error.message,
            error.kind === 'signin' ? refusals.signIn(name) : undefined,
          );
        throw error;
      }
      hub.touch('servers');
      return views(name, catalogue.list(name) ?? []);
    },
    'servers.tools': ({ name }) => {
      mustExist(name);
      return views(name, catalogue.list(name) ?? []);
    },
    'servers.logs': ({ name }) => {
      mustExist(name);
      return upstreams.logs(name);
    },
    'servers.signIn': async ({ name, client, allows }) => {
      mustExist(name);
      if (allows) await servers.setSignInAllows(name, allows);
      // Its address may be in the key store, and not have been read yet.
      await servers.resolve(name);
      try {
        return await signIns.signIn(name, client);
      } catch (error) {
        if (error instanceof SignInError)
          throw new RpcError(error.kind === 'client' ? 'needs_client' : 'refused', error.message, error.fix);
        throw error;
      }
    },
    'servers.cancelSignIn': ({ name }) => {
      mustExist(name);
      signIns.cancelSignIn(name);
      return null;
    },
    'servers.signOut': async ({ name }) => {
      mustExist(name);
      await signIns.signOut(name);
      // The open connections use those tokens.
      await upstreams.reset(name);
      return null;
    },
  };
}

/** @throws RpcError for a header that could not be sent: refused when it is entered, not when it is used */
function checkHeaders(config: ServerConfig): void {
  if (config.kind === 'stdio') return;
  for (const [name, value] of Object.entries(config.headers)) {
    const fault = typeof value === 'string' ? headerFault(name, value) : undefined;
    if (fault !== undefined) throw new RpcError('refused', fault);
  }
}

/** Moves values that look like credentials into the key store. */
async function withSecretsStored(
  parts: CoreParts,
  name: string,
  config: ServerConfig,
): Promise<ServerConfig> {
  const stored: ServerConfig = structuredClone(config);
  const [kind, values] =
    stored.kind === 'stdio' ? (['env', stored.env] as const) : (['header', stored.headers] as const);
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== 'string' || !(isCredentialName(key) || redactText(value) !== value)) continue;
    const secret = `server/${name}/${kind}/${key}`;
    await parts.secrets.set(secret, value);
    values[key] = { secret };
  }
  if (stored.kind !== 'stdio' && typeof stored.url === 'string' && holdsCredential(stored.url)) {
    const secret = `server/${name}/url`;
    await parts.secrets.set(secret, stored.url);
    stored.url = { secret, origin: new URL(stored.url).origin };
  }
  if (stored.kind !== 'stdio' && typeof stored.oauth?.clientSecret === 'string') {
    const secret = `server/${name}/oauth/client-secret`;
    await parts.secrets.set(secret, stored.oauth.clientSecret);
    stored.oauth.clientSecret = { secret };
  }
  return stored;
}
