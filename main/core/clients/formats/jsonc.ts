import { type ParseError, type ParseErrorCode, parseTree, printParseErrorCode, visit } from 'jsonc-parser';
import { layoutOf, renderFields, renderNode, type Surroundings, surroundingsOf } from './jsonc-layout.ts';
import { type JsonMember, type JsonNode, JsonTree } from './jsonc-tree.ts';
import type {
  Doc,
  Edit,
  Field,
  FormatDriver,
  KeyPath,
  Located,
  Parsed,
  Strictness,
  StringAt,
} from './types.ts';

const BOM = '\uFEFF';
const PREFIX = '{"entry":';
/** Deeper than any settings, and far from what the stack holds. */
const DEEPEST = 1000;
const TOO_DEEP = 'it is nested too deeply to be read';

/** JSON and JSON with comments. Only locates; every change is a splice of the text it was given. */
export const jsonc: FormatDriver = {
  parse,
  entry(text) {
    const parsed = parse(`${PREFIX}${text}}`, 'tolerant');
    if (!parsed.ok) return undefined;
    const found = parsed.doc.find(['entry']);
    return found && { value: found.value, strings: () => ownStrings(parsed.doc, PREFIX.length) };
  },
};

/** Strings of an entry's text that was put behind a prefix to be read. */
function ownStrings(doc: Doc, prefix: number): StringAt[] {
  return doc.strings(prefix, doc.text.length).map(({ path, start, end, value }) => ({
    path: path.slice(1),
    start: start - prefix,
    end: end - prefix,
    value,
  }));
}

function parse(text: string, strictness: Strictness): Parsed {
  // Blanked, not cut, so that offsets are those of the whole text.
  const body = text.startsWith(BOM) ? ` ${text.slice(1)}` : text;
  const problem = problemOf(body, strictness);
  if (problem) return failed(text, problem.offset, problem.message);
  const tree = new JsonTree(text);
  if (tree.depth > DEEPEST) return failed(text, 0, TOO_DEEP);
  if (tree.root && tree.root.kind !== 'object')
    return failed(
      text,
      tree.root.start,
      `an object in braces is expected here, not ${kindOf(text, tree.root)}`,
    );
  return { ok: true, doc: new JsonDoc(tree) };
}

function kindOf(text: string, { kind, start }: JsonNode): string {
  if (kind !== 'scalar') return kind;
  return { '"': 'string', t: 'boolean', f: 'boolean', n: 'null' }[text[start] ?? ''] ?? 'number';
}

/** Why a client would not read the text. What is JSON to the letter all of them read, and that is quick to find out. */
function problemOf(body: string, strictness: Strictness): { offset: number; message: string } | undefined {
  let thrown: unknown;
  try {
    JSON.parse(body);
    return undefined;
  } catch (error) {
    thrown = error;
  }
  const strict = strictness === 'strict';
  const errors: ParseError[] = [];
  let content = false;
  const onValue = (): void => {
    content = true;
  };
  try {
    visit(
      body,
      {
        onObjectBegin: onValue,
        onArrayBegin: onValue,
        onLiteralValue: onValue,
        onError: (error, offset, length) => void errors.push({ error, offset, length }),
      },
      { disallowComments: strict, allowTrailingComma: strictness === 'tolerant', allowEmptyContent: true },
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { offset: 0, message: TOO_DEEP };
  }
  const [first] = errors;
  if (first) return { offset: first.offset, message: explain(first.error, body, first.offset) };
  // The parser above lets a few things through that JSON does not; the client's own parser would not.
  if (!strict || !content) return undefined;
  const at = /position (\d+)/.exec(String(thrown))?.[1];
  return { offset: at === undefined ? 0 : Number(at), message: 'this is not JSON' };
}

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not a JSON value',
  InvalidNumberFormat: 'this number is not written correctly',
  PropertyNameExpected: 'a key in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace is missing',
  CloseBracketExpected: 'a closing bracket is missing',
  EndOfFileExpected: 'the file should end here',
  InvalidCommentToken: 'this client does not read comments',
  UnexpectedEndOfComment: 'this comment does not end',
  UnexpectedEndOfString: 'this text does not end',
  UnexpectedEndOfNumber: 'this number does not end',
  InvalidUnicode: 'this \\u escape is not complete',
  InvalidEscapeCharacter: 'this escape does not exist in JSON',
  InvalidCharacter: 'control characters must be escaped',
};

function explain(code: ParseErrorCode, text: string, offset: number): string {
  const name = printParseErrorCode(code);
  const afterComma = /,\s*$/.test(text.slice(Math.max(0, offset - 200), offset));
  if (
    afterComma &&
    (name === 'PropertyNameExpected' || name === 'ValueExpected') &&
    /[}\]]/.test(text[offset] ?? '')
  )
    return 'a comma may not stand before a closing bracket';
  return WORDS[name] ?? name;
}

function failed(text: string, offset: number, message: string): Parsed {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  const last = before.at(-1) ?? '';
  const bom = before.length === 1 && last.startsWith(BOM) ? 1 : 0;
  return { ok: false, problem: { message, line: before.length, column: last.length + 1 - bom } };
}

class JsonDoc implements Doc {
  readonly text: string;
  readonly #tree: JsonTree;
  #around: Surroundings | undefined;
  constructor(tree: JsonTree) {
    this.text = tree.text;
    this.#tree = tree;
  }

  keys(at: KeyPath): string[] {
    const map = this.#node(at);
    return map ? [...new Set(this.#tree.members(map).map(({ key }) => key))] : [];
  }

  find(path: KeyPath): Located | undefined {
    const found = this.#member(path);
    if (!found) return undefined;
    const { value } = found.member;
    const members = value.kind === 'object' ? this.#tree.members(value) : null;
    return {
      path,
      start: value.start,
      end: value.end,
      text: this.#tree.textOf(value),
      value: this.#tree.meaning(value),
      members:
        members?.map(({ key, value: own }) => ({
          key,
          text: this.#tree.textOf(own),
          value: this.#tree.meaning(own),
        })) ?? null,
      copies: found.copies,
    };
  }

  strings(start: number, end: number): StringAt[] {
    const found: StringAt[] = [];
    const walk = (node: JsonNode, path: KeyPath): void => {
      if (node.kind === 'scalar') {
        const value = this.text[node.start] === '"' ? this.#tree.meaning(node) : undefined;
        if (typeof value === 'string') found.push({ path, start: node.start, end: node.end, value });
        return;
      }
      if (node.start >= end || node.end <= start) return;
      for (const [i, item] of this.#tree.items(node).entries()) walk(item, [...path, String(i)]);
      for (const { key, value } of this.#tree.members(node)) walk(value, [...path, key]);
    };
    if (this.#tree.root) walk(this.#tree.root, []);
    return found;
  }

  render(like: Located, fields: readonly Field[]): string {
    return renderFields(fields, this.#layoutOf(like.start, like.text));
  }

  relayout(like: Located, text: string): string {
    const node = parseTree(text, [], { allowTrailingComma: true });
    if (!node) throw new TypeError('The text of the entry is not JSON.');
    return renderNode(text, node, this.#layoutOf(like.start, like.text));
  }

  layout(like: Located): string {
    const { base, eol } = this.#layoutOf(like.start, like.text);
    return JSON.stringify([base, eol]);
  }

  add(path: KeyPath, text: string): Edit {
    const name = path.at(-1);
    if (name === undefined) throw new TypeError('A new entry needs a key.');
    const parentPath = path.slice(0, -1);
    const parent = this.#node(parentPath);
    if (!parent) {
      const { eol, unit } = this.#layoutOf(0, '');
      const base = unit.repeat(parentPath.length);
      const wrapped = `{${eol}${base}${unit}${JSON.stringify(name)}: ${text}${eol}${base}}`;
      if (path.length > 1) return this.add(parentPath, wrapped);
      return { start: this.text.length, end: this.text.length, text: wrapped + eol };
    }
    if (parent.kind !== 'object') throw new TypeError(`${parentPath.join('.')} is not a map.`);
    const key = `${JSON.stringify(name)}: `;
    const last = this.#tree.members(parent).at(-1);
    if (last) {
      const at = last.value.end;
      const { base, eol } = this.#layoutOf(last.start, '');
      const ownLine = /[\r\n]\s*$/.test(this.text.slice(Math.max(0, last.start - 1000), last.start));
      return { start: at, end: at, text: `,${ownLine ? eol + base : ' '}${key}${text}` };
    }
    const { base, unit, eol } = this.#layoutOf(parent.start, '');
    const inside = { start: parent.start + 1, end: parent.end - 1 };
    const kept = this.text.slice(inside.start, inside.end).trim();
    const comment = kept === '' ? '' : `${eol}${base}${unit}${kept}`;
    return { ...inside, text: `${comment}${eol}${base}${unit}${key}${text}${eol}${base}` };
  }

  remove(path: KeyPath): Edit {
    const parent = this.#node(path.slice(0, -1));
    const found = this.#member(path);
    if (!found || !parent) throw new TypeError(`There is no entry ${path.join('.')}.`);
    const members = this.#tree.members(parent);
    const index = members.indexOf(found.member);
    const before = members[index - 1];
    const after = members[index + 1];
    const { start, value } = found.member;
    if (before) return { start: before.value.end, end: value.end, text: '' };
    if (after) return { start, end: after.start, text: '' };
    return { start: parent.start + 1, end: parent.end - 1, text: '' };
  }

  #layoutOf(at: number, own: string): ReturnType<typeof layoutOf> {
    this.#around ??= surroundingsOf(this.text);
    return layoutOf(this.text, this.#around, at, own);
  }
  #node(path: KeyPath): JsonNode | undefined {
    return path.length === 0 ? this.#tree.root : this.#member(path)?.member.value;
  }
  #member(path: KeyPath): { readonly member: JsonMember; readonly copies: number } | undefined {
    let node = this.#tree.root;
    let found: { readonly member: JsonMember; readonly copies: number } | undefined;
    for (const key of path) {
      found = node && this.#tree.member(node, key);
      if (!found) return undefined;
      node = found.member.value;
    }
    return found;
  }
}
