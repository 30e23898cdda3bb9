import type { ImportedPolicy } from '../../../../shared/schemas/simulation.ts';
import { explainPolicy } from '../language/explain.ts';
import { parseStrictJson } from '../language/json.ts';
import { parsePolicy } from '../language/parse.ts';
import type { PolicyProblem } from '../types.ts';
import { convert } from './convert.ts';
import { readForeign } from './read.ts';
import { Report } from './report.ts';
import { readYaml } from './yaml-tree.ts';

/**
 * Reads a policy file of the open-source YAML form (docs/policy-import.md) into our own document that means the same, and
 * says what differs. Our own form (JSON) passes unchanged. Never throws; nothing is put in force.
 */
export function importPolicy(source: string): ImportedPolicy {
  const text = source.replace(/^\uFEFF/, '');
  if (isOurs(text)) {
    const parsed = parsePolicy(text);
    return parsed.ok
      ? { text, problems: [], changes: [], sentences: explainPolicy(parsed.policy) }
      : unread(parsed.problems);
  }
  const yaml = readYaml(text);
  if (!yaml.ok) return unread(yaml.problems);
  const foreign = readForeign(yaml.tree);
  if (!foreign.ok) return unread(foreign.problems);
  const report = new Report();
  const document = convert(foreign.policy, report);
  if (report.problems.length > 0) return unread(report.problems);
  const made = `${JSON.stringify(document, null, 2)}\n`;
  const parsed = parsePolicy(made);
  // What only our own compiler can tell, such as a pattern that it does not understand.
  if (!parsed.ok) return unread(parsed.problems);
  return { text: made, problems: [], changes: report.changes, sentences: explainPolicy(parsed.policy) };
}

/** More would not be read by anybody. */
const MAX_PROBLEMS = 100;

function unread(problems: readonly PolicyProblem[]): ImportedPolicy {
  const shown = problems.slice(0, MAX_PROBLEMS);
  if (problems.length > MAX_PROBLEMS)
    shown.push({
      path: '',
      message: `There are ${problems.length - MAX_PROBLEMS} more problems.`,
      suggestion: null,
    });
  return { text: null, problems: shown, changes: [], sentences: [] };
}

/** JSON that does not have the other form's marks: a file of that form may be written in JSON as well. */
function isOurs(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  const json = parseStrictJson(text);
  if (!json.ok) return /^\s*\{\s*"/.test(text);
  return !isForeign(json.value);
}

function isForeign(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('description' in value) return true;
  const tools: unknown = 'tools' in value ? value.tools : undefined;
  if (typeof tools !== 'object' || tools === null) return false;
  return Object.values(tools).some(
    (entry) => typeof entry === 'object' && entry !== null && 'rules' in entry,
  );
}
