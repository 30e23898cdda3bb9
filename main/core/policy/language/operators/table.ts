import type { Operator } from '../../../../../shared/schemas/policy.ts';
import { contains, keysIn } from './contents.ts';
import { eq, isIn, neq, notIn } from './equality.ts';
import { gt, gte, lt, lte } from './numbers.ts';
import { exists, notExists } from './presence.ts';
import type { OperatorRow } from './row.ts';
import { endsWith, glob, regex, startsWith } from './texts.ts';

/** Every operator of the language. A new one: its name in the schema, its row here, its words in shared/text/core/policy.ts. */
export const OPERATORS: Readonly<Record<Operator, OperatorRow>> = {
  eq,
  neq,
  in: isIn,
  not_in: notIn,
  lt,
  lte,
  gt,
  gte,
  regex,
  contains,
  exists,
  not_exists: notExists,
  starts_with: startsWith,
  ends_with: endsWith,
  glob,
  keys_in: keysIn,
};
