import type { PolicyCondition, PolicyRule } from '../../../../shared/schemas/policy.ts';
import type { Json } from '../../codec/types.ts';
import type { ForeignCondition } from './foreign.ts';
import type { Report } from './report.ts';

/** What a condition on an argument becomes: something to require or to deny, or nothing that any call can fulfil. */
export type Requirement =
  | { readonly require: PolicyCondition }
  | { readonly denyIf: PolicyRule }
  | 'never'
  | 'refused';

/** `args.a.b` of the original: every dot goes one level down, whatever else a name holds. */
export function argumentPath(path: string): string {
  return `args${path
    .split('.')
    .map((step) => (/^[^.[\]"]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`))
    .join('')}`;
}

const OTHER_TYPE =
  'Here an argument of another type than the rule\'s value is denied. The original compares the two as texts, so that e.g. a list differs from every text and passes a "neq".';
const LINES =
  'Here a pattern that is open at its end does not fit a text that goes on after a line break, and one about paths, addresses or commands does not fit a disguised one (".." segments, user names in an address). The original takes both.';
const LISTS =
  'Lists and objects are compared value by value here. The original compares how they print, so that ["a b"] equals ["a", "b"].';
const ELEMENTS =
  'In a list, "contains" finds elements of the same type only here. The original takes the number 5 and the text "5" for one another.';

/** One condition on an argument, with the meaning that the original's evaluator gives it. */
export function requirement(condition: ForeignCondition, message: string, report: Report): Requirement {
  const { op, value, at } = condition;
  const path = argumentPath(condition.path.slice('args.'.length));
  const required = (operator: PolicyCondition['op'], operand?: Json): Requirement => ({
    require: { path, op: operator, ...(operand === undefined ? {} : { value: operand }), on_deny: message },
  });
  switch (op) {
    case 'eq':
    case 'neq': {
      if (value === null) return required(op, null);
      if (typeof value === 'object' && value !== null) report.change(at, LISTS);
      if (op === 'neq') report.change(at, OTHER_TYPE);
      const same = alike(value);
      if (same.length === 1) return required(op, value);
      return required(op === 'eq' ? 'in' : 'not_in', same);
    }
    case 'in':
    case 'not_in': {
      const values = value as Json[];
      if (values.length === 0) return op === 'in' ? 'never' : required('exists');
      if (values.every((one) => one === null)) return required(op === 'in' ? 'eq' : 'neq', null);
      if (op === 'not_in') report.change(at, OTHER_TYPE);
      if (values.some((one) => typeof one === 'object' && one !== null)) report.change(at, LISTS);
      const all: Json[] = [];
      for (const one of values.flatMap(alike)) if (!all.includes(one)) all.push(one);
      return required(op, all);
    }
    case 'exists':
      // What is null counts as missing there.
      return value === true
        ? required('neq', null)
        : { denyIf: { conditions: [{ path, op: 'neq', value: null }], on_deny: message } };
    case 'regex':
      report.change(at, LINES);
      return required('regex', value);
    case 'contains':
      if (typeof value === 'object') {
        report.problem(at, '"contains" takes a text, a number, true or false here.');
        return 'refused';
      }
      report.change(at, ELEMENTS);
      return required('contains', value);
    default:
      return required(op, value);
  }
}

/**
 * The values that the original takes for this one. It compares numbers as numbers and everything else as it prints: the
 * number 5 equals the text "5", and true the text "true".
 */
function alike(value: Json): Json[] {
  if (typeof value === 'boolean') return [value, String(value)];
  if (typeof value === 'number') return prints(value) ? [value, String(value)] : [value];
  if (typeof value !== 'string') return [value];
  if (value === 'true' || value === 'false') return [value, value === 'true'];
  const number = Number(value);
  // An argument of a million prints as 1e+06 there, so it does not equal the text "1000000".
  const same = value !== '' && String(number) === value && prints(number) && Math.abs(number) < 1e6;
  return same ? [value, number] : [value];
}

/** Whether a number prints as its plain digits there. */
function prints(value: number): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value) && !Object.is(value, -0);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e6;
}
