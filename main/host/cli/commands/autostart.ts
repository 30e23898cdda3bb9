import { commandLine } from '../../../../shared/text/command-line.ts';
import { type Command, UsageError } from '../command.ts';
import { plain } from '../table.ts';

const t = commandLine.autostart;

export const autostartCommands: Record<string, Command> = {
  autostart: {
    ...t.help,
    words: [1, 1],
    async run(context) {
      const [word = ''] = context.words;
      if (!['on', 'off', 'status'].includes(word)) throw new UsageError(t.words(word));
      const core = await context.core();
      const result =
        word === 'status'
          ? await core.call('startAtLogin.get', {})
          : await core.call('startAtLogin.set', { on: word === 'on' });
      context.print(result, () => plainLines([t.is(result), ...result.notes]));
      return 0;
    },
  },
};

function plainLines(lines: readonly string[]): string {
  return lines.map(plain).join('\n');
}
