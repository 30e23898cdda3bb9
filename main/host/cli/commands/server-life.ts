import { type ServerConfig, ServerStart } from '../../../../shared/schemas/server.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { type Command, type CommandContext, stringOption, UsageError } from '../command.ts';
import { resultLines } from './clients-edit.ts';
import { headersOf } from './server-options.ts';

const t = commandLine.servers;

/** Changing a server that is registered: how it is reached, its name, whether it runs. */
export const serverLifeCommands: Record<string, Command> = {
  'servers edit': {
    ...t.edit.help,
    words: [1, 1],
    options: {
      url: { type: 'string' },
      header: { type: 'string', multiple: true },
      env: { type: 'string', multiple: true },
      unset: { type: 'string', multiple: true },
      cwd: { type: 'string' },
      sse: { type: 'boolean' },
      start: { type: 'string' },
    },
    async run(context) {
      const name = nameOf(context);
      const core = await context.core();
      const start = startOf(context);
      const before = await core.call('servers.config', { name });
      const config = edited(context, before, start !== undefined);
      if (start !== undefined) await core.call('servers.setStart', { name, start });
      if (config !== before) await core.call('servers.edit', { name, config });
      context.print({ name, edited: true }, () => t.edit.edited(name));
      return 0;
    },
  },
  'servers rename': {
    ...t.rename.help,
    words: [2, 2],
    async run(context) {
      const [name = '', to = ''] = context.words;
      const results = await (await context.core()).call('servers.rename', { name, to });
      const lines = resultLines(results);
      context.print({ name: to, from: name, results }, () =>
        [t.rename.renamed(name, to), ...(lines.length > 0 ? lines : [t.rename.noEntries])].join('\n'),
      );
      return results.every(({ ok }) => ok) ? 0 : 1;
    },
  },
  'servers start': { ...t.start.help, words: [1, 1], run: start },
  'servers stop': {
    ...t.stop.help,
    words: [1, 1],
    async run(context) {
      const name = nameOf(context);
      await (await context.core()).call('servers.stop', { name });
      context.print({ name, stopped: true }, () => t.stop.stopped(name));
      return 0;
    },
  },
  'servers restart': {
    ...t.restart.help,
    words: [1, 1],
    async run(context) {
      await (await context.core()).call('servers.stop', { name: nameOf(context) });
      return start(context);
    },
  },
  'servers disable': { ...t.disable.help, words: [1, 1], run: (context) => turn(context, true) },
  'servers enable': { ...t.enable.help, words: [1, 1], run: (context) => turn(context, false) },
};

function nameOf({ words }: CommandContext): string {
  return words[0] as string;
}

async function start(context: CommandContext): Promise<number> {
  const name = nameOf(context);
  const tools = await (await context.core()).call('servers.refresh', { name });
  context.print({ name, tools: tools.length }, () => t.start.works(name, tools.length));
  return 0;
}

async function turn(context: CommandContext, disabled: boolean): Promise<number> {
  const name = nameOf(context);
  await (await context.core()).call('servers.setDisabled', { name, disabled });
  context.print({ name, disabled }, () => (disabled ? t.disable : t.enable).done(name));
  return 0;
}

function startOf(context: CommandContext): ServerStart | undefined {
  const given = stringOption(context, 'start');
  if (given === undefined) return undefined;
  const start = ServerStart.safeParse(given);
  if (!start.success) throw new UsageError(t.edit.start(given.slice(0, 20)));
  return start.data;
}

/** What the person named in the place of what was there; the same where nothing of it was named. Another kind of server begins anew. */
function edited(context: CommandContext, before: ServerConfig, other: boolean): ServerConfig {
  const url = stringOption(context, 'url');
  const cwd = stringOption(context, 'cwd');
  const env = texts(context, 'env');
  const header = texts(context, 'header');
  const unset = new Set(texts(context, 'unset'));
  const [command, ...args] = context.rest;
  if (url !== undefined && command !== undefined) throw new UsageError(t.edit.notBoth);
  const given = [url, cwd, command, context.options.sse].some((each) => each !== undefined);
  if (!given && env.length + header.length + unset.size === 0) {
    if (other) return before;
    throw new UsageError(t.edit.nothing);
  }
  const without = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !unset.has(key)));

  if (command !== undefined || (url === undefined && before.kind === 'stdio')) {
    if (header.length > 0 || context.options.sse) throw new UsageError(t.edit.onlyHttp('--header'));
    const old = before.kind === 'stdio' ? before : { command: '', args: [], env: {}, cwd: undefined };
    const folder = cwd ?? (command === undefined ? old.cwd : process.cwd());
    return {
      kind: 'stdio',
      ...(command === undefined ? { command: old.command, args: old.args } : { command, args }),
      env: { ...without(old.env), ...variables(env) },
      ...(folder === undefined ? {} : { cwd: folder }),
    };
  }
  if (env.length > 0 || cwd !== undefined) throw new UsageError(t.edit.onlyStdio('--env, --cwd'));
  const old = before.kind === 'stdio' ? undefined : before;
  return {
    kind: context.options.sse ? 'sse' : url === undefined ? (old?.kind ?? 'http') : 'http',
    url: url ?? old?.url ?? '',
    headers: { ...without(old?.headers ?? {}), ...headersOf(context) },
    ...(old?.oauth && url === undefined ? { oauth: old.oauth } : {}),
  };
}

function texts(context: CommandContext, option: string): string[] {
  return (context.options[option] as string[] | undefined) ?? [];
}

function variables(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((each) => {
      const at = each.indexOf('=');
      if (at < 1) throw new UsageError(t.edit.env(each.slice(0, 20)));
      return [each.slice(0, at), each.slice(at + 1)];
    }),
  );
}
