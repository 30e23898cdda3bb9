import type { Json } from '../../codec/types.ts';

/** `unfit`: the argument is there but the rule cannot judge it (wrong type, another spelling, a disguised path). */
export type Truth = 'yes' | 'no' | 'unfit';
export interface Outcome {
  readonly truth: Truth;
  /** For `unfit`: why, without the argument's value (sentences are kept unredacted). */
  readonly why?: string;
}

export const YES: Outcome = { truth: 'yes' };
export const NO: Outcome = { truth: 'no' };
export const bool = (yes: boolean) => (yes ? YES : NO);
export const unfit = (why: string): Outcome => ({ truth: 'unfit', why });

export function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return 'a text';
    case 'number':
      return 'a number';
    default:
      return 'true or false';
  }
}
export const wrongType = (value: Json, wanted: string) =>
  unfit(`it is ${typeName(value)} where ${wanted} is expected`);

export type Compiled =
  | { readonly test: (value: Json) => Outcome }
  | { readonly problem: string; readonly suggestion?: string | null };
