import type { Contract } from '../../../shared/contract.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { Handlers } from '../../../shared/rpc/server.ts';
import type { ActivityDetail } from '../../../shared/schemas/audit.ts';
import type { ApprovalHealth, MissedCall } from '../../../shared/schemas/health.ts';
import type { RuleDraft, RuleEffect, RuleField } from '../../../shared/schemas/rule.ts';
import type { SimulatedCall } from '../../../shared/schemas/simulation.ts';
import type { UiCore } from './ui-core.ts';
import { risk } from './ui-data.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

export function missedCall(id: string, at: number, more: Partial<MissedCall> = {}): MissedCall {
  return {
    id,
    seq: 399,
    at,
    clientId: 'cursor',
    clientName: 'Cursor',
    server: 'filesystem',
    tool: 'run_command',
    risk: risk('Execute', { flags: ['code', 'egress'] }),
    why: 'The policy asks before run_command runs.',
    rule: '/tools/run_command',
    argumentsText: JSON.stringify({ command: 'git push origin main', cwd: '/home/ada/work/atlas' }, null, 2),
    count: 1,
    how: 'expired',
    ...more,
  };
}

export function missedCalls(now: number): MissedCall[] {
  return [
    missedCall('m-1', now - 12 * MINUTE),
    missedCall('m-2', now - 95 * MINUTE, {
      seq: 395,
      clientId: 'claude-code',
      clientName: 'Claude Code',
      server: 'github',
      tool: 'merge_pull_request',
      risk: risk('Destructive'),
      why: 'merge_pull_request needs approval: it cannot be undone.',
      rule: '/tools/merge_*',
      argumentsText: JSON.stringify({ owner: 'ada', repo: 'atlas', number: 412, method: 'squash' }, null, 2),
      count: 3,
      how: 'gave-up',
    }),
    missedCall('m-3', now - 2 * DAY, {
      seq: null,
      tool: 'delete_file',
      risk: risk('Destructive', { flags: ['path'] }),
      why: 'The policy asks before delete_file runs.',
      rule: '/tools/delete_file',
      argumentsText: JSON.stringify({ path: '/home/ada/notes/\u202eold.md' }, null, 2),
      how: 'stopped',
    }),
  ];
}

export function approvalHealth(now: number): ApprovalHealth {
  const byDay = Array.from({ length: 30 }, (_, at) => ({
    day: new Date(now - (29 - at) * DAY).toISOString().slice(0, 10),
    prompts: [0, 2, 5, 1, 0, 0, 7, 3, 1][at % 9] ?? 0,
  }));
  return {
    days: 30,
    prompts: 63,
    perDay: 2.1,
    allowed: 48,
    denied: 9,
    missed: 6,
    medianMs: 6400,
    hasty: 11,
    byDay,
    byTool: [
      { server: 'github', tool: 'list_issues', prompts: 12, allowed: 12, denied: 0, missed: 0 },
      { server: 'filesystem', tool: 'run_command', prompts: 31, allowed: 22, denied: 5, missed: 4 },
      { server: 'filesystem', tool: 'delete_file', prompts: 9, allowed: 3, denied: 4, missed: 2 },
    ],
    suggestions: [
      {
        server: 'github',
        tool: 'list_issues',
        clientId: 'cursor',
        clientName: 'Cursor',
        answer: 'allow',
        times: 12,
        sentence: 'You allowed all 12 calls of list_issues from Cursor in the last 30 days.',
        seq: 392,
      },
    ],
  };
}

const WORDS: Record<RuleEffect, string> = {
  allow: 'is not asked about',
  ask: 'needs approval',
  deny: 'is denied',
};

/** A draft as the core words it: what is suggested is each argument exactly. */
export function ruleDraft(
  call: ActivityDetail,
  effect: RuleEffect,
  fields: RuleField[] | undefined,
  everyClient: boolean,
): RuleDraft {
  const args = JSON.parse(call.argumentsText ?? '{}') as Record<string, unknown>;
  const used =
    fields ??
    Object.entries(args).map(([key, value]) => ({
      path: `args.${key}`,
      use: 'exactly' as const,
      value: JSON.stringify(value),
    }));
  const said = used
    .filter(({ use }) => use !== 'any')
    .map(({ path, use, value }) => `${path} ${use === 'begins' ? 'begins with' : 'is'} ${value}`);
  const matched = used.every(({ use }) => use === 'exactly')
    ? 1
    : used.some(({ use }) => use === 'begins')
      ? 57
      : 143;
  return {
    server: call.server,
    tool: call.tool ?? '',
    clientId: everyClient ? null : call.clientId,
    effect,
    fields: used,
    canBegin: Object.entries(args)
      .filter(([, value]) => typeof value === 'string')
      .map(([key]) => `args.${key}`),
    sentence: `${everyClient ? '' : `For ${call.clientName}: `}${call.tool} ${WORDS[effect]}${said.length > 0 ? ` if ${said.join(' and ')}` : ''}.`,
    matched,
    unclear: 0,
    of: 500,
    text: `{ "version": "1", "tools": { "${call.tool}": { "${effect}_if": ${JSON.stringify(used)} } } }`,
    diff: `--- in force\n+++ with this rule\n@@ -3,4 +3,5 @@\n   "tools": {\n-    "${call.tool}": { "action": "ask" }\n+    "${call.tool}": { "action": "ask", "${effect}_if": [{ "conditions": [] }] }\n   }\n`,
    refused: null,
  };
}

/** Rules, simulations and what was missed, answered from memory. */
export function ruleHandlers(
  core: UiCore,
): Pick<
  Handlers<Contract>,
  | 'policy.simulate'
  | 'policy.import'
  | 'policy.draftRule'
  | 'approvals.missed'
  | 'approvals.dismiss'
  | 'approvals.health'
> {
  const callOf = (seq: number): ActivityDetail => {
    const call = core.activity.find((each) => each.seq === seq);
    if (!call) throw new RpcError('not_found', `No call has the number ${seq}.`);
    return call;
  };
  return {
    'policy.simulate': ({ server, limit }) => {
      const calls = core.activity.filter((call) => call.server === server).slice(0, limit);
      const rows: SimulatedCall[] = calls
        .filter(({ tool }) => tool === 'delete_file')
        .slice(0, 200)
        .map(({ seq, at, clientId, clientName, tool }, index) => ({
          seq,
          at,
          clientId,
          clientName,
          tool: tool ?? '',
          before: {
            decision: 'allow',
            rule: '/default',
            reason: 'Tools that are not named here are allowed.',
          },
          after:
            index % 3 === 0
              ? { decision: 'ask', rule: '/tools/delete_file', reason: 'delete_file needs approval.' }
              : {
                  decision: 'deny',
                  rule: '/tools/delete_*',
                  reason: 'delete_* is denied: deletions are done by hand.',
                },
          unclear: index === 1,
        }));
      const asked = rows.filter(({ after }) => after.decision === 'ask').length;
      const denied = rows.length - asked;
      return {
        calls: calls.length,
        from: calls.at(-1)?.at ?? null,
        to: calls[0]?.at ?? null,
        before: { allow: calls.length, ask: 0, deny: 0, hide: 0 },
        after: { allow: calls.length - rows.length, ask: asked, deny: denied, hide: 0 },
        changed: rows.length,
        unclear: rows.length > 1 ? 1 : 0,
        sentence: `Of your last ${calls.length} calls this would have denied ${denied}, asked ${asked}.`,
        rows,
      };
    },
    'policy.import': ({ text }) =>
      text.includes('rules:')
        ? {
            text: '{\n  "version": "1",\n  "tools": { "create_charge": { "limits": [] } }\n}\n',
            problems: [],
            changes: [
              {
                path: '/rules/create_charge/0/state',
                message: 'The counter counts per client here, not per connection.',
              },
            ],
            sentences: [
              'create_charge is allowed; at most 500000 of args.amount a day.',
              'For cursor: create_refund is denied.',
            ],
          }
        : {
            text: null,
            problems: [{ path: '', message: 'This is neither YAML with rules nor JSON.', suggestion: null }],
            changes: [],
            sentences: [],
          },
    'policy.draftRule': ({ seq, effect, fields, everyClient }) => ({
      ...ruleDraft(callOf(seq), effect, fields, everyClient),
      refused: core.refuseRules,
    }),
    'approvals.missed': ({ limit }) => core.missed.slice(0, limit),
    'approvals.dismiss': ({ id }) => {
      core.missed = id === undefined ? [] : core.missed.filter((call) => call.id !== id);
      return null;
    },
    'approvals.health': () => core.health,
  };
}
