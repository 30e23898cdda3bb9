import {
  type Node,
  type ParseError,
  type ParseErrorCode,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { layoutOf, renderFields, renderNode } from './jsonc-layout.ts';
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

/** JSON and JSON with comments. Only locates; every change is a splice of the text it was given. */
export const jsonc: FormatDriver = {
  parse,
  entry(text) {
    const parsed = parse(`{"entry":${text}}`, 'tolerant');
    const found = parsed.ok ? parsed.doc.find(['entry']) : undefined;
    return found && { value: found.value };
  },
};

function parse(text: string, strictness: Strictness): Parsed {
  // Blanked, not cut, so that offsets are those of the whole text.
  const body = text.startsWith(BOM) ? ` ${text.slice(1)}` : text;
  const strict = strictness === 'strict';
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(body, errors, {
      disallowComments: strict,
      allowTrailingComma: strictness === 'tolerant',
      allowEmptyContent: true,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed(text, 0, 'it is nested too deeply to be read');
  }
  const first = errors[0];
  if (first) return failed(text, first.offset, explain(first.error, body, first.offset));
  if (strict && root) {
    // The parser above lets a few things through that JSON does not; the client's own parser would not.
    try {
      JSON.parse(body);
    } catch (error) {
      const at = /position (\d+)/.exec(String(error))?.[1];
      return failed(text, at === undefined ? 0 : Number(at), 'this is not JSON');
    }
  }
  if (root && root.type !== 'object')
    return failed(text, root.offset, `an object in braces is expected here, not ${root.type}`);
  return { ok: true, doc: new JsonDoc(text, root) };
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

/** The value of a node. The last of equal keys counts, as in JSON.parse. */
export function meaningOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(meaningOf);
  if (node.type !== 'object') return node.value;
  const out = Object.create(null) as Record<string, unknown>;
  for (const { key, value } of properties(node)) out[key] = meaningOf(value);
  return out;
}

interface Property {
  readonly key: string;
  readonly node: Node;
  readonly value: Node;
}
function properties(node: Node): Property[] {
  const found: Property[] = [];
  for (const child of node.children ?? []) {
    const [key, value] = child.children ?? [];
    if (key && value) found.push({ key: String(key.value), node: child, value });
  }
  return found;
}

class JsonDoc implements Doc {
  readonly text: string;
  readonly #root: Node | undefined;
  constructor(text: string, root: Node | undefined) {
    this.text = text;
    this.#root = root;
  }

  keys(at: KeyPath): string[] {
    const map = this.#node(at);
    return map?.type === 'object' ? [...new Set(properties(map).map(({ key }) => key))] : [];
  }

  find(path: KeyPath): Located | undefined {
    const found = this.#property(path);
    if (!found) return undefined;
    const { value } = found;
    return {
      path,
      start: value.offset,
      end: value.offset + value.length,
      text: this.#textOf(value),
      value: meaningOf(value),
      members:
        value.type === 'object'
          ? properties(value).map(({ key, value: member }) => ({
              key,
              text: this.#textOf(member),
              value: meaningOf(member),
            }))
          : null,
      copies: found.copies,
    };
  }

  strings(start: number, end: number): StringAt[] {
    const found: StringAt[] = [];
    const walk = (node: Node, path: KeyPath): void => {
      if (node.type !== 'string' && (node.offset >= end || node.offset + node.length <= start)) return;
      if (node.type === 'string')
        found.push({ path, start: node.offset, end: node.offset + node.length, value: String(node.value) });
      else if (node.type === 'array')
        node.children?.forEach((child, i) => void walk(child, [...path, String(i)]));
      else if (node.type === 'object')
        for (const { key, value } of properties(node)) walk(value, [...path, key]);
    };
    if (this.#root) walk(this.#root, []);
    return found;
  }

  render(like: Located, fields: readonly Field[]): string {
    return renderFields(fields, layoutOf(this.text, like.start, like.text));
  }

  relayout(like: Located, text: string): string {
    const node = parseTree(text, [], { allowTrailingComma: true });
    if (!node) throw new TypeError('The text of the entry is not JSON.');
    return renderNode(text, node, layoutOf(this.text, like.start, like.text));
  }

  layout(like: Located): string {
    const { base, eol } = layoutOf(this.text, like.start, like.text);
    return JSON.stringify([base, eol]);
  }

  add(path: KeyPath, text: string): Edit {
    const name = path.at(-1);
    if (name === undefined) throw new TypeError('A new entry needs a key.');
    const parentPath = path.slice(0, -1);
    const parent = this.#node(parentPath);
    if (!parent) {
      const { eol, unit } = layoutOf(this.text, 0, '');
      const base = unit.repeat(parentPath.length);
      const wrapped = `{${eol}${base}${unit}${JSON.stringify(name)}: ${text}${eol}${base}}`;
      if (path.length > 1) return this.add(parentPath, wrapped);
      return { start: this.text.length, end: this.text.length, text: wrapped + eol };
    }
    if (parent.type !== 'object') throw new TypeError(`${parentPath.join('.')} is not a map.`);
    const key = `${JSON.stringify(name)}: `;
    const last = parent.children?.at(-1);
    if (last) {
      const at = last.offset + last.length;
      const { base, eol } = layoutOf(this.text, last.offset, '');
      const ownLine = /[\r\n]\s*$/.test(this.text.slice(0, last.offset));
      return { start: at, end: at, text: `,${ownLine ? eol + base : ' '}${key}${text}` };
    }
    const { base, unit, eol } = layoutOf(this.text, parent.offset, '');
    const inside = { start: parent.offset + 1, end: parent.offset + parent.length - 1 };
    const kept = this.text.slice(inside.start, inside.end).trim();
    const comment = kept === '' ? '' : `${eol}${base}${unit}${kept}`;
    return { ...inside, text: `${comment}${eol}${base}${unit}${key}${text}${eol}${base}` };
  }

  remove(path: KeyPath): Edit {
    const parent = this.#node(path.slice(0, -1));
    const found = this.#property(path);
    if (!found || !parent) throw new TypeError(`There is no entry ${path.join('.')}.`);
    const children = parent.children ?? [];
    const index = children.indexOf(found.node);
    const before = children[index - 1];
    const after = children[index + 1];
    const end = found.node.offset + found.node.length;
    if (before) return { start: before.offset + before.length, end, text: '' };
    if (after) return { start: found.node.offset, end: after.offset, text: '' };
    return { start: parent.offset + 1, end: parent.offset + parent.length - 1, text: '' };
  }

  #textOf(node: Node): string {
    return this.text.slice(node.offset, node.offset + node.length);
  }
  #node(path: KeyPath): Node | undefined {
    return path.length === 0 ? this.#root : this.#property(path)?.value;
  }
  #property(path: KeyPath): (Property & { copies: number }) | undefined {
    let node = this.#root;
    let found: (Property & { copies: number }) | undefined;
    for (const key of path) {
      if (node?.type !== 'object') return undefined;
      const same = properties(node).filter((property) => property.key === key);
      const last = same.at(-1);
      if (!last) return undefined;
      found = { ...last, copies: same.length };
      node = last.value;
    }
    return found;
  }
}
