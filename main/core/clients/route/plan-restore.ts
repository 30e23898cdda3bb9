import { messageOf } from '../../../../shared/base/message-of.ts';
import type { PlannedEntry } from '../../../../shared/schemas/client.ts';
import { planText } from '../../../../shared/text/core/clients.ts';
import { analyseFile, type FileState, matchesOurs } from '../entries/analyse.ts';
import { wasDropped } from '../entries/dropped.ts';
import { routedTo } from '../entries/routed-to.ts';
import type { JournalRecord } from '../files/journal.ts';
import type { ClientRow } from '../table/index.ts';
import type { FilePlan, RestoreChange, RowPlan } from './file-plan.ts';
import type { Run } from './workbench.ts';

/**
 * What putting a client's entries back changes. Goes by the journal alone, so that it also finds files where the client's
 * are not looked for any more. Reads only.
 */
export async function planRestore(row: ClientRow, run: Run): Promise<RowPlan> {
  const { records, bench } = run;
  const live = records.filter((record) => record.client === row.id && record.state !== 'restored');
  const files: FilePlan[] = [];
  for (const path of new Set(live.map(({ file }) => file))) {
    const state = await analyseFile(row, path, records, bench);
    const own = live.filter(({ file }) => file === path);
    files.push(await planFile(state, own, run));
  }
  return { row, direction: 'disconnect', files, warnings: [] };
}

async function planFile(state: FileState, records: readonly JournalRecord[], run: Run): Promise<FilePlan> {
  const changes: RestoreChange[] = [];
  const planned: PlannedEntry[] = [];
  const gone: JournalRecord[] = [];
  const problems: string[] = [];
  for (const record of records) {
    const { name, project } = record;
    const plan = (action: PlannedEntry['action'], reason: string | null): void =>
      void planned.push({ name, project, action, reason, sameAs: null, secrets: [] });
    try {
      const found = await decide(record, state, run);
      if ('change' in found) {
        changes.push(found.change);
        plan('restore', found.reason);
      } else {
        plan('skip', found.reason);
        if (found.gone) gone.push(record);
      }
    } catch (error) {
      const why = messageOf(error);
      plan('skip', planText.cannotRestore(why));
      problems.push(planText.cannotRestoreNamed(name, why));
    }
  }
  const blocked = state.problem ?? (changes.length > 0 ? state.readOnly : null);
  const problem = blocked ?? (problems.length > 0 ? problems.join(' ') : null);
  return { state, changes: blocked ? [] : changes, planned, gone: blocked ? [] : gone, problem };
}

type Decision =
  | { readonly change: RestoreChange; readonly reason: string | null }
  | { readonly gone: boolean; readonly reason: string };

async function decide(record: JournalRecord, state: FileState, { wish, bench }: Run): Promise<Decision> {
  const { row, doc } = state;
  // A file that is away may come back: what stood in it is kept.
  if (!doc) return { gone: false, reason: state.problem ?? planText.fileAway(state.path) };
  const at = doc.find(record.path);
  if (!at) {
    if (!wasDropped(row, doc, record)) return { gone: true, reason: planText.removedMeanwhile };
    const { text } = await bench.journal.original(record.id);
    return { change: { kind: 'restore', at: null, record, text }, reason: planText.droppedAll(row.name) };
  }
  const match = matchesOurs(record, at);
  if (!match && routedTo(at.value, row.dialect) === undefined)
    return { gone: true, reason: planText.pointsElsewhere };
  if (!match && !wish.force) return { gone: false, reason: planText.changedByHand };
  const original = await bench.journal.original(record.id);
  // To the letter where the text fits as it is: our own stands there untouched, or the surroundings are as they were.
  const fits = match === 'text' || (match === undefined && doc.layout(at) === original.layout);
  const text = fits ? original.text : doc.relayout(at, original.text);
  return { change: { kind: 'restore', at, record, text }, reason: null };
}
