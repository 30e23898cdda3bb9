import type { AST } from 'toml-eslint-parser';
import { renderEntry, type TomlForm, tomlKey, tomlValue } from './toml-text.ts';
import { keysOf, meaningOf, meaningOfPieces, type Piece, parseTree, piecesOf } from './toml-tree.ts';
import type {
  Doc,
  Edit,
  Entry,
  Field,
  FormatDriver,
  KeyPath,
  Located,
  Member,
  Parsed,
  StringAt,
} from './types.ts';

/** Entries stand in maps of one key: `[mcp_servers.NAME]`. */
const DEPTH = 2;
const PIECES =
  'It is written in several pieces (dotted keys from the top, or tables that do not follow its own), which Drawbridge does not edit. Gather it under one header.';

/** TOML with its comments and order. Only locates; every change is a splice of the text it was given. */
export const toml: FormatDriver = { parse, entry };

function parse(text: string): Parsed {
  try {
    return { ok: true, doc: new TomlDoc(text, parseTree(text)) };
  } catch (error) {
    const { message, lineNumber, column } = error as Error & { lineNumber?: number; column?: number };
    return { ok: false, problem: { message, line: lineNumber ?? 1, column: (column ?? 0) + 1 } };
  }
}

function entry(text: string): Entry | undefined {
  try {
    const { value, strings } = read(text);
    return { value, strings };
  } catch {
    // Whoever asks has words of their own for a text that is no entry.
    return undefined;
  }
}

/** An entry's text by itself. */
function read(text: string): {
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

class TomlDoc implements Doc {
  readonly text: string;
  readonly #pieces: readonly Piece[];
  readonly #comments: readonly AST.Comment[];
  readonly #eol: string;

  constructor(text: string, root: AST.TOMLProgram) {
    this.text = text;
    this.#pieces = piecesOf(root);
    this.#comments = root.comments;
    this.#eol = text.includes('\r\n') ? '\r\n' : '\n';
  }

  keys(at: KeyPath): string[] {
    const found = new Set<string>();
    for (const piece of this.#pieces) {
      const key = below(piece.path, at) ? piece.path[at.length] : undefined;
      if (key !== undefined) found.add(key);
      const inside = inlineAt(piece, at);
      for (const pair of inside?.body ?? []) found.add(keysOf(pair.key)[0] as string);
    }
    return [...found];
  }

  find(path: KeyPath): Located | undefined {
    const pieces = this.#pieces.filter((piece) => below(piece.path, path));
    const [first] = pieces;
    for (const piece of this.#pieces) {
      const table = inlineAt(piece, path);
      if (table && pieces.length <= 1) return this.#inline(path, table);
    }
    if (!first) return undefined;
    const from = this.#pieces.indexOf(first);
    const together = pieces.every((piece, i) => this.#pieces[from + i] === piece);
    const headed =
      first.kind === 'table' && first.node.kind === 'standard' && first.path.length === path.length;
    const start = headed
      ? this.#lineEnd(this.text.indexOf(']', first.node.key.range[1]) + 1)
      : first.node.range[0];
    const last = pieces.at(-1) as Piece;
    const end = Math.max(start, this.#lineEnd(last.node.range[1]));
    const named = pieces.every(
      (piece) => piece.kind === 'pair' && piece.depth === 1 && piece.path.length > 2,
    );
    const own = headed ? pieces.slice(1) : pieces.map((piece) => ({ ...piece, depth: DEPTH }) as Piece);
    const whole = path.length === DEPTH && together && ((headed && !isMixed(own)) || named);
    return {
      path,
      start,
      end,
      text: this.text.slice(start, end),
      value: meaningOfPieces(pieces, path.length),
      members: whole ? tableMembers(own, this.text, (at) => this.#lineEnd(at)) : null,
      copies: 1,
      ...(whole ? {} : { problem: PIECES }),
    };
  }

  strings(start: number, end: number): StringAt[] {
    return stringsIn(this.#pieces, start, end);
  }

  render(like: Located, fields: readonly Field[]): string {
    return renderEntry(fields, formOf(like), this.#eol, like.path.at(-1));
  }

  relayout(like: Located, text: string): string {
    const { members, value, form } = read(text);
    if (form !== 'inline' || formOf(like) !== 'inline') {
      const fields = members.map((member) =>
        member.block && formOf(like) !== 'table'
          ? { key: member.key, text: tomlValue(value[member.key]) }
          : member,
      );
      return renderEntry(fields, formOf(like), this.#eol, like.path.at(-1));
    }
    return text;
  }

  layout(like: Located): string {
    return JSON.stringify([formOf(like), this.#eol]);
  }

  add(path: KeyPath, text: string): Edit {
    const outer = this.#pieces.find((piece) => inlineAt(piece, path.slice(0, -1)));
    if (outer)
      throw new TypeError(`${path.slice(0, -1).join('.')} is an inline table, to which nothing is added.`);
    const { members, form } = read(text);
    const body = form === 'table' ? text : renderEntry(members, 'table', this.#eol);
    const end = this.text.length;
    const before =
      end === 0 || /\n\s*\n$/.test(this.text)
        ? ''
        : this.text.endsWith('\n')
          ? this.#eol
          : this.#eol.repeat(2);
    return { start: end, end, text: `${before}[${path.map(tomlKey).join('.')}]${body}${this.#eol}` };
  }

  remove(path: KeyPath): Edit {
    const at = this.find(path);
    // A table in braces stands on lines of its own, unless it is in one itself.
    const own = this.#pieces.find((piece) => piece.kind === 'pair' && same(piece.path, path));
    if (!at || at.members === null || (formOf(at) === 'inline' && !own))
      throw new TypeError(`There is no table ${path.join('.')} that could be taken out.`);
    if (own || formOf(at) === 'dotted') {
      const start = this.text.lastIndexOf('\n', own?.node.range[0] ?? at.start) + 1;
      const end = this.#lineEnd(at.end);
      return { start, end: end + (/^[ \t]*\r?\n/.exec(this.text.slice(end))?.[0].length ?? 0), text: '' };
    }
    const header = this.#pieces.find((piece) => piece.path.length === path.length && below(piece.path, path));
    const start = header?.node.range[0] ?? at.start;
    const line = /^\r?\n/.exec(this.text.slice(at.end))?.[0].length ?? 0;
    return { start, end: at.end + line, text: '' };
  }

  #inline(path: KeyPath, table: AST.TOMLInlineTable): Located {
    const [start, end] = table.range;
    return {
      path,
      start,
      end,
      text: this.text.slice(start, end),
      value: meaningOf(table),
      members: inlineMembers(table, this.text),
      copies: 1,
    };
  }

  /** The end of what stands on a line after a position: a comment belongs to what it follows. */
  #lineEnd(at: number): number {
    const comment = this.#comments.find(
      ({ range }) => range[0] >= at && !/[\r\n]/.test(this.text.slice(at, range[0])),
    );
    return comment ? comment.range[1] : at;
  }
}

function stringsIn(pieces: readonly Piece[], start: number, end: number): StringAt[] {
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

function formOf({ text }: Located): TomlForm {
  if (text.startsWith('{')) return 'inline';
  return /^[^\s#[]/.test(text) ? 'dotted' : 'table';
}

function same(path: KeyPath, at: KeyPath): boolean {
  return path.length === at.length && below(path, at);
}

function below(path: KeyPath, at: KeyPath): boolean {
  return path.length >= at.length && at.every((key, i) => path[i] === key);
}

/** Whether a member is written with dotted keys and as a table below as well. */
function isMixed(pieces: readonly Piece[]): boolean {
  return pieces.some(
    (piece) =>
      piece.kind === 'pair' &&
      piece.depth === DEPTH &&
      piece.path.length > DEPTH + 1 &&
      pieces.some((other) => other.kind === 'table' && other.path[DEPTH] === piece.path[DEPTH]),
  );
}

/** The inline table that is the value at a path, where this piece holds one. */
function inlineAt(piece: Piece, path: KeyPath): AST.TOMLInlineTable | undefined {
  if (piece.kind !== 'pair' || !below(path, piece.path)) return undefined;
  let found: AST.TOMLContentNode | undefined = piece.node.value;
  for (const key of path.slice(piece.path.length)) {
    if (found?.type !== 'TOMLInlineTable') return undefined;
    found = found.body.find(({ key: own }) => keysOf(own).length === 1 && keysOf(own)[0] === key)?.value;
  }
  return found?.type === 'TOMLInlineTable' ? found : undefined;
}

function inlineMembers(table: AST.TOMLInlineTable, text: string): Member[] {
  return table.body.map(({ key, value }) => ({
    key: keysOf(key).join('.'),
    text: text.slice(...value.range),
    value: meaningOf(value),
  }));
}

/** The pairs of an entry's own table, and each table below it as a block; pieces follow the entry's header. */
function tableMembers(
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
      // Several pairs say one member, which is put in braces where it is written anew.
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
