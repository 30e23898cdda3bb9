import { type Node, parseTree } from 'jsonc-parser';
import { type Language, languageOf } from './language.ts';

/** One value of the arguments, with the place it has in them. */
export type Field =
  /** `raw`: the JSON text as it was sent, for anything that is best read as it is. */
  | { readonly kind: 'raw'; readonly path: string; readonly raw: string }
  /** A text in its own lines, without the quotes and escapes of JSON. */
  | {
      readonly kind: 'text';
      readonly path: string;
      readonly text: string;
      readonly language: Language | null;
    }
  /** An old and a new text of one place: what an edit would do. */
  | { readonly kind: 'edit'; readonly path: string; readonly before: string; readonly after: string };

export interface Argument {
  readonly key: string;
  /** Why it stands first; null for the others. */
  readonly first: 'rule' | 'telling' | null;
  /** The exact JSON text of key and value. */
  readonly raw: string;
  readonly fields: readonly Field[];
}
export interface Arguments {
  /** Top-level arguments; null when the text is not an object. */
  readonly count: number | null;
  /** Those to look at first before the others, each group in the order it was sent. */
  readonly list: readonly Argument[];
}

/** With at most this many arguments all are looked at anyway. */
const MANY = 12;
/** Names under which arguments do harm: what is run, where, to whom, how much, and by what right. */
const TELLING =
  /(^|[_-])(cmd|command|script|code|sql|query|exec|shell|args|path|file|folder|dir|url|uri|host|to|cc|bcc|recipients?|email|amount|price|currency|account|delete|remove|force|recursive|overwrite|all|role|permissions?|token|secret|password|api_?key|key)s?($|[_-])/i;
/** The pairs of names under which tools take an old and a new text. */
const EDITS = [
  ['old_string', 'new_string'],
  ['oldString', 'newString'],
  ['old_str', 'new_str'],
  ['oldText', 'newText'],
  ['old_text', 'new_text'],
] as const;
/** The first name of a path: `args.to`, `args["a key"]`. The core has parsed it before; `args` itself has none. */
const FIRST_STEP = /^args(?:\.([^.[\]"]+)|\["((?:[^"\\]|\\.)*)"\])/;
/** A text in one line up to this long is read as the JSON it was sent as. */
const SHORT = 200;

/**
 * The arguments, value by value, for reading: nothing is left out, and what a person must not miss comes first.
 * @param byRule the paths that the rule looked at (`args.to`): the arguments they begin with stand first of all
 */
export function argumentsOf(text: string, byRule: readonly string[]): Arguments {
  const root = parseTree(text);
  if (root?.type !== 'object') return { count: null, list: [] };
  const properties = root.children ?? [];
  const list = properties.map((property) => {
    const key = keyOf(property);
    const [, value] = property.children ?? [];
    return {
      key,
      first: isNamed(byRule, key) ? ('rule' as const) : isTelling(key) ? ('telling' as const) : null,
      raw: rawText(text, property),
      fields: value ? fieldsOf(text, key, value, key) : [],
    };
  });
  const rank = ({ first }: Argument): number => (first === 'rule' ? 0 : first === 'telling' ? 1 : 2);
  // Two names of one edit stay together, before and after.
  return { count: list.length, list: withEdits(list, properties).sort((a, b) => rank(a) - rank(b)) };
}

/** Whether there are so many that those to look at first are set apart from the others. */
export function isMany({ list }: Arguments): boolean {
  return list.length > MANY && list.some(({ first }) => first) && list.some(({ first }) => !first);
}

/** Names that a server could take for the one in the rule count too: the rule asks because of them. */
function isNamed(paths: readonly string[], key: string): boolean {
  const folded = (name: string): string => name.normalize('NFKC').toLowerCase();
  return paths.some((path) => {
    const first = FIRST_STEP.exec(path);
    if (!first) return false;
    const [, plain, quoted] = first;
    const name = plain ?? (JSON.parse(`"${quoted}"`) as string);
    return folded(name) === folded(key);
  });
}

function isTelling(key: string): boolean {
  return TELLING.test(key.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

function fieldsOf(text: string, path: string, node: Node, key: string): Field[] {
  if (node.type === 'string') {
    const value = String(node.value);
    const language = languageOf(key, value);
    return language || value.includes('\n') || value.length > SHORT
      ? [{ kind: 'text', path, text: value, language }]
      : [{ kind: 'raw', path, raw: rawText(text, node) }];
  }
  if (!holdsText(node)) return [{ kind: 'raw', path, raw: rawText(text, node) }];
  if (node.type === 'array')
    return (node.children ?? []).flatMap((child, at) => fieldsOf(text, `${path}[${at}]`, child, key));
  const children = node.children ?? [];
  const edit = editIn(children);
  return children.flatMap((child): Field[] => {
    const name = keyOf(child);
    const value = child.children?.[1];
    if (!value || name === edit?.newKey) return [];
    if (name === edit?.oldKey) return [{ kind: 'edit', path, before: edit.before, after: edit.after }];
    return fieldsOf(text, `${path}${step(name)}`, value, name);
  });
}

/** Whether a text is somewhere in it that is better read in its own lines. */
function holdsText(node: Node): boolean {
  if (node.type === 'string') return String(node.value).includes('\n') || String(node.value).length > SHORT;
  if (node.type === 'object' && editIn(node.children ?? [])) return true;
  return (node.children ?? []).some(
    (child) => (child.type === 'property' ? child.children?.[1] : child) && holdsText(inProperty(child)),
  );
}

function inProperty(node: Node): Node {
  return node.type === 'property' ? (node.children?.[1] ?? node) : node;
}

function editIn(
  properties: readonly Node[],
): { oldKey: string; newKey: string; before: string; after: string } | undefined {
  const text = (key: string): string | undefined => {
    const value = properties.find((property) => keyOf(property) === key)?.children?.[1];
    return value?.type === 'string' ? String(value.value) : undefined;
  };
  for (const [oldKey, newKey] of EDITS) {
    const before = text(oldKey);
    const after = text(newKey);
    if (before !== undefined && after !== undefined) return { oldKey, newKey, before, after };
  }
  return undefined;
}

/** At the top, an edit takes the place of its two arguments. */
function withEdits(list: readonly Argument[], properties: readonly Node[]): Argument[] {
  const edit = editIn(properties);
  if (!edit) return [...list];
  const { oldKey, newKey, before, after } = edit;
  const of = (key: string): Argument | undefined => list.find((each) => each.key === key);
  return list.flatMap((argument) => {
    if (argument.key === newKey) return [];
    if (argument.key !== oldKey) return [argument];
    return [
      {
        ...argument,
        first: argument.first ?? of(newKey)?.first ?? null,
        raw: `${argument.raw},\n${of(newKey)?.raw ?? ''}`,
        fields: [{ kind: 'edit' as const, path: `${oldKey} → ${newKey}`, before, after }],
      },
    ];
  });
}

function step(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function keyOf(property: Node): string {
  return String(property.children?.[0]?.value ?? '');
}

function rawText(text: string, node: Node): string {
  return text.slice(node.offset, node.offset + node.length);
}
