import type { ToolFacts } from '../../../../main/core/risk/classify.ts';
import type { Category, RiskFlag, Severity } from '../../../../shared/schemas/common.ts';
import { CLOUD } from './cloud.ts';
import { LOCAL } from './local.ts';
import { MISLEADING } from './misleading.ts';
import { TRAPS } from './traps.ts';
import { UNSEEN } from './unseen.ts';
import { WORK } from './work.ts';

/**
 * Tools written for these tests, with what they can do judged by a person before the classifier saw them. Columns:
 * server | name | description | arguments | category | severity at least | flags at least | annotations.
 * Arguments are names, `ids[]` a list, `method=get,delete` a choice. Several categories, the best first, where reasonable
 * people differ. Annotations: ro = readOnlyHint true, write = readOnlyHint false, destructive = destructiveHint true.
 */
export interface JudgedTool {
  readonly facts: ToolFacts;
  readonly categories: readonly Category[];
  readonly severity: Severity;
  readonly flags: readonly RiskFlag[];
}

/** Reads a table. */
export function tableOf(text: string): JudgedTool[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(judged);
}

/** Every table. */
export const ALL_TOOLS: readonly JudgedTool[] = [LOCAL, WORK, CLOUD, TRAPS, UNSEEN, MISLEADING].flatMap(
  tableOf,
);

function judged(line: string): JudgedTool {
  const cells = line.split(/ ?(?<!ES)\| ?/).map((cell) => cell.trim());
  // Notion's descriptions begin with "Notion | ".
  if (cells[2] === 'Notion') cells.splice(2, 2, `Notion | ${cells[3]}`);
  const [
    server = '',
    name = '',
    description = '',
    parameters = '',
    categories = '',
    severity = '',
    flags = '',
    hints = '',
  ] = cells;
  const words = (cell: string) => cell.split(' ').filter((word) => word !== '');
  const hinted = words(hints);
  return {
    facts: {
      ...(server === '' ? {} : { server }),
      name,
      description,
      inputSchema: { type: 'object', properties: Object.fromEntries(words(parameters).map(parameter)) },
      ...(hinted.length === 0 ? {} : { annotations: annotations(hinted) }),
    },
    categories: categories.split('/') as Category[],
    severity: severity as Severity,
    flags: words(flags) as RiskFlag[],
  };
}

function parameter(word: string): [string, object] {
  const [name = '', options] = word.split('=');
  if (options !== undefined) return [name, { type: 'string', enum: options.split(',') }];
  return name.endsWith('[]')
    ? [name.slice(0, -2), { type: 'array', items: { type: 'string' } }]
    : [name, { type: 'string' }];
}

function annotations(words: readonly string[]): object {
  return {
    ...(words.includes('ro') ? { readOnlyHint: true } : {}),
    ...(words.includes('write') ? { readOnlyHint: false } : {}),
    ...(words.includes('destructive') ? { destructiveHint: true } : {}),
  };
}
