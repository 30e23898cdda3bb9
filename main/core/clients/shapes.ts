import type { Machine } from '../ports.ts';
import type { Field } from './formats/types.ts';
import { envOf } from './places.ts';
import { CannotRoute } from './variables.ts';

/** How a client names the parts of an entry; `usual` is what Claude began with: command, args, env, url, headers. */
export type Shape = 'usual' | 'gemini' | 'opencode' | 'codex';

type Entry = Record<string, unknown>;

interface Rules {
  /** Fields that say how the server is reached: what routing replaces. All others are kept. */
  readonly reaching: readonly string[];
  /** The entry with its parts under their usual names. */
  usual(entry: Entry, machine: Machine | undefined): Entry;
  /** An entry of ours, where the client reaches a URL. */
  ours(url: string, headers: Readonly<Record<string, string>>): Field[];
}

const USUAL = ['type', 'transport', 'command', 'args', 'env', 'cwd', 'url', 'headers'];

const RULES: Readonly<Record<Shape, Rules>> = {
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
  },
  codex: {
    reaching: [...USUAL, 'http_headers', 'env_http_headers', 'bearer_token_env_var'],
    usual({ http_headers: fixed, env_http_headers: named, bearer_token_env_var: bearer, ...rest }, machine) {
      if (rest.url === undefined) return rest;
      const headers: Entry = isEntry(fixed) ? { ...fixed } : {};
      if (machine) {
        for (const [header, name] of Object.entries(isEntry(named) ? named : {}))
          headers[header] = fromEnv(name, machine);
        if (bearer !== undefined) headers.Authorization = `Bearer ${fromEnv(bearer, machine)}`;
      }
      return { ...rest, type: 'http', headers };
    },
    ours: (url, headers) => [
      { key: 'url', value: url },
      { key: 'http_headers', value: headers },
    ],
  },
};

/**
 * An entry under the usual names, whatever it was written as; not an object stays what it is.
 * @param machine where variables that the shape itself names are looked up; without it they are left out
 * @throws CannotRoute when such a variable is not set
 */
export function usualForm(entry: unknown, shape: Shape, machine?: Machine): unknown {
  return isEntry(entry) ? RULES[shape].usual(entry, machine) : entry;
}

/** Fields that say how a server is reached, in a shape. */
export function reachingFields(shape: Shape): readonly string[] {
  return RULES[shape].reaching;
}

/** The fields of our own entry for a client that reaches a URL. */
export function urlFields(shape: Shape, url: string, headers: Readonly<Record<string, string>>): Field[] {
  return RULES[shape].ours(url, headers);
}

function fromEnv(name: unknown, machine: Machine): string {
  const value = typeof name === 'string' ? envOf(machine, name) : undefined;
  if (value !== undefined) return value;
  throw new CannotRoute(
    `The environment variable ${String(name)} is not set where Drawbridge runs. Set it, or write the value into the entry.`,
  );
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
