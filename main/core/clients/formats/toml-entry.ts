import type { AST } from 'toml-eslint-parser';
import { type TomlForm, tomlKey } from './toml-text.ts';
import { keysOf, meaningOf, meaningOfPieces, type Piece, parseTree, piecesOf } from './toml-tree.ts';
import type { KeyPath, Member, StringAt } from './types.ts';

/** Entries stand in maps of one key: `[mcp_servers.NAME]`. */
export const DEPTH = 2;

/** An entry's text by itself. */
export function readEntry(text: string): {
  value: Record<string, unknown>;
  members: Member[];
  form: TomlForm;
  strings(): StringAt[];
} {
  const inline = text.startsWith('{');
  const dotted = !inline && /^[^\s#[]/.test(text);
  const prefix = inline ? 'entry = ' : dotted ? '' : '[entry]';
  const own = prefix + text;
  const stringsOf = (pieces: readonly Piece[], depth: number): StringAt[] =>
    stringsIn(pieces, 0, own.length).map(({ path, start, end, value }) => ({
      path: path.slice(depth),
      start: start - prefix.length,
      end: end - prefix.length,
      value,
    }));
  const pieces = piecesOf(parseTree(own));
  const [first, ...rest] = pieces;
  if (first?.kind === 'pair' && first.node.value.type === 'TOMLInlineTable') {
    return {
      value: meaningOf(first.node.value) as Record<string, unknown>,
      members: inlineMembers(first.node.value, own),
      form: 'inline',
      strings: () => stringsOf([first], 1),
    };
  }
  if (dotted) {
    const below = pieces.map((piece) =>
      piece.kind === 'pair' ? { ...piece, path: ['', ...piece.path], depth: DEPTH } : piece,
    );
    return {
      value: meaningOfPieces(below, DEPTH),
      members: tableMembers(below, own),
      form: 'dotted',
      strings: () => stringsOf(below, DEPTH),
    };
  }
  // Its own pairs stand below the header put before them here; tables below it still name their whole path.
  const moved = rest.map((piece) =>
    piece.kind === 'pair' && piece.path[0] === 'entry'
      ? { ...piece, path: ['', ...piece.path], depth: piece.depth + 1 }
      : piece,
  );
  return {
    value: meaningOfPieces(moved, DEPTH),
    members: tableMembers(moved, own),
    form: 'table',
    strings: () => stringsOf(moved, DEPTH),
  };
}

/** Strings between two positions, see Doc.strings. */
export function stringsIn(pieces: readonly Piece[], start: number, end: number): StringAt[] {
  const found: StringAt[] = [];
  const walk = (node: AST.TOMLContentNode, path: KeyPath): void => {
    if (node.type === 'TOMLArray') node.elements.forEach((each, i) => void walk(each, [...path, String(i)]));
    else if (node.type === 'TOMLInlineTable')
      for (const pair of node.body) walk(pair.value, [...path, ...keysOf(pair.key)]);
    else if (node.kind === 'string')
      found.push({ path, start: node.range[0], end: node.range[1], value: node.value });
  };
  for (const piece of pieces) {
    const [from, to] = piece.node.range;
    if (piece.kind === 'pair' && from < end && to > start) walk(piece.node.value, piece.path);
  }
  return found;
}

/** Whether a member is written with dotted keys and as a table below as well. */
export function isMixed(pieces: readonly Piece[]): boolean {
  return pieces.some(
    (piece) =>
      piece.kind === 'pair' &&
      piece.depth === DEPTH &&
      piece.path.length > DEPTH + 1 &&
      pieces.some((other) => other.kind === 'table' && other.path[DEPTH] === piece.path[DEPTH]),
  );
}

export function inlineMembers(table: AST.TOMLInlineTable, text: string): Member[] {
  return table.body.map(({ key, value }) => ({
    key: keysOf(key).join('.'),
    text: text.slice(...value.range),
    value: meaningOf(value),
  }));
}

/** The pairs of an entry's own table, and each table below it as a block; pieces follow the entry's header. */
export function tableMembers(
  pieces: readonly Piece[],
  text: string,
  lineEnd: (at: number) => number = (at) => at,
): Member[] {
  const members: Member[] = [];
  for (const piece of pieces) {
    const key = piece.path[DEPTH] as string;
    const [from, to] = piece.node.range;
    const dotted = piece.kind === 'pair' && piece.depth === DEPTH && piece.path.length > DEPTH + 1;
    if (dotted) {
      // Several pairs say one member, which is put in braces where it is written again.
      if (members.some((member) => member.key === key)) continue;
      const all = pieces.filter((each) => each.path[DEPTH] === key);
      const inner = all.flatMap(({ path, node }) =>
        node.type === 'TOMLKeyValue'
          ? [
              `${path
                .slice(DEPTH + 1)
                .map(tomlKey)
                .join('.')} = ${text.slice(...node.value.range)}`,
            ]
          : [],
      );
      members.push({ key, text: `{ ${inner.join(', ')} }`, value: meaningOfPieces(all, DEPTH)[key] });
    } else if (piece.kind === 'pair' && piece.depth === DEPTH) {
      members.push({ key, text: text.slice(...piece.node.value.range), value: meaningOf(piece.node.value) });
    } else if (piece.kind === 'table') {
      const before = members.findIndex((member) => member.key === key);
      const own = text.slice(from, Math.max(to, lineEnd(to)));
      const whole = before < 0 ? own : `${members[before]?.text}\n\n${own}`;
      const all = pieces.filter((each) => each.path[DEPTH] === key);
      const value = meaningOfPieces(all, DEPTH)[key];
      const member: Member = { key, text: whole, value, block: true };
      if (before < 0) members.push(member);
      else members[before] = member;
    }
  }
  return members;
}
