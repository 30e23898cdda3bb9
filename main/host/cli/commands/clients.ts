import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ClientView } from '../../../../shared/schemas/client.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { type Command, type CommandContext, stringOption, UsageError } from '../command.ts';
import { clock, plain, table } from '../table.ts';
import { editClients, noClient, printResults } from './clients-edit.ts';

const t = commandLine.clients;

export const clientCommands: Record<string, Command> = {
  clients: {
    ...t.clients.help,
    words: [0, 0],
    looksOnly: true,
    options: { known: { type: 'boolean' }, steps: { type: 'string' } },
    async run(context) {
      const steps = stringOption(context, 'steps');
      const clients = await scanned(context);
      if (steps !== undefined) return printSteps(context, clients, steps);
      const here = clients.filter(isHere);
      const shown = context.options.known ? clients : here;
      context.print(shown, () =>
        [
          table(shown.flatMap(rowsOf), t.clients.none),
          ...(context.options.known ? [] : ['', t.clients.alsoKnown(clients.length - here.length)]),
        ].join('\n'),
      );
      return 0;
    },
  },
  connect: {
    ...t.connect.help,
    words: [0, 1],
    options: {
      all: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      merge: { type: 'boolean' },
      'project-files': { type: 'boolean' },
    },
    run: async (context) => editClients(context, 'connect', await scanned(context)),
  },
  disconnect: {
    ...t.disconnect.help,
    words: [0, 1],
    options: { all: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
    run: async (context) => editClients(context, 'disconnect', await scanned(context)),
  },
  restore: {
    ...t.restore.help,
    words: [0, 0],
    options: { all: { type: 'boolean' } },
    async run(context) {
      if (context.options.all !== true)
        throw new UsageError('restore needs --all; for one client use disconnect');
      const core = await context.core();
      const before = await core.call('startAtLogin.get', {}).catch(() => ({ on: false }));
      const results = await core.call('clients.restoreAll', {});
      const code = printResults(context, results, t.restore.nothing);
      if (before.on && !context.json) void context.output.write(`${commandLine.autostart.takenAway}\n`);
      return code;
    },
  },
  token: {
    ...t.token.help,
    words: [1, 1],
    async run(context) {
      const client = context.words[0] as string;
      const { token } = await (await context.core()).call('clients.token', { client });
      context.print({ client, token }, () => token);
      return 0;
    },
  },
};

async function scanned(context: CommandContext): Promise<ClientView[]> {
  const core = await context.core();
  await core.call('clients.scan', {});
  return (await core.call('core.state', {})).clients;
}

function isHere({ installed, lastHandshake }: ClientView): boolean {
  return installed || lastHandshake !== null;
}

/** A line for the client, one for each of its files that cannot be used, one for each server. */
function rowsOf(client: ClientView): string[][] {
  const file = client.files.find(({ exists }) => exists)?.path ?? '';
  return [
    [client.id, client.name, stateText(client), plain([file, ...notes(client)].filter(Boolean).join('; '))],
    ...client.files.flatMap(({ problem }) => (problem === null ? [] : [['', '', '!!', plain(problem)]])),
    ...client.entries.map((entry) => [
      '',
      plain(`  ${entry.name}${entry.project === null ? '' : ` (${entry.project})`}`),
      entry.kind === 'entry' ? entry.state : entry.kind,
      plain(entry.reason ?? entry.target),
    ]),
  ];
}

function stateText({ state, byHand }: ClientView): string {
  return state === 'no-servers' && byHand !== null ? 'by-hand' : state;
}

function notes(client: ClientView): string[] {
  const { lastHandshake, restartNeeded, restart, byHand, id } = client;
  return [
    lastHandshake ? t.clients.lastConnected(clock(lastHandshake.at)) : '',
    restartNeeded ? t.clients.restartNeeded(restart) : '',
    byHand === null ? '' : t.clients.seeSteps(id),
  ].filter((note) => note !== '');
}

function printSteps(context: CommandContext, clients: readonly ClientView[], id: string): number {
  const client = clients.find((each) => each.id === id);
  if (!client) throw noClient(id, clients);
  const { byHand, name } = client;
  if (byHand === null) throw new RpcError('refused', t.steps.notByHand(name), t.steps.tryConnect(id));
  context.print({ client: id, name, ...byHand }, () =>
    [
      t.steps.title(name),
      ...byHand.steps.map(t.steps.step),
      ...(byHand.note === null ? [] : ['', byHand.note]),
    ].join('\n'),
  );
  return 0;
}
