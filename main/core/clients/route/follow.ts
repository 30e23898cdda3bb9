import { messageOf } from '../../../../shared/base/message-of.ts';
import type { ClientPlan, ClientResult } from '../../../../shared/schemas/client.ts';
import { resultText } from '../../../../shared/text/core/clients.ts';
import { gatewayPort as t } from '../../../../shared/text/core/gateway-port.ts';
import { analyseFile, type EntryState } from '../entries/analyse.ts';
import { isCurrent } from '../entries/our-entry.ts';
import { filesOf } from '../files/client-files.ts';
import { hashOf } from '../files/hash.ts';
import type { JournalRecord } from '../files/journal.ts';
import { mustQuitFirst } from '../scan/running.ts';
import { CLIENTS, type ClientRow } from '../table/index.ts';
import { applyPlan } from './apply.ts';
import type { FilePlan, RowPlan } from './file-plan.ts';
import { failure } from './results.ts';
import { freshPlan } from './run.ts';
import { showPlan } from './show-plan.ts';
import type { Workbench } from './workbench.ts';

/**
 * Brings entries of ours to where this core is reached now: another port, another token, another name of their server. Only
 * what stands as we wrote it is touched; undo stays what it was. Unlike upkeep it is done at once, because a person, or the
 * loss of the port, asked for it.
 */
export async function follow(bench: Workbench): Promise<ClientResult[]> {
  const results: ClientResult[] = [];
  for (const row of await rowsWithEntries(bench)) {
    try {
      if ((await outdated(row, bench)).due.size === 0) continue;
      const quit = await mustQuitFirst(row, bench.ports);
      if (quit !== null) results.push(failure(row.id, row.name, resultText.nothingBecause(quit)));
      else results.push(await applyPlan(() => planOf(row, bench), undefined, bench));
    } catch (error) {
      results.push(failure(row.id, row.name, messageOf(error)));
    }
  }
  return results;
}

/** What {@link follow} would do. Reads only. Clients without a change are left out. */
export async function planFollow(bench: Workbench): Promise<ClientPlan[]> {
  const plans: ClientPlan[] = [];
  for (const row of await rowsWithEntries(bench)) {
    const plan = await planOf(row, bench);
    if (plan.files.length > 0 || plan.warnings.length > 0) plans.push(showPlan(plan));
  }
  return plans;
}

async function rowsWithEntries(bench: Workbench): Promise<ClientRow[]> {
  const records = (await bench.journal.load()).filter(({ state }) => state === 'applied');
  return CLIENTS.filter(({ id }) => records.some(({ client }) => client === id));
}

async function planOf(row: ClientRow, bench: Workbench): Promise<RowPlan> {
  const { due, warnings } = await outdated(row, bench);
  const plan = await freshPlan(row, { direction: 'connect' }, bench);
  const files = plan.files.map((file) => onlyDue(file, due)).filter(({ changes }) => changes.length > 0);
  return { ...plan, files, warnings };
}

/** Ids of the records whose entries are not as they would be written now, and what is left to the person. */
async function outdated(row: ClientRow, bench: Workbench): Promise<{ due: Set<string>; warnings: string[] }> {
  const own: JournalRecord[] = (await bench.journal.load()).filter(
    ({ client, state }) => client === row.id && state === 'applied',
  );
  const due = new Set<string>();
  const warnings: string[] = [];
  for (const path of await filesOf(row, bench.ports))
    for (const entry of (await analyseFile(row, path, own, bench)).entries) {
      if (!entry.record) continue;
      if (entry.state === 'edited' || entry.record.kept === hashOf(entry.at.text))
        warnings.push(t.editedByHand(entry.name, path));
      else if (entry.state === 'routed' && !isAsWritten(entry, entry.record, bench)) due.add(entry.record.id);
    }
  return { due, warnings };
}

function isAsWritten({ row, at }: EntryState, { server }: JournalRecord, bench: Workbench): boolean {
  if (bench.servers.get(server) === undefined) return true;
  return isCurrent(at.value, { dialect: row.dialect, server, reach: bench.reach }, row.id, bench.identities);
}

/** A file of which only these records are changed. */
export function onlyDue(file: FilePlan, due: ReadonlySet<string>): FilePlan {
  const isDue = (change: FilePlan['changes'][number]): boolean =>
    change.record !== null && due.has(change.record.id);
  return { ...file, changes: file.changes.filter(isDue), planned: [], gone: [] };
}
