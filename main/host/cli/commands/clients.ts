import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ClientView } from '../../../../shared/schemas/client.ts';
import { type Command, type CommandContext, stringOption, UsageError } from '../command.ts';
import { plain, table } from '../table.ts';
import { editClients, printResults } from './clients-edit.ts';

export const clientCommands: Record<string, Command> = {
  clients: {
    usage: 'clients [--known] [--steps CLIENT]',
    summary:
      'The AI clients on this machine, their servers, and which are routed; --known lists those not found too, --steps how one is set up by hand.',
    words: [0, 0],
    options: { known: { type: 'boolean' }, steps: { type: 'string' } },
    async run(context) {
      const steps = stringOption(context, 'steps');
      const clients = await scanned(context);
      if (steps !== undefined) return printSteps(context, clients, steps);
      const here = clients.filter(isHere);
      const shown = context.options.known ? clients : here;
      context.print(shown, () =>
        [
          table(shown.flatMap(rowsOf), 'No AI client was found on this machine.'),
          ...(context.options.known ? [] : ['', alsoKnown(clients.length - here.length)]),
        ].join('\n'),
      );
      return 0;
    },
  },
  connect: {
    usage: 'connect CLIENT|--all [--dry-run] [--merge]',
    summary:
      "Route a client's servers through Drawbridge; --dry-run shows the change and writes nothing, --merge uses one server where it is registered under another name already.",
    words: [0, 1],
    options: { all: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, merge: { type: 'boolean' } },
    run: async (context) => editClients(context, 'connect', await scanned(context)),
  },
  disconnect: {
    usage: 'disconnect CLIENT|--all [--dry-run]',
    summary: "Put a client's own entries back.",
    words: [0, 1],
    options: { all: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
    run: async (context) => editClients(context, 'disconnect', await scanned(context)),
  },
  restore: {
    usage: 'restore --all',
    summary: 'Put every entry of every client back as it was. Works without the app.',
    words: [0, 0],
    options: { all: { type: 'boolean' } },
    async run(context) {
      if (context.options.all !== true)
        throw new UsageError('restore needs --all; for one client use disconnect');
      const results = await (await context.core()).call('clients.restoreAll', {});
      return printResults(context, results, 'Nothing was routed; nothing was changed.');
    },
  },
  token: {
    usage: 'token CLIENT',
    summary: 'Print the bearer token for a client configured by hand.',
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

function alsoKnown(n: number): string {
  return `${n} more ${n === 1 ? 'client is' : 'clients are'} known and not here: drawbridge clients --known`;
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
    lastHandshake ? `last connected ${new Date(lastHandshake.at).toLocaleString('sv-SE')}` : '',
    restartNeeded ? `restart needed: ${restart}` : '',
    byHand === null ? '' : `steps: drawbridge clients --steps ${id}`,
  ].filter((note) => note !== '');
}

function printSteps(context: CommandContext, clients: readonly ClientView[], id: string): number {
  const client = clients.find((each) => each.id === id);
  if (!client)
    throw new RpcError(
      'not_found',
      `No client is called ${id}.`,
      `Known clients: ${clients.map((each) => each.id).join(', ')}`,
    );
  const { byHand, name } = client;
  if (byHand === null)
    throw new RpcError(
      'refused',
      `${name} is not set up by hand: Drawbridge edits its file.`,
      `See the change first: drawbridge connect ${id} --dry-run`,
    );
  context.print({ client: id, name, ...byHand }, () =>
    [
      `${name}, by hand:`,
      ...byHand.steps.map((step, at) => `${String(at + 1).padStart(3)}. ${step}`),
      ...(byHand.note === null ? [] : ['', byHand.note]),
    ].join('\n'),
  );
  return 0;
}
