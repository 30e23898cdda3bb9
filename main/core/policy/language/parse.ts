import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import * as z from 'zod';
import { PolicyDocument } from '../../../../shared/schemas/policy.ts';
import type { PolicyProblem } from '../types.ts';
import { type CompiledPolicy, compile, type PolicyWarning } from './compile.ts';
import { parseStrictJson, pointerStep, positionAt } from './json.ts';
import {
  misplacedKey,
  suggestKey,
  suggestRate,
  suggestType,
  suggestValue,
  suggestWindow,
} from './mistakes.ts';

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: CompiledPolicy; readonly warnings: PolicyWarning[] }
  | { readonly ok: false; readonly problems: PolicyProblem[] };

/** Parses a policy document strictly. Never throws. Every problem has a JSON pointer, line and column. */
export function parsePolicy(text: string): ParsedPolicy {
  const json = parseStrictJson(text);
  if (!json.ok) return json;
  const shape = PolicyDocument.safeParse(json.value);
  if (!shape.success)
    return {
      ok: false,
      problems: withoutEcho(
        shape.error.issues.flatMap((issue) => problemsOf(issue, text, json.tree)),
        json.value,
      ),
    };
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
  const key = String(steps.findLast((step) => typeof step === 'string') ?? 'document');
  const node = findNodeAtLocation(tree, steps);
  const value: unknown = node === undefined ? undefined : getNodeValue(node);
  const one = (message: string, suggestion: string | null = null): PolicyProblem[] => [
    { path, message: `${at}: ${message}`, suggestion },
  ];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(steps);
    return issue.keys.map((unknown) => ({
      path: path + pointerStep(unknown),
      message: `${keyPlace(text, tree, steps, unknown)}: "${unknown}" is not known here. Known: ${known.join(', ')}.`,
      suggestion: misplacedKey(unknown, steps) ?? suggestKey(unknown, known),
    }));
  }
  const last = String(steps.at(-1) ?? 'document');
  if (node === undefined) return one(`"${last}" is missing; ${wanted(issue, last)}.`);
  switch (issue.code) {
    case 'invalid_type':
      return one(`${article(issue.expected)} is expected.`, suggestType(issue.expected, key, value));
    case 'invalid_value': {
      const options = issue.values.map(String);
      const suggestion = suggestValue(key, value, options);
      if (options.length === 1) return one(`must be "${options[0]}".`, suggestion);
      const shown =
        typeof value === 'string' ? `"${value.slice(0, 40)}" is not known here. Known:` : 'must be one of';
      return one(`${shown} ${options.join(', ')}.`, suggestion);
    }
    case 'too_small':
      return one(typeof value === 'string' ? 'may not be empty.' : `${issue.message}.`);
    case 'too_big':
      return one(
        typeof value === 'string'
          ? `may hold at most ${issue.maximum} characters; it holds ${value.length}.`
          : `${issue.message}.`,
      );
    default:
      return one(
        issue.message.replace(/\.?$/, '.'),
        key === 'window' ? suggestWindow(value) : key === 'rate_limit' ? suggestRate(value) : null,
      );
  }
}

/** What is expected where something is missing. */
function wanted(issue: z.core.$ZodIssue, key: string): string {
  if (issue.code === 'invalid_type') return `${article(issue.expected)} is expected`;
  if (issue.code !== 'invalid_value') return `it ${issue.message}`;
  const options = issue.values.map((value) => `"${String(value)}"`);
  return options.length === 1 ? `write "${key}": ${options[0]}` : `write one of ${options.join(', ')}`;
}

/**
 * A rule where a condition belongs, or the other way round, is one mistake; its shape breaks in three ways, of which the
 * first says what to do and the others go.
 */
function withoutEcho(problems: readonly PolicyProblem[], value: unknown): PolicyProblem[] {
  const swapped = new Map<string, PolicyProblem>();
  for (const problem of problems) {
    const parent = /^(.*\/(require|deny_if|ask_if|allow_if|conditions)\/\d+)\/[^/]+$/.exec(problem.path);
    const [, at = '', list = ''] = parent ?? [];
    if (parent === null || swapped.has(at)) continue;
    const item = at.split('/').slice(1).map(unescapeStep).reduce<unknown>(stepInto, value);
    if (typeof item !== 'object' || item === null) continue;
    const takesRules = list.endsWith('_if');
    if (!(takesRules ? 'op' in item && !('conditions' in item) : 'conditions' in item && !('op' in item)))
      continue;
    const where = /^Line \d+, column \d+/.exec(problem.message)?.[0] ?? '';
    swapped.set(at, {
      path: at,
      message: takesRules
        ? `${where}: "${list}" is a list of rules, and this is a condition.`
        : `${where}: "${list}" is a list of conditions, and this is a rule.`,
      suggestion: takesRules
        ? 'Write { "conditions": [ … ] } around it.'
        : 'Write its conditions here, without "conditions" around them.',
    });
  }
  return [
    ...swapped.values(),
    ...problems.filter(({ path }) => ![...swapped.keys()].some((at) => path.startsWith(`${at}/`))),
  ];
}

function stepInto(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string, unknown>)[step]
    : undefined;
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
