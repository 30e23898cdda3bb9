import type { Json } from '../../../codec/types.ts';
import type { ValueKind } from './row.ts';

/** No value at all. */
export const NOTHING: ValueKind<undefined> = {
  accepts: (value) => value === undefined,
  fault: (op, value) => ({
    problem: `"${op}" takes no value`,
    suggestion:
      value === false
        ? `Write "${op === 'exists' ? 'not_exists' : 'exists'}" without a value.`
        : 'Remove "value".',
  }),
};

/** Any value that JSON can say. */
export const ANY: ValueKind<Json> = {
  accepts: (value) => value !== undefined,
  fault: (op) => ({ problem: `"${op}" needs a value` }),
};

/** A list of values with at least one in it. */
export const VALUES: ValueKind<Json[]> = {
  accepts: (value): value is Json[] => Array.isArray(value) && value.length > 0,
  fault: (op, value) => ({
    problem: `"${op}" needs a list of values, such as ["EUR", "USD"]`,
    suggestion: value === undefined || typeof value === 'object' ? null : `Write [${JSON.stringify(value)}].`,
  }),
  namesMembers: true,
};

/** A list of names of arguments; it may be empty. */
export const KEYS: ValueKind<string[]> = {
  accepts: (value) => Array.isArray(value) && value.every((key) => typeof key === 'string'),
  fault: (op) => ({
    problem: `"${op}" needs a list of the keys that may be there, such as ["to", "subject"]`,
  }),
  namesMembers: true,
};

export const NUMBER: ValueKind<number> = {
  accepts: (value): value is number => typeof value === 'number' && Number.isFinite(value),
  fault: (op, value) => ({
    problem: `"${op}" needs a number`,
    suggestion:
      typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? `Write ${value} without quotes.` : null,
  }),
};

export const TEXT: ValueKind<string> = {
  accepts: (value) => typeof value === 'string',
  fault: (op) => ({ problem: `"${op}" needs a text` }),
};

/** A text, a number, true or false: what a list can hold and a text can contain. */
export const SCALAR: ValueKind<string | number | boolean> = {
  accepts: (value) => value !== undefined && typeof value !== 'object',
  fault: (op) => ({ problem: `"${op}" needs a text, a number, true or false` }),
};
