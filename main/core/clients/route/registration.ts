import type { SecretUrl, ServerConfig, Value } from '../../../../shared/schemas/server.ts';
import { type Draft, identityOf, programOf } from '../entries/draft.ts';
import { type Secret, secretsOf } from '../entries/secrets.ts';
import type { JournalRecord } from '../files/journal.ts';
import type { ClientDeps } from '../types.ts';

/** What registering a draft takes: `same` server already there, a `new` one, or the `changed` one of the same entry. */
export interface Registration {
  readonly server: string;
  readonly how: 'same' | 'new' | 'changed';
  /** Another registered server that is the same one under another name; merging would use it. */
  readonly sameAs?: string;
  /** The server that has the entry's own name already, where that is another one. Its policy does not count for this one. */
  readonly besides?: { readonly server: string; readonly sameProgram: boolean };
}

/** Chooses the names under which entries are registered, without registering anything. */
export interface Names {
  choose(name: string, draft: Draft, record: JournalRecord | null): Registration;
}

/**
 * Names for one plan: what it claims for one entry counts for the next.
 * @param merge one server under several names is registered once, under the first
 */
export async function createNames(
  journal: readonly JournalRecord[],
  deps: ClientDeps,
  merge = false,
): Promise<Names> {
  const known = new Map<string, string | null>();
  /** What the servers are without their settings. */
  const programs = new Map<string, string>();
  for (const [name, config] of Object.entries(deps.servers.all())) {
    const draft = await draftOf(config, deps);
    known.set(name, draft ? identityOf(draft) : null);
    if (draft) programs.set(name, programOf(draft));
  }
  const inUse = new Set(journal.filter(({ state }) => state !== 'restored').map(({ server }) => server));

  return {
    choose(name, draft, record) {
      const identity = identityOf(draft);
      const claim = (server: string, how: Registration['how']): Registration => {
        known.set(server, identity);
        programs.set(server, programOf(draft));
        inUse.add(server);
        return { server, how };
      };
      const last = record?.server;
      if (last !== undefined && known.has(last)) {
        if (known.get(last) === identity) return claim(last, 'same');
        // No other entry reaches it, and it came from this one: the entry changed, the server keeps its policy.
        if (!inUse.has(last)) return claim(last, 'changed');
      }
      const base = serverNameFor(name);
      const sameAs = [...known].find(([, each]) => each === identity)?.[0];
      for (let n = 1; ; n++) {
        const server = n === 1 ? base : `${base}-${n}`;
        const found = known.get(server);
        if (found === identity) return claim(server, 'same');
        if (found !== undefined) continue;
        if (sameAs !== undefined && merge) return claim(sameAs, 'same');
        const besides =
          n === 1 ? {} : { besides: { server: base, sameProgram: programs.get(base) === programOf(draft) } };
        return { ...claim(server, 'new'), ...(sameAs === undefined ? {} : { sameAs }), ...besides };
      }
    },
  };
}

/** A client's name for a server, with what cannot stand in a URL's path segment replaced. */
export function serverNameFor(name: string): string {
  const clean = name
    .replace(/[/\\?#%\u0000-\u001f\u007f]/g, '-')
    .slice(0, 90)
    .trim();
  return ['', '.', '..', '__proto__'].includes(clean) ? 'server' : clean;
}

/** Puts the secrets into the key store and the server into the registry. */
export async function register(registration: Registration, draft: Draft, deps: ClientDeps): Promise<void> {
  const { server, how } = registration;
  if (how === 'same') return;
  const secrets = secretsOf(draft, server);
  for (const { name, value } of secrets) await deps.secrets.set(name, value);
  await deps.servers.put(server, configOf(draft, server, secrets));
  if (how !== 'changed') return;
  const used = new Set(secrets.map(({ name }) => name));
  for (const name of await deps.secrets.names())
    if (name.startsWith(`server/${server}/`) && !used.has(name)) await deps.secrets.delete(name);
}

/** The configuration as it is saved: secrets by their names in the key store. */
export function configOf(
  draft: Draft,
  server: string,
  secrets: readonly Secret[] = secretsOf(draft, server),
): ServerConfig {
  const names = new Set(secrets.map(({ name }) => name));
  const value = (place: string, plain: string): Value => {
    const secret = `server/${server}/${place}`;
    return names.has(secret) ? { secret } : plain;
  };
  const values = (place: string, plain: Readonly<Record<string, string>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(plain).map(([key, each]) => [key, value(`${place}/${key}`, each)]));
  if (draft.kind !== 'stdio')
    return {
      kind: draft.kind,
      url: names.has(`server/${server}/url`)
        ? { secret: `server/${server}/url`, origin: new URL(draft.url).origin }
        : draft.url,
      headers: values('header', draft.headers),
    };
  return {
    kind: 'stdio',
    command: draft.command,
    args: draft.args.map((arg, i) => value(`arg/${i}`, arg)),
    env: values('env', draft.env),
    ...(draft.cwd === undefined ? {} : { cwd: draft.cwd }),
  };
}

/** A registered server with its secrets in place; undefined when one of them is gone. */
async function draftOf(config: ServerConfig, deps: ClientDeps): Promise<Draft | undefined> {
  let complete = true;
  const plain = async (value: Value | SecretUrl): Promise<string> => {
    if (typeof value === 'string') return value;
    const secret = await deps.secrets.get(value.secret);
    complete &&= secret !== undefined;
    return secret ?? '';
  };
  const plains = async (values: Record<string, Value>): Promise<Record<string, string>> => {
    const out: [string, string][] = [];
    for (const [key, value] of Object.entries(values)) out.push([key, await plain(value)]);
    return Object.fromEntries(out);
  };
  let draft: Draft;
  if (config.kind === 'stdio') {
    const args: string[] = [];
    for (const arg of config.args) args.push(await plain(arg));
    draft = { kind: 'stdio', command: config.command, args, env: await plains(config.env) };
    if (config.cwd !== undefined) draft = { ...draft, cwd: config.cwd };
  } else draft = { kind: config.kind, url: await plain(config.url), headers: await plains(config.headers) };
  return complete ? draft : undefined;
}
