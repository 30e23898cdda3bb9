import { messageOf } from '../../../../shared/base/message-of.ts';
import { digestOf } from '../entries/draft.ts';
import { FileChanged, type Holding, Overwritten, replaceConfig } from '../files/config-file.ts';
import { hashOf, type Journal, type JournalRecord, type Original } from '../files/journal.ts';
import { withLock } from '../files/lock.ts';
import type { ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import {
  type FilePlan,
  nextText,
  pathOf,
  type RestoreChange,
  type RouteChange,
  type RowPlan,
  verifyText,
} from './file-plan.ts';
import { settle } from './recovery.ts';
import { register } from './registration.ts';

/**
 * Carries a file's plan out: journal, then servers, then the file (while `holding` what keeps its client from writing), then
 * the journal again. Throws, with the file as it was, when it changed since the plan or cannot be written.
 */
export async function carryOut(
  plan: RowPlan,
  file: FilePlan,
  journal: Journal,
  deps: ClientDeps,
  holding: Holding = lockOf(plan.row, file.state.path, deps),
): Promise<void> {
  const routes = file.changes.filter((change) => change.kind === 'route');
  const restores = file.changes.filter((change) => change.kind === 'restore');
  if (routes.length > 0) await route(plan.row, file, routes, holding, journal, deps);
  if (restores.length > 0) await restore(plan.row, file, restores, holding, journal, deps);
  if (file.gone.length > 0) await finishRestore(file.gone, journal);
}

/** Holds what keeps the client from writing its file: its own lock, or nothing where it has none. */
export function lockOf(row: ClientRow, path: string, deps: ClientDeps): Holding {
  const { lock } = row;
  return lock === undefined ? (work) => work() : (work) => withLock(path, lock, deps.ports, work);
}

async function route(
  row: ClientRow,
  file: FilePlan,
  changes: readonly RouteChange[],
  holding: Holding,
  journal: Journal,
  deps: ClientDeps,
): Promise<void> {
  const token = await deps.identities.tokenFor(row.id);
  const next = nextText(file, row, token);
  const after = verifyText(file, row, next);
  const records: JournalRecord[] = [];
  const originals: Original[] = [];
  const replaced: string[] = [];
  for (const change of changes) {
    const path = pathOf(change);
    const written = after.find(path);
    if (!written) throw new Error(`${file.state.path} would lose ${change.name}. Nothing was written.`);
    const ours = { hash: hashOf(written.text), meaning: digestOf(written.value) };
    const live = change.record && change.record.state !== 'restored' ? change.record : null;
    const record: JournalRecord = {
      id: live?.id ?? journal.newId(),
      client: row.id,
      file: file.state.path,
      path: [...path],
      name: change.name,
      project: change.project,
      server: change.registration.server,
      state: 'writing',
      at: deps.ports.clock.now(),
      ours: [...(live?.ours ?? []), ours],
    };
    if (!live && change.at) {
      const layout = file.state.doc?.layout(change.at) ?? '';
      originals.push({ record, text: change.at.text, hash: hashOf(change.at.text), layout });
      if (change.record) replaced.push(change.record.id);
    }
    records.push(record);
  }
  await journal.keepOriginals(originals);
  const before = changes.flatMap(({ record }) => (record && record.state !== 'restored' ? [record] : []));
  await undoneOnError(records, before, journal, deps, async () => {
    await journal.save(records);
    for (const change of changes) if (change.draft) await register(change.registration, change.draft, deps);
    await write(row, file, next, holding, deps);
  });
  await noted(file.state.path, async () => {
    await journal.save(records.map((record) => ({ ...record, state: 'applied' })));
    if (replaced.length > 0) await journal.drop(replaced);
  });
}

async function restore(
  row: ClientRow,
  file: FilePlan,
  changes: readonly RestoreChange[],
  holding: Holding,
  journal: Journal,
  deps: ClientDeps,
): Promise<void> {
  const next = nextText(file, row, '');
  verifyText(file, row, next);
  const records: JournalRecord[] = changes.map(({ record }) => ({ ...record, state: 'restoring' }));
  const before = changes.map(({ record }) => record);
  await undoneOnError(records, before, journal, deps, async () => {
    await journal.save(records);
    await write(row, file, next, holding, deps);
  });
  await noted(file.state.path, () => finishRestore(records, journal));
}

async function finishRestore(records: readonly JournalRecord[], journal: Journal): Promise<void> {
  await journal.save(records.map((record) => ({ ...record, state: 'restored' })));
  await journal.forgetOriginals(records.map(({ id }) => id));
}

async function write(
  row: ClientRow,
  file: FilePlan,
  next: string,
  holding: Holding,
  deps: ClientDeps,
): Promise<void> {
  const { path, hash } = file.state;
  const after = await replaceConfig(path, hash ?? '', next, deps.ports, holding);
  // A client that holds its settings in memory may write them over ours at once. One that read ours first has kept it.
  if (after !== null && !holdsChanges(row, file, next, after.text)) throw new Overwritten(path);
}

/** Whether a text has the changed entries as `next` has them, whatever else is different. */
function holdsChanges(row: ClientRow, file: FilePlan, next: string, text: string): boolean {
  const [wanted, found] = [next, text].map((each) => row.format.parse(each, row.strictness));
  if (!wanted?.ok || !found?.ok) return false;
  return file.changes.every((change) => {
    const entry = wanted.doc.find(pathOf(change));
    return entry && digestOf(found.doc.find(pathOf(change))?.value) === digestOf(entry.value);
  });
}

/**
 * When `work` fails, the journal is set right before the error goes on: by what is in the file, or to what it was `before`
 * where the file is known not to have been touched.
 */
async function undoneOnError(
  records: readonly JournalRecord[],
  before: readonly JournalRecord[],
  journal: Journal,
  deps: ClientDeps,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof FileChanged) {
      const known = new Set(before.map(({ id }) => id));
      await journal.save(before);
      await journal.drop(records.map(({ id }) => id).filter((id) => !known.has(id)));
      throw error;
    }
    for (const record of records) {
      try {
        await settle(record, journal, deps);
      } catch (left) {
        deps.ports.log('warn', `The change of ${record.name} in ${record.file} stays open`, left);
      }
    }
    throw error;
  }
}

/** The file is changed by then. What the journal lacks is found out from the file by the next recovery. */
async function noted(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new Error(
      `${path} was changed, but that could not be noted in the journal (${messageOf(cause)}). Drawbridge sets this right at the next change, or when it starts.`,
      { cause },
    );
  }
}
