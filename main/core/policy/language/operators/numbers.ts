import type { Json } from '../../../codec/types.ts';
import { bool, type Outcome, unfit, wrongType } from '../outcome.ts';
import { NUMBER } from './kinds.ts';
import { type OperatorRow, operator } from './row.ts';

export const lt = comparison('< less_than less below under', (arg, value) => arg < value);
export const lte = comparison(
  '<= le max at_most less_than_or_equal less_or_equal',
  (arg, value) => arg <= value,
);
export const gt = comparison('> greater_than greater more_than above over', (arg, value) => arg > value);
export const gte = comparison(
  '>= ge min at_least greater_than_or_equal greater_or_equal',
  (arg, value) => arg >= value,
);

function comparison(alsoCalled: string, holds: (arg: number, value: number) => boolean): OperatorRow {
  return operator({ alsoCalled, takes: NUMBER, test: (value) => (arg) => compare(arg, value, holds) });
}

function compare(arg: Json, value: number, holds: (arg: number, value: number) => boolean): Outcome {
  if (typeof arg !== 'number') return wrongType(arg, 'a number');
  if (!Number.isFinite(arg)) return unfit('it is a number beyond what can be compared');
  // Beyond 2^53 a double is rounded, so only the strict side is certain.
  if (Number.isInteger(arg) && !Number.isSafeInteger(arg) && arg === value)
    return unfit('it is a number too long to be compared digit by digit');
  return bool(holds(arg, value));
}
