import { isObject } from '../../../shared/base/is-object.ts';
import { canonicalValue } from '../codec/index.ts';
import type { Json, JsonObject } from '../codec/types.ts';

/** What a schema lets a caller say. */
export interface Arguments {
  /** `owner`, `filters.state`, `items[].id`; patterns as `/^x-/`. */
  readonly names: ReadonlySet<string>;
  /** Those the caller must give. */
  readonly required: ReadonlySet<string>;
  /** Objects that take any argument, by their path; `` is the arguments themselves. */
  readonly open: ReadonlySet<string>;
  /** Documents elsewhere that the schema points to. */
  readonly remote: ReadonlySet<string>;
  /** There is more than what was looked at. */
  readonly cut: boolean;
}

/** Schemas looked at within one: far beyond real ones, and quick for a bomb of alternatives. */
const MAX_VISITS = 5000;
const MAX_DEPTH = 24;
const ALTERNATIVES = ['anyOf', 'oneOf', 'allOf'] as const;
const CONDITIONS = ['if', 'then', 'else', 'not'] as const;

/**
 * The arguments that a JSON Schema names, through its references and alternatives. How they are put together does not
 * matter: a schema moved into `$defs` takes the same arguments as before.
 */
export function argumentsOf(schema: Json | undefined): Arguments {
  const found = {
    names: new Set<string>(),
    required: new Set<string>(),
    open: new Set<string>(),
    remote: new Set<string>(),
    cut: false,
  };
  let visits = 0;
  const visit = (node: Json | undefined, path: string, depth: number): void => {
    // `true` and `{}` take anything.
    if (node === true || (isObject(node) && Object.keys(node).length === 0)) {
      if (path !== '') found.open.add(path);
      return;
    }
    if (!isObject(node)) return;
    if (++visits > MAX_VISITS || depth > MAX_DEPTH) {
      found.cut = true;
      return;
    }
    for (const word of ['$ref', '$dynamicRef']) {
      const ref = own(node, word);
      if (typeof ref !== 'string') continue;
      if (!ref.startsWith('#')) found.remote.add(ref);
      else visit(resolved(schema, ref), path, depth + 1);
    }
    for (const word of ALTERNATIVES) {
      const list = own(node, word);
      if (Array.isArray(list)) for (const one of list) visit(one, path, depth + 1);
    }
    for (const word of CONDITIONS) if (isObject(own(node, word))) visit(own(node, word), path, depth + 1);
    const dependent = own(node, 'dependentSchemas');
    if (isObject(dependent)) for (const one of Object.values(dependent)) visit(one, path, depth + 1);

    const properties = own(node, 'properties');
    const named = isObject(properties) ? Object.keys(properties) : [];
    for (const name of named) {
      const at = path === '' ? name : `${path}.${name}`;
      found.names.add(at);
      visit((properties as JsonObject)[name], at, depth + 1);
    }
    const patterns = own(node, 'patternProperties');
    if (isObject(patterns)) {
      for (const pattern of Object.keys(patterns)) {
        found.names.add(`${path}/${pattern}/`);
        visit(patterns[pattern], `${path}/${pattern}/`, depth + 1);
      }
    }
    const must = own(node, 'required');
    if (Array.isArray(must))
      for (const name of must)
        if (typeof name === 'string') found.required.add(path === '' ? name : `${path}.${name}`);
    for (const word of ['items', 'prefixItems', 'contains']) {
      const items = own(node, word);
      if (Array.isArray(items)) for (const one of items) visit(one, `${path}[]`, depth + 1);
      else if (isObject(items) || items === true) visit(items, `${path}[]`, depth + 1);
    }
    const rest = own(node, 'additionalProperties');
    if (isObject(rest) && Object.keys(rest).length > 0) {
      found.names.add(`${path}.*`);
      visit(rest, `${path}.*`, depth + 1);
    } else if (rest !== false && (rest !== undefined || isObjectSchema(node, named))) found.open.add(path);
  };
  visit(schema, '', 0);
  return found;
}

/** An object takes what it does not name unless it says otherwise. */
function isObjectSchema(node: JsonObject, named: readonly string[]): boolean {
  const type = own(node, 'type');
  return named.length > 0 || type === 'object' || (Array.isArray(type) && type.includes('object'));
}

export interface AddedArguments {
  readonly names: readonly string[];
  readonly required: readonly string[];
  readonly opened: readonly string[];
  readonly remote: readonly string[];
  /** The part that was too large to look at changed. */
  readonly beyond: boolean;
}

/** What a changed schema takes that it did not take before; undefined when there is nothing. */
export function addedArguments(
  before: Json | undefined,
  after: Json | undefined,
): AddedArguments | undefined {
  if (canonicalValue(before ?? null) === canonicalValue(after ?? null)) return undefined;
  const old = argumentsOf(before);
  const now = argumentsOf(after);
  const added = {
    names: less(now.names, old.names),
    // A new argument is reported once, whether it must be given or not.
    required: less(now.required, old.required).filter((name) => old.names.has(name)),
    // What is new as a whole is reported by its name.
    opened: less(now.open, old.open).filter(
      (path) => path === '' || old.names.has(path.replace(/(\[\])+$/, '')),
    ),
    remote: less(now.remote, old.remote),
    beyond: now.cut,
  };
  const { names, required, opened, remote, beyond } = added;
  return beyond || [names, required, opened, remote].some((list) => list.length > 0) ? added : undefined;
}

function less(now: ReadonlySet<string>, old: ReadonlySet<string>): string[] {
  return [...now].filter((one) => !old.has(one));
}

/** `#/$defs/filter` within the schema. */
function resolved(schema: Json | undefined, ref: string): Json | undefined {
  let at: Json | undefined = schema;
  for (const part of ref.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(key)];
    else at = isObject(at) ? own(at, key) : undefined;
  }
  return at;
}

function own(node: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(node, key) ? node[key] : undefined;
}
