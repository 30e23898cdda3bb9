import type { AST } from 'toml-eslint-parser';
import { DEPTH, inlineMembers, isMixed, readEntry, stringsIn, tableMembers } from './toml-entry.ts';
import { renderEntry, type TomlForm, tomlKey, tomlValue } from './toml-text.ts';
import { keysOf, meaningOf, meaningOfPieces, type Piece, parseTree, piecesOf } from './toml-tree.ts';
import type { Doc, Edit, Entry, Field, FormatDriver, KeyPath, Located, Parsed, StringAt } from './types.ts';

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
    const { value, strings } = readEntry(text);
    return { value, strings };
  } catch {
    // Whoever asks has words of their own for a text that is no entry.
    return undefined;
  }
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
    const { members, value, form } = readEntry(text);
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
    const { members, form } = readEntry(text);
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
