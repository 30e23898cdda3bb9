import { type Node, readAll } from './json-reader.ts';
import type { Random } from './random.ts';

/** JSON text in the making. A leaf is raw text, and so are keys: nothing here has to be valid. */
export type Tree = string | ObjectTree | ArrayTree;
export interface ObjectTree {
  readonly is: 'object';
  readonly members: [string, Tree][];
}
export interface ArrayTree {
  readonly is: 'array';
  readonly items: Tree[];
}
export const object = (...members: [string, Tree][]): ObjectTree => ({ is: 'object', members });
export const quoted = (text: string): string => JSON.stringify(text);

/** Tools that the fuzzed server lists; the policy denies one and hides one. */
export const TOOLS = ['echo', 'read_file', 'guarded_tool', 'delete_repository', 'secret_tool'] as const;
/** Ids of requests that the fuzzed server has asked of the client. */
export const ASKED = ['"asked-1"', '7001'] as const;

const NUMBERS = [
  '0',
  '-0',
  '1',
  '1.0',
  '1e2',
  '1E+2',
  '-1.5e-7',
  '9007199254740993',
  '18446744073709551615',
  '123456789012345678901234567890.5',
  '1e-400',
  '0.1',
  '5e-324',
  '1e308',
];
const STRINGS = [
  '""',
  '"a"',
  '"/tmp/a"',
  '"\\u0061"',
  '"\\ud83d\\ude00"',
  '"\u{1F600}"',
  '"\u2028\u2029"',
  '"\\u2028"',
  '"\uffff\ufffe"',
  '"\u{10ffff}"',
  '"\\u0000"',
  '"\\/"',
  '"\\"\\\\\\b\\f\\n\\r\\t"',
  '"{\\"method\\":\\"tools/call\\"}"',
  '"\u0085\u00a0\u007f"',
  '"e\u0301 \u00e9"',
  "\"\\n{'method':'tools/call'}\\n\"",
  '"\u202e\u200b"',
  '"NaN"',
  '"*/ // #"',
];
const KEYS = [
  '"a"',
  '"b"',
  '"path"',
  '"Path2"',
  '"amount"',
  '"items"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '""',
  '"\\u0061b"',
  '"\u00e9"',
  '"\u{1F600}"',
  '"name"',
  '"method"',
  '"id"',
  '"0"',
  '"arguments"',
  '"\u2028"',
  '"x y"',
  '"<<"',
  '"$ref"',
];
const METHODS = [
  'ping',
  'tools/list',
  'resources/read',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'vendor/x',
  'tasks/get',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  'notifications/vendor',
  'tools',
  'call',
];

export function leaf(random: Random): string {
  const from = random.int(5);
  if (from === 0) return random.pick(['true', 'false', 'null']);
  return from < 3 ? random.pick(NUMBERS) : random.pick(STRINGS);
}

export function value(random: Random, depth: number): Tree {
  const from = depth <= 0 ? 0 : random.int(5);
  if (from < 3) return leaf(random);
  if (from === 3)
    return { is: 'array', items: Array.from({ length: random.int(4) }, () => value(random, depth - 1)) };
  return objectOf(random, depth);
}

/** An object without doubtful keys. */
export function objectOf(random: Random, depth: number): ObjectTree {
  const keys = random.shuffle([...KEYS]).slice(0, random.int(5));
  return object(...keys.map((key): [string, Tree] => [key, value(random, depth - 1)]));
}

/** A message that is valid, with everything free that JSON-RPC leaves free. */
export function validFrame(random: Random, id: number): ObjectTree {
  const kind = random.int(10);
  if (kind === 9) return response(random);
  const call = kind < 7;
  const method = call ? 'tools/call' : random.pick(METHODS);
  const members: [string, Tree][] = [
    ['"jsonrpc"', '"2.0"'],
    ['"method"', random.oneIn(8) ? escaped(method, random) : quoted(method)],
  ];
  if (call || !method.startsWith('notifications')) members.push(['"id"', random.pick(idsOf(id))]);
  if (call || random.oneIn(2)) members.push(['"params"', call ? callParams(random, id) : params(random, id)]);
  if (random.oneIn(4))
    members.push([random.pick(['"x"', '"_meta"', '"trace\\u0049d"', '"\u00e9"']), value(random, 3)]);
  return object(...(random.oneIn(3) ? random.shuffle(members) : members));
}

function idsOf(id: number): string[] {
  return [
    String(id),
    String(id),
    `"${id}"`,
    `"\\u0031${id}"`,
    `${id}.0`,
    `${id}e2`,
    `900719925474099${id % 10}`,
    '""',
    '"\u{1F600}"',
    `-${id}`,
  ];
}

function callParams(random: Random, id: number): ObjectTree {
  const members: [string, Tree][] = [
    ['"name"', random.oneIn(10) ? escaped(someTool(random), random) : quoted(someTool(random))],
  ];
  if (!random.oneIn(8)) members.push(['"arguments"', objectOf(random, 4)]);
  if (random.oneIn(3)) members.push(['"_meta"', meta(random, id)]);
  if (random.oneIn(8)) members.push(['"task"', object(['"ttl"', '60000'])]);
  if (random.oneIn(8)) members.push(['"vendor"', value(random, 3)]);
  return object(...(random.oneIn(3) ? random.shuffle(members) : members));
}

/** Mostly one that may be called. */
function someTool(random: Random): string {
  return random.oneIn(6) ? random.pick(TOOLS) : random.pick(TOOLS.slice(0, 3));
}

function params(random: Random, id: number): ObjectTree {
  const members: [string, Tree][] = [];
  if (random.oneIn(2)) members.push(['"_meta"', meta(random, id)]);
  if (random.oneIn(3)) members.push(['"uri"', '"file:///x"']);
  if (random.oneIn(3)) members.push(['"requestId"', String(id)]);
  if (random.oneIn(3)) members.push(['"vendor"', value(random, 4)]);
  return object(...members);
}

function meta(random: Random, id: number): ObjectTree {
  const members: [string, Tree][] = [
    ['"progressToken"', random.pick([String(id), `"${id}"`, '1.0', '"\\u0031"'])],
  ];
  if (random.oneIn(2)) members.push(['"io.example/x"', value(random, 2)]);
  return object(...members);
}

function response(random: Random): ObjectTree {
  const content: [string, Tree] = random.oneIn(3)
    ? ['"error"', object(['"code"', '-1'], ['"message"', '"no"'])]
    : ['"result"', objectOf(random, 3)];
  return object(['"jsonrpc"', '"2.0"'], ['"id"', random.pick(ASKED)], content);
}

/** What each request of revision 2026-07-28 carries in `params._meta`. Made new each time: mutations change trees in place. */
const revision = (): [string, Tree][] => [
  ['"io.modelcontextprotocol/protocolVersion"', '"2026-07-28"'],
  ['"io.modelcontextprotocol/clientCapabilities"', object()],
  ['"io.modelcontextprotocol/clientInfo"', object(['"name"', '"fuzz"'], ['"version"', '"1"'])],
];

/** Makes a valid frame one of revision 2026-07-28. */
export function ofRevision(frame: ObjectTree, random: Random): ObjectTree {
  if (frame.members.some(([key]) => key === '"result"' || key === '"error"')) return frame;
  const params = childOf(frame, '"params"', random);
  childOf(params, '"_meta"', random).members.unshift(...revision());
  if (random.oneIn(6)) params.members.push(['"requestState"', random.pick(STRINGS)]);
  if (random.oneIn(6)) params.members.push(['"inputResponses"', objectOf(random, 3)]);
  return frame;
}

function childOf(parent: ObjectTree, key: string, random: Random): ObjectTree {
  const found = parent.members.find(([name]) => name === key)?.[1];
  if (typeof found === 'object' && found.is === 'object') return found;
  const made = object();
  parent.members.splice(random.int(parent.members.length + 1), 0, [key, made]);
  return made;
}

/** The text as a JSON string in which some characters are escapes. */
export function escaped(text: string, random: Random): string {
  const units = [...text].map((c) =>
    random.oneIn(3) && c.length === 1
      ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
      : JSON.stringify(c).slice(1, -1),
  );
  return `"${units.join('')}"`;
}

/** The tree of a text, where it can be parsed. */
export function treeOf(text: string): Tree | undefined {
  try {
    const [only, ...more] = readAll(text, true);
    return only && more.length === 0 ? fromNode(only) : undefined;
  } catch {
    return undefined;
  }
}

function fromNode(node: Node): Tree {
  if (node.is === 'object')
    return object(...node.members.map(([key, item]): [string, Tree] => [quoted(key), fromNode(item)]));
  if (node.is === 'array') return { is: 'array', items: node.items.map(fromNode) };
  return node.is === 'string' ? quoted(node.text) : node.is === 'number' ? node.literal : String(node.value);
}

/** `gap` gives what stands between two tokens. */
export function print(tree: Tree, gap: () => string = () => ''): string {
  if (typeof tree === 'string') return tree;
  const parts =
    tree.is === 'object'
      ? tree.members.map(([key, item]) => `${gap()}${key}${gap()}:${gap()}${print(item, gap)}${gap()}`)
      : tree.items.map((item) => `${gap()}${print(item, gap)}${gap()}`);
  return tree.is === 'object' ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
}
