import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { SettingView } from '../../../../shared/schemas/setting.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { type Command, type CommandContext, UsageError } from '../command.ts';
import { plain, table } from '../table.ts';
import { planText, resultLines } from './clients-edit.ts';

const t = commandLine.settings;

const list: Command = {
  ...t.list.help,
  words: [0, 0],
  async run(context) {
    const views = await (await context.core()).call('settings.list', {});
    context.print(views, () =>
      table(
        views.map((view) => [view.key, plain(shown(view)), plain(view.about)]),
        '',
      ),
    );
    return 0;
  },
};

export const settingsCommands: Record<string, Command> = {
  settings: { ...list, usage: 'settings' },
  'settings list': list,
  'settings get': {
    ...t.get.help,
    words: [1, 1],
    async run(context) {
      const view = await found(context);
      context.print(view, () => plain(view.value));
      return 0;
    },
  },
  'settings set': {
    ...t.set.help,
    words: [2, 2],
    async run(context) {
      const [key = '', value = ''] = context.words;
      const view = await (await context.core()).call('settings.set', { key, value });
      context.print(view, () => t.set.done(key, plain(view.value), view.when === 'at-once'));
      return 0;
    },
  },
  port: {
    ...t.port.help,
    words: [0, 1],
    options: { 'dry-run': { type: 'boolean' } },
    async run(context) {
      const core = await context.core();
      const [word] = context.words;
      if (word === undefined) {
        const { value } =
          (await core.call('settings.list', {})).find(({ key }) => key === 'gatewayPort') ?? {};
        const port = value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
        context.print({ port }, () => t.port.is(port));
        return 0;
      }
      const wanted = Number(word);
      if (word !== 'new' && !(/^\d+$/.test(word) && wanted >= 1 && wanted <= 65_535))
        throw new UsageError(t.port.bad(word));
      const plan = await core.call('gateway.planMove', { port: word === 'new' ? null : wanted });
      const diffs = (): string[] => plan.plans.map(planText);
      if (context.options['dry-run']) {
        context.print(plan, () =>
          [
            t.port.wouldMove(plan.from, plan.to),
            ...(plan.plans.length > 0 ? diffs() : [t.port.nothing]),
          ].join('\n'),
        );
        return 0;
      }
      const moved = await core.call('gateway.move', { port: plan.to });
      context.print(moved, () =>
        [
          ...diffs(),
          t.port.moved(moved.from, moved.to),
          ...resultLines(moved.results),
          ...(moved.byHand.length > 0 ? [t.port.byHand(moved.byHand)] : []),
        ].join('\n'),
      );
      return moved.results.every(({ ok }) => ok) ? 0 : 1;
    },
  },
};

function shown({ value, default: usual, elsewhere }: SettingView): string {
  const text = value === '' ? t.list.empty : value;
  return elsewhere === null ? t.list.line(text, value === usual) : `${text}; ${t.list.elsewhere(elsewhere)}`;
}

async function found(context: CommandContext): Promise<SettingView> {
  const [key = ''] = context.words;
  const views = await (await context.core()).call('settings.list', {});
  const view = views.find((each) => each.key === key);
  if (!view) throw new RpcError('not_found', t.unknown(key), t.known(views.map((each) => each.key)));
  return view;
}
