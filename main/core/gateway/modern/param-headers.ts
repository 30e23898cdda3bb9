import { isObject } from '../../../../shared/base/is-object.ts';
import type { Json, JsonObject } from '../../codec/types.ts';
import { decodeHeader, encodeHeader } from '../../codec/wire/header-value.ts';
import { paramValues, type SentHeaders } from '../http/sent-headers.ts';

/** An argument that clients repeat in a header (MCP 2026-07-28, transports, custom headers from tool parameters). */
interface Mirrored {
  /** Members of the arguments, from the outside. */
  readonly path: readonly string[];
  /** After `Mcp-Param-`. */
  readonly header: string;
  readonly integer: boolean;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const TYPES = new Set(['string', 'integer', 'boolean']);
/** Schemas come from outside, and may be endless. */
const MAX_DEPTH = 32;
const MAX_VISITS = 5000;
const NONE: readonly Mirrored[] = [];

const known = new WeakMap<JsonObject, readonly Mirrored[]>();

/** What a tool's definition asks to be repeated. Nothing when it asks for it in a way the specification rules out. */
function mirroredOf(definition: JsonObject): readonly Mirrored[] {
  let found = known.get(definition);
  if (!found) {
    found = read(definition.inputSchema);
    known.set(definition, found);
  }
  return found;
}

function read(schema: Json | undefined): readonly Mirrored[] {
  const found: Mirrored[] = [];
  const names = new Set<string>();
  let visits = 0;
  /** False when an annotation is not valid. */
  const visit = (node: Json | undefined, path: readonly string[]): boolean => {
    if (!isObject(node) || path.length > MAX_DEPTH || ++visits > MAX_VISITS) return true;
    const header = node['x-mcp-header'];
    if (header !== undefined) {
      const { type } = node;
      if (path.length === 0 || typeof header !== 'string' || !TOKEN.test(header)) return false;
      if (typeof type !== 'string' || !TYPES.has(type) || names.has(header.toLowerCase())) return false;
      names.add(header.toLowerCase());
      found.push({ path, header, integer: type === 'integer' });
    }
    const { properties } = node;
    if (!isObject(properties)) return true;
    return Object.keys(properties).every((key) => visit(properties[key], [...path, key]));
  };
  return visit(schema, []) && found.length > 0 ? found : NONE;
}

/** The argument as text; undefined when there is nothing a header could repeat. */
function textAt(args: JsonObject, path: readonly string[]): string | undefined {
  let value: Json | undefined = args;
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value))
    ? String(value)
    : undefined;
}

/** What is wrong with the `Mcp-Param-…` headers of a call. Integers are compared as numbers: 42.0 is 42. */
export function paramFault(
  definition: JsonObject,
  args: JsonObject,
  headers: SentHeaders,
): string | undefined {
  for (const { path, header, integer } of mirroredOf(definition)) {
    const name = `Mcp-Param-${header}`;
    const [value, ...more] = paramValues(headers, header);
    if (more.length > 0) return `Header mismatch: ${name} is there more than once.`;
    const expected = textAt(args, path);
    if (expected === undefined) continue;
    if (value === undefined) {
      if (headers.ofBridge) continue;
      return `Header mismatch: ${name} is missing, and the argument ${path.join('.')} is there.`;
    }
    const said = decodeHeader(value);
    if (said === undefined) return `Header mismatch: the value of ${name} is not encoded as it must be.`;
    const same = said === expected || (integer && DECIMAL.test(said) && Number(said) === Number(expected));
    if (!same)
      return `Header mismatch: ${name} says ${JSON.stringify(said)}, the argument ${path.join('.')} ${JSON.stringify(expected)}.`;
  }
  return undefined;
}

/** The `Mcp-Param-…` headers of a call, made from its arguments. */
export function paramHeaders(definition: JsonObject, args: JsonObject): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { path, header } of mirroredOf(definition)) {
    const text = textAt(args, path);
    if (text !== undefined) headers[`Mcp-Param-${header}`] = encodeHeader(text);
  }
  return headers;
}
