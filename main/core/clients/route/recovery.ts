import { matchesOurs } from '../entries/analyse.ts';
import { digestOf } from '../entries/draft.ts';
import { routedTo } from '../entries/our-entry.ts';
import { readConfig, removeTemporaries } from '../files/config-file.ts';
import { hashOf, type Journal, type JournalRecord } from '../files/journal.ts';
import { clientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import { wasDropped } from './plan-restore.ts';

/**
 * Brings the journal in line with the files for every entry whose change was begun and not seen to its end. The file is
 * the truth: each was replaced in one step, so an entry is either the old one or ours.
 */
export async function recoverAll(journal: Journal, deps: ClientDeps): Promise<void> {
  await journal.tidy();
  const records = await journal.load();
  const open = records.filter(({ state }) => state === 'writing' || state === 'restoring');
  for (const file of new Set(open.map((record) => record.file))) await removeTemporaries(file, deps.ports);
  for (const record of open) {
    try {
      await settle(record, journal, deps);
    } catch (error) {
      // One entry that cannot be decided must not keep the others from being used.
      deps.ports.log('warn', `The change of ${record.name} in ${record.file} stays open`, error);
    }
  }
  const kept = new Set(await deps.secrets.names());
  const over = records.filter(({ id, state }) => state === 'restored' && kept.has(`journal/${id}`));
  await journal.forgetOriginals(over.map(({ id }) => id));
}

/** Decides one such record by what is in the file. A file that is away or unreadable leaves it open. */
export async function settle(record: JournalRecord, journal: Journal, deps: ClientDeps): Promise<void> {
  const verdict = await verdictOf(record, journal, deps);
  if (verdict === 'ours') await journal.save([{ ...record, state: 'applied' }]);
  else if (verdict === 'not-ours' && record.state === 'writing') await journal.drop([record.id]);
  else if (verdict === 'not-ours') {
    await journal.save([{ ...record, state: 'restored' }]);
    await journal.forgetOriginals([record.id]);
  }
}

async function verdictOf(
  record: JournalRecord,
  journal: Journal,
  deps: ClientDeps,
): Promise<'ours' | 'not-ours' | 'unknown'> {
  const row = clientRow(record.client);
  if (!row) return 'unknown';
  let text: string | undefined;
  try {
    text = (await readConfig(record.file, deps.ports))?.text;
  } catch (error) {
    deps.ports.log(
      'warn',
      `${record.file} cannot be read, so the change of ${record.name} stays open`,
      error,
    );
  }
  const parsed = text === undefined ? undefined : row.format.parse(text, row.strictness);
  if (!parsed?.ok) return 'unknown';
  const at = parsed.doc.find(record.path);
  if (!at) return wasDropped(row, parsed.doc, record) ? 'ours' : 'not-ours';
  if (matchesOurs(record, at)) return 'ours';
  const original = await journal.original(record.id);
  if (hashOf(at.text) === original.hash) return 'not-ours';
  const before = row.format.entry(original.text);
  if (before && digestOf(at.value) === digestOf(before.value)) return 'not-ours';
  return routedTo(at.value, row.dialect) === undefined ? 'not-ours' : 'ours';
}
