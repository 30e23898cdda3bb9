import type { Node } from 'yaml';
import { isMap, isScalar, isSeq, meaningOf, properties, type Tree } from './yaml-tree.ts';

/**
 * How an entry is written: a flow map in braces; a block map below its key; an item of a block list, whose text begins with
 * the white space before its dash.
 */
export type YamlForm =
  | { readonly kind: 'flow'; readonly quoted: boolean }
  | { readonly kind: 'map'; readonly column: number }
  | { readonly kind: 'item'; readonly dash: number; readonly column: number };

/** The form of an entry's own text. */
export function formOf(text: string): YamlForm {
  const own = /^\r?\n( *)/.exec(text);
  if (own) return { kind: 'map', column: (own[1] as string).length };
  const line = /^( *)-(?=[ \t\r\n])( *)(.*)/.exec(text);
  if (line) {
    const dash = (line[1] as string).length;
    const column = dash + 1 + (line[2] as string).length;
    if (!/^(?:#|$)/.test((line[3] as string).trim())) return { kind: 'item', dash, column };
    // The item begins below its dash.
    const first = text
      .split(/\r?\n/)
      .slice(1)
      .find((each) => !/^\s*(?:#|$)/.test(each));
    return { kind: 'item', dash, column: /^ */.exec(first ?? '')?.[0].length ?? column };
  }
  return { kind: 'flow', quoted: /^\{\s*"/.test(text) };
}

/** Words that readers of YAML 1.1 take for something else than text. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
/** Plain text that no reader of YAML takes for anything else: it begins with a letter or a slash, and has nothing after a colon or before a `#`. */
const PLAIN = /^[A-Za-z/](?:[\w./@+=-]|:(?=[\w/])| (?=[\w./@+=-]))*$/;

/** A string, plain where that is safe for every reader of YAML 1.1 and 1.2, else in double quotes. */
export function yamlString(text: string, quoted = false): string {
  if (!quoted && text.length < 1000 && PLAIN.test(text) && !RESERVED.test(text)) return text;
  // Double-quoted strings have the escapes of JSON. Some readers take these characters for line ends, or for none at all.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value on one line. Members without a value are left out. */
export function yamlFlow(value: unknown, quoted = false): string {
  if (typeof value === 'string') return yamlString(value, quoted);
  if (Array.isArray(value)) return `[${value.map((each) => yamlFlow(each, quoted)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, each]) => each !== undefined);
    if (members.length === 0) return '{}';
    return `{ ${members.map(([key, each]) => `${yamlString(key, quoted)}: ${yamlFlow(each, quoted)}`).join(', ')} }`;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null';
}

export interface Block {
  readonly unit: number;
  readonly eol: string;
}

/** What stands after a key's colon, or after a dash: on lines of its own at `column`, or on the same line after a space. */
export function yamlBlock(value: unknown, column: number, block: Block): string {
  const start = block.eol + ' '.repeat(column);
  if (Array.isArray(value) && value.length > 0)
    return value.map((each) => `${start}- ${yamlFlow(each)}`).join('');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const members = Object.entries(value).filter(([, each]) => each !== undefined);
    if (members.length > 0)
      return members
        .map(([key, each]) => `${start}${yamlString(key)}:${yamlBlock(each, column + block.unit, block)}`)
        .join('');
  }
  return ` ${yamlFlow(value)}`;
}

/** The meaning of a node, on one line; numbers keep their own characters, so that none loses a digit. */
export function nodeFlow(node: Node | null, tree: Tree, quoted: boolean): string {
  if (isSeq(node))
    return `[${node.items.map((each) => nodeFlow(each as Node | null, tree, quoted)).join(', ')}]`;
  if (isMap(node)) {
    const members = properties(node).map(
      ({ key, value }) => `${yamlString(key, quoted)}: ${nodeFlow(value, tree, quoted)}`,
    );
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  if (isScalar(node) && typeof node.value === 'number' && node.source !== undefined) return node.source;
  return yamlFlow(meaningOf(node, tree.targets), quoted);
}

/** The meaning of a node as {@link yamlBlock} would write it. */
export function nodeBlock(node: Node | null, tree: Tree, column: number, block: Block): string {
  const start = block.eol + ' '.repeat(column);
  if (isSeq(node) && node.items.length > 0)
    return node.items.map((each) => `${start}- ${nodeFlow(each as Node | null, tree, false)}`).join('');
  if (isMap(node) && node.items.length > 0)
    return properties(node)
      .map(
        ({ key, value }) =>
          `${start}${yamlString(key)}:${nodeBlock(value, tree, column + block.unit, block)}`,
      )
      .join('');
  return ` ${nodeFlow(node, tree, false)}`;
}

/** Moves the lines of a text, each but the first that has no line break before it, by a number of columns. */
export function shift(text: string, by: number, eol: string): string {
  return text
    .split(/\r?\n/)
    .map((line, i) => {
      if (i === 0 || line.trim() === '') return line;
      if (by >= 0) return ' '.repeat(by) + line;
      return line.slice(Math.min(-by, /^ */.exec(line)?.[0].length ?? 0));
    })
    .join(eol);
}
