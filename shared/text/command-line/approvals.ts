import type { Risk } from '../../schemas/common.ts';
import type { MissedCall } from '../../schemas/health.ts';
import { scopeList, scopeUsage } from '../approval-scopes.ts';
import { missedWords } from '../decisions.ts';

/** A call that waits, or waited, as a terminal may show it. */
export interface AskedCall {
  readonly id: string;
  readonly client: string;
  readonly tool: string;
  readonly server: string;
  /** How many identical calls it stands for. */
  readonly count: number;
  readonly time: string;
}

const identical = (n: number): string => (n > 1 ? ` (${n} identical calls)` : '');
const indented = (line: string): string => `  ${line}`;

/** `approvals`, `approve`, `deny`, `missed`, `pause`, `resume`. */
export const approvals = {
  list: {
    help: { usage: 'approvals', summary: 'The calls that wait for you.' },
    none: 'Nothing waits.',
    wants: ({ id, client, tool, server, count, time }: AskedCall): string =>
      `${id}  ${client} wants ${tool} on ${server}${identical(count)}, since ${time}`,
    why: ({ severity, category }: Risk, why: string): string => indented(`${severity} ${category}. ${why}`),
    unreviewed: indented('Nobody has reviewed this definition yet.'),
    changed: indented('Its definition changed since it was reviewed.'),
    calledAgain: indented('The caller was told to call again: approving lets that call run.'),
    asksOften: (client: string, perMinute: number, id: string): string =>
      indented(`${client} asked ${perMinute} times within a minute: drawbridge pause ${id}`),
    scopes: (scopes: readonly string[]): string => indented(`For: ${scopes.join(', ')}`),
    argumentsLine: indented,
  },
  approve: {
    help: {
      usage: `approve ID [--for ${scopeUsage}] [--arguments FILE]`,
      summary:
        'Let a waiting call run, for longer if you like, or with other arguments (a file with a JSON object).',
    },
    scopes: `--for takes ${scopeList}`,
  },
  deny: {
    help: {
      usage: 'deny ID [--message TEXT]',
      summary: 'Refuse a waiting call, with a message for the agent if you like.',
    },
  },
  noneRuns: 'No core is running, so no call waits.',
  missed: {
    help: {
      usage: 'missed [--dismiss ID|all]',
      summary: 'The calls that nobody answered while they waited.',
    },
    none: 'Nothing was missed.',
    wanted: ({ id, client, tool, server, count, time }: AskedCall, how: MissedCall['how']): string =>
      `${id}  ${client} wanted ${tool} on ${server}${identical(count)}, at ${time}: ${missedWords[how].ofCall}`,
    why: ({ severity, category }: Risk, why: string, record: number | null): string =>
      indented(`${severity} ${category}. ${why}${record === null ? '' : ` Record ${record}.`}`),
    argumentsLine: indented,
  },
  pause: {
    help: {
      usage: 'pause CLIENT [--minutes N]',
      summary: 'Deny every call of a client until you resume it, or for some minutes.',
    },
    paused: (client: string, minutes: number | undefined, id: string): string =>
      `Every call of ${client} is denied ${
        minutes === undefined ? `until: drawbridge resume ${id}` : `for ${minutes} minutes`
      }.`,
  },
  resume: {
    help: { usage: 'resume CLIENT', summary: 'Let a paused client go on.' },
    resumed: (client: string): string => `The calls of ${client} are judged by the policy again.`,
  },
};
