import type { Field } from '../formats/types.ts';
import type { Shape } from '../table/types.ts';
import { CannotRoute, type Lookup } from './variables.ts';

export type Entry = Record<string, unknown>;

/** How the clients of one shape write an entry. */
export interface Rules {
  /** Fields that say how the server is reached: what routing replaces. All others are kept. */
  readonly reaching: readonly string[];
  /** The entry with its parts under their usual names. @throws CannotRoute */
  usual(entry: Entry, env: Lookup | undefined): Entry;
  /** An entry of ours, where the client reaches a URL. `before`: the entry in whose place it goes. */
  ours(url: string, headers: Readonly<Record<string, string>>, before: unknown): Field[];
  /** An entry of ours that starts a program, where it is not written as `command`, `args`, `env`. */
  program?(of: Program): Field[];
}

/** What an entry starts. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const USUAL = ['type', 'transport', 'command', 'args', 'env', 'cwd', 'url', 'headers', 'envFile'];

export const RULES: Readonly<Record<Shape, Rules>> = {
  usual: {
    reaching: USUAL,
    usual: (entry) => entry,
    ours: (url, headers) => [
      { key: 'url', value: url },
      { key: 'headers', value: headers },
    ],
  },
  // `httpUrl` is Streamable HTTP; a `url` without a type is the older HTTP+SSE.
  gemini: {
    reaching: [...USUAL, 'httpUrl'],
    usual({ httpUrl, ...rest }) {
      if (httpUrl !== undefined) return { ...rest, type: 'http', url: httpUrl };
      return rest.url !== undefined && rest.type === undefined ? { ...rest, type: 'sse' } : rest;
    },
    ours: (url, headers) => [
      { key: 'httpUrl', value: url },
      { key: 'headers', value: headers },
    ],
  },
  opencode: {
    reaching: [...USUAL, 'environment', 'oauth'],
    usual({ type, command, environment, oauth, ...rest }) {
      const own = oauth === false || oauth === undefined ? rest : { ...rest, oauth };
      if (type !== 'local' && type !== 'remote') return { ...own, type, command };
      if (type === 'remote') return own;
      const [program, ...args] = Array.isArray(command) ? command : [command];
      return { ...own, type: 'stdio', command: program, args, env: environment };
    },
    ours: (url, headers) => [
      { key: 'type', value: 'remote' },
      { key: 'url', value: url },
      { key: 'headers', value: headers },
      // It would ask the gateway for a sign-in page before it tries the header.
      { key: 'oauth', value: false },
    ],
    program: ({ command, args, env }) => [
      { key: 'type', value: 'local' },
      { key: 'command', value: [command, ...args] },
      { key: 'environment', value: env },
    ],
  },
  codex: {
    reaching: [...USUAL, 'http_headers', 'env_http_headers', 'bearer_token_env_var', 'env_vars'],
    usual({ http_headers: fixed, env_http_headers: named, bearer_token_env_var: bearer, ...rest }, env) {
      if (rest.url === undefined) return withNamed(rest, env);
      const headers: Entry = isEntry(fixed) ? { ...fixed } : {};
      if (env) {
        for (const [header, name] of Object.entries(isEntry(named) ? named : {}))
          headers[header] = env(String(name));
        if (bearer !== undefined) headers.Authorization = `Bearer ${env(String(bearer))}`;
      }
      return { ...rest, type: 'http', headers };
    },
    ours: (url, headers) => [
      { key: 'url', value: url },
      { key: 'http_headers', value: headers },
    ],
  },
  'server-url': {
    reaching: [...USUAL, 'serverUrl'],
    usual: ({ serverUrl, ...rest }) => (serverUrl === undefined ? rest : { ...rest, url: serverUrl }),
    ours: (url, headers) => [
      { key: 'serverUrl', value: url },
      { key: 'headers', value: headers },
    ],
  },
  'server-url-or-url': {
    reaching: [...USUAL, 'serverUrl'],
    usual: ({ serverUrl, ...rest }) => (serverUrl === undefined ? rest : { ...rest, url: serverUrl }),
    ours: (url, headers, before) => [
      { key: isEntry(before) && 'serverUrl' in before ? 'serverUrl' : 'url', value: url },
      { key: 'headers', value: headers },
    ],
  },
  'base-url': {
    reaching: [...USUAL, 'baseUrl'],
    usual: ({ baseUrl, ...rest }) => (baseUrl === undefined ? rest : { ...rest, url: baseUrl }),
    ours: (url, headers, before) => [
      { key: isEntry(before) && 'url' in before ? 'url' : 'baseUrl', value: url },
      { key: 'headers', value: headers },
    ],
  },
  'request-init': {
    reaching: [...USUAL, 'requestInit'],
    usual({ requestInit: init, ...rest }) {
      if (rest.url === undefined || !isEntry(init)) return rest;
      const own = Object.keys(init).find((name) => name !== 'headers');
      if (own !== undefined)
        throw new CannotRoute(
          `It is reached in a way of its own (requestInit.${own}), which stays with the client.`,
        );
      return { ...rest, headers: init.headers };
    },
    ours: (url, headers) => [
      { key: 'url', value: url },
      { key: 'requestInit', value: { headers } },
    ],
  },
  // Once, `command` was an object of its own, and `source` said which kind an entry is; both are still read.
  zed: {
    reaching: USUAL,
    usual(entry) {
      const { source, command } = entry;
      if (source === 'extension' || (command === undefined && entry.url === undefined))
        throw new CannotRoute('It belongs to an extension, which says itself how its server is started.');
      if (!isEntry(command)) return entry;
      return { ...entry, command: command.path, args: command.args, env: command.env };
    },
    ours: (url, headers) => [
      { key: 'url', value: url },
      { key: 'headers', value: headers },
    ],
  },
  // What its own command writes stands below `transport`; flat entries are read as well, and a bare `url` is HTTP+SSE there.
  cline: {
    reaching: [...USUAL, 'transportType'],
    usual({ transport, transportType, ...rest }) {
      if (isEntry(transport)) return { ...rest, ...transport };
      const type = rest.type ?? transportType ?? (rest.url === undefined ? undefined : 'sse');
      return type === undefined ? rest : { ...rest, type };
    },
    ours: (url, headers) => [
      { key: 'url', value: url },
      { key: 'headers', value: headers },
    ],
  },
  continue: {
    reaching: [...USUAL, 'requestOptions'],
    usual({ requestOptions: options, ...rest }) {
      if (rest.url === undefined || !isEntry(options)) return { ...rest, env: plainTexts(rest.env) };
      const own = Object.keys(options).find((name) => !['headers', 'timeout'].includes(name));
      if (own !== undefined)
        throw new CannotRoute(
          `It is reached in a way of its own (requestOptions.${own}), which stays with the client.`,
        );
      return { ...rest, headers: plainTexts(options.headers) };
    },
    ours: (url, headers, before) => {
      const options = isEntry(before) && isEntry(before.requestOptions) ? before.requestOptions : {};
      return [
        { key: 'url', value: url },
        { key: 'requestOptions', value: { ...options, headers } },
      ];
    },
  },
  // It passes over an entry without these two, also where it is reached by URL.
  jan: {
    reaching: USUAL,
    usual: (entry) => entry,
    ours: (url, headers) => [
      { key: 'command', value: '' },
      { key: 'args', value: [] },
      { key: 'url', value: url },
      { key: 'headers', value: headers },
    ],
  },
  goose: {
    reaching: [...USUAL, 'uri', 'cmd', 'envs', 'env_keys'],
    usual({ uri, cmd, envs, ...rest }) {
      if (uri === undefined) return { ...rest, command: cmd, env: plainTexts(envs) };
      const { headers } = rest;
      if (!isEntry(headers)) return { ...rest, url: uri };
      // Its headers may name what stands in `envs`, and nothing else.
      const values: Entry = isEntry(envs) ? envs : {};
      const filled = Object.entries(headers).map(([name, value]) => [
        name,
        typeof value === 'string'
          ? value.replace(/\$(?:(\w+)|\{(\w+)\})/g, (all, bare?: string, inside?: string) => {
              const known = values[bare ?? inside ?? ''];
              return typeof known === 'string' ? known : all;
            })
          : value,
      ]);
      return { ...rest, url: uri, headers: Object.fromEntries(filled) };
    },
    ours: (url, headers) => [
      { key: 'type', value: 'streamable_http' },
      { key: 'uri', value: url },
      { key: 'headers', value: headers },
    ],
    program: ({ command, args, env }) => [
      { key: 'type', value: 'stdio' },
      { key: 'cmd', value: command },
      { key: 'args', value: args },
      { key: 'envs', value: env },
    ],
  },
};

/** In YAML a number or a word such as `yes` is often meant as text. */
function plainTexts(map: unknown): unknown {
  if (!isEntry(map)) return map;
  const text = (value: unknown): unknown =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, text(value)]));
}

/** Codex starts a server with a bare environment, the variables that `env_vars` names, and those of `env`. */
function withNamed({ env_vars: names, ...rest }: Entry, env: Lookup | undefined): Entry {
  if (!env || !Array.isArray(names)) return rest;
  const named = names.map((each): [string, string] => {
    const name = isEntry(each) && (each.source ?? 'local') === 'local' ? each.name : each;
    if (typeof name !== 'string')
      throw new CannotRoute('Its env_vars name a variable of another machine, which only the client has.');
    return [name, env(name)];
  });
  return { ...rest, env: { ...Object.fromEntries(named), ...(isEntry(rest.env) ? rest.env : {}) } };
}

export function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
