import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ActivityRow } from '../../../../shared/schemas/audit.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { type Command, type CommandContext, numberOption, stringOption, UsageError } from '../command.ts';
import { clock, plain } from '../table.ts';

const t = commandLine.audit;
const DEFAULT_ROWS = 50;
/** One exit code for each fault, so that a script can tell them apart. */
const FAULT_EXIT = { edited: 1, missing: 3, reordered: 4, truncated: 5 } as const;

export const auditCommands: Record<string, Command> = {
  'audit tail': {
    ...t.tail.help,
    words: [0, 0],
    options: { follow: { type: 'boolean' }, rows: { type: 'string' } },
    async run(context) {
      const core = await context.core();
      const rows = await core.call('audit.page', {
        limit: numberOption(context, 'rows', 1, 1000) ?? DEFAULT_ROWS,
      });
      for (const row of rows.reverse()) printRow(context, row);
      if (!context.options.follow) return 0;
      if (!context.isRunning())
        throw new RpcError('refused', t.tail.nothingToFollow, commandLine.common.start);
      let last = rows.at(-1)?.seq ?? 0;
      let reading = Promise.resolve();
      core.open('activity', ({ seq }) => {
        reading = reading.then(async () => {
          if (seq <= last) return;
          const fresh = await core.call('audit.page', { limit: 1000 });
          for (const row of fresh.filter((candidate) => candidate.seq > last).reverse()) {
            printRow(context, row);
            last = row.seq;
          }
        });
      });
      await Promise.race([core.closed, context.output.gone]);
      return 0;
    },
  },
  'audit export': {
    ...t.export.help,
    words: [0, 0],
    options: { format: { type: 'string' } },
    async run(context) {
      const format = stringOption(context, 'format') ?? 'jsonl';
      if (format !== 'jsonl' && format !== 'csv') throw new UsageError('--format takes jsonl or csv');
      const core = await context.core();
      let after: number | null = 0;
      while (after !== null) {
        const page: { text: string; next: number | null } = await core.call('audit.export', {
          format,
          after,
        });
        const { wanted } = await context.output.write(page.text);
        after = wanted ? page.next : null;
      }
      return 0;
    },
  },
  'audit verify': {
    ...t.verify.help,
    words: [0, 0],
    async run(context) {
      const verdict = await (await context.core()).call('audit.verify', {});
      context.print(verdict, () => verdict.message);
      return verdict.ok ? 0 : FAULT_EXIT[verdict.fault ?? 'edited'];
    },
  },
};

function printRow(context: CommandContext, row: ActivityRow): void {
  context.print(row, () =>
    [
      clock(row.at),
      row.decision.padEnd(9),
      row.status.padEnd(10),
      plain(row.clientName),
      plain(row.server),
      plain(row.tool ?? row.method),
      row.decision === 'allow' || row.decision === 'pass' ? '' : plain(row.reason),
    ]
      .join('  ')
      .trimEnd(),
  );
}
