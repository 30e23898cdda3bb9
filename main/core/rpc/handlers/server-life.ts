import type { serverCalls } from '../../../../shared/contract/servers.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreOptions, CoreParts } from '../../parts.ts';
import { renameServer } from '../rename-server.ts';
import { checkHeaders, checkSecrets, secretsIn, withSecretsStored } from '../server-config.ts';
import { configOf, mustHaveServer } from './known.ts';

export type ServerLifeCalls =
  | 'servers.config'
  | 'servers.edit'
  | 'servers.rename'
  | 'servers.stop'
  | 'servers.setDisabled'
  | 'servers.setStart';

/** Answers the calls that change a registered server: how it is reached, its name, whether it runs. */
export function serverLifeHandlers(
  parts: CoreParts,
  options: CoreOptions,
): HandlersOf<Pick<typeof serverCalls, ServerLifeCalls>> {
  const { servers, settings, secrets, upstreams, audit, hub } = parts;
  return {
    'servers.config': ({ name }) => configOf(parts, name),
    'servers.edit': async ({ name, config }) => {
      const before = configOf(parts, name);
      checkHeaders(config);
      checkSecrets(name, config);
      const from = servers.target(name);
      const stored = await withSecretsStored(parts, name, config);
      await servers.put(name, stored);
      const used = secretsIn(stored);
      for (const secret of secretsIn(before)) if (!used.includes(secret)) await secrets.delete(secret);
      audit.note('server-edited', { server: name, from, to: servers.target(name) });
      hub.touch('servers', 'problems');
      return null;
    },
    'servers.rename': async ({ name, to }) => {
      mustHaveServer(parts, name);
      return renameServer(parts, options, name, to);
    },
    'servers.stop': async ({ name }) => {
      mustHaveServer(parts, name);
      await upstreams.reset(name);
      audit.note('server-stopped', { server: name });
      hub.touch('servers', 'problems');
      return null;
    },
    'servers.setStart': async ({ name, start }) => {
      const { kind } = configOf(parts, name);
      if (start === 'used' && kind !== 'stdio') throw new RpcError('refused', refusals.nothingStarted(name));
      await settings.update((doc) => {
        const record = doc.servers[name];
        if (!record) return doc;
        const { start: _before, ...rest } = record;
        return { ...doc, servers: { ...doc.servers, [name]: start === 'used' ? { ...rest, start } : rest } };
      });
      audit.note('server-start', { server: name, start });
      hub.touch('servers');
      return null;
    },
    'servers.setDisabled': async ({ name, disabled }) => {
      mustHaveServer(parts, name);
      await settings.update((doc) => {
        const record = doc.servers[name];
        if (!record) return doc;
        const { disabled: _before, ...rest } = record;
        return {
          ...doc,
          servers: { ...doc.servers, [name]: disabled ? { ...rest, disabled: true } : rest },
        };
      });
      await upstreams.reset(name);
      audit.note(disabled ? 'server-disabled' : 'server-enabled', { server: name });
      hub.touch('servers', 'problems');
      return null;
    },
  };
}
