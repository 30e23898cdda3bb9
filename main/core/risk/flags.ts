import type { Category, RiskFlag } from '../../../shared/schemas/common.ts';
import { privilege, secrets } from './flag-access.ts';
import { bulk, code, path } from './flag-inputs.ts';
import { egress, untrusted } from './flag-traffic.ts';
import type { Parameter } from './schema.ts';

export interface FlagFacts {
  readonly category: Category;
  /** Words of the name, without the server's. */
  readonly tokens: readonly string[];
  readonly server: string;
  readonly description: string;
  /** The description's first sentence. */
  readonly sentence: string;
  readonly parameters: readonly Parameter[];
  readonly openWorld: boolean;
}
export interface Flag {
  readonly flag: RiskFlag;
  readonly reason: string;
}
/** What the single checks look at. */
export interface Look extends FlagFacts {
  /** Name and first sentence, for whole-word search. */
  readonly text: string;
  readonly changes: boolean;
  /** Whether the name has one of these words. */
  has(words: string): boolean;
  /** The first argument whose name, in snake case, fits. */
  parameter(pattern: RegExp): Parameter | undefined;
}

/** Marks in addition to the category, each with its reason, in the order of `RiskFlag`. */
export function flagsOf(facts: FlagFacts): Flag[] {
  const look: Look = {
    ...facts,
    text: `${facts.tokens.join(' ')} ${facts.sentence}`,
    changes: facts.category !== 'Read',
    has: (words) => {
      const list = words.split(' ');
      return facts.tokens.some((token) => list.includes(token));
    },
    parameter: (pattern) => facts.parameters.find(({ key }) => pattern.test(key)),
  };
  const checks: [RiskFlag, (look: Look) => string | undefined][] = [
    ['secrets', secrets],
    ['privilege', privilege],
    ['egress', egress],
    ['untrusted-input', untrusted],
    ['code', code],
    ['path', path],
    ['bulk', bulk],
  ];
  return checks.flatMap(([flag, check]) => {
    const reason = check(look);
    return reason === undefined ? [] : [{ flag, reason }];
  });
}
