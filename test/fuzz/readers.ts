import { type Node, readAll } from './json-reader.ts';

/** One message as a server of some kind would take it. */
export interface View {
  readonly kind: 'request' | 'notification' | 'response';
  readonly method: string | undefined;
  /** JSON text of the id as the server holds it; undefined when there is none. */
  readonly id: string | undefined;
  /** JSON text of the token under which its progress is reported, or whose progress it reports. */
  readonly token: string | undefined;
  /** JSON text of the id it cancels. */
  readonly cancels: string | undefined;
  /** Of a tools/call: the name, and the arguments in {@link Kind.plain} form. */
  readonly call: { readonly name: unknown; readonly args: string } | undefined;
}

/** A kind of JSON library, as far as libraries differ. */
export interface Kind {
  readonly name: string;
  readonly lenient: boolean;
  /** Which of several members with one key counts; `merge`: the last, objects are merged (Go, into a struct or map). */
  readonly twice: 'first' | 'last' | 'merge';
  /** What keys are compared by: equal results are one key. */
  key(key: string): string;
  /** The same for keys inside the arguments. */
  argumentKey(key: string): string;
  /** What becomes of a string's text. */
  string(text: string): string;
  method(method: string): string;
}

const same = (text: string): string => text;
/** Go's encoding/json writes U+FFFD for what is not well-formed. */
const wellFormed = (text: string): string => text.toWellFormed();
/** Folding by single code points, as Go, Java and C have it: also the four letters beyond ASCII that fold into it. */
const foldCase = (key: string): string =>
  [...key]
    .map(
      (c) =>
        ({ '\u0130': 'i', '\u0131': 'i', '\u017f': 's', '\u212a': 'k' })[c] ?? c.toUpperCase().toLowerCase(),
    )
    .join('');
const cutAtNul = (text: string): string => text.split('\0', 1)[0] as string;

const plainKind: Kind = {
  name: 'the last of a key wins',
  lenient: false,
  twice: 'last',
  key: same,
  argumentKey: same,
  string: same,
  method: same,
};

/** A tool as a client with this library lists it. */
export interface SeenTool {
  readonly name: unknown;
  /** In the form of {@link plainValue}. */
  readonly definition: string;
}

/** The tools that a client sees in the answer to tools/list; undefined when it sees no list at all. */
export function toolsIn(document: Node, kind: Kind): SeenTool[] | undefined {
  const result = get(document, 'result', kind);
  const tools = result && get(result, 'tools', kind);
  if (tools?.is !== 'array') return undefined;
  // Definitions are compared key by key: two properties of a schema may differ in case only.
  const exact = { ...kind, argumentKey: same, string: same };
  return tools.items
    .filter((item) => item.is === 'object')
    .map((item) => ({ name: nameOf(get(item, 'name', kind), kind), definition: plainNode(item, exact) }));
}

/** JSON.parse, Python, Ruby · RapidJSON, jsmn · Go maps · Go structs, .NET, Jackson · Swift · cJSON · JSON5, hjson · sloppy dispatch */
export const kinds: readonly Kind[] = [
  plainKind,
  { ...plainKind, name: 'the first of a key wins', twice: 'first' },
  { ...plainKind, name: 'Go, arguments as a map', twice: 'merge', key: foldCase, string: wellFormed },
  {
    ...plainKind,
    name: 'Go, arguments as a struct',
    twice: 'merge',
    key: foldCase,
    argumentKey: foldCase,
    string: wellFormed,
  },
  {
    ...plainKind,
    name: 'first key whatever its case',
    twice: 'first',
    key: foldCase,
    argumentKey: foldCase,
  },
  {
    ...plainKind,
    name: 'Swift: keys that look the same are one',
    key: (key) => key.normalize('NFC'),
    argumentKey: (key) => key.normalize('NFC'),
  },
  {
    ...plainKind,
    name: 'C strings end at NUL',
    twice: 'first',
    key: cutAtNul,
    argumentKey: cutAtNul,
    method: cutAtNul,
  },
  { ...plainKind, name: 'lenient, last wins', lenient: true },
  { ...plainKind, name: 'lenient, first wins, any case', lenient: true, twice: 'first', key: foldCase },
  {
    ...plainKind,
    name: 'methods in any case and with white space',
    method: (method) => method.normalize('NFKC').trim().toLowerCase().replace(/\/+/g, '/'),
  },
];

/** The messages that a server with this library takes. */
export function viewsOf(documents: readonly Node[], kind: Kind): View[] {
  return documents.flatMap((document) =>
    document.is === 'array' ? document.items.map((item) => viewOf(item, kind)) : [viewOf(document, kind)],
  );
}

/** The texts that stand in an HTTP body. @throws SyntaxError */
export function inBody(bytes: Buffer, lenient: boolean): Node[] {
  return readAll(textOf(bytes), lenient);
}

/** Those on a pipe: each line is read by itself, and lines end at a line feed, a carriage return or both. @throws SyntaxError */
export function onPipe(bytes: Buffer, lenient: boolean): Node[] {
  return textOf(bytes)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .flatMap((line) => readAll(line, lenient));
}

/** Decoders differ only in what is not UTF-8: one takes it for Latin-1, and the long form of a character for that character. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd') || Buffer.from(text).equals(bytes)) return text;
  const short: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const next = bytes[at + 1];
    if ((byte === 0xc0 || byte === 0xc1) && next !== undefined && (next & 0xc0) === 0x80) {
      short.push(((byte & 1) << 6) | (next & 0x3f));
      at++;
    } else short.push(byte);
  }
  return Buffer.from(short).toString('latin1');
}

function viewOf(node: Node, kind: Kind): View {
  const method = get(node, 'method', kind);
  const id = get(node, 'id', kind);
  const name = method?.is === 'string' ? kind.method(kind.string(method.text)) : undefined;
  const params = get(node, 'params', kind);
  return {
    kind: method ? (id ? 'request' : 'notification') : 'response',
    method: name,
    id: id && plainNode(id, kind),
    token: scalarIn(tokenHolder(params, name, kind), 'progressToken', kind),
    cancels: name === 'notifications/cancelled' ? scalarIn(params, 'requestId', kind) : undefined,
    call:
      name === 'tools/call'
        ? { name: nameOf(params && get(params, 'name', kind), kind), args: argsOf(params, kind) }
        : undefined,
  };
}

/** What holds a message's progress token. */
function tokenHolder(params: Node | undefined, method: string | undefined, kind: Kind): Node | undefined {
  return method === 'notifications/progress' ? params : params && get(params, '_meta', kind);
}

/** A member that is a string or a number. */
function scalarIn(node: Node | undefined, key: string, kind: Kind): string | undefined {
  const value = node && get(node, key, kind);
  return value?.is === 'string' || value?.is === 'number' ? plainNode(value, kind) : undefined;
}

export function nameOf(name: Node | undefined, kind: Kind): unknown {
  if (name?.is !== 'string') return { is: name?.is };
  return kind.name.startsWith('C strings') ? cutAtNul(name.text) : kind.string(name.text);
}

function argsOf(params: Node | undefined, kind: Kind): string {
  const args = params && get(params, 'arguments', kind);
  return args ? plainNode(args, kind) : '{}';
}

/** The member that counts. */
export function get(node: Node, wanted: string, kind: Kind): Node | undefined {
  if (node.is !== 'object') return undefined;
  const own = kind.key(wanted);
  const fitting = node.members.filter(([key]) => kind.key(key) === own).map(([, value]) => value);
  return kind.twice === 'first'
    ? fitting[0]
    : kind.twice === 'last'
      ? fitting.at(-1)
      : fitting.reduce(merged, undefined as never);
}

function merged(before: Node | undefined, after: Node): Node {
  if (before?.is !== 'object' || after.is !== 'object') return after;
  return { is: 'object', members: [...before.members, ...after.members] };
}

/** Arguments as a text that is equal for equal values. */
export function plainNode(node: Node, kind: Kind): string {
  if (node.is === 'string') return JSON.stringify(kind.string(node.text));
  if (node.is === 'number') return plainNumber(Number(node.literal));
  if (node.is === 'word') return String(node.value);
  if (node.is === 'array') return `[${node.items.map((item) => plainNode(item, kind)).join()}]`;
  const members = new Map<string, Node>();
  for (const [key, value] of node.members) {
    const one = kind.argumentKey(kind.string(key));
    if (kind.twice === 'first' && members.has(one)) continue;
    members.set(one, kind.twice === 'merge' ? merged(members.get(one), value) : value);
  }
  return plainMembers([...members].map(([key, value]) => [key, plainNode(value, kind)]));
}

/** A value that the policy was asked about, in the form in which this kind of server would hold it. */
export function plainValue(value: unknown, kind: Kind): string {
  if (typeof value === 'number') return plainNumber(value);
  if (Array.isArray(value)) return `[${value.map((item) => plainValue(item, kind)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // Two keys that become one stay two here, so that they differ from what the server holds.
  return plainMembers(
    Object.entries(value).map(([key, item]) => [kind.argumentKey(key), plainValue(item, kind)]),
  );
}

function plainMembers(members: [string, string][]): string {
  const lines = members.map(([key, value]) => `${JSON.stringify(key)}:${value}`);
  return `{${lines.sort().join()}}`;
}

export function plainNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
