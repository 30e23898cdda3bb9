import { bool } from '../outcome.ts';
import { NOTHING } from './kinds.ts';
import { operator } from './row.ts';

export const exists = operator({
  alsoCalled: 'present defined given is_set required not_null',
  takes: NOTHING,
  test: () => () => bool(true),
  judgesObjects: true,
});
export const notExists = operator({
  alsoCalled: 'missing absent undefined not_set not_present',
  takes: NOTHING,
  test: () => () => bool(false),
  judgesObjects: true,
  holdsForMissing: true,
});
