import { isObject } from '../../../../shared/base/is-object.ts';
import { messageOf } from '../../../../shared/base/message-of.ts';
import type { PlannedEntry } from '../../../../shared/schemas/client.ts';
import { planText } from '../../../../shared/text/core/clients.ts';
import { analyseFile, type EntryState, type FileState, matchesOurs } from '../entries/analyse.ts';
import { wasDropped } from '../entries/dropped.ts';
import { holdsOurToken, isCurrent, type Ours, reachOf } from '../entries/our-entry.ts';
import { routedTo } from '../entries/routed-to.ts';
import { reachingFields, usualFormOrWritten } from '../entries/shapes.ts';
import { filesOf } from '../files/client-files.ts';
import type { JournalRecord, Original } from '../files/journal.ts';
import type { Doc, Located } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { FilePlan, RestoreChange, RowPlan } from './file-plan.ts';
import type { Run, Workbench } from './workbench.ts';

/**
 * What putting a client's entries back changes. Goes by the journal, so that it also finds files where the client's are not
 * looked for any more; and by what stands in the files, so that ours is found again where a client or a person copied it.
 * Reads only.
 */
export async function planRestore(row: ClientRow, run: Run): Promise<RowPlan> {
  const { records, bench } = run;
  const own = records.filter((record) => record.client === row.id);
  const paths = new Set([...own.map(({ file }) => file), ...(await filesOf(row, bench.ports))]);
  const files: FilePlan[] = [];
  for (const path of paths) {
    const live = own.filter(({ file, state }) => file === path && state !== 'restored');
    const state = await analyseFile(row, path, records, bench);
    const wanted: Wanted[] = live.map((record) => ({ record }));
    for (const entry of state.entries) wanted.push(...(await backAgain(entry, live, own, bench)));
    if (wanted.length > 0) files.push(await planFile(state, wanted, run));
  }
  const warnings = files.flatMap(({ state, changes }) => (changes.length > 0 ? state.notes : []));
  return { row, direction: 'disconnect', files, warnings };
}

/** An entry that is to be put back: its record, and what stood before where the journal has that for another place only. */
interface Wanted {
  readonly record: JournalRecord;
  readonly original?: Original;
}

/** Ours, in a place where nothing of ours should stand: undone already, or a copy of an entry that was routed elsewhere. */
async function backAgain(
  { record, at, row, file, name, project, server }: EntryState,
  live: readonly JournalRecord[],
  own: readonly JournalRecord[],
  { journal, identities }: Workbench,
): Promise<Wanted[]> {
  if (record && live.some(({ id }) => id === record.id)) return [];
  if (record && record.client !== row.id) return [];
  if (record?.state === 'applied') return [{ record }];
  if (server === null || !holdsOurToken(usualFormOrWritten(at.value, row.dialect.shape), identities))
    return [];
  for (const known of own.filter((each) => each.server === server).reverse()) {
    const original = await journal.original(known.id).catch(() => undefined);
    if (!original) continue;
    const copy = { ...known, id: journal.newId(), file, path: [...at.path], name, project };
    return [{ record: { ...copy, state: 'applied' }, original }];
  }
  return [];
}

async function planFile(state: FileState, wanted: readonly Wanted[], run: Run): Promise<FilePlan> {
  const changes: RestoreChange[] = [];
  const planned: PlannedEntry[] = [];
  const gone: JournalRecord[] = [];
  const problems: string[] = [];
  for (const each of wanted) {
    const { record } = each;
    const { name, project } = record;
    const plan = (action: PlannedEntry['action'], reason: string | null): void =>
      void planned.push({ name, project, action, reason, sameAs: null, secrets: [] });
    try {
      const found = await decide(each, state, run);
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
  const unsettled = state.blank || state.doc === null || gone.length > 0;
  return { state, changes: blocked ? [] : changes, planned, gone: blocked ? [] : gone, problem, unsettled };
}

type Decision =
  | { readonly change: RestoreChange; readonly reason: string | null }
  | { readonly gone: boolean; readonly reason: string };

async function decide(
  { record, original: known }: Wanted,
  state: FileState,
  { wish, bench }: Run,
): Promise<Decision> {
  const { row, doc } = state;
  // A file that is away may come back: what stood in it is kept.
  if (!doc) return { gone: false, reason: state.problem ?? planText.fileAway(state.path) };
  // One that is empty is being written anew, or was emptied by accident: nothing was removed from it.
  if (state.blank) return { gone: false, reason: planText.fileBlank(state.path) };
  const at = doc.find(record.path);
  if (!at) {
    if (!wasDropped(row, doc, record)) return { gone: true, reason: planText.removedMeanwhile };
    const { text } = await bench.journal.original(record.id);
    return { change: { kind: 'restore', at: null, record, text }, reason: planText.droppedAll(row.name) };
  }
  const match = matchesOurs(record, at);
  if (!match && routedTo(at.value, row.dialect) === undefined)
    return { gone: true, reason: planText.pointsElsewhere };
  const untouched = match || isCurrent(at.value, oursOf(record, row, bench), record.client, bench.identities);
  if (!untouched && !wish.force) return { gone: false, reason: planText.changedByHand };
  const original = known ?? (await bench.journal.original(record.id));
  const more = known ? { original: known } : {};
  if (!match && !wish.force) {
    const text = besideOthers(doc, at, original.text, row);
    if (text === undefined) return { gone: false, reason: planText.changedByHand };
    return { change: { kind: 'restore', at, record, text, ...more }, reason: planText.keptBeside };
  }
  // To the letter where the text fits as it is: our own stands there untouched, or the surroundings are as they were.
  const fits = match === 'text' || (match === undefined && doc.layout(at) === original.layout);
  const text = fits ? original.text : doc.relayout(at, original.text);
  const change = { kind: 'restore', at, record, text, ...more } as const;
  return { change, reason: null };
}

function oursOf({ server }: JournalRecord, { dialect }: ClientRow, bench: Workbench): Ours {
  return { dialect, server, reach: reachOf(bench) };
}

/**
 * What reached the server before, together with the other members as they are now: clients keep states of their own in an entry
 * (`disabled`, the last error), and a person switches things there while it is routed. Undefined where the old entry is no map.
 */
function besideOthers(
  doc: Doc,
  at: Located,
  before: string,
  { dialect, format }: ClientRow,
): string | undefined {
  const old = format.entry(before)?.value;
  if (!isObject(old)) return undefined;
  const reaching = reachingFields(dialect.shape);
  const isOurs = (key: string): boolean =>
    reaching.includes(key) || (Object.hasOwn(dialect.extra ?? {}, key) && !(key in old));
  const fields = Object.entries(old)
    .filter(([key]) => reaching.includes(key))
    .map(([key, value]) => ({ key, value }));
  return doc.render(at, [...fields, ...(at.members ?? []).filter(({ key }) => !isOurs(key))]);
}
