import { type Node, parseTree } from 'jsonc-parser';

export interface ArgumentsSummary {
  /** Top-level arguments; null when the text is not an object. */
  readonly count: number | null;
  /** The raw text of the arguments to look at first, as they stand in the whole. */
  readonly first: readonly string[];
}

/** With at most this many arguments all are looked at anyway. */
const MANY = 12;
/** Names under which arguments do harm: what is run, where, to whom, how much, and by what right. */
const TELLING =
  /(^|[_-])(cmd|command|script|code|sql|query|exec|shell|args|path|file|folder|dir|url|uri|host|to|cc|bcc|recipients?|email|amount|price|currency|account|delete|remove|force|recursive|overwrite|all|role|permissions?|token|secret|password|api_?key|key)s?($|[_-])/i;

/** Counts the arguments, and when there are many finds those that a person must not miss among them. */
export function summarise(text: string): ArgumentsSummary {
  const root = parseTree(text);
  if (root?.type !== 'object') return { count: null, first: [] };
  const properties = root.children ?? [];
  if (properties.length <= MANY) return { count: properties.length, first: [] };
  return {
    count: properties.length,
    first: properties
      .filter((property) => TELLING.test(keyOf(property)))
      .map((property) => rawText(text, property)),
  };
}

function keyOf(property: Node): string {
  const key = String(property.children?.[0]?.value ?? '');
  return key.replace(/([a-z])([A-Z])/g, '$1_$2');
}

function rawText(text: string, node: Node): string {
  return text.slice(node.offset, node.offset + node.length);
}
