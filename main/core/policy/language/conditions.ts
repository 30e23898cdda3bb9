import type { Operator } from '../../../../shared/schemas/policy.ts';
import { operatorWords } from '../../../../shared/text/core/policy.ts';
import type { Json, JsonObject } from '../../codec/types.ts';
import { OPERATORS } from './operators/table.ts';
import { bool, type Outcome, unfit } from './outcome.ts';
import { resolvePath, type Slot, type Step } from './path.ts';

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
  if (slot.kind === 'missing') return bool(OPERATORS[condition.op].holdsForMissing);
  if (slot.kind === 'unfit') return unfit(slot.why);
  return condition.test(slot.value);
}

/** `args.amount is more than 500`. Holds the rule's value, never the argument's. */
export function conditionText(condition: Pick<Condition, 'path' | 'op' | 'value'>): string {
  const { path, op, value } = condition;
  const shown =
    OPERATORS[op].namesMembers && Array.isArray(value)
      ? value.map((v) => JSON.stringify(v)).join(', ')
      : JSON.stringify(value ?? null);
  return `${path} ${operatorWords[op](shown)}`;
}
