import type { Json, JsonObject } from '../../../codec/types.ts';
import { bool, type Outcome, typeName, unfit, wrongType } from '../outcome.ts';

/** Whether an argument is a value of a rule: of the same type, member by member, and no number that was rounded. */
export function sameValue(arg: Json, value: Json): Outcome {
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
