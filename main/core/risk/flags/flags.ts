import type { RiskFlag } from '../../../../shared/schemas/common.ts';
import { privilege, secrets } from './flag-access.ts';
import type { FlagFacts, Look } from './flag-facts.ts';
import { bulk, code, path } from './flag-inputs.ts';
import { egress, untrusted } from './flag-traffic.ts';

export interface Flag {
  readonly flag: RiskFlag;
  readonly reason: string;
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
