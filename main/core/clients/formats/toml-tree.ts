import type { AST } from 'toml-eslint-parser';
import { parseTOML } from 'toml-eslint-parser';

/** A piece of the text that says something about a place: a table's header and body, or a key with its value. */
export type Piece =
  | { readonly kind: 'table'; readonly node: AST.TOMLTable; readonly path: readonly string[] }
  | {
      readonly kind: 'pair';
      readonly node: AST.TOMLKeyValue;
      readonly path: readonly string[];
      /** Number of keys before its own: the path of the table it stands in. */
      readonly depth: number;
    };

/** The pieces of a document in order; a table's pairs follow it. Pairs of inline tables are not among them. */
export function piecesOf(root: AST.TOMLProgram): Piece[] {
  const pieces: Piece[] = [];
  for (const node of root.body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      pieces.push({ kind: 'pair', node, path: keysOf(node.key), depth: 0 });
      continue;
    }
    const path = keysOf(node.key);
    pieces.push({ kind: 'table', node, path });
    for (const pair of node.body)
      pieces.push({ kind: 'pair', node: pair, path: [...path, ...keysOf(pair.key)], depth: path.length });
  }
  return pieces;
}

export function keysOf(key: AST.TOMLKey): string[] {
  return key.keys.map((each) => (each.type === 'TOMLBare' ? each.name : each.value));
}

/**
 * Parses, or throws the parser's own error with `lineNumber` and `column`. A byte order mark counts as white space. The
 * parser loses the place of a number of one digit at the very end, so there is always a line break there.
 */
export function parseTree(text: string): AST.TOMLProgram {
  const body = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  return parseTOML(body.endsWith('\n') ? body : `${body}\n`, { tomlVersion: '1.0' });
}

/** The value of a node. Numbers that a double would change, and dates, stay as they are written. */
export function meaningOf(node: AST.TOMLContentNode): unknown {
  switch (node.type) {
    case 'TOMLArray':
      return node.elements.map(meaningOf);
    case 'TOMLInlineTable': {
      const out = Object.create(null) as Record<string, unknown>;
      for (const pair of node.body) put(out, keysOf(pair.key), meaningOf(pair.value));
      return out;
    }
    default:
      if (node.kind === 'integer') return Number.isSafeInteger(node.value) ? node.value : node.number;
      if (node.kind === 'string' || node.kind === 'float' || node.kind === 'boolean') return node.value;
      return node.datetime;
  }
}

/** Sets a member at a path of keys, making the maps on the way. */
export function put(out: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let map = out;
  for (const key of keys.slice(0, -1)) {
    const next = map[key];
    if (Array.isArray(next)) map = next.at(-1) as Record<string, unknown>;
    else if (typeof next === 'object' && next !== null) map = next as Record<string, unknown>;
    else map = map[key] = Object.create(null) as Record<string, unknown>;
  }
  const last = keys.at(-1);
  if (last !== undefined) map[last] = value;
}

/** The meaning of pieces, each path read from `skip` keys on. */
export function meaningOfPieces(pieces: readonly Piece[], skip: number): Record<string, unknown> {
  const out = Object.create(null) as Record<string, unknown>;
  for (const piece of pieces) {
    const keys = piece.path.slice(skip);
    if (piece.kind === 'pair') put(out, keys, meaningOf(piece.node.value));
    else if (keys.length > 0 && piece.node.kind === 'array') append(out, keys);
    else if (keys.length > 0 && at(out, keys) === undefined) put(out, keys, Object.create(null));
  }
  return out;
}

function append(out: Record<string, unknown>, keys: readonly string[]): void {
  const list = at(out, keys);
  if (Array.isArray(list)) list.push(Object.create(null));
  else put(out, keys, [Object.create(null)]);
}

function at(out: unknown, keys: readonly string[]): unknown {
  let found = out;
  for (const key of keys) {
    const inside = Array.isArray(found) ? found.at(-1) : found;
    found =
      typeof inside === 'object' && inside !== null ? (inside as Record<string, unknown>)[key] : undefined;
  }
  return found;
}
