import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import type { KeyPath, Member } from './types.ts';
import {
  afterColon,
  dashOf,
  endOf,
  firstProp,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  meaningOf,
  type Property,
  pairEnd,
  properties,
  startOf,
  type Tree,
} from './yaml-tree.ts';

const SHARED =
  'It shares text with other parts of the file (an anchor & or an alias *), so it cannot be changed in place. Write it out in full.';
const MERGED =
  'It takes fields from elsewhere with <<, so it cannot be changed in place. Write it out in full.';
const UNUSUAL =
  'It is laid out in a way that Drawbridge does not edit (a tag, a key of several parts, or several levels on one line). Write it as key and value on lines of their own.';

/** A place in a map or list at which an entry stands. */
export interface Slot {
  readonly parent: YAMLMap | YAMLSeq;
  readonly index: number;
  readonly value: Node | null;
  /** In a map: its key and all. */
  readonly property: Property | null;
  readonly copies: number;
}

/** The node at a path of keys through maps; undefined when there is none, null where nothing is written. */
export function nodeAt(tree: Tree, path: KeyPath): Node | null | undefined {
  let node: Node | null | undefined = tree.root;
  for (const key of path) {
    const map = resolve(tree, node);
    node = isMap(map) ? properties(map).find((property) => property.key === key)?.value : undefined;
    if (node === undefined) return undefined;
  }
  return resolve(tree, node);
}

function resolve(tree: Tree, node: Node | null | undefined): Node | null | undefined {
  return isAlias(node) ? tree.targets.get(node) : node;
}

export function slotAt(tree: Tree, path: KeyPath, list: boolean): Slot | undefined {
  const parent = nodeAt(tree, path.slice(0, -1));
  const key = path.at(-1);
  if (list && path.length > 1) {
    if (!isSeq(parent)) return undefined;
    const same = parent.items.flatMap((item, index) =>
      nameOf(tree, item as Node | null) === key ? [index] : [],
    );
    const index = same.at(-1);
    if (index === undefined) return undefined;
    return { parent, index, value: parent.items[index] as Node | null, property: null, copies: same.length };
  }
  if (!isMap(parent)) return undefined;
  const index = parent.items.findIndex(({ key: own }) => isScalar(own) && keyIs(own, key));
  const property = properties(parent).find((each) => each.key === key);
  return property && { parent, index, value: property.value, property, copies: 1 };
}

function keyIs(own: { value: unknown; source?: string }, key: string | undefined): boolean {
  return (typeof own.value === 'string' ? own.value : (own.source ?? String(own.value))) === key;
}

/** The name of an item of a list; undefined when it has none. */
export function nameOf(tree: Tree, item: Node | null): string | undefined {
  const map = resolve(tree, item);
  const name = isMap(map) && properties(map).find(({ key }) => key === 'name')?.value;
  const value = isScalar(name) ? name.value : undefined;
  return typeof value === 'string' ? value : undefined;
}

export interface Extent {
  readonly start: number;
  readonly end: number;
  readonly problem?: string;
}

/** Which part of the text is an entry, and why it cannot be changed where that is so. */
export function extentOf(tree: Tree, slot: Slot): Extent {
  const { text } = tree;
  const { value, property, parent, index } = slot;
  if (!value || (isScalar(value) && endOf(value) === startOf(value))) {
    const at = property
      ? pairEnd(property.pair, afterColon(property))
      : value
        ? startOf(value)
        : startOf(parent);
    return { start: at, end: at };
  }
  let start = startOf(value);
  let end = endOf(value);
  let unusual = hasTag(slot);
  if (isCollection(value) && !value.flow) {
    end = afterComment(text, end);
    const first = lineStart(text, start);
    const dash = isSeq(parent) ? dashOf(parent, index) : undefined;
    if (dash !== undefined) {
      const line = lineStart(text, dash);
      unusual ||= text.slice(line, dash).trim() !== '' || value.anchor !== undefined;
      start = line;
    } else if (property && first > afterColon(property)) {
      unusual ||= !/^\s*(?:[?&][^\r\n]*)?$/.test(text.slice(first, start));
      start = beforeLineBreak(text, first);
    } else unusual = true;
  }
  // In a list in brackets, `[a: 1]` is a map without braces.
  if (isMap(value) && value.flow && text[start] !== '{') unusual = true;
  if (isMap(value) && value.items.some((pair) => !isScalar(pair.key))) unusual = true;
  const merged = isMap(value) && properties(value).some(({ key }) => key === '<<');
  const problem = isShared(tree, start, end)
    ? SHARED
    : merged || property?.key === '<<'
      ? MERGED
      : unusual
        ? UNUSUAL
        : undefined;
  return { start, end, ...(problem === undefined ? {} : { problem }) };
}

function hasTag({ value, property, parent, index }: Slot): boolean {
  const token = parent.srcToken;
  const before =
    property?.pair.srcToken?.sep ?? (token && 'items' in token ? token.items[index]?.start : undefined) ?? [];
  return value?.tag !== undefined && before.some(({ type }) => type === 'tag');
}

/** Whether an alias stands in a part of the text, or elsewhere for something of it. */
function isShared(tree: Tree, start: number, end: number): boolean {
  const meets = ([from, to]: readonly [number, number]): boolean => from < end && to > start;
  return tree.aliases.some(({ at, target }) => meets(at) || meets(target));
}

/** The members of an entry as they are written; null when it is not a map, or one whose keys have no name. */
export function membersOf(tree: Tree, node: Node | null): Member[] | null {
  if (!isMap(node) || node.items.some((pair) => !isScalar((pair as Pair).key))) return null;
  return properties(node).map((property) => ({
    key: property.key,
    text: memberText(tree.text, property, node.flow === true),
    value: meaningOf(property.value, tree.targets),
  }));
}

/** A value below its key begins with the line break before it; one on the key's line, with itself. */
function memberText(text: string, property: Property, flow: boolean): string {
  const colon = afterColon(property);
  const { value } = property;
  const empty = !value || endOf(value) === startOf(value);
  const from = firstProp(property) ?? (empty ? undefined : startOf(value as Node));
  if (from === undefined) return flow ? 'null' : '';
  const line = lineStart(text, from);
  return text.slice(!flow && line > colon ? beforeLineBreak(text, line) : from, pairEnd(property.pair, from));
}

export function lineStart(text: string, at: number): number {
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}

/** The end of a line without its line break. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' && end > at ? end - 1 : end;
}

/** The position of the line break that ends the line before this one. */
export function beforeLineBreak(text: string, start: number): number {
  return text[start - 2] === '\r' ? start - 2 : start - 1;
}

/** A comment on the same line belongs to what it follows. */
export function afterComment(text: string, at: number): number {
  const comment = /[ \t]+#[^\r\n]*/y;
  comment.lastIndex = at;
  const found = comment.exec(text);
  return found ? at + found[0].length : at;
}
