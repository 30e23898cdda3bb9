import type { Field } from '../formats/types.ts';
import type { Shape } from '../table/types.ts';
import { isEntry, type Program, RULES } from './shape-rules.ts';
import { CannotRoute, type Lookup } from './variables.ts';

/**
 * An entry under the usual names, whatever it was written as; not an object stays what it is.
 * @param env looks up variables that the shape itself names; without it they are left out
 * @throws CannotRoute when such a variable is not set, or the entry is none that a gateway could serve
 */
export function usualForm(entry: unknown, shape: Shape, env?: Lookup): unknown {
  return isEntry(entry) ? RULES[shape].usual(entry, env) : entry;
}

/** {@link usualForm} for showing and comparing: an entry that cannot be routed is taken as it is written. */
export function usualFormOrWritten(entry: unknown, shape: Shape): unknown {
  try {
    return usualForm(entry, shape);
  } catch (error) {
    if (error instanceof CannotRoute) return entry;
    throw error;
  }
}

/** Fields that say how a server is reached, in a shape. */
export function reachingFields(shape: Shape): readonly string[] {
  return RULES[shape].reaching;
}

/** The fields of our own entry for a client that reaches a URL, in the place of `before`. */
export function urlFields(
  shape: Shape,
  url: string,
  headers: Readonly<Record<string, string>>,
  before: unknown,
): Field[] {
  return RULES[shape].ours(url, headers, before);
}

/**
 * The fields of our own entry that starts a program.
 * @param kind what the client wants to be said of the kind of server, where it does
 */
export function programFields(shape: Shape, program: Program, kind: readonly Field[]): Field[] {
  const own = RULES[shape].program?.(program);
  if (own) return own;
  const { command, args, env } = program;
  return [
    ...kind,
    { key: 'command', value: command },
    { key: 'args', value: args },
    { key: 'env', value: env },
  ];
}
