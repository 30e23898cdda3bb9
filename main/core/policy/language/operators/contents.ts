import type { Json } from '../../../codec/types.ts';
import { bool, NO, type Outcome, wrongType, YES } from '../outcome.ts';
import { KEYS, SCALAR } from './kinds.ts';
import { operator, type Test } from './row.ts';
import { sameValue } from './same-value.ts';

export const contains = operator({
  alsoCalled: 'includes has substring',
  takes: SCALAR,
  test: (value) => (arg) => holds(arg, value),
});
export const keysIn = operator({
  alsoCalled: 'only_keys keys allowed_keys no_other_keys',
  takes: KEYS,
  test: (keys) => onlyKeys(new Set(keys)),
  judgesObjects: true,
});

/** Exactly as written: a key that differs in case is another key. */
function onlyKeys(known: ReadonlySet<string>): Test {
  return (arg) =>
    typeof arg !== 'object' || arg === null || Array.isArray(arg)
      ? wrongType(arg, 'an object')
      : bool(Object.keys(arg).every((key) => known.has(key)));
}

function holds(arg: Json, value: string | number | boolean): Outcome {
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
