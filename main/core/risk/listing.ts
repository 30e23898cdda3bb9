import { isObject } from '../../../shared/base/is-object.ts';
import type { Risk } from '../../../shared/schemas/common.ts';
import { classify, type ToolFacts } from './classify.ts';

/** A classified tool, as `classify FILE` prints it: exactly these members, in this order. */
export type ClassifiedTool = { readonly name: string } & Risk;
/** What is wrong with a list of tools, and what to do about it. */
export interface ListProblem {
  readonly problem: string;
  readonly fix: string;
}

/**
 * Classifies a list of tool definitions, or the result of `tools/list` (MCP, Tools), which holds one under `tools`. Missing or
 * null descriptions, schemas and annotations are fine; an item without a name is not.
 */
export function classifyList(value: unknown): readonly ClassifiedTool[] | ListProblem {
  const list = isObject(value) && Array.isArray(value.tools) ? value.tools : value;
  if (!Array.isArray(list))
    return {
      problem: `a list of tools is expected, but there is ${kindOf(value)}`,
      fix: 'Give [{"name": …}, …] or the result of tools/list.',
    };
  const classified: ClassifiedTool[] = [];
  for (const [index, item] of (list as unknown[]).entries()) {
    if (!isObject(item))
      return {
        problem: `item ${index} is ${kindOf(item)}`,
        fix: 'Each item is a tool definition, at least {"name": "get_x"}.',
      };
    if (typeof item.name !== 'string')
      return {
        problem: `item ${index} has ${item.name === undefined ? 'no name' : `${kindOf(item.name)} as its name`}`,
        fix: 'Each item needs a name that is text, at least {"name": "get_x"}.',
      };
    classified.push({ name: item.name, ...classify({ ...item, name: item.name } satisfies ToolFacts) });
  }
  return classified;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing (null)';
  if (Array.isArray(value)) return 'a list';
  return {
    object: 'an object without tools',
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
  }[typeof value as string] as string;
}
