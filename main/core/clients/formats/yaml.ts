import type { Node, YAMLMap, YAMLSeq } from 'yaml';
import type { Doc, Edit, Field, FormatDriver, KeyPath, Located, Parsed, StringAt } from './types.ts';
import { addEdit } from './yaml-add.ts';
import {
  afterComment,
  beforeLineBreak,
  extentOf,
  lineEnd,
  lineStart,
  membersOf,
  nameOf,
  nodeAt,
  type Slot,
  slotAt,
} from './yaml-entry.ts';
import { entryStrings, place, readEntry, renderEntry } from './yaml-layout.ts';
import type { Block } from './yaml-text.ts';
import { formOf } from './yaml-text.ts';
import {
  afterColon,
  endOf,
  isMap,
  isScalar,
  isSeq,
  meaningOf,
  pairEnd,
  parseTree,
  properties,
  startOf,
  stringsIn,
  type Tree,
  YamlProblem,
} from './yaml-tree.ts';

/** YAML whose entries are members of a map. Only locates; every change is a splice of the text it was given. */
export const yaml: FormatDriver = driver(false);
/** YAML whose entries are items of a list, each a map with a `name`. */
export const yamlList: FormatDriver = driver(true);

function driver(list: boolean): FormatDriver {
  return {
    parse: (text) => parse(text, list),
    entry(text) {
      const read = readEntry(text);
      return read && { value: read.value, strings: () => entryStrings(read) };
    },
  };
}

function parse(text: string, list: boolean): Parsed {
  try {
    const tree = parseTree(text);
    if (tree.root && !isMap(tree.root) && !(isScalar(tree.root) && tree.root.value === null))
      throw new YamlProblem('a map of keys and values is expected here', startOf(tree.root));
    return { ok: true, doc: new YamlDoc(tree, list) };
  } catch (error) {
    if (error instanceof RangeError) return failed(text, 0, 'it is nested too deeply to be read');
    if (!(error instanceof YamlProblem)) throw error;
    return failed(text, error.offset, error.message);
  }
}

function failed(text: string, offset: number, message: string): Parsed {
  const start = lineStart(text, offset);
  const line = text.slice(0, start).split('\n').length;
  return { ok: false, problem: { message, line, column: offset - start + 1 } };
}

class YamlDoc implements Doc {
  readonly text: string;
  readonly #tree: Tree;
  readonly #list: boolean;
  readonly #block: Block;
  constructor(tree: Tree, list: boolean) {
    this.text = tree.text;
    this.#tree = tree;
    this.#list = list;
    this.#block = {
      eol: this.text.includes('\r\n') ? '\r\n' : '\n',
      unit: Math.min(8, /(?:^\uFEFF?|\n)[^\s#-][^\n]*\n( +)[^\s#-]/.exec(this.text)?.[1]?.length ?? 2),
    };
  }

  keys(at: KeyPath): string[] {
    const node = nodeAt(this.#tree, at);
    if (isMap(node) && !(this.#list && at.length > 0)) return properties(node).map(({ key }) => key);
    if (!isSeq(node) || !this.#list) return [];
    const names = node.items.map((item) => nameOf(this.#tree, item as Node | null));
    return [...new Set(names.filter((name) => name !== undefined))];
  }

  find(path: KeyPath): Located | undefined {
    const slot = slotAt(this.#tree, path, this.#list);
    if (!slot) return undefined;
    const { value, copies } = slot;
    const { start, end, problem } = extentOf(this.#tree, slot);
    return {
      path,
      start,
      end,
      text: this.text.slice(start, end),
      value: meaningOf(value, this.#tree.targets),
      members: membersOf(this.#tree, value),
      copies,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  strings(start: number, end: number): StringAt[] {
    return stringsIn(this.#tree.root, start, end);
  }

  render(like: Located, fields: readonly Field[]): string {
    if (!this.#isItem(like)) return renderEntry(like, fields, this.#block);
    const name = fields.find(({ key }) => key === 'name') ?? { key: 'name', value: like.path.at(-1) };
    const others = fields.filter(({ key }) => key !== 'name');
    return renderEntry(like, [name, ...others], this.#block);
  }

  relayout(like: Located, text: string): string {
    return place(text, formOf(like.text), this.#block);
  }

  layout(like: Located): string {
    const form = formOf(like.text);
    const slot = slotAt(this.#tree, like.path, this.#list);
    const key = slot?.property ? startOf(slot.property.keyNode) : like.start;
    // Inside brackets the column says nothing.
    const inside = slot?.parent.flow === true;
    const column = inside ? null : form.kind === 'item' ? form.dash : key - lineStart(this.text, key);
    return JSON.stringify([form.kind, column, this.#block.eol]);
  }

  add(path: KeyPath, text: string): Edit {
    return addEdit(this.#tree, path, text, this.#list, this.#block);
  }

  remove(path: KeyPath): Edit {
    const slot = slotAt(this.#tree, path, this.#list);
    if (!slot) throw new TypeError(`There is no entry ${path.join('.')}.`);
    const { parent, index } = slot;
    if (parent.flow) return this.#removeFromBrackets(slot);
    const { start, end } = this.#lines(slot);
    if (parent.items.length === 1) {
      const owner = slotAt(this.#tree, path.slice(0, -1), false)?.property;
      if (owner) {
        // A key with nothing after it would be no map any more.
        const from = afterColon(owner);
        const empty = this.#list ? ' []' : ' {}';
        return { start: from, end, text: empty + this.text.slice(from, beforeLineBreak(this.text, start)) };
      }
    }
    const after = lineEnd(this.text, end);
    const lineBreak = /^\r?\n/.exec(this.text.slice(after, after + 2))?.[0].length ?? 0;
    if (lineBreak > 0) return { start, end: after + lineBreak, text: '' };
    return { start: index > 0 ? beforeLineBreak(this.text, start) : start, end: after, text: '' };
  }

  /** From the beginning of the line of an entry's key or dash to the end of what belongs to it. */
  #lines(slot: Slot): { start: number; end: number } {
    const { property } = slot;
    const extent = extentOf(this.#tree, slot);
    if (!property)
      return { start: lineStart(this.text, extent.start), end: afterComment(this.text, extent.end) };
    const key = startOf(property.keyNode);
    const start = lineStart(this.text, key);
    if (this.text.slice(start, key).trim() !== '')
      throw new TypeError(`The entry ${property.key} does not begin a line, and is not taken out.`);
    return { start, end: afterComment(this.text, Math.max(extent.end, pairEnd(property.pair, extent.end))) };
  }

  #removeFromBrackets({ parent, index }: Slot): Edit {
    const range = (i: number): readonly [number, number] | undefined => itemRange(parent, i);
    const own = range(index) as readonly [number, number];
    const before = range(index - 1);
    const after = range(index + 1);
    if (before) return { start: before[1], end: own[1], text: '' };
    if (after) return { start: own[0], end: after[0], text: '' };
    return { start: startOf(parent) + 1, end: endOf(parent) - 1, text: '' };
  }

  #isItem({ path }: Located): boolean {
    return this.#list && path.length > 1;
  }
}

function itemRange(parent: YAMLMap | YAMLSeq, index: number): readonly [number, number] | undefined {
  if (isMap(parent)) {
    const pair = parent.items[index] as YAMLMap<Node | null, Node | null>['items'][number] | undefined;
    return pair?.key ? [startOf(pair.key), pairEnd(pair, endOf(pair.key))] : undefined;
  }
  const item = parent.items[index] as Node | undefined;
  return item && [startOf(item), endOf(item)];
}
