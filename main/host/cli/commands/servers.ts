import type { ServerConfig } from '../../../../shared/schemas/server.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { servers as interfaceTexts } from '../../../../shared/text/en/servers.ts';
import { type Command, type CommandContext, stringOption, UsageError } from '../command.ts';
import { plain, table } from '../table.ts';
import { reviewTools, toolTable } from './review.ts';
import { wantsSignIn } from './sign-in.ts';

const t = commandLine.servers;
const { facts } = interfaceTexts;

export const serverCommands: Record<string, Command> = {
  servers: {
    ...t.list.help,
    words: [0, 0],
    async run(context) {
      const { servers } = await (await context.core()).call('core.state', {});
      context.print(servers, () =>
        table(
          servers.map((server) => [
            server.name,
            server.status,
            server.policy.source === 'file' ? t.list.hasPolicy : t.list.noPolicy,
            t.list.tools(server.toolCount),
            plain(facts(server)),
            ...(server.signIn ? [plain(t.list.signIn(server.signIn))] : []),
          ]),
          t.list.none,
        ),
      );
      return 0;
    },
  },
  'servers add': {
    ...t.add.help,
    words: [1, 1],
    options: {
      url: { type: 'string' },
      header: { type: 'string', multiple: true },
      sse: { type: 'boolean' },
    },
    async run(context) {
      const name = context.words[0] as string;
      const config = serverConfig(context);
      await (await context.core()).call('servers.add', { name, config });
      const signIn = config.kind === 'stdio' ? null : await wantsSignIn(config);
      context.print({ name, added: true, ...(signIn === null ? {} : { signIn }) }, () =>
        signIn ? t.add.wantsSignIn(name) : t.add.added(name),
      );
      return 0;
    },
  },
  'servers remove': {
    ...t.remove.help,
    words: [1, 1],
    async run(context) {
      const name = context.words[0] as string;
      await (await context.core()).call('servers.remove', { name });
      context.print({ name, removed: true }, () => t.remove.removed(name));
      return 0;
    },
  },
  tools: {
    ...commandLine.tools.help,
    words: [1, 1],
    options: {
      review: { type: 'string' },
      accept: { type: 'string' },
      hash: { type: 'string' },
      release: { type: 'boolean' },
    },
    async run(context) {
      const name = context.words[0] as string;
      if (['review', 'accept', 'release'].some((option) => context.options[option] !== undefined))
        return reviewTools(context, name);
      const core = await context.core();
      const tools = await core.call('servers.refresh', { name });
      context.print(tools, () => toolTable(name, tools));
      return 0;
    },
  },
};

function serverConfig(context: CommandContext): ServerConfig {
  const url = stringOption(context, 'url');
  const [command, ...args] = context.rest;
  if ((url === undefined) === (command === undefined))
    throw new UsageError('give either -- CMD ARGS… or --url URL');
  // Relative paths in the command are relative to the current folder, not to the one the core runs in.
  if (command !== undefined) return { kind: 'stdio', command, args, env: {}, cwd: process.cwd() };
  const headers: Record<string, string> = {};
  for (const header of (context.options.header as string[] | undefined) ?? []) {
    const colon = header.indexOf(':');
    // What was given is not shown: it may be a token.
    if (header.slice(0, Math.max(colon, 0)).trim() === '')
      throw new UsageError('--header takes NAME:VALUE, and one that was given has no name before a colon');
    headers[header.slice(0, colon).trim()] = header.slice(colon + 1).trim();
  }
  return { kind: context.options.sse ? 'sse' : 'http', url: url as string, headers };
}
