import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ServerConfig, Value } from '../../../shared/schemas/server.ts';
import type { SecretStore, Settings } from './types.ts';

/** The registered upstream servers: configurations in the settings, secrets of theirs in the key store. */
export interface ServerRegistry {
  get(name: string): ServerConfig | undefined;
  all(): Record<string, ServerConfig>;
  /** Registers or replaces. */
  put(name: string, config: ServerConfig): Promise<void>;
  /** Forgets the server and deletes its secrets. */
  remove(name: string): Promise<void>;
  /** The configuration with every secret in place, for starting it; undefined when there is no such server. */
  resolve(name: string): Promise<ResolvedConfig | undefined>;
  /** One line for people: command line or URL, secret values as bullets. */
  target(name: string): string;
}

export type ResolvedConfig =
  | { kind: 'stdio'; command: string; args: string[]; env: Record<string, string>; cwd?: string }
  | { kind: 'http' | 'sse'; url: string; headers: Record<string, string> };

const BULLETS = '••••••';

export function createServerRegistry(settings: Settings, secrets: SecretStore): ServerRegistry {
  const plain = async (server: string, value: Value): Promise<string> => {
    if (typeof value === 'string') return value;
    const secret = await secrets.get(value.secret);
    if (secret === undefined)
      throw new RpcError(
        'not_found',
        `The secret ${value.secret} of server ${server} is not in the key store.`,
        `Remove the server and add it again, or connect its client anew.`,
      );
    return secret;
  };
  const plainRecord = async (
    server: string,
    values: Record<string, Value>,
  ): Promise<Record<string, string>> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(values).map(async ([key, value]) => [key, await plain(server, value)] as const),
      ),
    );
  const own = (name: string): ServerConfig | undefined => {
    const { servers } = settings.get();
    return Object.hasOwn(servers, name) ? servers[name]?.config : undefined;
  };

  return {
    get: own,
    all: () =>
      Object.fromEntries(Object.entries(settings.get().servers).map(([name, { config }]) => [name, config])),
    async put(name, config) {
      await settings.update((doc) => ({
        ...doc,
        servers: { ...doc.servers, [name]: { config, mode: doc.servers[name]?.mode ?? null } },
      }));
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
      if (config.kind === 'stdio') {
        return {
          kind: 'stdio',
          command: config.command,
          args: await Promise.all(config.args.map((arg) => plain(name, arg))),
          env: await plainRecord(name, config.env),
          ...(config.cwd === undefined ? {} : { cwd: config.cwd }),
        };
      }
      return { kind: config.kind, url: config.url, headers: await plainRecord(name, config.headers) };
    },
    target(name) {
      const config = own(name);
      if (!config) return '';
      if (config.kind !== 'stdio') return config.url;
      return [config.command, ...config.args.map((arg) => (typeof arg === 'string' ? arg : BULLETS))].join(
        ' ',
      );
    },
  };
}
