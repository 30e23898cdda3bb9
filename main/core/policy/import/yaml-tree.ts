import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import { pointerStep } from '../language/json.ts';
import type { PolicyProblem } from '../types.ts';

export type Value = null | boolean | number | string;
/** A YAML value with its place. `text` is what a scalar reads where a text is wanted: `5/hour`, `1`, `yes`. */
export type Tree =
  | { readonly kind: 'scalar'; readonly value: Value; readonly text: string; readonly at: Place }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly at: Place }
  | { readonly kind: 'map'; readonly members: ReadonlyMap<string, Member>; readonly at: Place };
export interface Member {
  readonly value: Tree;
  readonly at: Place;
}
export interface Place {
  /** JSON pointer into the file. */
  readonly path: string;
  /** `Line 3, column 5`. */
  readonly line: string;
}

const MAX_CHARACTERS = 1_000_000;
const MAX_DEPTH = 40;
/** Values in all, those of aliases counted each time: a few lines of YAML can stand for billions. */
const MAX_VALUES = 100_000;

class Refused extends Error {
  readonly place: Place;
  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

/**
 * Reads one YAML document strictly: no key twice, no tags but the plain ones, no merge keys. Numbers are read as the
 * program that these files are made for reads them (YAML 1.2, and `0777` and `1_000` as in YAML 1.1).
 */
export function readYaml(
  source: string,
): { readonly ok: true; readonly tree: Tree } | { readonly ok: false; readonly problems: PolicyProblem[] } {
  const fail = (path: string, message: string): { ok: false; problems: PolicyProblem[] } => ({
    ok: false,
    problems: [{ path, message, suggestion: null }],
  });
  if (source.length > MAX_CHARACTERS)
    return fail('', `The file has ${source.length} characters; at most ${MAX_CHARACTERS} are read.`);
  const deep = tooDeepAt(source);
  if (deep !== undefined) return fail('', `Line ${deep}: nested deeper than ${MAX_DEPTH} levels.`);
  const lines = new LineCounter();
  const where = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `Line ${line}, column ${col}`;
  };
  try {
    // Keys that are there twice are found below: the library's own search takes time by the square of their number.
    const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0)
      return {
        ok: false,
        problems: faults.slice(0, 20).map((fault) => ({
          path: '',
          message: `${where(fault.pos[0])}: ${sentence(fault.code, fault.message)}`,
          suggestion: null,
        })),
      };
    if (document.contents === null) return fail('', 'The file is empty.');
    const walker = new Walker(anchorsOf(document, where), where);
    return { ok: true, tree: walker.walk(document.contents as Node, '', 0) };
  } catch (error) {
    if (error instanceof Refused) return fail(error.place.path, `${error.place.line}: ${error.message}`);
    if (error instanceof RangeError) return fail('', 'The file is nested too deeply to be read.');
    throw error;
  }
}

/** Line of the first flow bracket that opens one level too many. Quotes and comments only make it count more. */
function tooDeepAt(source: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth = Math.max(0, depth - 1);
    if (depth > 10 * MAX_DEPTH) return source.slice(0, i).split('\n').length;
  }
  return undefined;
}

function sentence(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'the file holds more than one document; only one can be a policy.';
  if (/call stack/i.test(message)) return 'nested too deeply to be read.';
  return `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.?$/, '.')}`;
}

/** Every anchor and what it names. One that is set again would mean something else further down, so it is refused. */
function anchorsOf(
  document: ReturnType<typeof parseDocument>,
  where: (offset: number) => string,
): Map<string, Node> {
  const anchors = new Map<string, Node>();
  visit(document, {
    Node(_key, node) {
      if (isAlias(node) || node.anchor === undefined) return;
      if (anchors.has(node.anchor))
        throw new Refused(
          { path: '', line: where(node.range?.[0] ?? 0) },
          `the anchor &${node.anchor} is set twice. Use two names.`,
        );
      anchors.set(node.anchor, node);
    },
  });
  return anchors;
}

class Walker {
  readonly #anchors: ReadonlyMap<string, Node>;
  readonly #where: (offset: number) => string;
  #values = 0;

  constructor(anchors: ReadonlyMap<string, Node>, where: (offset: number) => string) {
    this.#anchors = anchors;
    this.#where = where;
  }

  walk(node: Node | null, path: string, depth: number): Tree {
    const at = { path, line: this.#where(node?.range?.[0] ?? 0) };
    this.#values += 1;
    if (this.#values > MAX_VALUES)
      throw new Refused(at, `the file stands for more than ${MAX_VALUES} values, most of them by aliases.`);
    if (depth > MAX_DEPTH) throw new Refused(at, `nested deeper than ${MAX_DEPTH} levels.`);
    if (node === null) return { kind: 'scalar', value: null, text: '', at };
    if (isAlias(node)) {
      const meant = this.#anchors.get(node.source);
      if (meant === undefined) throw new Refused(at, `the alias *${node.source} stands for nothing.`);
      return this.walk(meant, path, depth + 1);
    }
    const { tag } = node as { tag?: string };
    if (tag !== undefined && !PLAIN_TAGS.has(tag)) throw new Refused(at, `the tag ${tag} is not known here.`);
    if (isScalar(node)) return { kind: 'scalar', ...scalar(node, at), at };
    if (isSeq(node))
      return {
        kind: 'list',
        items: node.items.map((item, i) => this.walk(item as Node, path + pointerStep(i), depth + 1)),
        at,
      };
    if (!isMap(node)) throw new Refused(at, 'this kind of value is not known here.');
    const members = new Map<string, Member>();
    for (const { key, value } of node.items) {
      const name = this.#key(key as Node | null, at);
      const inner = path + pointerStep(name);
      const place = { path: inner, line: this.#where((key as Node | null)?.range?.[0] ?? 0) };
      if (name === '<<') throw new Refused(place, 'merge keys are not read; write the keys out.');
      if (members.has(name)) throw new Refused(place, `the key "${name}" is written twice.`);
      members.set(name, { value: this.walk((value ?? null) as Node | null, inner, depth + 1), at: place });
    }
    return { kind: 'map', members, at };
  }

  #key(key: Node | null, at: Place): string {
    const meant = isAlias(key) ? this.#anchors.get(key.source) : key;
    if (!isScalar(meant)) throw new Refused(at, 'a key must be a text.');
    return scalar(meant, at).text;
  }
}

const PLAIN_TAGS = new Set([
  'tag:yaml.org,2002:str',
  'tag:yaml.org,2002:int',
  'tag:yaml.org,2002:float',
  'tag:yaml.org,2002:bool',
  'tag:yaml.org,2002:null',
  'tag:yaml.org,2002:seq',
  'tag:yaml.org,2002:map',
]);

function scalar(node: Scalar, at: Place): { value: Value; text: string } {
  const written = node.source ?? (node.value === null ? '' : String(node.value));
  if (node.type !== 'PLAIN' || node.tag === 'tag:yaml.org,2002:str') {
    const text = typeof node.value === 'string' ? node.value : written;
    return { value: text, text };
  }
  return { value: plainValue(written, at), text: written };
}

function plainValue(text: string, at: Place): Value {
  if (/^(~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN;
  if (/^\d{4}-\d\d?-\d\d?([Tt \t]|$)/.test(text))
    throw new Refused(at, `"${text}" reads as a date, which no argument equals. Put it in quotes.`);
  if (!/^[-+.\d]/.test(text)) return text;
  const digits = text.replaceAll('_', '');
  const sign = digits.startsWith('-') ? -1 : 1;
  const bare = digits.replace(/^[-+]/, '');
  if (/^0[0-7]+$/.test(bare)) return sign * Number.parseInt(bare, 8);
  if (/^0(x[\da-f]+|o[0-7]+|b[01]+)$/i.test(bare)) return sign * Number(bare.toLowerCase());
  if (/^(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i.test(bare)) return sign * Number(bare);
  return text;
}
