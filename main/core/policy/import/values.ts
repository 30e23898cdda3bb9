import type { Json } from '../../codec/types.ts';
import type { ForeignCondition } from './foreign.ts';
import type { Tree } from './yaml-tree.ts';

/** A key without a value, or `null`: as if the key were not there. */
export const isNothing = (tree: Tree): boolean => tree.kind === 'scalar' && tree.value === null;

/** The value itself, without places. */
export function plainOf(tree: Tree): Json {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plainOf);
  return Object.fromEntries([...tree.members].map(([key, { value }]) => [key, plainOf(value)]));
}

/** What is wrong with the value of an operator; undefined when it fits. */
export function valueProblem(op: ForeignCondition['op'], value: Json): string | undefined {
  switch (op) {
    case 'in':
    case 'not_in':
      return Array.isArray(value) ? undefined : `"${op}" needs a list.`;
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : `"${op}" needs a number.`;
    case 'exists':
      return typeof value === 'boolean' ? undefined : '"exists" needs true or false.';
    case 'regex':
      return typeof value === 'string' ? undefined : '"regex" needs a text.';
    default:
      return undefined;
  }
}
