import { readFileSync } from 'node:fs';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { LONGEST_PAUSE_MINUTES, MAX_MISSED_CALLS } from '../../../../shared/limits.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ApprovalView, DecisionResult } from '../../../../shared/schemas/approval.ts';
import { ApprovalScope } from '../../../../shared/schemas/approval.ts';
import type { MissedCall } from '../../../../shared/schemas/health.ts';
import { scopeList, scopeUsage } from '../../../../shared/text/approval-scopes.ts';
import { missedWords } from '../../../../shared/text/decisions.ts';
import { type Command, type CommandContext, numberOption, stringOption, UsageError } from '../command.ts';
import { clock, plain } from '../table.ts';

export const approvalCommands: Record<string, Command> = {
  approvals: {
    usage: 'approvals',
    summary: 'The calls that wait for you.',
    words: [0, 0],
    async run(context) {
      const { approvals } = context.isRunning()
        ? await (await context.core()).call('core.state', {})
        : { approvals: [] };
      context.print(approvals, () =>
        approvals.length === 0 ? 'Nothing waits.' : approvals.map(shown).join('\n\n'),
      );
      return 0;
    },
  },
  approve: {
    usage: `approve ID [--for ${scopeUsage}] [--arguments FILE]`,
    summary:
      'Let a waiting call run, for longer if you like, or with other arguments (a file with a JSON object).',
    words: [1, 1],
    options: { for: { type: 'string' }, arguments: { type: 'string' } },
    async run(context) {
      const scope = ApprovalScope.safeParse(stringOption(context, 'for') ?? 'once');
      if (!scope.success) throw new UsageError(`--for takes ${scopeList}`);
      const file = stringOption(context, 'arguments');
      const editedArguments = file === undefined ? {} : { editedArguments: argumentsIn(file) };
      return decide(context, { decision: 'allow', scope: scope.data, ...editedArguments });
    },
  },
  deny: {
    usage: 'deny ID [--message TEXT]',
    summary: 'Refuse a waiting call, with a message for the agent if you like.',
    words: [1, 1],
    options: { message: { type: 'string' } },
    async run(context) {
      const message = stringOption(context, 'message');
      return decide(context, { decision: 'deny', ...(message === undefined ? {} : { message }) });
    },
  },
  missed: {
    usage: 'missed [--dismiss ID|all]',
    summary: 'The calls that nobody answered while they waited.',
    words: [0, 0],
    options: { dismiss: { type: 'string' } },
    async run(context) {
      const core = await context.core();
      const dismiss = stringOption(context, 'dismiss');
      if (dismiss !== undefined)
        await core.call('approvals.dismiss', dismiss === 'all' ? {} : { id: dismiss });
      const missed = await core.call('approvals.missed', { limit: MAX_MISSED_CALLS });
      context.print(missed, () =>
        missed.length === 0 ? 'Nothing was missed.' : missed.map(missedLine).join('\n\n'),
      );
      return 0;
    },
  },
  pause: {
    usage: 'pause CLIENT [--minutes N]',
    summary: 'Deny every call of a client until you resume it, or for some minutes.',
    words: [1, 1],
    options: { minutes: { type: 'string' } },
    async run(context) {
      const client = context.words[0] as string;
      const minutes = numberOption(context, 'minutes', 1, LONGEST_PAUSE_MINUTES);
      await (await context.core()).call('clients.pause', {
        client,
        ...(minutes === undefined ? {} : { minutes }),
      });
      const until = minutes === undefined ? `until: drawbridge resume ${client}` : `for ${minutes} minutes`;
      context.print(
        { client, minutes: minutes ?? null },
        () => `Every call of ${plain(client)} is denied ${until}.`,
      );
      return 0;
    },
  },
  resume: {
    usage: 'resume CLIENT',
    summary: 'Let a paused client go on.',
    words: [1, 1],
    async run(context) {
      const client = context.words[0] as string;
      await (await context.core()).call('clients.resume', { client });
      context.print({ client }, () => `The calls of ${plain(client)} are judged by the policy again.`);
      return 0;
    },
  },
};

function shown(approval: ApprovalView): string {
  const { id, clientName, tool, server, count, perMinute, offerPause, createdAt, risk, why, state, scopes } =
    approval;
  const many = count > 1 ? ` (${count} identical calls)` : '';
  const lines = [
    `${id}  ${plain(clientName)} wants ${plain(tool)} on ${plain(server)}${many}, since ${clock(createdAt)}`,
    `  ${risk.severity} ${risk.category}. ${plain(why)}`,
  ];
  if (!approval.reviewed) lines.push('  Nobody has reviewed this definition yet.');
  if (approval.change) lines.push('  Its definition changed since it was reviewed.');
  if (state === 'pending') lines.push('  The caller was told to call again: approving lets that call run.');
  if (offerPause)
    lines.push(
      `  ${plain(clientName)} asked ${perMinute} times within a minute: drawbridge pause ${plain(approval.clientId)}`,
    );
  lines.push(`  For: ${scopes.join(', ')}`, ...plainLines(approval.argumentsText).map((line) => `  ${line}`));
  return lines.join('\n');
}

function missedLine(missed: MissedCall): string {
  const { id, clientName, tool, server, count, at, how, seq } = missed;
  const many = count > 1 ? ` (${count} identical calls)` : '';
  return [
    `${id}  ${plain(clientName)} wanted ${plain(tool)} on ${plain(server)}${many}, at ${clock(at)}: ${missedWords[how].ofCall}`,
    `  ${missed.risk.severity} ${missed.risk.category}. ${plain(missed.why)}${seq === null ? '' : ` Record ${seq}.`}`,
    ...plainLines(missed.argumentsText).map((line) => `  ${line}`),
  ].join('\n');
}

function argumentsIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--arguments: ${messageOf(error)}`);
  }
}

async function decide(
  context: CommandContext,
  decision: {
    decision: 'allow' | 'deny';
    scope?: ApprovalScope;
    message?: string;
    editedArguments?: string;
  },
): Promise<number> {
  if (!context.isRunning())
    throw new RpcError(
      'refused',
      'No core is running, so no call waits.',
      'Start Drawbridge, or run: drawbridge serve',
    );
  const result: DecisionResult = await (await context.core()).call('approvals.decide', {
    id: context.words[0] as string,
    ...decision,
  });
  context.print(result, () => result.message);
  return 0;
}

/** Line breaks of pretty-printed JSON stay; everything else invisible is shown. */
function plainLines(text: string): string[] {
  return text.split('\n').map(plain);
}
