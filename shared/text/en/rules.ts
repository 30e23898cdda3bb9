import type { RuleEffect, RuleField } from '../../schemas/rule.ts';
import { count, number } from '../plural.ts';

/** Rules made from a call: in the activity, the missed calls, the overview and the prompt. */
export const rules = {
  make: 'Make a rule',
  makeFrom: (tool: string): string => `Make a rule from this call of ${tool}`,
  title: 'A rule from this call',
  lead: 'Say which calls like this one the rule applies to. Nothing is in force before you save.',
  effect: 'What the rule does',
  effects: { allow: 'Allow', ask: 'Ask me', deny: 'Deny' } satisfies Record<RuleEffect, string>,
  client: 'For',
  onlyClient: (name: string): string => `Only ${name}`,
  everyClient: 'Every client',
  arguments: 'Arguments',
  noArguments: 'The call had no arguments.',
  use: { exactly: 'Exactly', begins: 'Begins with', any: 'Anything' } satisfies Record<
    RuleField['use'],
    string
  >,
  compared: (path: string): string => `How ${path} is compared`,
  anything: 'Any value, or none.',
  beginning: (path: string): string => `What ${path} begins with`,
  rule: 'The rule',
  matched: (matched: number, of: number): string =>
    of === 0
      ? 'No call of this server is recorded yet.'
      : `Would have matched ${number(matched)} of the last ${count(of, 'call')} of this server.`,
  unclear: (n: number): string =>
    `${count(n, 'more call')} cannot be told: what the rule looks at was redacted.`,
  changes: 'What changes in the policy',
  showChanges: 'Show what changes in the policy',
  same: 'The policy says this already.',
  save: 'Save rule',
  saving: 'Saving',
  saved: (server: string): string => `The rule is saved. The policy of ${server} is in force with it.`,
  working: 'Working the rule out',
  conflict: 'The policy changed meanwhile, so the rule was worked out again. Look at it and save once more.',
  observed: (server: string): string =>
    `${server} is observed, not enforced: the rule is recorded, and applies once you enforce.`,
};
