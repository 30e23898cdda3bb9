import { readConfig, replaceConfig } from './config-file.ts';
import { digestOf } from './draft.ts';
import {
  type FilePlan,
  nextText,
  type RestoreChange,
  type RouteChange,
  type RowPlan,
  verifyText,
} from './file-plan.ts';
import { hashOf, type Journal, type JournalRecord } from './journal.ts';
import { withLock } from './lock.ts';
import { settle } from './recovery.ts';
import { register } from './registration.ts';
import type { ClientRow } from './table/index.ts';
import type { ClientDeps } from './types.ts';

/**
 * Carries a file's plan out: journal, then servers, then the file, then the journal again. Throws, with the file as it was,
 * when it changed since the plan or cannot be written.
 */
export async function carryOut(
  plan: RowPlan,
  file: FilePlan,
  journal: Journal,
  deps: ClientDeps,
): Promise<void> {
  const routes = file.changes.filter((change) => change.kind === 'route');
  const restores = file.changes.filter((change) => change.kind === 'restore');
  if (routes.length > 0) await route(plan.row, file, routes, journal, deps);
  if (restores.length > 0) await restore(plan.row, file, restores, journal, deps);
  if (file.gone.length > 0) await finishRestore(file.gone, journal);
}

async function route(
  row: ClientRow,
  file: FilePlan,
  changes: readonly RouteChange[],
  journal: Journal,
  deps: ClientDeps,
): Promise<void> {
  const token = await deps.identities.tokenFor(row.id);
  const next = nextText(file, row, token);
  verifyText(file, row, next);
  const after = row.format.parse(next, row.strictness);
  const records: JournalRecord[] = [];
  const replaced: string[] = [];
  for (const change of changes) {
    const written = after.ok ? after.doc.find(change.at.path) : undefined;
    if (!written) throw new Error(`${file.state.path} would lose ${change.name}. Nothing was written.`);
    const ours = { hash: hashOf(written.text), meaning: digestOf(written.value) };
    const live = change.record && change.record.state !== 'restored' ? change.record : null;
    const record: JournalRecord = {
      id: live?.id ?? journal.newId(),
      client: row.id,
      file: file.state.path,
      path: [...change.at.path],
      name: change.name,
      project: change.project,
      server: change.registration.server,
      state: 'writing',
      at: deps.ports.clock.now(),
      ours: [...(live?.ours ?? []), ours],
    };
    if (!live) {
      const layout = file.state.doc?.layout(change.at) ?? '';
      await journal.keepOriginal({ record, text: change.at.text, hash: hashOf(change.at.text), layout });
      if (change.record) replaced.push(change.record.id);
    }
    records.push(record);
  }
  await undoneOnError(records, journal, deps, async () => {
    await journal.save(records);
    for (const change of changes) if (change.draft) await register(change.registration, change.draft, deps);
    await write(row, file, next, deps);
  });
  await journal.save(records.map((record) => ({ ...record, state: 'applied' })));
  if (replaced.length > 0) await journal.drop(replaced);
}

async function restore(
  row: ClientRow,
  file: FilePlan,
  changes: readonly RestoreChange[],
  journal: Journal,
  deps: ClientDeps,
): Promise<void> {
  const next = nextText(file, row, '');
  verifyText(file, row, next);
  const records: JournalRecord[] = changes.map(({ record }) => ({ ...record, state: 'restoring' }));
  await undoneOnError(records, journal, deps, async () => {
    await journal.save(records);
    await write(row, file, next, deps);
  });
  await finishRestore(records, journal);
}

async function finishRestore(records: readonly JournalRecord[], journal: Journal): Promise<void> {
  await journal.save(records.map((record) => ({ ...record, state: 'restored' })));
  for (const { id } of records) await journal.forgetOriginal(id);
}

async function write(row: ClientRow, file: FilePlan, next: string, deps: ClientDeps): Promise<void> {
  const { path, hash } = file.state;
  const replace = async (): Promise<void> => {
    await replaceConfig(path, hash ?? '', next, deps.ports);
    // A client that holds its settings in memory may write them over ours at once.
    if ((await readConfig(path, deps.ports))?.text !== next)
      throw new Error(
        `${path} was written by another program right after Drawbridge. Quit the client, then try again.`,
      );
  };
  if (row.lock === undefined) await replace();
  else await withLock(path + row.lock, deps.ports, replace);
}

/** When `work` fails, the journal is set right by what is in the file before the error goes on. */
async function undoneOnError(
  records: readonly JournalRecord[],
  journal: Journal,
  deps: ClientDeps,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const record of records) await settle(record, journal, deps);
    throw error;
  }
}
