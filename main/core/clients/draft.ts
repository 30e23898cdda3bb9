import { createHash } from 'node:crypto';
import type { Machine } from '../ports.ts';
import { BULLETS, isSecretArgument, isSecretSetting, looksSecret } from './credentials.ts';
import { pathOf } from './places.ts';
import { usualForm } from './shapes.ts';
import type { Dialect } from './table/index.ts';
import { CannotRoute, expand } from './variables.ts';

/** A server as an entry describes it, variables in place, secrets and all. Lives in memory only. */
export type Draft =
  | {
      readonly kind: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd?: string;
    }
  | {
      readonly kind: 'http' | 'sse';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    };

const KINDS: Readonly<Record<string, Draft['kind']>> = {
  stdio: 'stdio',
  http: 'http',
  'streamable-http': 'http',
  streamableHttp: 'http',
  sse: 'sse',
};

/**
 * Reads an entry. `project` is the folder it belongs to, where it does. Throws {@link CannotRoute} with the reason for
 * people when a shared gateway cannot serve it.
 */
export function readDraft(
  written: unknown,
  dialect: Dialect,
  machine: Machine,
  project: string | null,
): Draft {
  const entry = usualForm(written, dialect.shape, machine);
  if (!isRecord(entry)) throw new CannotRoute('It is not an object.');
  for (const [field, why] of Object.entries(dialect.unsupported))
    if (entry[field] !== undefined && entry[field] !== null) throw new CannotRoute(why);
  const type = entry.type ?? entry.transport;
  if (type !== undefined && (typeof type !== 'string' || KINDS[type] === undefined))
    throw new CannotRoute(`Its type is ${JSON.stringify(type)}, which Drawbridge does not speak.`);
  const kind = typeof type === 'string' ? KINDS[type] : undefined;
  if (entry.url !== undefined && kind !== 'stdio') {
    if (!dialect.remote)
      throw new CannotRoute('This client does not read servers with a URL from this file.');
    if (kind === undefined && dialect.remoteNeedsType)
      throw new CannotRoute('The client ignores an entry that has a URL and no type.');
    return readRemote(entry, kind, dialect, machine);
  }
  if (kind !== undefined && kind !== 'stdio') throw new CannotRoute('It has no URL.');
  return readStdio(entry, dialect, machine, project);
}

function readRemote(
  entry: Record<string, unknown>,
  kind: 'http' | 'sse' | undefined,
  dialect: Dialect,
  machine: Machine,
): Draft {
  const url = expand(text(entry.url, 'url'), dialect.variables, machine);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CannotRoute('Its URL is not an http or https address.');
  const { username, password, pathname } = new URL(url);
  if (username || password || looksSecret(url))
    throw new CannotRoute('Its URL holds a credential, which Drawbridge cannot keep in the key store yet.');
  return {
    kind: kind ?? (/\/sse\/?$/.test(pathname) ? 'sse' : 'http'),
    url,
    headers: texts(entry.headers, 'headers', dialect, machine),
  };
}

function readStdio(
  entry: Record<string, unknown>,
  dialect: Dialect,
  machine: Machine,
  project: string | null,
): Draft {
  const path = pathOf(machine);
  const command = expand(text(entry.command, 'command'), dialect.variables, machine);
  if (command === '') throw new CannotRoute('Its command is empty.');
  if (entry.args !== undefined && !Array.isArray(entry.args))
    throw new CannotRoute('Its args are not a list.');
  const args = (entry.args ?? []).map((arg: unknown, i: number) =>
    expand(text(arg, `args[${i}]`), dialect.variables, machine),
  );
  const env = texts(entry.env, 'env', dialect, machine);
  let cwd = entry.cwd === undefined ? undefined : expand(text(entry.cwd, 'cwd'), dialect.variables, machine);
  if (cwd !== undefined && !path.isAbsolute(cwd)) {
    if (project === null)
      throw new CannotRoute(`Its cwd ${cwd} is relative, and depends on where the client is started.`);
    cwd = path.join(project, cwd);
  }
  const relative = [command, ...args].find((each) => /^\.{1,2}(?:[\\/]|$)/.test(each));
  if (relative !== undefined && cwd === undefined) {
    if (project === null)
      throw new CannotRoute(`${relative} is a relative path, and depends on where the client is started.`);
    cwd = project;
  }
  return { kind: 'stdio', command, args, env, ...(cwd === undefined ? {} : { cwd }) };
}

function text(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  throw new CannotRoute(value === undefined ? `It has no ${field}.` : `Its ${field} is not text.`);
}

function texts(value: unknown, field: string, dialect: Dialect, machine: Machine): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw new CannotRoute(`Its ${field} is not an object.`);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      expand(text(each, `${field}.${key}`), dialect.variables, machine),
    ]),
  );
}

/** Equal for servers that are one: same command after unwrapping `cmd /c`, arguments, environment, URL and headers. */
export function identityOf(draft: Draft): string {
  if (draft.kind !== 'stdio') return digestOf({ kind: draft.kind, url: draft.url, headers: draft.headers });
  let { command, args } = draft;
  const [flag, wrapped, ...rest] = args;
  if (/^(?:.*[\\/])?cmd(?:\.exe)?$/i.test(command) && /^\/c$/i.test(flag ?? '') && wrapped !== undefined) {
    command = wrapped;
    args = rest;
  }
  return digestOf({ kind: 'stdio', command, args, env: draft.env, cwd: draft.cwd ?? null });
}

/** SHA-256 of a value's meaning: the order of keys does not count. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isRecord(value))
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}

/** Command line or URL of an entry for people, secrets as bullets. Works for entries that cannot be routed, too. */
export function targetOf(entry: unknown): string {
  if (!isRecord(entry)) return '';
  if (typeof entry.command === 'string') {
    const args = Array.isArray(entry.args) ? entry.args.map((arg) => String(arg)) : [];
    return [
      looksSecret(entry.command) ? BULLETS : entry.command,
      ...args.map((arg, i) => (isSecretArgument(arg, args[i - 1]) ? BULLETS : arg)),
    ].join(' ');
  }
  if (typeof entry.url !== 'string') return '';
  if (!URL.canParse(entry.url) || !looksSecret(entry.url)) return entry.url;
  return `${new URL(entry.url).origin}/${BULLETS}`;
}

/** The secrets of a draft, named as plans show them, and as the key store holds them for `server`. */
export function secretsOf(draft: Draft, server: string): { label: string; name: string; value: string }[] {
  const of = `server/${server}`;
  if (draft.kind !== 'stdio') {
    return Object.entries(draft.headers)
      .filter(([key, value]) => isSecretSetting(key, value))
      .map(([key, value]) => ({ label: `header ${key}`, name: `${of}/header/${key}`, value }));
  }
  return [
    ...draft.args.flatMap((value, i) =>
      isSecretArgument(value, draft.args[i - 1])
        ? [{ label: `argument ${i + 1}`, name: `${of}/arg/${i}`, value }]
        : [],
    ),
    ...Object.entries(draft.env)
      .filter(([key, value]) => isSecretSetting(key, value))
      .map(([key, value]) => ({ label: `env ${key}`, name: `${of}/env/${key}`, value })),
  ];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
