import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ClientPlan, ClientResult, ClientView } from '../../../../shared/schemas/client.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { leftOut } from '../../../../shared/text/left-out.ts';
import { type CommandContext, UsageError } from '../command.ts';
import { plain, table } from '../table.ts';

const t = commandLine.clients;

type Direction = ClientPlan['direction'];

/** Plans or applies for the clients named, one after the other; the progress goes to stderr. Exit 1 when one failed. */
export async function editClients(
  context: CommandContext,
  direction: Direction,
  known: readonly ClientView[],
): Promise<number> {
  const chosen = choose(context, direction, known);
  const core = await context.core();
  if (context.options['project-files']) {
    const [only] = chosen;
    if (!only || chosen.length !== 1 || context.options.all) throw new UsageError(t.connect.oneForProjects);
    const dryRun = context.options['dry-run'] === true;
    const copied = await core.call('clients.copyToLocalScope', { client: only.id, dryRun });
    const code = printResults(context, [copied], t.nothingTo[direction]);
    if (dryRun || code !== 0) return code;
  }
  const merge = context.options.merge === true ? { merge: true } : {};
  if (context.options['dry-run']) {
    const clients = chosen.map(({ id }) => id);
    const plans = await core.call('clients.plan', { clients, direction, ...merge });
    context.print(plans, () => plans.map(planText).join('\n') || t.nothingTo[direction]);
    if (direction === 'connect' && !context.json) printOutside(context, context.options.all ? known : chosen);
    return plans.every(({ files }) => files.every(({ problem }) => problem === null)) ? 0 : 1;
  }
  const results: ClientResult[] = [];
  for (const [at, { id, name }] of chosen.entries()) {
    if (chosen.length > 1) context.output.tell(`${t.progress(at, chosen.length, name)}\n`);
    results.push(...(await core.call('clients.apply', { clients: [id], direction, ...merge })));
  }
  const code = printResults(context, results, t.nothingTo[direction]);
  if (direction === 'connect' && !context.json) printOutside(context, context.options.all ? known : chosen);
  return code;
}

/** Servers that stand outside the clients' own files, and so stay as they are: named, with the reason. */
function printOutside({ output }: CommandContext, chosen: readonly ClientView[]): void {
  const lines = chosen.flatMap(({ name, entries }) =>
    leftOut(undefined, entries).map((line) => plain(t.outside.line(name, line))),
  );
  if (lines.length > 0) void output.write(`\n${[t.outside.title, ...lines].join('\n')}\n`);
}

/** The client named, or with --all every one that has entries this direction concerns. */
function choose(context: CommandContext, direction: Direction, known: readonly ClientView[]): ClientView[] {
  const [name] = context.words;
  if ((name === undefined) === (context.options.all !== true))
    throw new UsageError('name one client, or give --all');
  if (name === undefined) return known.filter((client) => concerns(client, direction));
  const found = known.find(({ id }) => id === name);
  if (!found) throw noClient(name, known);
  if (found.byHand !== null && direction === 'connect')
    throw new RpcError('refused', t.connect.byHand(found.name), t.connect.trySteps(found.id));
  return [found];
}

function concerns({ entries, state, remembered }: ClientView, direction: Direction): boolean {
  if (direction === 'disconnect')
    return remembered === true || entries.some((entry) => entry.server !== null || entry.state === 'edited');
  // A file that cannot be read is reported, not skipped.
  return state === 'problem' || entries.some(({ kind }) => kind === 'entry');
}

/** No client has this id; the fix names those there are. */
export function noClient(id: string, known: readonly ClientView[]): RpcError {
  const ids = known.map((each) => each.id);
  return new RpcError('not_found', commandLine.common.noClient(id), commandLine.common.knownClients(ids));
}

/** The plan of one client as text: its files, entries and diffs. */
export function planText(plan: ClientPlan): string {
  const lines = [plan.name];
  for (const file of plan.files) {
    lines.push(plain(t.plan.file(file.path)));
    if (file.problem) lines.push(plain(t.plan.problem(file.problem)));
    lines.push(...file.entries.map((entry) => plain(t.plan.entry(entry))));
    if (file.diff) lines.push('', ...file.diff.trimEnd().split('\n').map(diffLine), '');
  }
  lines.push(...plan.warnings.map((warning) => plain(t.plan.warning(warning))));
  return lines.join('\n');
}

/** Tabs are the file's own indentation. */
function diffLine(line: string): string {
  return line.split('\t').map(plain).join('\t');
}

/** A line for each result, with how its client is restarted. */
export function resultLines(results: readonly ClientResult[]): string[] {
  if (results.length === 0) return [];
  const rows = results.map((result) => [
    result.ok ? 'ok' : '!!',
    result.name,
    plain(result.ok && result.restart ? `${result.message} ${result.restart}` : result.message),
  ]);
  return table(rows, '').split('\n');
}

export function printResults(context: CommandContext, results: ClientResult[], none: string): number {
  context.print(results, () => resultLines(results).join('\n') || none);
  return results.every((result) => result.ok) ? 0 : 1;
}
