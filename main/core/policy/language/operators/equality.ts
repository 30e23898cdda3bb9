import type { Json } from '../../../codec/types.ts';
import { bool, NO, type Outcome, YES } from '../outcome.ts';
import { ANY, VALUES } from './kinds.ts';
import { operator, type Test } from './row.ts';
import { sameValue } from './same-value.ts';

export const eq = operator({
  alsoCalled: 'equals equal == = === is',
  takes: ANY,
  test: (value) => (arg) => equal(arg, value),
  judgesObjects: true,
});
export const neq = operator({
  alsoCalled: '!= !== <> ne not_equals not_equal is_not noteq',
  takes: ANY,
  test: (value) => not((arg) => equal(arg, value)),
  judgesObjects: true,
});
export const isIn = operator({
  alsoCalled: 'one_of any_of oneof anyof',
  takes: VALUES,
  test: (values) => (arg) => memberOf(arg, values),
  judgesObjects: true,
});
export const notIn = operator({
  alsoCalled: 'nin none_of noneof notin !in',
  takes: VALUES,
  test: (values) => not((arg) => memberOf(arg, values)),
  judgesObjects: true,
});

/** The opposite of a test; what does not fit stays unfit. */
function not(test: Test): Test {
  return (value) => {
    const outcome = test(value);
    return outcome.truth === 'unfit' ? outcome : bool(outcome.truth === 'no');
  };
}

/**
 * Values of different types neither equal nor differ: a lenient server may turn one into the other. A rule about null asks
 * whether there is a value at all, which every argument answers.
 */
function equal(arg: Json, value: Json): Outcome {
  return value === null ? bool(arg === null) : sameValue(arg, value);
}

function memberOf(arg: Json, values: readonly Json[]): Outcome {
  if (values.every((value) => value === null)) return bool(arg === null);
  let fits = false;
  let doubt: Outcome = NO;
  for (const value of values) {
    const outcome = sameValue(arg, value);
    if (outcome.truth === 'yes') return YES;
    if (outcome.truth === 'no') fits = true;
    else doubt = outcome;
  }
  return fits ? NO : doubt;
}
