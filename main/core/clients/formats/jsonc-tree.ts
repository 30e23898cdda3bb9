/**
 * Where everything stands in a text that is known to be JSON, with or without comments and trailing commas. Maps are looked
 * into three deep at once; what is further down, or in a list, only when it is asked for: a client's file can hold tens of
 * megabytes next to a few entries.
 */
export class JsonTree {
  readonly text: string;
  /** Undefined when the text holds nothing but white space and comments. */
  readonly root: JsonNode | undefined;
  /** How deep brackets stand in each other. */
  readonly depth: number;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
    const start = afterTrivia(text, text.startsWith('\uFEFF') ? 1 : 0);
    this.root = start < text.length ? this.#value(start, 0) : undefined;
    this.depth = this.#depth;
  }

  /** The members of a map in order, also those of equal keys; none of anything else. */
  members(node: JsonNode): readonly JsonMember[] {
    if (node.kind !== 'object') return [];
    node.members ??= this.#members(node.start, EAGER).members;
    return node.members;
  }

  /** The last member with this key, which is the one that counts, and how many there are. */
  member(node: JsonNode, key: string): { readonly member: JsonMember; readonly copies: number } | undefined {
    node.byKey ??= countKeys(this.members(node));
    return node.byKey.get(key);
  }

  items(node: JsonNode): readonly JsonNode[] {
    if (node.kind !== 'array') return [];
    node.items ??= this.#items(node.start);
    return node.items;
  }

  /** The value of a node. Maps have a null prototype; the last of equal keys counts, as in JSON.parse. */
  meaning(node: JsonNode): unknown {
    if (node.kind === 'array') return this.items(node).map((item) => this.meaning(item));
    if (node.kind === 'scalar') return JSON.parse(this.textOf(node)) as unknown;
    const out = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of this.members(node)) out[key] = this.meaning(value);
    return out;
  }

  textOf({ start, end }: { readonly start: number; readonly end: number }): string {
    return this.text.slice(start, end);
  }

  #value(start: number, level: number): JsonNode {
    const { text } = this;
    const first = text.charCodeAt(start);
    if (first === OPEN_BRACE) {
      if (level >= EAGER) return { kind: 'object', start, end: this.#close(start, level) };
      const { members, end } = this.#members(start, level);
      return { kind: 'object', start, end, members };
    }
    if (first === OPEN_BRACKET) return { kind: 'array', start, end: this.#close(start, level) };
    return { kind: 'scalar', start, end: scalarEnd(text, start) };
  }

  #members(start: number, level: number): { members: JsonMember[]; end: number } {
    const { text } = this;
    this.#depth = Math.max(this.#depth, level + 1);
    const members: JsonMember[] = [];
    let at = afterTrivia(text, start + 1);
    while (text.charCodeAt(at) === QUOTE) {
      const keyEnd = scalarEnd(text, at);
      const colon = afterTrivia(text, keyEnd);
      const value = this.#value(afterTrivia(text, colon + 1), level + 1);
      members.push({ key: JSON.parse(text.slice(at, keyEnd)) as string, start: at, keyEnd, value });
      at = afterTrivia(text, value.end);
      if (text.charCodeAt(at) === COMMA) at = afterTrivia(text, at + 1);
    }
    return { members, end: at + 1 };
  }

  #items(start: number): JsonNode[] {
    const { text } = this;
    const items: JsonNode[] = [];
    let at = afterTrivia(text, start + 1);
    while (at < text.length && text.charCodeAt(at) !== CLOSE_BRACKET) {
      const item = this.#value(at, EAGER);
      items.push(item);
      at = afterTrivia(text, item.end);
      if (text.charCodeAt(at) === COMMA) at = afterTrivia(text, at + 1);
    }
    return items;
  }

  /** The end of a map or list, without looking at what is in it. */
  #close(start: number, level: number): number {
    const { text } = this;
    let open = 0;
    let deepest = 0;
    let at = start;
    for (; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (char === QUOTE) at = scalarEnd(text, at) - 1;
      else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
        if (++open > deepest) deepest = open;
      } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
        if (--open === 0) break;
      } else if (char === SLASH) at = afterTrivia(text, at) - 1;
    }
    this.#depth = Math.max(this.#depth, level + deepest);
    return at + 1;
  }
}

export interface JsonNode {
  readonly kind: 'object' | 'array' | 'scalar';
  readonly start: number;
  readonly end: number;
  /** Filled when asked for. */
  members?: readonly JsonMember[];
  items?: readonly JsonNode[];
  byKey?: ReadonlyMap<string, { readonly member: JsonMember; readonly copies: number }>;
}

export interface JsonMember {
  readonly key: string;
  /** Where its key begins. */
  readonly start: number;
  readonly keyEnd: number;
  readonly value: JsonNode;
}

/** Levels of maps that are looked into at once: the file, its maps, and the maps in those. */
const EAGER = 3;

const QUOTE = 34;
const COMMA = 44;
const SLASH = 47;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

function countKeys(members: readonly JsonMember[]): JsonNode['byKey'] & object {
  const found = new Map<string, { member: JsonMember; copies: number }>();
  for (const member of members)
    found.set(member.key, { member, copies: (found.get(member.key)?.copies ?? 0) + 1 });
  return found;
}

/** The next character that is neither white space nor in a comment. */
function afterTrivia(text: string, from: number): number {
  let at = from;
  for (;;) {
    const char = text.charCodeAt(at);
    if (char === 32 || char === 10 || char === 13 || char === 9) at++;
    else if (char !== SLASH) return at;
    else if (text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else {
      LINE_BREAK.lastIndex = at;
      at = LINE_BREAK.exec(text)?.index ?? text.length;
    }
  }
}

const LINE_BREAK = /[\r\n]/g;
const SCALAR = /[^\s,\]}/]*/y;

function scalarEnd(text: string, start: number): number {
  if (text.charCodeAt(start) !== QUOTE) {
    SCALAR.lastIndex = start;
    return start + (SCALAR.exec(text)?.[0].length ?? 0);
  }
  let quote = start;
  for (;;) {
    quote = text.indexOf('"', quote + 1);
    if (quote < 0) return text.length;
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
}
