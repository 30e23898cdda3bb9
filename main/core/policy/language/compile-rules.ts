import type { PolicyCondition, PolicyLimit, PolicyRule } from '../../../../shared/schemas/policy.ts';
import type { Json } from '../../codec/types.ts';
import type { PolicyProblem } from '../types.ts';
import type { Condition } from './conditions.ts';
import { toUnits, UNIT } from './decimal.ts';
import { type Limit, windowMs } from './limits.ts';
import { suggestPath } from './mistakes.ts';
import { OPERATORS } from './operators/table.ts';
import { parsePath, type Step } from './path.ts';

export type PolicyWarning = { readonly path: string; readonly message: string };
export interface Rule {
  readonly pointer: string;
  readonly conditions: readonly Condition[];
  readonly message: string | null;
}
/** Collects what is wrong while a document of the right shape is turned into rules. */
export class Findings {
  readonly problems: PolicyProblem[] = [];
  readonly warnings: PolicyWarning[] = [];
  problem(path: string, message: string, suggestion: string | null = null): void {
    this.problems.push({ path, message, suggestion });
  }
  warn(path: string, message: string): void {
    this.warnings.push({ path, message });
  }
}

/** Warns of a value that must describe the whole text and leaves some of it open. */
export function warnOpen({ op, value }: PolicyCondition, at: string, found: Findings): void {
  const warning = typeof value === 'string' ? OPERATORS[op].open(value) : undefined;
  if (warning !== undefined) found.warn(`${at}/value`, warning);
}

export function compileRule(rule: PolicyRule, pointer: string, found: Findings): Rule {
  return {
    pointer,
    conditions: rule.conditions.map((c, i) => compileCondition(c, `${pointer}/conditions/${i}`, found)),
    message: rule.on_deny ?? rule.reason ?? null,
  };
}

function steps(path: string, pointer: string, found: Findings, whole = false): readonly Step[] {
  const parsed = parsePath(path);
  if (parsed !== undefined && (whole || parsed.length > 0)) return parsed;
  if (parsed !== undefined) {
    found.problem(
      pointer,
      '"args" means all arguments together, which is an object. Name one of them, such as args.amount.',
    );
    return [];
  }
  found.problem(
    pointer,
    `"${path}" is not a path into the arguments. Paths look like args.amount, args.list[0], args.list[*] or args["a key"].`,
    suggestPath(path, (guess) => parsePath(guess) !== undefined),
  );
  return [];
}

export function compileCondition(source: PolicyCondition, pointer: string, found: Findings): Condition {
  const value = source.value as Json | undefined;
  const operator = OPERATORS[source.op];
  const compiled = operator.compile(source.op, value);
  if ('problem' in compiled)
    found.problem(`${pointer}/value`, `${compiled.problem}.`, compiled.suggestion ?? null);
  if (typeof value === 'string')
    for (const warning of operator.pitfalls(value)) found.warn(`${pointer}/value`, warning);
  return {
    pointer,
    path: source.path,
    steps: steps(source.path, `${pointer}/path`, found, operator.judgesObjects),
    op: source.op,
    value,
    message: source.on_deny ?? source.reason ?? null,
    test: 'test' in compiled ? compiled.test : () => ({ truth: 'unfit', why: 'the rule is broken' }),
  };
}

export function compileLimit(source: PolicyLimit, pointer: string, found: Findings): Limit {
  if (source.increment !== undefined && source.increment_from !== undefined)
    found.problem(
      `${pointer}/increment`,
      '"increment" and "increment_from" exclude each other.',
      'Keep one of them.',
    );
  const from = source.increment_from;
  return {
    pointer,
    counter: source.counter ?? null,
    window: source.window,
    windowMs: windowMs(source.window),
    max: source.max,
    maxUnits: toUnits(source.max, 'down') ?? 0n,
    scope: source.scope ?? 'grant',
    increment:
      from === undefined
        ? source.increment === undefined
          ? UNIT
          : (toUnits(source.increment) ?? UNIT)
        : { path: from, steps: steps(from, `${pointer}/increment_from`, found) },
    onExceed: source.on_exceed === undefined || source.on_exceed === 'deny' ? 'deny' : 'ask',
    message: source.on_deny ?? source.reason ?? null,
  };
}
