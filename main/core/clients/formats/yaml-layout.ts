import type { Node } from 'yaml';
import type { Field, Located, StringAt } from './types.ts';
import {
  type Block,
  formOf,
  nodeBlock,
  nodeFlow,
  shift,
  type YamlForm,
  yamlBlock,
  yamlFlow,
  yamlString,
} from './yaml-text.ts';
import {
  isMap,
  isSeq,
  meaningOf,
  parseTree,
  properties,
  stringsIn,
  type Tree,
  YamlProblem,
} from './yaml-tree.ts';

export interface ReadEntry {
  readonly tree: Tree;
  readonly node: Node | null;
  readonly value: unknown;
  /** Length of what was put before the text to read it. */
  readonly prefix: number;
}

/** An entry's text by itself; undefined when it means nothing so. */
export function readEntry(text: string): ReadEntry | undefined {
  const { kind } = formOf(text);
  const before = kind === 'item' ? '' : kind === 'map' ? 'entry:' : 'entry: ';
  const prefix = before.length;
  try {
    // A line break after it, as in its file: text in a `|+` goes on to the end of its last line.
    const tree = parseTree(before + text + (kind === 'flow' ? '' : '\n'));
    const { root } = tree;
    if (isSeq(root) ? kind !== 'item' : kind === 'item' || !isMap(root)) return undefined;
    if (!(isSeq(root) || isMap(root)) || root.items.length !== 1) return undefined;
    const node = isMap(root) ? (properties(root)[0]?.value ?? null) : (root.items[0] as Node | null);
    return { tree, node, prefix, value: meaningOf(node, tree.targets) };
  } catch (error) {
    // Whoever asks has words of their own for a text that is no entry.
    if (error instanceof YamlProblem || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The strings of an entry that was read by itself. */
export function entryStrings({ tree, node, prefix }: ReadEntry): StringAt[] {
  return stringsIn(node, 0, tree.text.length).map((each) => ({
    ...each,
    start: each.start - prefix,
    end: each.end - prefix,
  }));
}

/** The meaning of an entry's text in another form, or in the same elsewhere; its own lines and comments where they fit. */
export function place(text: string, to: YamlForm, block: Block): string {
  const read = readEntry(text);
  if (!read) throw new TypeError('The text of the entry is not YAML.');
  const from = formOf(text);
  if (from.kind === to.kind) {
    const moved = move(text, from, to, block);
    if (moved !== undefined && same(readEntry(moved)?.value, read.value)) return moved;
  }
  const { node, tree } = read;
  if (to.kind === 'flow' || !isMap(node) || node.items.length === 0)
    return (to.kind === 'map' ? ' ' : '') + nodeFlow(node, tree, to.kind === 'flow' && to.quoted);
  const lines = nodeBlock(node, tree, to.column, block);
  return to.kind === 'map' ? lines : afterDash(lines, to, block);
}

function move(text: string, from: YamlForm, to: YamlForm, block: Block): string | undefined {
  if (from.kind === 'flow' || to.kind === 'flow') return /[\r\n]/.test(text) ? undefined : text;
  const by = from.kind === 'item' && to.kind === 'item' ? to.dash - from.dash : to.column - from.column;
  if (from.kind === 'map') return shift(text, by, block.eol);
  return shift(`\n${text}`, by, block.eol).slice(block.eol.length);
}

/** Lines of a map with a dash before the first. */
function afterDash(lines: string, { dash, column }: YamlForm & { kind: 'item' }, block: Block): string {
  const gap = column - dash - 1;
  const start = `${' '.repeat(dash)}-`;
  if (gap < 1) return start + lines;
  return start + ' '.repeat(gap) + lines.slice(block.eol.length + column);
}

const BLOCK_SCALAR = /(?:^|[\s:-])[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?\r?\n/;
const KEEPS_BLANK_LINES = /[|>][0-9]?\+/;

/** The text of a map with these members, laid out as the entry it replaces. */
export function renderEntry(like: Located, fields: readonly Field[], block: Block): string {
  const form = formOf(like.text);
  const values = new Map((like.members ?? []).map(({ key, value }) => [key, value]));
  const asValue = (field: Field): Field =>
    'text' in field && values.has(field.key) ? { key: field.key, value: values.get(field.key) } : field;
  const last = fields.at(-1);
  const safe = fields.map((field) => {
    if (!('text' in field) || !BLOCK_SCALAR.test(field.text)) return field;
    // What follows the entry could be read as more of it where it was not the last one before.
    const moved = field === last && like.members?.at(-1)?.key !== field.key;
    return moved || KEEPS_BLANK_LINES.test(field.text) ? asValue(field) : field;
  });
  const text = write(safe, form, block);
  const read = readEntry(text)?.value as Record<string, unknown> | undefined;
  const kept = safe.every((field) => !('text' in field) || same(read?.[field.key], values.get(field.key)));
  return read && kept ? text : write(fields.map(asValue), form, block);
}

function write(fields: readonly Field[], form: YamlForm, block: Block): string {
  if (form.kind === 'flow') {
    const members = fields.map(
      (field) =>
        `${yamlString(field.key, form.quoted)}: ${'text' in field ? field.text : yamlFlow(field.value, form.quoted)}`,
    );
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  if (fields.length === 0) return form.kind === 'map' ? ' {}' : `${' '.repeat(form.dash)}- {}`;
  const start = block.eol + ' '.repeat(form.column);
  const lines = fields.map((field) => {
    const key = `${start}${yamlString(field.key)}:`;
    if (!('text' in field)) return key + yamlBlock(field.value, form.column + block.unit, block);
    return field.text === '' || /^\r?\n/.test(field.text) ? key + field.text : `${key} ${field.text}`;
  });
  return form.kind === 'map' ? lines.join('') : afterDash(lines.join(''), form, block);
}

/** Equal meanings; the order of members counts, as it is kept. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
