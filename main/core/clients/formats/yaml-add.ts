import type { Node, YAMLMap, YAMLSeq } from 'yaml';
import type { Edit, KeyPath } from './types.ts';
import { afterComment, lineEnd, lineStart, nodeAt, slotAt } from './yaml-entry.ts';
import { place } from './yaml-layout.ts';
import { type Block, formOf, yamlString } from './yaml-text.ts';
import {
  afterColon,
  dashOf,
  endOf,
  isMap,
  isScalar,
  isSeq,
  pairEnd,
  startOf,
  type Tree,
} from './yaml-tree.ts';

/** A value to put after a new key, in either style. */
interface Made {
  /** What follows the colon of a key that stands at this column. */
  block(column: number): string;
  flow(): string;
}

/** Puts a new entry at the end of its map or list, which is made where it is missing. */
export function addEdit(tree: Tree, path: KeyPath, text: string, list: boolean, block: Block): Edit {
  if (path.length === 0) throw new TypeError('A new entry needs a key.');
  const at = path.slice(0, -1);
  const flow = (): string => place(text, { kind: 'flow', quoted: false }, block);
  const isFlow = formOf(text).kind === 'flow';
  if (!list)
    return addMember(tree, path, block, {
      block: (column) =>
        isFlow ? ` ${flow()}` : place(text, { kind: 'map', column: column + block.unit }, block),
      flow,
    });
  const item = (dash: number): string =>
    isFlow ? `${' '.repeat(dash)}- ${flow()}` : place(text, { kind: 'item', dash, column: dash + 2 }, block);
  const parent = nodeAt(tree, at);
  if (isSeq(parent) && parent.items.length > 0) return addItem(tree, parent, block, item, flow);
  return addMember(
    tree,
    at,
    block,
    { block: (column) => block.eol + item(column + 2), flow: () => `[${flow()}]` },
    true,
  );
}

function addItem(
  tree: Tree,
  list: YAMLSeq,
  block: Block,
  item: (dash: number) => string,
  flow: () => string,
): Edit {
  const last = list.items.at(-1) as Node | null;
  if (list.flow) return insert(last ? endOf(last) : startOf(list) + 1, `, ${flow()}`);
  const dash = dashOf(list, 0) ?? startOf(list);
  return insert(afterComment(tree.text, endOf(list)), block.eol + item(dash - lineStart(tree.text, dash)));
}

/** @param empties whether a member of this name that holds nothing yet is filled */
function addMember(tree: Tree, path: KeyPath, block: Block, made: Made, empties = false): Edit {
  const { text } = tree;
  const at = path.slice(0, -1);
  const key = path.at(-1) ?? '';
  if (empties && nodeAt(tree, [...at, key]) !== undefined) return fill(tree, [...at, key], made);
  const map = nodeAt(tree, at);
  const pair = (column: number): string => `${' '.repeat(column)}${yamlString(key)}:${made.block(column)}`;
  const inFlow = (): string => `${yamlString(key)}: ${made.flow()}`;
  if (isMap(map) && map.items.length > 0) {
    const last = map.items.at(-1) as YAMLMap<Node | null, Node | null>['items'][number];
    const end = pairEnd(last, endOf(map));
    if (map.flow) return insert(end, `, ${inFlow()}`);
    const first = startOf(map);
    return insert(afterComment(text, end), block.eol + pair(first - lineStart(text, first)));
  }
  if (at.length > 0) {
    const inner: Made = {
      block: (column) => block.eol + pair(column + block.unit),
      flow: () => `{ ${inFlow()} }`,
    };
    return addMember(tree, at, block, inner, true);
  }
  if (isMap(map)) return { start: startOf(map), end: endOf(map), text: `{ ${inFlow()} }` };
  if (map && !isNothing(map)) throw new TypeError('The file holds no map.');
  const before = text === '' || /[\n\uFEFF]$/.test(text) ? '' : block.eol;
  return insert(text.length, before + pair(0) + block.eol);
}

/** Gives a member its value that had none, or an empty map or list. */
function fill(tree: Tree, path: KeyPath, made: Made): Edit {
  const { text } = tree;
  const slot = slotAt(tree, path, false);
  if (!slot?.property) throw new TypeError(`${path.join('.')} stands for another part of the file.`);
  const { property, parent, value } = slot;
  const empty = (isMap(value) || isSeq(value)) && value.items.length === 0;
  if (value && !empty && !isNothing(value)) throw new TypeError(`${path.join('.')} holds something else.`);
  const colon = afterColon(property);
  const [from, to] = value && endOf(value) > startOf(value) ? [startOf(value), endOf(value)] : [colon, colon];
  if (parent.flow) return { start: from, end: to, text: (from === colon ? ' ' : '') + made.flow() };
  const end = lineEnd(text, to);
  const column = startOf(property.keyNode) - lineStart(text, startOf(property.keyNode));
  return {
    start: colon,
    end,
    text: text.slice(colon, from).trimEnd() + text.slice(to, end) + made.block(column),
  };
}

function isNothing(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

function insert(at: number, text: string): Edit {
  return { start: at, end: at, text };
}
