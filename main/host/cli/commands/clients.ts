import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ClientPlan, ClientResult } from '../../../../shared/schemas/client.ts';
import { type Command, type CommandContext, UsageError } from '../command.ts';
import { table } from '../table.ts';

type Direction = 'connect' | 'disconnect';

export const clientCommands: Record<string, Command> = {
  clients: {
    usage: 'clients',
    summary: 'The AI clients on this machine, their servers, and which are routed.',
    words: [0, 0],
    async run(context) {
      const core = await context.core();
      await core.call('clients.scan', {});
      const { clients } = await core.call('core.state', {});
      context.print(clients, () =>
        table(
          clients.flatMap((client) => [
            [client.id, client.name, client.state, client.files.find((file) => file.exists)?.path ?? ''],
            ...client.entries.map((entry) => [
              '',
              `  ${entry.name}`,
              entry.state,
              entry.reason ?? entry.target,
            ]),
          ]),
          'No clients are known.',
        ),
      );
      return 0;
    },
  },
  connect: {
    usage: 'connect <client>|--all [--dry-run] [--merge]',
    summary:
      "Route a client's servers through Drawbridge; --dry-run shows the change and writes nothing, --merge makes one server of those that are the same under several names.",
    words: [0, 1],
    options: { all: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, merge: { type: 'boolean' } },
    run: (context) => edit(context, 'connect'),
  },
  disconnect: {
    usage: 'disconnect <client>|--all [--dry-run]',
    summary: "Put a client's own entries back.",
    words: [0, 1],
    options: { all: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
    run: (context) => edit(context, 'disconnect'),
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

async function edit(context: CommandContext, direction: Direction): Promise<number> {
  const core = await context.core();
  const clients = await chosen(context, direction);
  const merge = context.options.merge === true;
  if (context.options['dry-run']) {
    const plans = await core.call('clients.plan', { clients, direction, merge });
    context.print(plans, () => plans.map(planText).join('\n') || 'No client has servers to route.');
    return 0;
  }
  const results = await core.call('clients.apply', { clients, direction, merge });
  return printResults(context, results, 'No client has servers to route.');
}

/** The client named, or with --all every installed one that has entries this direction concerns. */
async function chosen(context: CommandContext, direction: Direction): Promise<string[]> {
  const [name] = context.words;
  if ((name === undefined) === (context.options.all !== true))
    throw new UsageError('name one client, or give --all');
  const core = await context.core();
  await core.call('clients.scan', {});
  const { clients } = await core.call('core.state', {});
  if (name !== undefined) {
    if (!clients.some((client) => client.id === name))
      throw new RpcError(
        'not_found',
        `No client is called ${name}.`,
        `Known clients: ${clients.map(({ id }) => id).join(', ')}`,
      );
    return [name];
  }
  const wanted = direction === 'connect' ? ['direct', 'edited', 'skipped', 'routed'] : ['routed', 'edited'];
  return clients
    .filter((client) => client.entries.some((entry) => wanted.includes(entry.state)))
    .map((client) => client.id);
}

function planText(plan: ClientPlan): string {
  const lines = [`${plan.name}`];
  for (const file of plan.files) {
    lines.push(`  ${file.path}${file.problem ? `: ${file.problem}` : ''}`);
    for (const entry of file.entries) {
      const where = entry.project ? ` (${entry.project})` : '';
      const moved = entry.secrets.length > 0 ? `; moves to the key store: ${entry.secrets.join(', ')}` : '';
      lines.push(
        `    ${entry.action} ${entry.name}${where}${entry.reason ? `: ${entry.reason}` : ''}${moved}`,
      );
    }
    if (file.diff) lines.push('', file.diff.trimEnd(), '');
  }
  for (const warning of plan.warnings) lines.push(`  note: ${warning}`);
  return lines.join('\n');
}

function printResults(context: CommandContext, results: ClientResult[], none: string): number {
  context.print(results, () =>
    table(
      results.map((result) => [
        result.ok ? 'ok' : '!!',
        result.name,
        result.ok && result.restart ? `${result.message} ${result.restart}` : result.message,
      ]),
      none,
    ),
  );
  return results.every((result) => result.ok) ? 0 : 1;
}
