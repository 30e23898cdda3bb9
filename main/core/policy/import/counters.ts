import type { PolicyLimit } from '../../../../shared/schemas/policy.ts';
import { argumentPath } from './arguments.ts';
import {
  type ForeignCondition,
  type ForeignPolicy,
  type ForeignRule,
  type ForeignState,
  scopeOf,
} from './foreign.ts';
import type { Report } from './report.ts';

/** A counter of the original: where it is kept, and whether anything is ever added to it. */
interface ForeignCounter {
  readonly state: ForeignState;
  /** Whether its own rule bounds it; the original adds nothing to a counter without a bound. */
  readonly moves: boolean;
}
/** What a condition on a counter becomes. */
export type Bound = { readonly limit: PolicyLimit } | 'always' | 'never' | 'refused';

const SLIDING =
  'Windows slide here: in no stretch of time as long as the window do more calls run. In the original they begin again at each full minute, hour or day (UTC), so twice as many can run around that moment.';
const SHARED =
  'Counts are kept for this server, over all its clients. The original shares them with every server that is run with the same state folder.';
const FAILED =
  'A call that the server answered with an error stays counted here. The original gives it back, so that failing calls are not limited.';
const DECIMALS =
  'Amounts are added exactly here, and a call with a negative amount is denied. The original cuts decimals off (0.99 counts as 0), and a negative amount makes room for more.';

/** Where a condition on a counter stands, and what its rule tells the agent. */
export interface CounterPlace {
  readonly rule: ForeignRule;
  readonly tool: string;
  readonly message: string;
  readonly report: Report;
}

/** The counters of a whole policy: conditions may look at those of other tools. */
export class CounterTable {
  readonly #counters = new Map<string, ForeignCounter>();

  constructor(policy: ForeignPolicy) {
    for (const { name, rules } of policy.tools)
      for (const rule of rules)
        if (rule.state !== null)
          this.#counters.set(`${scopeOf(name)}.${rule.state.counter}`, {
            state: rule.state,
            moves: ownBound(rule, scopeOf(name)) !== undefined && !rules.some(({ deny }) => deny),
          });
  }

  /** One condition on a counter, in a rule of the tool (or of "*"). */
  bound(condition: ForeignCondition, place: CounterPlace): Bound {
    const { rule, tool, message, report } = place;
    const name = condition.path.slice('state.'.length);
    const counter = this.#counters.get(name);
    const { op, value, at } = condition;
    if (counter === undefined) {
      report.problem(
        at,
        `${condition.path} is kept by no rule, so it is always 0.`,
        'Add a state block with that counter to a rule of that tool.',
      );
      return 'refused';
    }
    if (op === 'exists') return value === true ? 'always' : 'never';
    if (!counter.moves) {
      report.change(
        at,
        `${condition.path} is never counted in the original, because its rule does not bound it with "lt" or "lte" (or its tool is denied). It is taken as 0 here too.`,
      );
      return holdsAtZero(condition) ? 'always' : 'never';
    }
    const most = largest(condition);
    if (most === undefined) {
      report.problem(
        at,
        `a counter can only be bounded from above here; "${op}" cannot be carried over.`,
        'Use "lt" or "lte".',
      );
      return 'refused';
    }
    if (most < 0) return 'never';
    report.change(at, SLIDING);
    report.change(at, SHARED);
    const limit = { counter: name, window: counter.state.window, scope: 'server' as const, on_deny: message };
    if (ownBound(rule, scopeOf(tool)) === condition) {
      report.change(at, FAILED);
      if (counter.state.incrementFrom !== null) report.change(at, DECIMALS);
      return { limit: { ...limit, max: most, ...added(counter.state) } };
    }
    return { limit: { ...limit, ...lookingOnly(condition, most, counter.state, place) } };
  }
}

/** A condition that only looks at a counter: the call itself is not counted before it is judged. */
function lookingOnly(
  { path, at }: ForeignCondition,
  most: number,
  state: ForeignState,
  { tool, report }: CounterPlace,
): Pick<PolicyLimit, 'max' | 'increment' | 'increment_from'> {
  const scope = path.slice('state.'.length, -state.counter.length - 1);
  // A call counts once on a counter, so where it is counted anyway its own amount is part of the bound.
  const counted = scope === '_global' || scope === tool;
  if (!counted) return { max: most, increment: 0 };
  if (state.incrementFrom === null) return { max: most + state.increment, ...added(state) };
  report.change(
    at,
    `${path} is looked at with the call's own amount here, and before that amount is added in the original.`,
  );
  return { max: most, ...added(state) };
}

/** The condition that bounds a rule's own counter: the first "lt" or "lte" on it. */
function ownBound(rule: ForeignRule, scope: string): ForeignCondition | undefined {
  const { state } = rule;
  if (state === null) return undefined;
  const own = `state.${scope}.${state.counter}`;
  return rule.conditions.find(
    ({ path, op, value }) => path === own && (op === 'lt' || op === 'lte') && typeof value === 'number',
  );
}

/** The largest whole count that fulfils a condition; undefined when it is no bound from above. */
function largest({ op, value }: ForeignCondition): number | undefined {
  if (typeof value !== 'number') return undefined;
  if (op === 'lte') return Math.floor(value);
  // As the original does it: the whole part, less one.
  if (op === 'lt') return Math.trunc(value) - 1;
  return op === 'eq' && value === 0 ? 0 : undefined;
}

function holdsAtZero({ op, value }: ForeignCondition): boolean {
  const number = typeof value === 'number' ? value : Number.NaN;
  switch (op) {
    case 'lt':
      return number > 0;
    case 'lte':
      return number >= 0;
    case 'gt':
      return number < 0;
    case 'gte':
      return number <= 0;
    case 'eq':
      return number === 0 || value === '0';
    case 'neq':
      return !(number === 0 || value === '0');
    case 'in':
      return Array.isArray(value) && (value.includes(0) || value.includes('0'));
    case 'not_in':
      return Array.isArray(value) && !(value.includes(0) || value.includes('0'));
    default:
      // "regex" and "contains" do not hold for numbers.
      return false;
  }
}

function added({
  increment,
  incrementFrom,
}: ForeignState): Pick<PolicyLimit, 'increment' | 'increment_from'> {
  if (incrementFrom !== null) return { increment_from: argumentPath(incrementFrom) };
  return increment === 1 ? {} : { increment };
}
