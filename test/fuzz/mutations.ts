import {
  type ArrayTree,
  escaped,
  leaf,
  type ObjectTree,
  object,
  objectOf,
  ofRevision,
  print,
  quoted,
  TOOLS,
  type Tree,
  treeOf,
  validFrame,
  value,
} from './frames.ts';
import type { Random } from './random.ts';

/**
 * Bytes that a client could send: valid, almost valid, or broken. `seeds` are texts to begin with now and then; `modern`:
 * of revision 2026-07-28.
 */
export function anyFrame(random: Random, seeds: readonly string[], id: number, modern = false): Buffer {
  const seed = random.oneIn(6) ? random.pick(seeds) : undefined;
  if (seed !== undefined && random.oneIn(3)) return bent(Buffer.from(seed), random);
  let tree: Tree = (seed === undefined ? undefined : treeOf(seed)) ?? validFrame(random, id);
  if (modern && typeof tree === 'object' && tree.is === 'object') tree = ofRevision(tree, random);
  for (let times = random.pick([0, 0, 0, 1, 1, 1, 2, 3]); times > 0; times--)
    tree = bendTree(tree, random, id);
  const text = bendText(print(tree, gaps(random)), random, id);
  const bytes = Buffer.from(text);
  return random.oneIn(10) ? bent(bytes, random) : bytes;
}

/** What stands between tokens: mostly nothing, else the white space of JSON, rarely what only lenient readers pass. */
function gaps(random: Random): () => string {
  const style = random.int(12);
  if (style < 8) return () => '';
  if (style < 10) return () => (random.oneIn(3) ? random.pick([' ', '\t', '\n', '\r', '\r\n', '  ']) : '');
  if (style === 10) return () => (random.oneIn(6) ? '\n' : '');
  return () =>
    random.oneIn(12)
      ? random.pick(['/**/', '//\n', '#\n', '\u00a0', '\ufeff', '\v', '\f', '\u2028', ',', '\0', '/*"*/'])
      : '';
}

function objectsIn(tree: Tree): ObjectTree[] {
  if (typeof tree === 'string') return [];
  if (tree.is === 'array') return tree.items.flatMap(objectsIn);
  return [tree, ...tree.members.flatMap(([, item]) => objectsIn(item))];
}

const ODD = [
  'NaN',
  'Infinity',
  '-Infinity',
  '01',
  '1.',
  '.5',
  '+1',
  '0x1',
  '1e400',
  '-1e400',
  '-',
  '1e',
  'undefined',
  "'a'",
  '"\\ud800"',
  '"\\udc00"',
  '"\\x41"',
  '"\t"',
  '"\n"',
  '"',
  '\\',
  '""""',
  'nul',
  'True',
  'None',
  '1_000',
  '1n',
  '"\\u12"',
  '"\\u{61}"',
  `1${'0'.repeat(5000)}`,
];

/** One change at the level of members and values. */
export function bendTree(tree: Tree, random: Random, id: number): Tree {
  const all = objectsIn(tree);
  const at = all.length > 0 ? random.pick(all) : undefined;
  const member = at && at.members.length > 0 ? random.pick(at.members) : undefined;
  if (!at || !member) return random.oneIn(2) ? object(...[]) : value(random, 3);
  const [key, item] = member;
  const insert = (name: string, content: Tree): void => {
    at.members.splice(random.int(at.members.length + 1), 0, [name, content]);
  };
  switch (random.int(17)) {
    case 0:
    case 1:
      insert(key, otherValue(item, random, id));
      break;
    case 2:
    case 3:
      insert(twin(key, random), otherValue(item, random, id));
      break;
    case 4:
      insert(escapedKey(key, random), otherValue(item, random, id));
      break;
    case 5:
      member[0] = twin(key, random);
      break;
    case 6:
      member[0] = escapedKey(key, random);
      break;
    case 7:
      member[1] = random.pick(ODD);
      break;
    case 8:
      member[1] = otherValue(item, random, id);
      break;
    case 9:
      at.members.splice(at.members.indexOf(member), 1);
      break;
    case 10:
      random.shuffle(at.members);
      break;
    case 11:
      member[1] = deep(item, random);
      break;
    case 12:
      insert(
        random.pick([
          '"name"',
          '"method"',
          '"params"',
          '"arguments"',
          '"id"',
          '"_meta"',
          '"result"',
          '"error"',
          '"jsonrpc"',
        ]),
        otherValue(item, random, id),
      );
      break;
    case 13:
      member[1] = random.pick(variants('tools/call'));
      break;
    case 14:
      member[1] = random.pick(variants(random.pick(TOOLS)));
      break;
    case 15:
      if (typeof item !== 'string' && item.is === 'object') at.members.push(...item.members);
      else member[1] = { is: 'array', items: [item] };
      break;
    default:
      return random.oneIn(2) ? batch(tree, random, id) : object(['"params"', tree], ['"jsonrpc"', '"2.0"']);
  }
  return tree;
}

function batch(tree: Tree, random: Random, id: number): ArrayTree {
  const items = Array.from({ length: random.int(4) }, (_, at): Tree => validFrame(random, id + at + 1));
  return { is: 'array', items: random.shuffle([tree, ...items]) };
}

function otherValue(item: Tree, random: Random, id: number): Tree {
  switch (random.int(6)) {
    case 0:
      return item;
    case 1:
      return random.pick(['[]', 'null', '""', '0', '{}', '"str"', 'true', '[{}]']);
    case 2:
      return quoted(random.pick(TOOLS));
    case 3:
      return objectOf(random, 3);
    case 4:
      return random.pick(['"tools/call"', '"ping"', String(id), '"2.0"']);
    default:
      return leaf(random);
  }
}

function deep(item: Tree, random: Random): Tree {
  const levels = random.pick([3, 90, 96, 97, 98, 99, 100, 101, 200, 999, 1001, 1200]);
  const open = random.oneIn(2) ? '[' : '{"a":';
  return `${open.repeat(levels)}${print(item)}${(open === '[' ? ']' : '}').repeat(levels)}`;
}

function inside(key: string): string {
  return key.startsWith('"') ? key.slice(1, -1) : key;
}

/** A key that some reader takes for this one. */
function twin(key: string, random: Random): string {
  const name = inside(key);
  const place = random.int(Math.max(1, name.length));
  const changed = (to: (letter: string) => string): string =>
    `"${name.slice(0, place)}${to(name[place] ?? '')}${name.slice(place + 1)}"`;
  switch (random.int(9)) {
    case 0:
      return changed((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()));
    case 1:
      return `"${random.oneIn(2) ? name.toUpperCase() : name.toLowerCase()}"`;
    case 2:
      return `"${name.replace(/s/g, '\u017f')}"`;
    case 3:
      return `"${name.replace(/k/gi, '\u212a').replace(/i/g, random.pick(['\u0131', '\u0130']))}"`;
    case 4:
      return `"${name}\\u0000${random.pick(['', 'x'])}"`;
    case 5:
      return `"${name.normalize('NFD').replace('\u00e9', 'e\u0301')}"`;
    case 6:
      return `"${name} "`;
    case 7:
      return name;
    default:
      return `'${name}'`;
  }
}

function escapedKey(key: string, random: Random): string {
  try {
    return escaped(JSON.parse(`"${inside(key)}"`) as string, random);
  } catch {
    return key;
  }
}

function variants(word: string): string[] {
  return [
    quoted(word),
    quoted(word.toUpperCase()),
    quoted(`${word} `),
    quoted(` ${word}`),
    quoted(`${word}\n`),
    quoted(`${word}\0`),
    quoted(`${word}\0x`),
    quoted(word.replace('/', '//')),
    quoted(word.replace('/', '\u2215')),
    quoted(word.replace('c', '\uff43')),
    quoted(word.replace('o', '\u043e')),
    quoted(`\u202e${word}`),
    quoted(`${word}\u00ad`),
    quoted(`/${word}/`),
    `'${word}'`,
    quoted(word.replace('l', 'L')),
    `"${word.replace('/', '\\/')}"`,
  ];
}

/** One change to the printed text, or none. */
export function bendText(text: string, random: Random, id: number): string {
  switch (random.int(24)) {
    case 0:
      return text + print(validFrame(random, id + 50));
    case 1:
      return `${text}\n${print(validFrame(random, id + 50))}\n`;
    case 2:
      return random.pick([
        `\ufeff${text}`,
        `${text}\0`,
        `${text}//`,
        `${text},`,
        `,${text}`,
        `${text}\r\n`,
        ` ${text} `,
        `)]}',\n${text}`,
      ]);
    case 3:
      return text.replace(/([}\]])/, random.pick([',$1', ',,$1', '/**/$1']));
    case 4: {
      const at = random.int(text.length);
      return (
        text.slice(0, at) +
        random.pick(['\n', '\r', '\r\n', '\u2028', '\0', '\ufeff', '"', '\\', '{', '}', ',', ' ']) +
        text.slice(at)
      );
    }
    default:
      return text;
  }
}

const BROKEN = [
  [0xc0, 0xaf],
  [0xe0, 0x80, 0xa2],
  [0xed, 0xa0, 0x80],
  [0xff],
  [0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xc0, 0xa2],
  [0xef, 0xbb, 0xbf],
];

/** Changes at the level of bytes. */
function bent(bytes: Buffer, random: Random): Buffer {
  let result = Buffer.from(bytes);
  for (let times = 1 + random.int(3); times > 0 && result.length > 0; times--) {
    const at = random.int(result.length);
    const to = Math.min(result.length, at + random.int(12));
    switch (random.int(6)) {
      case 0:
        result[at] = random.int(256);
        break;
      case 1:
        result[at] = (result[at] as number) ^ (1 << random.int(8));
        break;
      case 2:
        result = result.subarray(0, at);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), result.subarray(to)]);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, to), result.subarray(at)]);
        break;
      default:
        result = Buffer.concat([
          result.subarray(0, at),
          Buffer.from(random.pick(BROKEN)),
          result.subarray(at),
        ]);
    }
  }
  return result;
}
