import { labelsOf, missedWords } from '../decisions.ts';
import { count } from '../plural.ts';

export const missed = {
  title: 'Missed',
  lead: 'Questions that nobody answered. The calls did not run. A rule answers the next one like it for you.',
  how: labelsOf(missedWords),
  asked: (n: number): string => (n === 1 ? 'asked once' : `asked ${count(n, 'time')}`),
  wanted: 'wanted to call',
  on: 'of',
  why: 'Why it asked',
  arguments: 'Arguments',
  argumentsOf: (tool: string): string => `Arguments of ${tool}`,
  noArguments: 'No arguments.',
  makeRule: 'Make a rule',
  makeRuleFor: (tool: string): string => `Make a rule for ${tool}`,
  noRecord: 'The record of this call is gone, so no rule can be made from it.',
  showCall: 'Show the call',
  showCallOf: (tool: string): string => `Show the call of ${tool}`,
  dismiss: 'Dismiss',
  dismissOf: (tool: string): string => `Dismiss ${tool}`,
  dismissAll: 'Dismiss all',
  dismissTitle: (n: number): string => `Dismiss ${count(n, 'missed call')}?`,
  dismissText: 'They leave this list. The audit keeps them.',
  dismissed: 'Dismissed.',
  dismissedAll: 'The list is empty.',
  filter: 'Filter missed calls',
  noMatch: (text: string): string => `No missed call matches “${text}”.`,
  most: (n: number): string => `The newest ${n} are shown. Dismiss some to see older ones.`,
  empty: {
    title: 'Nothing was missed',
    detail:
      'When a call waits for you and nobody answers, it is denied for the client and listed here, with what it wanted and a rule one click away.',
    action: 'See when calls ask',
  },
  navCount: (n: number): string => count(n, 'missed call'),
};
