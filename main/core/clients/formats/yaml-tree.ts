import {
  type Alias,
  Composer,
  type CST,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { KeyPath, StringAt } from './types.ts';

/** Half-open positions in the text. */
type Span = readonly [number, number];

export interface Tree {
  readonly text: string;
  readonly root: Node | null;
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** Where the aliases are, and the nodes they stand for. */
  readonly aliases: readonly { readonly at: Span; readonly target: Span }[];
}

/** A text that no client would read, and where. */
export class YamlProblem extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  BAD_DQ_ESCAPE: 'this escape does not exist in YAML',
  BAD_INDENT: 'this is not indented as its surroundings are',
  BAD_SCALAR_START: 'a value cannot begin with this character',
  BLOCK_AS_IMPLICIT_KEY: 'this nested value must begin on a line of its own',
  BLOCK_IN_FLOW: 'this cannot stand inside brackets',
  IMPOSSIBLE: 'this cannot be read as YAML',
  MISSING_CHAR: 'a character is missing here',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line',
  TAB_AS_INDENT: 'YAML is not indented with tabs',
  UNEXPECTED_TOKEN: 'this was not expected here',
};

/**
 * Parses one document of YAML 1.2. Throws {@link YamlProblem} also for what the parser lets through and clients do not: keys
 * that stand twice in a map, a second document, an alias for nothing.
 */
export function parseTree(text: string): Tree {
  const composer = new Composer({ keepSourceTokens: true, prettyErrors: false, uniqueKeys: false });
  const [document, second] = composer.compose(new Parser().parse(text), true, text.length);
  const error = document?.errors[0];
  if (error) throw new YamlProblem(WORDS[error.code] ?? lowerFirst(error.message), error.pos[0]);
  if (second)
    throw new YamlProblem('a second document begins here, which this client does not read', second.range[0]);
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const walk = (node: Node | null): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (!target) throw new YamlProblem(`nothing before this is called &${node.source}`, startOf(node));
      targets.set(node, target);
      return;
    }
    if (!node) return;
    if (node.anchor) anchors.set(node.anchor, node);
    if (isSeq(node)) for (const item of node.items) walk(item as Node | null);
    if (!isMap(node)) return;
    const seen = new Set<string>();
    for (const { key, value } of node.items as Pair<Node | null, Node | null>[]) {
      const name = isScalar(key) ? `${typeof key.value} ${String(key.value)}` : undefined;
      if (name !== undefined && seen.has(name))
        throw new YamlProblem(
          'this key stands twice in its map, which this client does not read',
          startOf(key as Node),
        );
      if (name !== undefined) seen.add(name);
      walk(key);
      walk(value);
    }
  };
  const root = (document?.contents ?? null) as Node | null;
  walk(root);
  const aliases = [...targets].map(([alias, target]) => ({
    at: [startOf(alias), endOf(alias)] as const,
    target: [startOf(target), endOf(target)] as const,
  }));
  return { text, root, targets, aliases };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

export interface Property {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | null;
  readonly pair: Pair<Node | null, Node | null>;
}

/** The members of a map whose keys are scalars; others cannot be named by a path. */
export function properties(map: YAMLMap): Property[] {
  const found: Property[] = [];
  for (const pair of map.items as Pair<Node | null, Node | null>[])
    if (isScalar(pair.key)) found.push({ key: keyOf(pair.key), keyNode: pair.key, value: pair.value, pair });
  return found;
}

function keyOf(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

/** Nodes that are followed into aliases before a value is given up: a few lines can stand for millions. */
const BUDGET = 10_000;

/** The value of a node; aliases as what they stand for. Numbers that a double would change stay as they are written. */
export function meaningOf(
  node: Node | null,
  targets: Tree['targets'],
  left: { nodes: number; inAlias: number } = { nodes: BUDGET, inAlias: 0 },
): unknown {
  if (left.inAlias > 0 && left.nodes-- <= 0) return null;
  if (isAlias(node)) {
    left.inAlias++;
    const value = meaningOf(targets.get(node) ?? null, targets, left);
    left.inAlias--;
    return value;
  }
  if (isSeq(node)) return node.items.map((item) => meaningOf(item as Node | null, targets, left));
  if (isMap(node)) {
    const out = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of properties(node)) out[key] = meaningOf(value, targets, left);
    return out;
  }
  if (!isScalar(node)) return null;
  const { value, source } = node;
  if (
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    Number.isInteger(value) &&
    !/[.e]/i.test(source ?? '')
  )
    return source ?? value;
  return value;
}

/** Scalars between two positions, see Doc.strings; also numbers, which can be secrets as well. */
export function stringsIn(root: Node | null, start: number, end: number): StringAt[] {
  const found: StringAt[] = [];
  const walk = (node: Node | null, path: KeyPath): void => {
    if (!node || isAlias(node)) return;
    if (isScalar(node)) {
      const value = typeof node.value === 'string' ? node.value : (node.source ?? '');
      if (value !== '') found.push({ path, start: startOf(node), end: endOf(node), value });
      return;
    }
    if (startOf(node) >= end || (node.range?.[1] ?? 0) <= start) return;
    if (isSeq(node))
      for (const [i, item] of node.items.entries()) walk(item as Node | null, [...path, String(i)]);
    else for (const { key, value } of properties(node)) walk(value, [...path, key]);
  };
  walk(root, []);
  return found;
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** Where what is written of a node ends; blank lines and comments after it are not part of it. */
export function endOf(node: Node): number {
  const end = node.range?.[1] ?? 0;
  const token = node.srcToken;
  if (token?.type === 'block-scalar') return blockScalarEnd(token, end);
  if (!isCollection(node) || node.flow) return end;
  const last = node.items.at(-1);
  if (last === undefined) return end;
  if (isMap(node)) return pairEnd(last as Pair<Node | null, Node | null>, end);
  const item = last as Node | null;
  if (item && (item.range?.[1] ?? 0) > startOf(item)) return endOf(item);
  const tokens = token?.type === 'block-seq' ? token.items.at(-1)?.start : undefined;
  return tokensEnd(tokens) ?? end;
}

export function pairEnd({ key, value, srcToken }: Pair<Node | null, Node | null>, otherwise: number): number {
  if (value && (value.range?.[1] ?? 0) > startOf(value)) return endOf(value);
  return tokensEnd(srcToken?.sep) ?? (key ? endOf(key) : (tokensEnd(srcToken?.start) ?? otherwise));
}

const SOLID: ReadonlySet<string> = new Set([
  'map-value-ind',
  'seq-item-ind',
  'explicit-key-ind',
  'anchor',
  'tag',
]);

function tokensEnd(tokens: readonly CST.SourceToken[] | undefined): number | undefined {
  const last = tokens?.findLast(({ type }) => SOLID.has(type));
  return last && last.offset + last.source.length;
}

/** With `+` the blank lines after the text belong to it, but for the last line break. */
function blockScalarEnd(token: CST.BlockScalar, end: number): number {
  const { source } = token;
  const header = token.props.find(({ type }) => type === 'block-scalar-header');
  const kept = header !== undefined && 'source' in header && header.source.includes('+');
  let length = source.length;
  const cut = (): boolean => {
    if (source[length - 1] !== '\n') return false;
    length -= source[length - 2] === '\r' ? 2 : 1;
    return true;
  };
  if (kept) cut();
  else {
    for (;;) {
      const blank = /[ \t]*$/.exec(source.slice(Math.max(0, length - 1000), length))?.[0].length ?? 0;
      const before = length - blank;
      if (blank > 0 && before > 0 && source[before - 1] !== '\n') break;
      length = before;
      if (!cut()) break;
    }
  }
  return end - (source.length - length);
}

/** Where the value of a member begins to be possible: after its colon. */
export function afterColon({ pair, keyNode }: Property): number {
  const colon = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind');
  return colon ? colon.offset + 1 : endOf(keyNode);
}

export function firstProp({ pair }: Property): number | undefined {
  return pair.srcToken?.sep?.find(({ type }) => type === 'anchor' || type === 'tag')?.offset;
}

/** Where the dash of an item of a block list stands. */
export function dashOf(list: YAMLSeq, index: number): number | undefined {
  const token = list.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  return token.items[index]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
}

export { isAlias, isCollection, isMap, isScalar, isSeq };
