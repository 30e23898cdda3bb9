import { RpcError } from '../../../shared/rpc/frames.ts';
import type { SecretUrl, ServerConfig, SignInException, Value } from '../../../shared/schemas/server.ts';
import { settings as t } from '../../../shared/text/core/settings.ts';
import { secretParts } from '../clients/entries/url-credentials.ts';
import type { AuthServerConfig, GivenClient } from '../upstream/auth/types.ts';
import type { ResolvedServer } from '../upstream/types.ts';
import type { SecretStore, Settings } from './types.ts';

/** The registered upstream servers: their configurations in the settings, their secrets in the key store. */
export interface ServerRegistry {
  get(name: string): ServerConfig | undefined;
  all(): Record<string, ServerConfig>;
  /** Registers or replaces. */
  put(name: string, config: ServerConfig): Promise<void>;
  /** Forgets the server and deletes its secrets. */
  remove(name: string): Promise<void>;
  /** The configuration with every secret in place, for starting it; undefined when there is no such server. */
  resolve(name: string): Promise<ResolvedServer | undefined>;
  /**
   * What signing in has to know; undefined for a server that is started as a command, is not there, or has its address in
   * the key store and was not called yet.
   */
  authConfig(name: string): AuthServerConfig | undefined;
  /** Saves an OAuth client that a person registered at `issuer`, its secret in the key store. */
  setClient(name: string, client: GivenClient, issuer: string): Promise<void>;
  /** Saves what its authorization server may do. @throws RpcError for a server that is not reached over HTTP */
  setSignInAllows(name: string, allows: readonly SignInException[]): Promise<void>;
  /** One line for people: command line or URL, secret values as bullets. */
  target(name: string): string;
}

function hasSecrets(config: ServerConfig): boolean {
  const values: (Value | SecretUrl)[] =
    config.kind === 'stdio'
      ? [...config.args, ...Object.values(config.env)]
      : [config.url, ...Object.values(config.headers)];
  return values.some((value) => typeof value !== 'string');
}

const BULLETS = '••••••';

/** @param replaced called when the configuration of a registered server changed; `put` resolves after it */
export function createServerRegistry(
  settings: Settings,
  secrets: SecretStore,
  replaced: (server: string) => Promise<void> = async () => {},
): ServerRegistry {
  /** Addresses that came from the key store, by their names there. */
  const secretUrls = new Map<string, string>();

  /** Fills in one value; what came from the key store is also put into `used`, to be kept out of logs. */
  const plain = async (server: string, value: Value | SecretUrl, used: string[]): Promise<string> => {
    if (typeof value === 'string') return value;
    const secret = await secrets.get(value.secret);
    if (secret === undefined) throw new RpcError('not_found', t.noSecret(value.secret, server), t.addAgain);
    used.push(secret);
    return secret;
  };
  const plainRecord = async (
    server: string,
    values: Record<string, Value>,
    used: string[],
  ): Promise<Record<string, string>> => {
    const filled: Record<string, string> = {};
    for (const [key, value] of Object.entries(values)) filled[key] = await plain(server, value, used);
    return filled;
  };
  const own = (name: string): ServerConfig | undefined => {
    const { servers } = settings.get();
    return Object.hasOwn(servers, name) ? servers[name]?.config : undefined;
  };

  return {
    get: own,
    all: () =>
      Object.fromEntries(Object.entries(settings.get().servers).map(([name, { config }]) => [name, config])),
    async put(name, config) {
      const before = own(name);
      await settings.update((doc) => ({
        ...doc,
        servers: { ...doc.servers, [name]: { mode: null, ...doc.servers[name], config } },
      }));
      // A configuration holds only the names of secrets, so their values may have changed.
      if (before && (JSON.stringify(before) !== JSON.stringify(config) || hasSecrets(config)))
        await replaced(name);
    },
    async remove(name) {
      await settings.update((doc) => {
        const { [name]: _gone, ...servers } = doc.servers;
        return { ...doc, servers };
      });
      for (const secret of await secrets.names()) {
        if (secret.startsWith(`server/${name}/`)) await secrets.delete(secret);
      }
    },
    async resolve(name) {
      const config = own(name);
      if (!config) return undefined;
      const used: string[] = [];
      if (config.kind !== 'stdio') {
        const url = await plain(name, config.url, used);
        if (typeof config.url !== 'string') {
          used.push(...secretParts(url));
          secretUrls.set(config.url.secret, url);
        }
        return {
          kind: config.kind,
          url,
          headers: await plainRecord(name, config.headers, used),
          secrets: used,
        };
      }
      const args: string[] = [];
      for (const arg of config.args) args.push(await plain(name, arg, used));
      return {
        kind: 'stdio',
        command: config.command,
        args,
        env: await plainRecord(name, config.env, used),
        cwd: config.cwd,
        secrets: used,
      };
    },
    authConfig(name) {
      const config = own(name);
      if (!config || config.kind === 'stdio') return undefined;
      const url = typeof config.url === 'string' ? config.url : secretUrls.get(config.url.secret);
      return url === undefined ? undefined : { url, client: config.oauth, allows: config.signInAllows };
    },
    async setClient(name, client, issuer) {
      const secret = `server/${name}/oauth/client-secret`;
      if (client.secret === undefined) await secrets.delete(secret);
      else await secrets.set(secret, client.secret);
      await settings.update((doc) => {
        const record = doc.servers[name];
        if (!record || record.config.kind === 'stdio') throw new RpcError('not_found', t.noHttpServer(name));
        const clientSecret = client.secret === undefined ? {} : { clientSecret: { secret } };
        const config = { ...record.config, oauth: { clientId: client.id, ...clientSecret, issuer } };
        return { ...doc, servers: { ...doc.servers, [name]: { ...record, config } } };
      });
    },
    async setSignInAllows(name, allows) {
      await settings.update((doc) => {
        const record = doc.servers[name];
        if (!record || record.config.kind === 'stdio') throw new RpcError('not_found', t.noHttpServer(name));
        const config = { ...record.config, signInAllows: [...allows] };
        return { ...doc, servers: { ...doc.servers, [name]: { ...record, config } } };
      });
    },
    target(name) {
      const config = own(name);
      if (!config) return '';
      if (config.kind !== 'stdio')
        return typeof config.url === 'string' ? config.url : `${config.url.origin}/${BULLETS}`;
      return [config.command, ...config.args.map((arg) => (typeof arg === 'string' ? arg : BULLETS))].join(
        ' ',
      );
    },
  };
}
