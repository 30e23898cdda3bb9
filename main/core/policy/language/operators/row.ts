import type { Operator } from '../../../../../shared/schemas/policy.ts';
import type { Json } from '../../../codec/types.ts';
import type { Compiled, Outcome } from '../outcome.ts';

/** Asks the operator about one argument. */
export type Test = (argument: Json) => Outcome;
export type Fault = Extract<Compiled, { readonly problem: string }>;

/** A kind of value that operators take: what belongs to it, and what a rule with another one is told. */
export interface ValueKind<V extends Json | undefined> {
  accepts(value: Json | undefined): value is V;
  fault(op: Operator, value: Json | undefined): Fault;
  /** Sentences name the members of such a value, not the list. */
  readonly namesMembers?: true;
}

/** Everything the language knows of one operator but its words, which are in shared/text/core/policy.ts. */
export interface OperatorRow {
  /** What it is called in other languages and by habit, separated by spaces: suggested to people who write that. */
  readonly alsoCalled: string;
  /** It can be asked about `args` itself, which is an object. */
  readonly judgesObjects: boolean;
  /** It holds for an argument that is not there; for every other operator that is a no. */
  readonly holdsForMissing: boolean;
  /** See {@link ValueKind.namesMembers}. */
  readonly namesMembers: boolean;
  /** Makes the test of this operator with a rule's value, or says what is wrong with the value. */
  compile(op: Operator, value: Json | undefined): Compiled;
  /** Warnings about values that are understood, and hardly mean what was meant. */
  pitfalls(value: string): string[];
  /** A warning about a value that leaves open what else a text holds, for rules that must describe all of it. */
  open(value: string): string | undefined;
}

/** One row of the table: `test` gets only values that `takes` accepts, and may refuse one all the same. */
export function operator<V extends Json | undefined>(row: {
  readonly alsoCalled: string;
  readonly takes: ValueKind<V>;
  readonly test: (value: V) => Test | Fault;
  readonly judgesObjects?: true;
  readonly holdsForMissing?: true;
  readonly pitfalls?: (value: string) => string[];
  readonly open?: (value: string) => string | undefined;
}): OperatorRow {
  const { takes } = row;
  return {
    alsoCalled: row.alsoCalled,
    judgesObjects: row.judgesObjects ?? false,
    holdsForMissing: row.holdsForMissing ?? false,
    namesMembers: takes.namesMembers ?? false,
    compile(op, value) {
      if (!takes.accepts(value)) return takes.fault(op, value);
      const made = row.test(value);
      return typeof made === 'function' ? { test: made } : made;
    },
    pitfalls: row.pitfalls ?? (() => []),
    open: row.open ?? (() => undefined),
  };
}
