import type { Operator } from '../../schemas/policy.ts';

/** What a condition says of its argument, by operator. `v`: the rule's value as JSON, or the members of its list. */
export const operatorWords: Record<Operator, (value: string) => string> = {
  eq: (v) => `is ${v}`,
  neq: (v) => `is not ${v}`,
  in: (v) => `is one of ${v}`,
  not_in: (v) => `is none of ${v}`,
  lt: (v) => `is less than ${v}`,
  lte: (v) => `is at most ${v}`,
  gt: (v) => `is more than ${v}`,
  gte: (v) => `is at least ${v}`,
  regex: (v) => `matches the pattern ${v}`,
  contains: (v) => `contains ${v}`,
  exists: () => 'is given',
  not_exists: () => 'is not given',
  starts_with: (v) => `begins with ${v}`,
  ends_with: (v) => `ends with ${v}`,
  glob: (v) => `looks like ${v}`,
  keys_in: (v) => (v === '' ? 'is empty' : `has no other keys than ${v}`),
};
