/**
 * A format driver reads one kind of configuration file well enough to change single entries and nothing else. Offsets are
 * UTF-16 positions in {@link Doc.text}, which holds the file's whole text, byte order mark and all.
 */
export type KeyPath = readonly string[];

/**
 * How a client reads its own file: `strict` is JSON to the letter, `comments` takes those, `tolerant` takes trailing commas
 * as well. A format that can be read in one way only ignores it.
 */
export type Strictness = 'strict' | 'comments' | 'tolerant';

export interface FormatProblem {
  readonly message: string;
  /** From 1, counted in characters. */
  readonly line: number;
  readonly column: number;
}

/** A member of an entry. `text` is its value as written. */
export interface Member {
  readonly key: string;
  readonly text: string;
  readonly value: unknown;
  /** The text stands after all others, as lines of its own (a table below the entry's own, in TOML). */
  readonly block?: boolean;
}

/** One server entry of a file. */
export interface Located {
  readonly path: KeyPath;
  /** Where the entry's value stands; its key stays outside. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Objects have a null prototype, so that no key can hide behind an inherited one. */
  readonly value: unknown;
  /** Null when the value is not a map. */
  readonly members: readonly Member[] | null;
  /** How often this key stands in its map. The last one counts, and is this one. */
  readonly copies: number;
  /** Why this entry cannot be changed in place, for people. */
  readonly problem?: string;
}

/** A member to write: a value, or text that is already in the file's format. */
export type Field =
  | { readonly key: string; readonly value: unknown }
  | { readonly key: string; readonly text: string; readonly block?: boolean };

/** A string in the file, for finding what must not be shown. */
export interface StringAt {
  readonly path: KeyPath;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The entry that stands there now, when the text takes its place as a whole. */
  readonly path?: KeyPath;
}

export interface Doc {
  readonly text: string;
  /** Keys of the map at a path, each once, in order; none when there is no map there. */
  keys(at: KeyPath): string[];
  find(path: KeyPath): Located | undefined;
  /**
   * The string values between two positions with their key paths, in order. Of a map or list that lies there only in part,
   * all of them: what a value is can depend on its neighbours.
   */
  strings(start: number, end: number): StringAt[];
  /** The text of a map with these members, laid out as the entry it replaces. */
  render(like: Located, fields: readonly Field[]): string;
  /** The meaning of `text` (an entry's value in this format) laid out as the entry it replaces. */
  relayout(like: Located, text: string): string;
  /** What an entry's layout depends on apart from its own text: equal keys mean that the text can stand here as it is. */
  layout(like: Located): string;
  /** Puts a new entry at the end of the map at `path`'s parent, which is made where it is missing. */
  add(path: KeyPath, text: string): Edit;
  /** Takes an entry out, with its key and one comma. */
  remove(path: KeyPath): Edit;
}

export type Parsed =
  | { readonly ok: true; readonly doc: Doc }
  | { readonly ok: false; readonly problem: FormatProblem };

/** An entry read by itself. */
export interface Entry {
  readonly value: unknown;
  /** Its strings, with positions in its own text and paths from itself. */
  strings(): StringAt[];
}

export interface FormatDriver {
  /** Never throws; a text that this client could not read is a problem with its place. */
  parse(text: string, strictness: Strictness): Parsed;
  /** The meaning of {@link Located.text} by itself; undefined when it has none in this format. */
  entry(text: string): Entry | undefined;
}

/** Applies edits that do not overlap; every other character stays. */
export function splice(text: string, edits: readonly Edit[]): string {
  const out: string[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < at) throw new RangeError('Edits of one file overlap.');
    out.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  out.push(text.slice(at));
  return out.join('');
}
