import type { ApprovalScope, DecisionResult } from '../../schemas/approval.ts';
import type { Category, Severity } from '../../schemas/common.ts';
import { count, number } from '../plural.ts';

export const approvals = {
  title: 'Calls waiting',
  badge: (n: number): string => `${count(n, 'call')} waiting`,
  announce: (client: string, tool: string, server: string): string =>
    `${client} wants to use ${tool} on ${server}. The call waits for you.`,
  wants: 'wants to use',
  on: 'on',
  why: 'Why it asks',
  risk: (category: Category, severity: Severity): string => `${category}, ${severity.toLowerCase()}`,
  rule: (rule: string): string => `Rule ${rule}`,
  arguments: (n: number): string => (n === 0 ? 'No arguments' : count(n, 'argument')),
  argumentsLabel: 'Arguments, whole and as sent',
  first: 'Look at first',
  whole: 'Whole',
  chips: 'Characters that cannot be seen, or that pass for others, are shown as codes.',
  digest: 'Digest',
  identical: (n: number): string => `${number(n)} identical calls. One decision answers all of them.`,
  toRead: 'Scroll to the end of the arguments to allow',
  scrollOn: 'Show more',
  deny: 'Deny',
  denyWith: 'Deny with a message',
  message: 'Message to the agent',
  messagePlaceholder: 'What should be done instead',
  messageSend: 'Deny and send',
  allow: 'Allow once',
  allowHold: 'Hold to allow',
  allowHolding: 'Keep holding',
  holdHint: 'Critical: press and hold for one second.',
  more: 'More ways to allow',
  scope: {
    once: 'Allow once',
    '15m': 'Allow this exact call for 15 minutes',
    session: 'Allow this tool for this client until it quits',
    always: 'Always allow: write a rule',
  } satisfies Record<ApprovalScope, string>,
  later: 'Decide later',
  holding: (left: string): string =>
    `The caller waits ${left} more. Then it is told that the approval is pending, and this prompt stays.`,
  pending: (left: string): string =>
    `The caller was told that the approval is pending. Allow lets the identical call through when it comes again. Given up in ${left}.`,
  ended: 'The caller was told that the approval is pending.',
  next: 'Next',
  previous: 'Previous',
  position: (at: number, of: number): string => `${at} of ${of}`,
  queue: 'All waiting calls',
  outcome: {
    ran: 'Allowed. The call runs.',
    ticket: 'Allowed. The call runs when the agent makes it again.',
    denied: 'Denied.',
  } satisfies Record<DecisionResult['outcome'], string>,
  gone: 'This call no longer waits: it was withdrawn or decided elsewhere.',
  empty: { title: 'No call is waiting', detail: 'When a rule says ask, the call waits here for you.' },
  keys: { allow: 'allow', hold: 'hold to allow', deny: 'deny', later: 'decide later' },
};
