import type { PolicyCondition } from '../../../../shared/schemas/policy.ts';
import type { RuleField } from '../../../../shared/schemas/rule.ts';
import { parseJson } from '../../codec/index.ts';
import type { Json, JsonObject } from '../../codec/types.ts';
import { parsePath } from '../language/path.ts';

/** A field of a rule, read: which argument, and what it is compared with. */
export interface ReadField {
  readonly key: string;
  readonly path: string;
  readonly use: RuleField['use'];
  readonly value: Json;
}

/** `args.to`, or `args["a key"]` where the name needs it. */
export function pathOf(key: string): string {
  return /^[^.[\]"]+$/.test(key) ? `args.${key}` : `args[${JSON.stringify(key)}]`;
}

/** Arguments that only say how much of a list comes back, or how it is shown. */
const SHOWS =
  /^(page|cursor|offset|skip|per_page|page_size|page_token|page_number|next_cursor|start_cursor|verbosity|verbose)$/;
/** The same in tools that read; elsewhere a limit may be one of money, and an order one of goods. */
const SHOWS_WHEN_READING =
  /^(limit|max_results|count|sort|sort_by|sort_order|order|order_by|direction|first|last)$/;
const READS = /^(list|search|get|find|read|fetch|query|lookup|show|browse|view|describe|count)(_|$)/;

/** What a rule compares when nobody has chosen yet: everything exactly, but how a list is paged. */
export function suggestFields(tool: string, args: JsonObject, inputSchema: Json | undefined): RuleField[] {
  return Object.entries(args).map(([key, value]) => ({
    path: pathOf(key),
    use: onlyShows(tool, key, value, inputSchema) ? 'any' : 'exactly',
    value: JSON.stringify(value),
  }));
}

function onlyShows(tool: string, key: string, value: Json, inputSchema: Json | undefined): boolean {
  // Anything larger than a page number or a cursor carries something else as well.
  if (typeof value === 'object' || (typeof value === 'string' && value.length > 200)) return false;
  const declared = property(inputSchema, key);
  if (declared !== undefined && !['string', 'number', 'integer', 'boolean'].includes(String(declared)))
    return false;
  const name = snake(key);
  return SHOWS.test(name) || (SHOWS_WHEN_READING.test(name) && READS.test(snake(tool)));
}

/** The declared type of an argument; undefined when the schema does not speak of it. */
function property(schema: Json | undefined, key: string): Json | undefined {
  const properties = member(schema, 'properties');
  const declared = member(properties, key);
  return declared === undefined ? undefined : (member(declared, 'type') ?? undefined);
}

function member(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

const snake = (name: string) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();

/** Reads the fields a person chose, or says what is wrong with them. */
export function readFields(
  fields: readonly RuleField[],
  args: JsonObject,
): { readonly ok: true; readonly fields: ReadField[] } | { readonly ok: false; readonly why: string } {
  const read: ReadField[] = [];
  for (const { path, use, value } of fields) {
    const steps = parsePath(path);
    const [step] = steps ?? [];
    if (steps?.length !== 1 || step === undefined || !('key' in step))
      return { ok: false, why: `${path} is not the path of one argument, such as args.title.` };
    const { key } = step;
    if (read.some((other) => other.key === key))
      return { ok: false, why: `${path} is named twice. Keep one of them.` };
    if (use === 'any') {
      read.push({
        key,
        path: pathOf(key),
        use,
        value: Object.hasOwn(args, key) ? (args[key] ?? null) : null,
      });
      continue;
    }
    let parsed: Json;
    try {
      parsed = parseJson(value);
    } catch {
      return { ok: false, why: `The value of ${path} is not JSON. A text stands in double quotes.` };
    }
    if (use === 'begins') {
      if (typeof parsed !== 'string' || parsed === '')
        return { ok: false, why: `${path} can begin only with a text of at least one character.` };
      // The whole of a path as its beginning is a choice that nobody has narrowed yet: its folder is what is meant.
      if (Object.hasOwn(args, key) && parsed === args[key]) parsed = folderOf(parsed) ?? parsed;
    } else if (!comparable(parsed))
      return {
        ok: false,
        why: `${path} holds a number with more digits than can be compared exactly. Choose that it may be anything, or allow the call once.`,
      };
    read.push({ key, path: pathOf(key), use, value: parsed });
  }
  return { ok: true, fields: read };
}

/** `/srv/notes/` of `/srv/notes/a.txt`, `https://example.com/a/` of `https://example.com/a/b`. Undefined for other texts. */
export function folderOf(text: string): string | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+\//i.exec(text);
  if (url !== null) {
    const path = text.slice(url[0].length).split(/[?#]/)[0] ?? '';
    return url[0] + path.slice(0, path.lastIndexOf('/') + 1);
  }
  if (!/^([A-Za-z]:[\\/]|[~.]{0,2}[\\/])/.test(text) || /[\r\n]/.test(text)) return undefined;
  const folder = text.slice(0, Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
  return /[^\\/:.~]/.test(folder.replace(/^[A-Za-z]:/, '')) ? folder : undefined;
}

/** Numbers beyond 2^53 lose digits when they are read: two of them could be taken for one. */
function comparable(value: Json): boolean {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((inner) => comparable(inner as Json));
}

/**
 * The conditions of a rule. One that allows also names every argument that may be there, so that a call with another one
 * asks again; one that denies or asks speaks of calls with more arguments as well.
 */
export function conditionsOf(fields: readonly ReadField[], allow: boolean): PolicyCondition[] {
  const conditions: PolicyCondition[] = [];
  if (allow) conditions.push({ path: 'args', op: 'keys_in', value: fields.map(({ key }) => key) });
  for (const { path, use, value } of fields) {
    if (use === 'exactly') conditions.push({ path, op: 'eq', value });
    else if (use === 'begins') conditions.push({ path, op: 'starts_with', value });
  }
  return conditions;
}
