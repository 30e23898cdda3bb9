import { reasons, said } from '../../../../shared/text/core/policy.ts';
import type { Checks, Entry, Rule } from '../language/compile.ts';
import { type Condition, conditionText, evaluate as evaluateCondition } from '../language/conditions.ts';
import { type Limit, limitText } from '../language/limits.ts';
import { resolvePath } from '../language/path.ts';
import type { CallFacts } from '../types.ts';
import type { Applicable } from './applicable.ts';
import { type CounterUse, toCounterUse } from './counter-use.ts';
import type { Counters } from './counters.ts';

/** What a document says about one call, before modes. `uses` is what forwarding it takes from counters. */
export interface Judgement {
  readonly decision: 'allow' | 'ask' | 'deny' | 'hide';
  readonly rule: string;
  readonly reason: string;
  readonly freeAt?: number;
  /** Of a question: the paths its rule looked at. */
  readonly fields?: readonly string[];
  /** Denied by a rule that looked at the arguments: others may be allowed. */
  readonly byArguments?: boolean;
  readonly uses: readonly CounterUse[];
}

/**
 * Judges a call in the order of docs/policy.md: hidden, blocked definition, action or default, deny_if, require, limits, ask. The first no
 * wins; a question is put only when nothing denies.
 */
export function evaluate(which: Applicable, facts: CallFacts, counters: Pick<Counters, 'check'>): Judgement {
  const { tool } = facts;
  const { hidden, entry } = which;
  if (hidden !== null) return no('hide', hidden.pointer, reasons.hiddenBy(tool, hidden.pattern));
  if (entry?.action === 'hide')
    return no('hide', `${entry.pointer}/action`, said(reasons.hidden(tool), entry.message));
  const block = facts.definition?.block;
  if (block !== undefined) return no('deny', block.rule, block.reason);
  if (entry?.action === 'deny')
    return no('deny', `${entry.pointer}/action`, said(reasons.denied(tool), entry.message));
  if (entry === null && which.fallback.action === 'deny')
    return no('deny', which.fallback.pointer, reasons.deniedUnnamed(tool));

  for (const { denyIf } of which.checks) {
    for (const rule of denyIf) {
      const hit = ruleHolds(rule, facts);
      if (hit === undefined) continue;
      return {
        ...no('deny', rule.pointer, said(reasons.deniedBy(tool, hit), rule.message)),
        byArguments: rule.conditions.length > 0,
      };
    }
  }
  for (const { require } of which.checks) {
    for (const condition of require) {
      const outcome = evaluateCondition(condition, facts.args, 'every');
      if (outcome.truth === 'yes') continue;
      const why = whyNot(condition, facts, outcome.why);
      const text = reasons.notRequired(tool, conditionText(condition), why);
      return { ...no('deny', condition.pointer, said(text, condition.message)), byArguments: true };
    }
  }
  const counted = judgeLimits(which, facts, counters);
  if (!('uses' in counted)) return counted.denied;
  if (counted.ask !== undefined) return { decision: 'ask', ...counted.ask, uses: counted.uses };
  const asked = ownQuestion(which, facts);
  const lifted = asked === undefined ? undefined : exception(entry, facts);
  const ask = (lifted === undefined ? asked : undefined) ?? commonQuestion(which, facts);
  if (ask !== undefined) return { decision: 'ask', ...ask, uses: counted.uses };
  if (lifted !== undefined) return { decision: 'allow', ...lifted, uses: counted.uses };
  const rule = entry?.pointer ?? which.fallback.pointer;
  const reason = entry === null ? reasons.allowedUnnamed(tool) : reasons.allowed(tool, entry.key);
  return { decision: 'allow', rule, reason, uses: counted.uses };
}

/** What more there is to say of a condition that a call does not meet, after the condition itself. */
function whyNot(condition: Condition, { args }: CallFacts, doubt: string | undefined): string {
  if (doubt !== undefined) return reasons.doubtInBrackets(condition.path, doubt);
  const lacks = resolvePath(condition.steps, args).some(({ kind }) => kind === 'missing');
  return lacks ? reasons.missingInBrackets(condition.path) : '';
}

const no = (decision: 'deny' | 'hide', rule: string, reason: string): Judgement => ({
  decision,
  rule,
  reason,
  uses: [],
});

/** How a rule's conditions hold, as the end of a sentence; undefined when they do not. Doubt counts as holding. */
function ruleHolds(rule: Rule, facts: CallFacts): string | undefined {
  let doubt: string | undefined;
  for (const condition of rule.conditions) {
    const outcome = evaluateCondition(condition, facts.args, 'any');
    if (outcome.truth === 'no') return undefined;
    if (outcome.truth === 'unfit') doubt ??= reasons.becauseOfDoubt(condition.path, outcome.why);
  }
  if (doubt !== undefined) return doubt;
  return rule.conditions.length === 0 ? '' : reasons.because(rule.conditions.map(conditionText));
}

const pathsOf = (conditions: readonly Condition[]): string[] => [
  ...new Set(conditions.map(({ path }) => path)),
];

type Question = Pick<Judgement, 'rule' | 'reason' | 'freeAt' | 'fields'>;

/** The rule of `allow_if` that lifts the entry's questions. With `[*]` every element must fit, and doubt does not hold. */
function exception(entry: Entry | null, facts: CallFacts): Question | undefined {
  const rule = entry?.allowIf.find(({ conditions }) =>
    conditions.every((condition) => evaluateCondition(condition, facts.args, 'every').truth === 'yes'),
  );
  if (rule === undefined) return undefined;
  const { conditions, message, pointer } = rule;
  return { rule: pointer, reason: said(reasons.lifted(facts.tool, conditions.map(conditionText)), message) };
}

/** What the entry, or the default where there is none, asks. */
function ownQuestion(which: Applicable, facts: CallFacts): Question | undefined {
  const { tool } = facts;
  const { entry } = which;
  if (entry?.action === 'ask')
    return { rule: `${entry.pointer}/action`, reason: said(reasons.asked(tool, ''), entry.message) };
  if (entry === null && which.fallback.action === 'ask')
    return {
      rule: which.fallback.pointer,
      reason: reasons.askedUnnamed(tool),
    };
  return entry === null ? undefined : askedBy(entry, facts);
}

/** What `all_tools` asks, of the document and of the overlay. */
function commonQuestion(which: Applicable, facts: CallFacts): Question | undefined {
  for (const checks of which.checks) {
    const asked = checks === which.entry ? undefined : askedBy(checks, facts);
    if (asked !== undefined) return asked;
  }
  return undefined;
}

function askedBy({ askIf }: Checks, facts: CallFacts): Question | undefined {
  for (const rule of askIf) {
    const hit = ruleHolds(rule, facts);
    if (hit === undefined) continue;
    return {
      rule: rule.pointer,
      reason: said(reasons.asked(facts.tool, hit), rule.message),
      fields: pathsOf(rule.conditions),
    };
  }
  return undefined;
}

function judgeLimits(
  which: Applicable,
  facts: CallFacts,
  counters: Pick<Counters, 'check'>,
): { uses: CounterUse[]; ask?: Question } | { denied: Judgement } {
  const limits: Limit[] = [];
  const uses: CounterUse[] = [];
  for (const checks of which.checks) {
    for (const limit of checks.limits) {
      const result = toCounterUse(limit, facts);
      if (!result.ok) {
        const text = reasons.uncountable(facts.tool, result.why);
        return { denied: no('deny', limit.pointer, said(text, limit.message)) };
      }
      limits.push(limit);
      uses.push(result.use);
    }
  }
  if (uses.length === 0) return { uses };
  const exceeded = (fit: { index: number; freeAt: number | undefined }): Question => {
    const limit = limits[fit.index] as Limit;
    const text = reasons.exceeded(facts.tool, limitText(limit));
    return {
      rule: limit.pointer,
      reason: said(text, limit.message),
      ...(fit.freeAt === undefined ? {} : { freeAt: fit.freeAt }),
    };
  };
  // First only the limits that deny, so that a question is never put for a call that would be denied anyway.
  const forced = uses.map((use, i) => (limits[i]?.onExceed === 'ask' ? { ...use, force: true } : use));
  const hard = counters.check(forced);
  if (!hard.fits) return { denied: { decision: 'deny', ...exceeded(hard), uses: [] } };
  if (forced.every((use, i) => use === uses[i])) return { uses };
  const soft = counters.check(uses);
  if (soft.fits) return { uses };
  const counted = limits[soft.index]?.increment;
  const fields = typeof counted === 'object' ? [counted.path] : [];
  return { uses: forced, ask: { ...exceeded(soft), fields } };
}
