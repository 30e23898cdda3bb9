import { isObject } from '../../../../shared/base/is-object.ts';
import type { ShellState } from '../../login-shell/index.ts';
import type { Machine } from '../../ports.ts';
import { headerFault } from '../../upstream/errors/header-check.ts';
import { pathOf } from '../files/paths.ts';
import type { Dialect } from '../table/index.ts';
import { isSecretSetting } from './credentials.ts';
import type { Draft } from './draft.ts';
import { readEnvFile } from './env-file.ts';
import { usualForm } from './shapes.ts';
import { CannotRoute, expand, lookupOf, type Sources } from './variables.ts';

const KINDS: Readonly<Record<string, Draft['kind']>> = {
  stdio: 'stdio',
  local: 'stdio',
  http: 'http',
  'streamable-http': 'http',
  streamableHttp: 'http',
  streamable_http: 'http',
  streamable: 'http',
  sse: 'sse',
};

export interface ReadOptions {
  /** The text of a file that the entry names. @throws what stops the reading; without it such an entry cannot be routed */
  file?(path: string): string;
  /** What is known of the login shell. */
  readonly shell?: ShellState | undefined;
}

/**
 * Reads an entry. `project` is the folder it belongs to, where it does. Throws {@link CannotRoute} with the reason for
 * people when a shared gateway cannot serve it.
 */
export function readDraft(
  written: unknown,
  dialect: Dialect,
  machine: Machine,
  project: string | null,
  options: ReadOptions = {},
): Draft {
  const secrets = new Set<string>();
  const env = lookupOf(machine, options.shell, (name, value) => {
    if (isSecretSetting(name, value)) secrets.add(value);
  });
  const entry = usualForm(written, dialect.shape, env);
  if (!isObject(entry)) throw new CannotRoute('It is not an object.');
  for (const [field, why] of Object.entries(dialect.unsupported))
    if (says(entry[field])) throw new CannotRoute(why);
  const type = entry.type ?? entry.transport;
  if (type !== undefined && (typeof type !== 'string' || KINDS[type] === undefined))
    throw new CannotRoute(
      typeof type === 'string'
        ? `Its type is ${JSON.stringify(type)}, which Drawbridge does not speak.`
        : `Its ${entry.type === undefined ? 'transport' : 'type'} is not text: what stands below it is not read by this client.`,
    );
  const kind = typeof type === 'string' ? KINDS[type] : undefined;
  const reader = readerOf(dialect, { machine, env, file: fileOf(options) }, secrets);
  if (entry.url !== undefined && kind !== 'stdio') {
    if (!dialect.remote)
      throw new CannotRoute('This client does not read servers with a URL from this file.');
    if (kind === undefined && dialect.remoteNeedsType)
      throw new CannotRoute('The client ignores an entry that has a URL and no type.');
    return reader.done(readRemote(entry, kind ?? dialect.untyped, reader));
  }
  if (kind !== undefined && kind !== 'stdio') throw new CannotRoute('It has no URL.');
  return reader.done(readStdio(entry, dialect, machine, project, reader));
}

function isPlainWord(value: unknown): boolean {
  return ['number', 'boolean', 'bigint'].includes(typeof value);
}

/** Whether a field is there and means something: `false` and an empty list say the same as no field. */
function says(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !(Array.isArray(value) && value.length === 0);
}

function fileOf(options: ReadOptions): (path: string) => string {
  return (path) => {
    if (options.file) return options.file(path);
    throw new CannotRoute(`It takes a value from the file ${path}, which cannot be read here.`);
  };
}

/** Reads the texts of one entry, and notes those that came from files. */
interface Reader {
  text(value: unknown, field: string): string;
  texts(value: unknown, field: string): Record<string, string>;
  envFile(path: string): Record<string, string>;
  done(draft: Draft): Draft;
}

/** @param secrets values of variables that were found so far, and are secrets */
function readerOf(dialect: Dialect, sources: Sources, secrets: ReadonlySet<string>): Reader {
  const fromFiles = new Set<string>();
  const hidden = new Set<string>();
  const text = (value: unknown, field: string): string => {
    if (typeof value !== 'string')
      throw new CannotRoute(value === undefined ? `It has no ${field}.` : `Its ${field} is not text.`);
    let used = false;
    const file = (path: string): string => {
      used = true;
      return sources.file(path).trim();
    };
    const expanded = expand(value, dialect.variables, { ...sources, file });
    if (used && expanded !== '') fromFiles.add(expanded);
    if ([...secrets].some((secret) => expanded.includes(secret))) hidden.add(expanded);
    return expanded;
  };
  return {
    text,
    texts(value, field) {
      if (value === undefined || value === null) return {};
      if (!isObject(value)) throw new CannotRoute(`Its ${field} is not an object.`);
      // Clients hand numbers and words such as true on as text; null says that there is no such variable.
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, each]) => each !== null)
          .map(([key, each]) => [key, text(isPlainWord(each) ? String(each) : each, `${field}.${key}`)]),
      );
    },
    envFile: (path) => readEnvFile(sources.file(path)),
    done(draft) {
      if (draft.kind === 'stdio' && [draft.command, draft.cwd].some((each) => each && fromFiles.has(each)))
        throw new CannotRoute('Its command comes from a file, which may hold another one tomorrow.');
      const all = [...fromFiles, ...hidden];
      return all.length > 0 ? { ...draft, hidden: all } : draft;
    },
  };
}

function readRemote(entry: Record<string, unknown>, kind: 'http' | 'sse' | undefined, reader: Reader): Draft {
  let url = reader.text(entry.url, 'url');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CannotRoute('Its URL is not an http or https address.');
  const headers = reader.texts(entry.headers, 'headers');
  for (const [name, value] of Object.entries(headers)) {
    const fault = headerFault(name, value);
    if (fault !== undefined) throw new CannotRoute(fault);
  }
  const parsed = new URL(url);
  const { username, password, pathname } = parsed;
  if (username || password) {
    if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'))
      throw new CannotRoute('Its URL holds a user and it has an Authorization header as well.');
    headers.Authorization = `Basic ${Buffer.from(decodeURIComponent(`${username}:${password}`)).toString('base64')}`;
    parsed.username = '';
    parsed.password = '';
    url = parsed.href;
  }
  return { kind: kind ?? (/\/sse\/?$/.test(pathname) ? 'sse' : 'http'), url, headers };
}

function readStdio(
  entry: Record<string, unknown>,
  dialect: Dialect,
  machine: Machine,
  project: string | null,
  reader: Reader,
): Draft {
  const path = pathOf(machine);
  mustNotBeOfPlugin(entry);
  let command = atHome(reader.text(entry.command, 'command'), machine);
  if (command === '') throw new CannotRoute('Its command is empty.');
  if (entry.args !== undefined && entry.args !== null && !Array.isArray(entry.args))
    throw new CannotRoute('Its args are not a list.');
  let args: string[] = (entry.args ?? []).map((arg: unknown, i: number) => reader.text(arg, `args[${i}]`));
  let env = { ...fileEnvironment(entry, dialect, path, reader), ...reader.texts(entry.env, 'env') };
  const plain = withoutEnv(command, args);
  if (plain) {
    command = plain.command;
    args = plain.args;
    env = { ...env, ...plain.env };
  }
  const written = entry.cwd ?? undefined;
  let cwd = written === undefined ? undefined : atHome(reader.text(written, 'cwd'), machine);
  if (cwd !== undefined && !path.isAbsolute(cwd)) {
    const [variable] = /\$\{[^}]*\}/.exec(cwd) ?? [];
    if (variable !== undefined)
      throw new CannotRoute(`Its cwd holds ${variable}, which only the client can fill in.`);
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

/** Folders of a plugin or an extension, which its client knows and nobody else. */
const PLUGIN_FOLDER = /\$\{(?:CLAUDE_PLUGIN_\w+|extensionPath|__dirname|plugin[\w.]*)\}/i;

function mustNotBeOfPlugin({ command, args, cwd, env }: Record<string, unknown>): void {
  const values = [
    command,
    cwd,
    ...(Array.isArray(args) ? args : []),
    ...Object.values(isObject(env) ? env : {}),
  ];
  for (const value of values) {
    const [variable] = (typeof value === 'string' && PLUGIN_FOLDER.exec(value)) || [];
    if (variable !== undefined)
      throw new CannotRoute(`It belongs to a plugin: only the client knows the folder ${variable}.`);
  }
}

/** `~/…` as a shell would read it: a program cannot be started by that name. */
function atHome(path: string, machine: Machine): string {
  return path.replace(/^~(?=[\\/])/, () => machine.home);
}

/** What the file named by an entry adds to its environment. */
function fileEnvironment(
  entry: Record<string, unknown>,
  { envFile }: Dialect,
  path: ReturnType<typeof pathOf>,
  reader: Reader,
): Record<string, string> {
  const named = envFile === undefined ? undefined : entry[envFile];
  if (envFile === undefined || named === undefined || named === null) return {};
  const file = reader.text(named, envFile);
  if (!path.isAbsolute(file) && !file.startsWith('~'))
    throw new CannotRoute(`Its ${envFile} ${file} is relative, and depends on the folder that is open.`);
  return reader.envFile(file);
}

/** `env NAME=value program …` says nothing but the environment: it goes where secrets are kept. */
function withoutEnv(
  command: string,
  args: readonly string[],
): { command: string; args: string[]; env: Record<string, string> } | undefined {
  if (!/^(?:.*\/)?env$/.test(command)) return undefined;
  const at = args.findIndex((arg) => !/^[A-Za-z_]\w*=/.test(arg));
  const program = args[at];
  // A flag of env itself, or no program at all: left as it is written.
  if (program === undefined || program.startsWith('-')) return undefined;
  const env = args.slice(0, at).map((arg) => {
    const equals = arg.indexOf('=');
    return [arg.slice(0, equals), arg.slice(equals + 1)];
  });
  return { command: program, args: args.slice(at + 1), env: Object.fromEntries(env) };
}
