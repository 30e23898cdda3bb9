import type { ServerConfig, SignInView } from '../../../../shared/schemas/server.ts';
import { type Command, type CommandContext, stringOption, UsageError } from '../command.ts';
import { plain, table } from '../table.ts';
import { reviewTools, toolTable } from './review.ts';
import { wantsSignIn } from './sign-in.ts';

export const serverCommands: Record<string, Command> = {
  servers: {
    usage: 'servers',
    summary: 'The MCP servers behind the gateway.',
    words: [0, 0],
    async run(context) {
      const { servers } = await (await context.core()).call('core.state', {});
      context.print(servers, () =>
        table(
          servers.map((server) => [
            server.name,
            server.status,
            server.policy.source === 'file' ? 'policy' : 'no policy yet',
            `${server.toolCount ?? '?'} tools`,
            plain(server.target),
            ...(server.signIn ? [plain(signInWords(server.signIn))] : []),
          ]),
          'No servers yet. Route a client (drawbridge connect --all), or add one (drawbridge servers add).',
        ),
      );
      return 0;
    },
  },
  'servers add': {
    usage: 'servers add NAME -- CMD ARGS…  |  servers add NAME --url URL [--header K:V]…',
    summary: 'Register a server: a command to start, or a Streamable HTTP address.',
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
        signIn
          ? `Added ${name}. It wants you to sign in: drawbridge servers sign-in ${name}`
          : `Added ${name}. Its tools: drawbridge tools ${name}`,
      );
      return 0;
    },
  },
  'servers remove': {
    usage: 'servers remove NAME',
    summary: 'Forget a server and its secrets. Its policy file stays.',
    words: [1, 1],
    async run(context) {
      const name = context.words[0] as string;
      await (await context.core()).call('servers.remove', { name });
      context.print({ name, removed: true }, () => `Removed ${name}.`);
      return 0;
    },
  },
  tools: {
    usage: 'tools SERVER [--review TOOL | --accept TOOL --hash HASH | --release]',
    summary: 'Start the server and list its tools with class and rule; review what changed in one.',
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

function signInWords({ state, issuer }: SignInView): string {
  if (state === 'signed-in') return `signed in at ${issuer}`;
  return state === 'waiting' ? 'waiting for the browser' : 'not signed in';
}

function serverConfig(context: CommandContext): ServerConfig {
  const url = stringOption(context, 'url');
  const [command, ...args] = context.rest;
  if ((url === undefined) === (command === undefined))
    throw new UsageError('give either -- CMD ARGS… or --url URL');
  // Relative paths in the command mean what they mean here, whatever folder the core runs in.
  if (command !== undefined) return { kind: 'stdio', command, args, env: {}, cwd: process.cwd() };
  const headers: Record<string, string> = {};
  for (const header of (context.options.header as string[] | undefined) ?? []) {
    const colon = header.indexOf(':');
    if (colon < 1) throw new UsageError(`--header takes NAME:VALUE, not ${header.slice(0, 20)}`);
    headers[header.slice(0, colon).trim()] = header.slice(colon + 1).trim();
  }
  return { kind: context.options.sse ? 'sse' : 'http', url: url as string, headers };
}
