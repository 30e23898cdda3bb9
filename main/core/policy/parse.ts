import { findNodeAtLocation, type Node } from 'jsonc-parser';
import * as z from 'zod';
import { PolicyDocument } from '../../../shared/schemas/policy.ts';
import { type CompiledPolicy, compile, type PolicyWarning } from './compile.ts';
import { parseStrictJson, pointerStep, positionAt } from './json.ts';
import { closest } from './suggest.ts';
import type { PolicyProblem } from './types.ts';

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: CompiledPolicy; readonly warnings: PolicyWarning[] }
  | { readonly ok: false; readonly problems: PolicyProblem[] };

/** Keys people write by habit from other policy languages, and what they are called here. */
const KNOWN_MISTAKES: Readonly<Record<string, string>> = {
  rules: 'tools',
  operator: 'op',
  message: 'reason',
  approve: 'ask_if',
  denyIf: 'deny_if',
  hidden: 'hide',
};

const OPERATOR_HABITS: ReadonlyMap<string, string> = new Map([
  ['equals', 'eq'],
  ['==', 'eq'],
  ['!=', 'neq'],
  ['ne', 'neq'],
  ['<', 'lt'],
  ['<=', 'lte'],
  ['>', 'gt'],
  ['>=', 'gte'],
  ['matches', 'regex'],
  ['prefix', 'starts_with'],
  ['suffix', 'ends_with'],
]);

/** Parses a policy document strictly. Never throws. Every problem has a JSON pointer, line and column. */
export function parsePolicy(text: string): ParsedPolicy {
  const json = parseStrictJson(text);
  if (!json.ok) return json;
  const shape = PolicyDocument.safeParse(json.value);
  if (!shape.success)
    return { ok: false, problems: shape.error.issues.flatMap((issue) => problemsOf(issue, text, json.tree)) };
  const { policy, problems, warnings } = compile(shape.data);
  if (problems.length > 0) {
    const placed = problems.map((problem) => {
      const path = problem.path.split('/').slice(1).map(unescapeStep);
      return { ...problem, message: `${place(text, json.tree, path)}: ${problem.message}` };
    });
    return { ok: false, problems: placed };
  }
  return { ok: true, policy, warnings };
}

/** One line for logs and states: where, what, and what to do. */
export function problemText(problem: PolicyProblem): string {
  const path = problem.path === '' ? '' : ` (at ${problem.path})`;
  const hint =
    problem.suggestion === null
      ? ''
      : /[.?]$/.test(problem.suggestion)
        ? ` ${problem.suggestion}`
        : ` Did you mean "${problem.suggestion}"?`;
  return `${problem.message}${path}${hint}`;
}

const unescapeStep = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** `Line 3, column 5`, of the nearest thing that is there. */
function place(text: string, tree: Node, path: readonly (string | number)[]): string {
  for (let length = path.length; length >= 0; length--) {
    // A step from a JSON pointer may be an index or a key of digits; both are tried.
    const literal = path.slice(0, length);
    const numeric = literal.map((step) => (/^\d+$/.test(String(step)) ? Number(step) : step));
    const node = findNodeAtLocation(tree, literal) ?? findNodeAtLocation(tree, numeric);
    if (node === undefined) continue;
    const { line, column } = positionAt(text, node.offset);
    return `Line ${line}, column ${column}`;
  }
  return 'Line 1, column 1';
}

function problemsOf(issue: z.core.$ZodIssue, text: string, tree: Node): PolicyProblem[] {
  const steps = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const path = steps.map(pointerStep).join('');
  const at = place(text, tree, steps);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(steps);
      return issue.keys.map((key) => {
        const mistake = Object.hasOwn(KNOWN_MISTAKES, key) ? KNOWN_MISTAKES[key] : undefined;
        const suggestion = mistake !== undefined && known.includes(mistake) ? mistake : closest(key, known);
        return {
          path: path + pointerStep(key),
          message: `${keyPlace(text, tree, steps, key)}: "${key}" is not known here. Known: ${known.join(', ')}.`,
          suggestion,
        };
      });
    }
    case 'invalid_type': {
      const missing = tryValue(tree, steps) === undefined;
      const wanted = article(issue.expected);
      return [
        {
          path,
          message: missing
            ? `${at}: "${String(steps.at(-1) ?? 'document')}" is missing; ${wanted} is expected.`
            : `${at}: ${wanted} is expected.`,
          suggestion: null,
        },
      ];
    }
    case 'invalid_value': {
      const value = tryValue(tree, steps);
      const options = issue.values.map(String);
      if (value === undefined)
        return [
          {
            path,
            message: `${at}: "${String(steps.at(-1))}" is missing; write "${String(steps.at(-1))}": ${options.map((o) => `"${o}"`).join(' or ')}.`,
            suggestion: null,
          },
        ];
      const one = options.length === 1 ? `"${options[0]}"` : `one of ${options.join(', ')}`;
      return [
        {
          path,
          message: `${at}: must be ${one}.`,
          suggestion:
            options.length === 1
              ? (options[0] ?? null)
              : (OPERATOR_HABITS.get(String(value)) ?? closest(String(value), options)),
        },
      ];
    }
    default:
      return [{ path, message: `${at}: ${issue.message.replace(/\.?$/, '.')}`, suggestion: null }];
  }
}

function tryValue(tree: Node, steps: (string | number)[]): unknown {
  const node = findNodeAtLocation(tree, steps);
  return node === undefined ? undefined : (node.value ?? node.type);
}

function keyPlace(text: string, tree: Node, steps: (string | number)[], key: string): string {
  const offset = findNodeAtLocation(tree, [...steps, key])?.parent?.offset;
  if (offset === undefined) return place(text, tree, steps);
  const { line, column } = positionAt(text, offset);
  return `Line ${line}, column ${column}`;
}

function article(expected: string): string {
  switch (expected) {
    case 'object':
    case 'record':
      return 'an object { … }';
    case 'array':
      return 'a list [ … ]';
    case 'string':
      return 'a text in quotes';
    case 'int':
      return 'a whole number';
    default:
      return `a ${expected}`;
  }
}

/** The keys that the schema knows at a place. */
function keysAt(steps: readonly (string | number)[]): string[] {
  let schema: unknown = PolicyDocument;
  for (const step of steps) {
    schema = unwrap(schema);
    if (schema instanceof z.ZodObject) schema = schema.shape[step];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else if (schema instanceof z.ZodArray) schema = schema.element;
  }
  schema = unwrap(schema);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}
