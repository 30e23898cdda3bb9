import { messageOf } from '../../../../shared/base/message-of.ts';
import type { PlannedEntry } from '../../../../shared/schemas/client.ts';
import { analyseFile, type FileState, matchesOurs } from '../entries/analyse.ts';
import { routedTo } from '../entries/our-entry.ts';
import type { Journal, JournalRecord } from '../files/journal.ts';
import type { Doc } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import type { FilePlan, RestoreChange, RowPlan } from './file-plan.ts';

/**
 * What putting a client's entries back changes. Goes by the journal alone, so that it also finds files where the client's
 * are not looked for any more. `force` takes entries back that were changed by hand since. Reads only.
 */
export async function planRestore(
  row: ClientRow,
  records: readonly JournalRecord[],
  force: boolean,
  journal: Journal,
  deps: ClientDeps,
): Promise<RowPlan> {
  const live = records.filter((record) => record.client === row.id && record.state !== 'restored');
  const files: FilePlan[] = [];
  for (const path of new Set(live.map(({ file }) => file))) {
    const state = await analyseFile(row, path, records, deps);
    const changes: RestoreChange[] = [];
    const planned: PlannedEntry[] = [];
    const gone: JournalRecord[] = [];
    const problems: string[] = [];
    for (const record of live.filter(({ file }) => file === path)) {
      const { name, project } = record;
      const plan = (action: PlannedEntry['action'], reason: string | null): void =>
        void planned.push({ name, project, action, reason, sameAs: null, secrets: [] });
      try {
        const found = await decide(row, record, state, force, journal);
        if ('change' in found) {
          changes.push(found.change);
          plan('restore', found.reason);
        } else {
          plan('skip', found.reason);
          if (found.gone) gone.push(record);
        }
      } catch (error) {
        const why = messageOf(error);
        plan('skip', `It cannot be put back: ${why}.`);
        problems.push(`${name} cannot be put back: ${why}.`);
      }
    }
    const blocked = state.problem ?? (changes.length > 0 ? state.readOnly : null);
    const problem = blocked ?? (problems.length > 0 ? problems.join(' ') : null);
    files.push({ state, changes: blocked ? [] : changes, planned, gone: blocked ? [] : gone, problem });
  }
  return { row, direction: 'disconnect', files, warnings: [] };
}

type Decision =
  | { readonly change: RestoreChange; readonly reason: string | null }
  | { readonly gone: boolean; readonly reason: string };

async function decide(
  row: ClientRow,
  record: JournalRecord,
  state: FileState,
  force: boolean,
  journal: Journal,
): Promise<Decision> {
  const { doc } = state;
  // A file that is away may come back: what stood in it is kept.
  if (!doc) return { gone: false, reason: state.problem ?? `${state.path} is not there.` };
  const at = doc.find(record.path);
  if (!at) {
    if (!wasDropped(row, doc, record))
      return { gone: true, reason: 'It was removed meanwhile, and stays removed.' };
    const { text } = await journal.original(record.id);
    const reason = `${row.name} dropped all its servers by itself.`;
    return { change: { kind: 'restore', at: null, record, text }, reason };
  }
  const match = matchesOurs(record, at);
  if (!match && routedTo(at.value, row.dialect) === undefined)
    return { gone: true, reason: 'It does not point to Drawbridge any more, and stays as it is.' };
  if (!match && !force)
    return {
      gone: false,
      reason: 'It was changed by hand and stays as it is. "restore --all" puts the old one back.',
    };
  const original = await journal.original(record.id);
  // To the letter where the text fits as it is: our own stands there untouched, or the surroundings are as they were.
  const fits = match === 'text' || (match === undefined && doc.layout(at) === original.layout);
  const text = fits ? original.text : doc.relayout(at, original.text);
  return { change: { kind: 'restore', at, record, text }, reason: null };
}

/** Whether the whole map is missing in the file of a client that is known to drop it without being asked. */
export function wasDropped(row: ClientRow, doc: Doc, record: JournalRecord): boolean {
  return row.dropsServers && doc.find(record.path.slice(0, -1)) === undefined;
}
