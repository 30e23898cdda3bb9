import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { DecisionResult } from '../../../../shared/schemas/approval.ts';
import { ApprovalScope } from '../../../../shared/schemas/approval.ts';
import { type Command, type CommandContext, stringOption, UsageError } from '../command.ts';
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
        approvals.length === 0
          ? 'Nothing waits.'
          : approvals
              .map((approval) =>
                [
                  `${approval.id}  ${plain(approval.clientName)} wants ${plain(approval.tool)} on ${plain(approval.server)}` +
                    `${approval.count > 1 ? ` (${approval.count} identical calls)` : ''}, since ${clock(approval.createdAt)}`,
                  `  ${approval.risk.severity} ${approval.risk.category}. ${plain(approval.why)}`,
                  ...plainLines(approval.argumentsText).map((line) => `  ${line}`),
                ].join('\n'),
              )
              .join('\n\n'),
      );
      return 0;
    },
  },
  approve: {
    usage: 'approve ID [--for once|15m|session|always]',
    summary: 'Let a waiting call run.',
    words: [1, 1],
    options: { for: { type: 'string' } },
    async run(context) {
      const scope = ApprovalScope.safeParse(stringOption(context, 'for') ?? 'once');
      if (!scope.success) throw new UsageError('--for takes once, 15m, session or always');
      return decide(context, { decision: 'allow', scope: scope.data });
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
};

async function decide(
  context: CommandContext,
  decision: { decision: 'allow' | 'deny'; scope?: ApprovalScope; message?: string },
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
