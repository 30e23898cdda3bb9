import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ClientResult } from '../../../shared/schemas/client.ts';
import { analyseFile, type EntryState } from './analyse.ts';
import { applyPlan } from './apply.ts';
import { digestOf } from './draft.ts';
import type { RowPlan } from './file-plan.ts';
import { hashOf, type Journal, type JournalRecord } from './journal.ts';
import { planConnect } from './plan-connect.ts';
import type { Names } from './registration.ts';
import type { ClientRow } from './table/index.ts';
import type { ClientDeps } from './types.ts';

/** An entry of ours that was changed by hand since, and what the person says about it. */
export interface HandEdit {
  readonly file: string;
  readonly name: string;
  readonly project: string | null;
  /** `mine`: it stays as it is, and counts as routed. `ours`: what Drawbridge wrote goes back over it. */
  readonly keep: 'mine' | 'ours';
}

/**
 * Ends the question that an edited entry is. Either way, undo puts back what stood there before it was routed. Rejects with
 * `conflict` when it is not an edited entry any more.
 */
export async function settleHandEdit(
  row: ClientRow,
  edit: HandEdit,
  records: readonly JournalRecord[],
  names: Names,
  journal: Journal,
  deps: ClientDeps,
): Promise<ClientResult> {
  const isIt = (entry: EntryState): boolean =>
    entry.file === edit.file && entry.name === edit.name && entry.project === edit.project;
  const state = await analyseFile(row, edit.file, records, deps);
  if (state.problem !== null) throw new RpcError('refused', state.problem);
  const entry = state.entries.find(isIt);
  if (!entry?.record || entry.state !== 'edited')
    throw new RpcError(
      'conflict',
      `${edit.name} in ${edit.file} is not an entry of ours that was changed by hand any more. Nothing was written.`,
      'Look at the client again.',
    );
  if (edit.keep === 'mine') return keep(row, entry, entry.record, journal);
  const onlyIt = async (): Promise<RowPlan> => {
    const plan = await planConnect(row, await journal.load(), names, journal, deps, isIt);
    const files = plan.files
      .filter(({ state: { path } }) => path === edit.file)
      .map((file) => ({
        ...file,
        planned: file.planned.filter(({ name, project }) => name === edit.name && project === edit.project),
        changes: file.changes.filter(
          (change) => change.kind === 'route' && change.name === edit.name && change.project === edit.project,
        ),
      }));
    return { ...plan, files };
  };
  return applyPlan(onlyIt, undefined, journal, deps);
}

async function keep(
  row: ClientRow,
  entry: EntryState,
  record: JournalRecord,
  journal: Journal,
): Promise<ClientResult> {
  const hash = hashOf(entry.at.text);
  const form = { hash, meaning: digestOf(entry.at.value) };
  const server = entry.server ?? record.server;
  await journal.save([{ ...record, server, ours: [...record.ours, form], kept: hash }]);
  return {
    client: row.id,
    name: row.name,
    ok: true,
    message: `${entry.name} stays as you changed it. Undo puts back what stood there before it was routed.`,
    routed: [],
    restored: [],
    restart: null,
  };
}
