import { messageOf } from '../../../../shared/base/message-of.ts';
import { LONGEST_PAUSE_MINUTES, MAX_MISSED_CALLS } from '../../../../shared/limits.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ApprovalView, DecisionResult } from '../../../../shared/schemas/approval.ts';
import { ApprovalScope } from '../../../../shared/schemas/approval.ts';
import type { MissedCall } from '../../../../shared/schemas/health.ts';
import type { AskedCall } from '../../../../shared/text/command-line/approvals.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { type Command, type CommandContext, numberOption, stringOption, UsageError } from '../command.ts';
import { readInput } from '../read-input.ts';
import { clock, plain } from '../table.ts';

const t = commandLine.approvals;

export const approvalCommands: Record<string, Command> = {
  approvals: {
    ...t.list.help,
    words: [0, 0],
    async run(context) {
      const { approvals } = context.isRunning()
        ? await (await context.core()).call('core.state', {})
        : { approvals: [] };
      context.print(approvals, () =>
        approvals.length === 0 ? t.list.none : approvals.map(shown).join('\n\n'),
      );
      return 0;
    },
  },
  approve: {
    ...t.approve.help,
    words: [1, 1],
    options: { for: { type: 'string' }, arguments: { type: 'string' } },
    async run(context) {
      const scope = ApprovalScope.safeParse(stringOption(context, 'for') ?? 'once');
      if (!scope.success) throw new UsageError(t.approve.scopes);
      const file = stringOption(context, 'arguments');
      const editedArguments = file === undefined ? {} : { editedArguments: argumentsIn(file) };
      return decide(context, { decision: 'allow', scope: scope.data, ...editedArguments });
    },
  },
  deny: {
    ...t.deny.help,
    words: [1, 1],
    options: { message: { type: 'string' } },
    async run(context) {
      const message = stringOption(context, 'message');
      return decide(context, { decision: 'deny', ...(message === undefined ? {} : { message }) });
    },
  },
  missed: {
    ...t.missed.help,
    words: [0, 0],
    options: { dismiss: { type: 'string' } },
    async run(context) {
      const core = await context.core();
      const dismiss = stringOption(context, 'dismiss');
      if (dismiss !== undefined)
        await core.call('approvals.dismiss', dismiss === 'all' ? {} : { id: dismiss });
      const missed = await core.call('approvals.missed', { limit: MAX_MISSED_CALLS });
      context.print(missed, () =>
        missed.length === 0 ? t.missed.none : missed.map(missedLine).join('\n\n'),
      );
      return 0;
    },
  },
  pause: {
    ...t.pause.help,
    words: [1, 1],
    options: { minutes: { type: 'string' } },
    async run(context) {
      const client = context.words[0] as string;
      const minutes = numberOption(context, 'minutes', 1, LONGEST_PAUSE_MINUTES);
      await (await context.core()).call('clients.pause', {
        client,
        ...(minutes === undefined ? {} : { minutes }),
      });
      context.print({ client, minutes: minutes ?? null }, () =>
        t.pause.paused(plain(client), minutes, client),
      );
      return 0;
    },
  },
  resume: {
    ...t.resume.help,
    words: [1, 1],
    async run(context) {
      const client = context.words[0] as string;
      await (await context.core()).call('clients.resume', { client });
      context.print({ client }, () => t.resume.resumed(plain(client)));
      return 0;
    },
  },
};

function shown(approval: ApprovalView): string {
  const { clientId, clientName, perMinute, offerPause, createdAt, risk, why, state, scopes } = approval;
  return [
    t.list.wants(asked(approval, createdAt)),
    t.list.why(risk, plain(why)),
    ...(approval.reviewed ? [] : [t.list.unreviewed]),
    ...(approval.change ? [t.list.changed] : []),
    ...(state === 'pending' ? [t.list.calledAgain] : []),
    ...(offerPause ? [t.list.asksOften(plain(clientName), perMinute, plain(clientId))] : []),
    t.list.scopes(scopes),
    ...plainLines(approval.argumentsText).map(t.list.argumentsLine),
  ].join('\n');
}

function missedLine(missed: MissedCall): string {
  return [
    t.missed.wanted(asked(missed, missed.at), missed.how),
    t.missed.why(missed.risk, plain(missed.why), missed.seq),
    ...plainLines(missed.argumentsText).map(t.missed.argumentsLine),
  ].join('\n');
}

/** What the text of a call needs. @param at when it asked, in milliseconds since the epoch */
function asked(call: ApprovalView | MissedCall, at: number): AskedCall {
  const { id, clientName, tool, server, count } = call;
  return {
    id,
    client: plain(clientName),
    tool: plain(tool),
    server: plain(server),
    count,
    time: clock(at),
  };
}

function argumentsIn(file: string): string {
  try {
    return readInput(file);
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
  if (!context.isRunning()) throw new RpcError('refused', t.noneRuns, commandLine.common.start);
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
