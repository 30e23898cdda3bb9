import type { serverCalls } from '../../../../shared/contract/servers.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import type { PinView } from '../../../../shared/schemas/pin.ts';
import type { ToolView } from '../../../../shared/schemas/server.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreParts } from '../../parts.ts';
import type { ToolEntry } from '../../tools/types.ts';
import { SignInError } from '../../upstream/auth/index.ts';
import { listServerTools } from '../../upstream/list-tools.ts';
import { UpstreamError } from '../../upstream/types.ts';
import { checkHeaders, withSecretsStored } from '../server-config.ts';
import { mustHaveServer } from './known.ts';
import type { ServerLifeCalls } from './server-life.ts';

/** Answers the calls about servers. */
export function serverHandlers(parts: CoreParts): HandlersOf<Omit<typeof serverCalls, ServerLifeCalls>> {
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
