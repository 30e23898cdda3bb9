import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createClients } from '../../../main/core/clients/index.ts';
import type { ClientDeps } from '../../../main/core/clients/types.ts';
import type { Clock, Files, Machine } from '../../../main/core/ports.ts';
import { createIdentities, createSecretStore, createSettings } from '../../../main/core/settings/index.ts';
import { createServerRegistry } from '../../../main/core/settings/registry.ts';
import type { SecretStore } from '../../../main/core/settings/types.ts';
import type { ServerConfig } from '../../../shared/schemas/server.ts';

export const BRIDGE = { command: '/opt/drawbridge/node', args: ['/opt/drawbridge/bridge.js'] };
export const GATEWAY = 'http://127.0.0.1:7717';

/** The wall clock of the machine, moved on instead of waited for. */
export class QuickClock implements Clock {
  #ahead = 0;
  readonly #every = new Set<() => void>();
  now(): number {
    return Date.now() + this.#ahead;
  }
  monotonic(): number {
    return performance.now() + this.#ahead;
  }
  after(ms: number, fn: () => void): () => void {
    const handle = setImmediate(() => {
      this.#ahead += ms;
      fn();
    });
    return () => clearImmediate(handle);
  }
  every(_ms: number, fn: () => void): () => void {
    this.#every.add(fn);
    return () => void this.#every.delete(fn);
  }
  advance(ms: number): void {
    this.#ahead += ms;
  }
  /** Runs every repeating timer once. */
  tick(): void {
    for (const fn of [...this.#every]) fn();
  }
  get repeating(): number {
    return this.#every.size;
  }
}

export interface Scratch {
  readonly dir: string;
  readonly data: string;
  write(path: string, text: string | Uint8Array): string;
  read(path: string): string;
  bytes(path: string): Buffer;
  delete(path: string): void;
  /** Every file below the scratch folder. */
  files(): { path: string; bytes: Buffer }[];
  remove(): void;
}

export function scratch(): Scratch {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-clients-'));
  const walk = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? walk(path) : [path];
    });
  return {
    dir,
    data: join(dir, 'data'),
    write(path, text) {
      const file = join(dir, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    bytes: (path) => readFileSync(join(dir, path)),
    delete: (path) => rmSync(join(dir, path)),
    files: () => walk(dir).map((path) => ({ path, bytes: readFileSync(path) })),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export interface Options {
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
  readonly env?: Record<string, string>;
  readonly files?: Files;
  readonly clock?: Clock;
  readonly gatewayUrl?: string;
  /** Names of the programs that run. Left out: not known. */
  readonly running?: ReadonlySet<string> | undefined;
  readonly bridge?: Machine['bridge'];
  readonly handshake?: { readonly at: number; readonly software: string };
}

type Outside = Pick<ClientDeps, 'secrets' | 'identities' | 'servers'>;

function depsOf(home: Scratch, options: Options, outside: Outside): ClientDeps {
  const machine: Machine = {
    platform: options.platform ?? 'linux',
    home: options.home ?? home.dir,
    env: options.env ?? {},
    bridge: options.bridge ?? BRIDGE,
  };
  return {
    ports: {
      clock: options.clock ?? new QuickClock(),
      files: options.files ?? fsPromises,
      machine,
      log: () => undefined,
      randomBytes: (size) => randomBytes(size),
      processes: async () => options.running ?? null,
    },
    dataDir: home.data,
    gatewayUrl: () => options.gatewayUrl ?? GATEWAY,
    lastHandshake: () => options.handshake ?? null,
    ...outside,
  };
}

/** Clients over the real settings, key store and tokens, on disk. Each call is a new process's view of them. */
export async function realClients(home: Scratch, options: Options = {}) {
  const clock = options.clock ?? new QuickClock();
  const shared = { files: fsPromises, dir: home.data };
  const settings = await createSettings({ ...shared, clock, log: () => undefined });
  const secrets = await createSecretStore({ ...shared, randomBytes });
  const identities = await createIdentities({ secrets, randomBytes, clientName: (id) => id });
  const servers = createServerRegistry(settings, secrets);
  const deps = depsOf(home, { ...options, clock }, { secrets, identities, servers });
  return { clients: createClients(deps), deps, servers, secrets, identities };
}

/** What survives a process in tests that need no key store on disk. */
export interface Memory {
  readonly secrets: Map<string, string>;
  readonly servers: Map<string, ServerConfig>;
}
export const memory = (): Memory => ({ secrets: new Map(), servers: new Map() });

/** Clients over parts in memory; `step` runs before each of their writes. */
export function memoryClients(
  home: Scratch,
  kept: Memory,
  options: Options & { readonly step?: () => void } = {},
) {
  const step = options.step ?? (() => undefined);
  const secrets: SecretStore = {
    kind: 'file',
    get: async (name) => kept.secrets.get(name),
    set: async (name, value) => {
      step();
      kept.secrets.set(name, value);
    },
    delete: async (name) => {
      step();
      kept.secrets.delete(name);
    },
    names: async () => [...kept.secrets.keys()],
  };
  const outside: Outside = {
    secrets,
    identities: {
      tokenFor: async (id) => `db_token-of-${id}`,
      knows: () => true,
      byToken: (token) => {
        const id = /^db_token-of-(.+)$/.exec(token)?.[1];
        return id === undefined ? undefined : { id, name: id };
      },
    },
    servers: {
      get: (name) => kept.servers.get(name),
      all: () => Object.fromEntries(kept.servers),
      put: async (name, config) => {
        step();
        kept.servers.set(name, config);
      },
      remove: async (name) => void kept.servers.delete(name),
    },
  };
  return createClients(depsOf(home, options, outside));
}

/**
 * The file system of another machine: paths below its `roots` lie in the scratch folder. What realpath gives is the scratch
 * path itself, so everything after it works on real files.
 */
export function mappedFiles(home: Scratch, roots: readonly string[]): Files {
  const map = (path: unknown): unknown => {
    if (typeof path !== 'string' || !roots.some((root) => path.startsWith(root))) return path;
    return join(home.dir, path.replaceAll('\\', '/').replace(/^([A-Za-z]):/, '/$1'));
  };
  return new Proxy(fsPromises as Files, {
    get(target, name) {
      const fn = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (path: unknown, ...rest: unknown[]) =>
        fn(map(path), ...(name === 'rename' ? rest.map(map) : rest));
    },
  });
}

/** Real files that are not flushed to the disk: for tests with hundreds of writes that are not about a loss of power. */
export const unflushed: Files = new Proxy(fsPromises as Files, {
  get(target, name) {
    const fn = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
    if (name !== 'open') return fn;
    return async (...args: unknown[]) =>
      Object.assign((await fn(...args)) as object, { sync: async () => undefined });
  },
});
