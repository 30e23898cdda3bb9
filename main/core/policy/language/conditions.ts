import type { Operator } from '../../../../shared/schemas/policy.ts';
import type { Json, JsonObject } from '../../codec/types.ts';
import { bool, type Compiled, NO, type Outcome, typeName, unfit, wrongType, YES } from './outcome.ts';
import { resolvePath, type Slot, type Step } from './path.ts';
import { compileText } from './text-operators.ts';

export type { Outcome, Truth } from './outcome.ts';

export interface Condition {
  readonly pointer: string;
  readonly path: string;
  readonly steps: readonly Step[];
  readonly op: Operator;
  readonly value: Json | undefined;
  readonly message: string | null;
  readonly test: (value: Json) => Outcome;
}

/**
 * Judges one condition. With `[*]`, `any` holds when one element holds (deny_if, ask_if), `every` only when all do
 * (require). A missing argument makes every operator but `not_exists` false.
 */
export function evaluate(condition: Condition, args: JsonObject, quantifier: 'any' | 'every'): Outcome {
  const decisive = quantifier === 'any' ? 'yes' : 'no';
  let doubt: Outcome | undefined;
  for (const slot of resolvePath(condition.steps, args)) {
    const outcome = judgeSlot(condition, slot);
    if (outcome.truth === decisive) return outcome;
    if (outcome.truth === 'unfit') doubt ??= outcome;
  }
  return doubt ?? bool(quantifier === 'every');
}

function judgeSlot(condition: Condition, slot: Slot): Outcome {
  if (slot.kind === 'missing') return bool(condition.op === 'not_exists');
  if (slot.kind === 'unfit') return unfit(slot.why);
  return condition.test(slot.value);
}

/** Makes the test of an operator and its value, or says what is wrong with the value. */
export function compileOperator(op: Operator, value: Json | undefined): Compiled {
  switch (op) {
    case 'exists':
    case 'not_exists':
      if (value !== undefined)
        return {
          problem: `"${op}" takes no value`,
          suggestion:
            value === false
              ? `Write "${op === 'exists' ? 'not_exists' : 'exists'}" without a value.`
              : 'Remove "value".',
        };
      return { test: () => bool(op === 'exists') };
    case 'eq':
    case 'neq':
      if (value === undefined) return { problem: `"${op}" needs a value` };
      return { test: negated(op === 'neq', (arg) => equal(arg, value)) };
    case 'in':
    case 'not_in':
      if (!Array.isArray(value) || value.length === 0)
        return {
          problem: `"${op}" needs a list of values, such as ["EUR", "USD"]`,
          suggestion:
            value === undefined || typeof value === 'object' ? null : `Write [${JSON.stringify(value)}].`,
        };
      return { test: negated(op === 'not_in', (arg) => memberOf(arg, value)) };
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      if (typeof value !== 'number' || !Number.isFinite(value))
        return { problem: `"${op}" needs a number`, suggestion: numberIn(value) };
      return { test: (arg) => compareNumber(op, arg, value) };
    case 'keys_in':
      if (!Array.isArray(value) || !value.every((key) => typeof key === 'string'))
        return { problem: '"keys_in" needs a list of the keys that may be there, such as ["to", "subject"]' };
      return { test: keysIn(new Set(value as string[])) };
    case 'contains':
      if (value === undefined || typeof value === 'object')
        return { problem: '"contains" needs a text, a number, true or false' };
      return { test: (arg) => contains(arg, value) };
    default:
      if (typeof value !== 'string') return { problem: `"${op}" needs a text` };
      return compileText(op, value);
  }
}

function numberIn(value: Json | undefined): string | null {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? `Write ${value} without quotes.` : null;
}

function negated(negate: boolean, test: (value: Json) => Outcome): (value: Json) => Outcome {
  if (!negate) return test;
  return (value) => {
    const outcome = test(value);
    return outcome.truth === 'unfit' ? outcome : bool(outcome.truth === 'no');
  };
}

/**
 * Values of different types neither equal nor differ: a lenient server may turn one into the other. A rule about null asks
 * whether there is a value at all, which every argument answers.
 */
function equal(arg: Json, value: Json): Outcome {
  return value === null ? bool(arg === null) : sameValue(arg, value);
}

function sameValue(arg: Json, value: Json): Outcome {
  if (typeName(arg) !== typeName(value)) return wrongType(arg, typeName(value));
  if (typeof arg === 'number' && typeof value === 'number') {
    if (!Number.isFinite(arg)) return unfit('it is a number beyond what can be compared');
    if (Number.isInteger(arg) && !Number.isSafeInteger(arg))
      return unfit('it is a number too long to be compared digit by digit');
    return bool(arg === value);
  }
  if (typeof arg !== 'object' || arg === null) return bool(arg === value);
  if (holdsInexact(arg)) return unfit('it holds a number too long to be compared digit by digit');
  return bool(deepEqual(arg, value));
}

function holdsInexact(value: Json): boolean {
  if (typeof value === 'number')
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsInexact);
}

function deepEqual(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) && deepEqual((a as JsonObject)[key] ?? null, (b as JsonObject)[key] ?? null),
    )
  );
}

function memberOf(arg: Json, values: readonly Json[]): Outcome {
  if (values.every((value) => value === null)) return bool(arg === null);
  let fits = false;
  let doubt: Outcome = NO;
  for (const value of values) {
    const outcome = sameValue(arg, value);
    if (outcome.truth === 'yes') return YES;
    if (outcome.truth === 'no') fits = true;
    else doubt = outcome;
  }
  return fits ? NO : doubt;
}

function compareNumber(op: 'lt' | 'lte' | 'gt' | 'gte', arg: Json, value: number): Outcome {
  if (typeof arg !== 'number') return wrongType(arg, 'a number');
  if (!Number.isFinite(arg)) return unfit('it is a number beyond what can be compared');
  // Beyond 2^53 a double is rounded, so only the strict side is certain.
  if (Number.isInteger(arg) && !Number.isSafeInteger(arg) && arg === value)
    return unfit('it is a number too long to be compared digit by digit');
  if (op === 'lt') return bool(arg < value);
  if (op === 'lte') return bool(arg <= value);
  if (op === 'gt') return bool(arg > value);
  return bool(arg >= value);
}

/** Exactly as written: a key that differs in case is another key. */
function keysIn(known: ReadonlySet<string>): (value: Json) => Outcome {
  return (arg) =>
    typeof arg !== 'object' || arg === null || Array.isArray(arg)
      ? wrongType(arg, 'an object')
      : bool(Object.keys(arg).every((key) => known.has(key)));
}

function contains(arg: Json, value: string | number | boolean): Outcome {
  if (typeof arg === 'string') {
    if (typeof value !== 'string') return wrongType(arg, 'a list');
    return bool(arg.includes(value));
  }
  if (!Array.isArray(arg)) return wrongType(arg, typeof value === 'string' ? 'a text or a list' : 'a list');
  let doubt: Outcome = NO;
  for (const element of arg) {
    const outcome = sameValue(element, value);
    if (outcome.truth === 'yes') return YES;
    if (outcome.truth === 'unfit') doubt = outcome;
  }
  return doubt;
}

const PHRASES: Record<Operator, (value: string) => string> = {
  eq: (v) => `is ${v}`,
  neq: (v) => `is not ${v}`,
  in: (v) => `is one of ${v}`,
  not_in: (v) => `is none of ${v}`,
  lt: (v) => `is less than ${v}`,
  lte: (v) => `is at most ${v}`,
  gt: (v) => `is more than ${v}`,
  gte: (v) => `is at least ${v}`,
  regex: (v) => `matches the pattern ${v}`,
  contains: (v) => `contains ${v}`,
  exists: () => 'is given',
  not_exists: () => 'is not given',
  starts_with: (v) => `begins with ${v}`,
  ends_with: (v) => `ends with ${v}`,
  glob: (v) => `looks like ${v}`,
  keys_in: (v) => (v === '' ? 'is empty' : `has no other keys than ${v}`),
};

/** `args.amount is more than 500`. Holds the rule's value, never the argument's. */
export function conditionText(condition: Pick<Condition, 'path' | 'op' | 'value'>): string {
  const { path, op, value } = condition;
  const many = op === 'in' || op === 'not_in' || op === 'keys_in';
  const shown =
    many && Array.isArray(value)
      ? value.map((v) => JSON.stringify(v)).join(', ')
      : JSON.stringify(value ?? null);
  return `${path} ${PHRASES[op](shown)}`;
}
