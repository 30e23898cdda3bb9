import { matchesOurs } from '../entries/analyse.ts';
import { wasDropped } from '../entries/dropped.ts';
import { routedTo } from '../entries/routed-to.ts';
import { isBlank, readConfig, removeTemporaries } from '../files/config-file.ts';
import { digestOf, hashOf } from '../files/hash.ts';
import type { JournalRecord } from '../files/journal.ts';
import { clientRow } from '../table/index.ts';
import type { Workbench } from './workbench.ts';

/**
 * Brings the journal in line with the files for every entry whose change was begun and not seen to its end. The file is
 * the truth: each was replaced in one step, so an entry is either the old one or ours.
 */
export async function recoverAll(bench: Workbench): Promise<void> {
  const { journal, ports } = bench;
  await journal.tidy();
  const records = await journal.load();
  const open = records.filter(({ state }) => state === 'writing' || state === 'restoring');
  for (const file of new Set(open.map((record) => record.file))) await removeTemporaries(file, ports);
  for (const record of open) {
    try {
      await settle(record, bench);
    } catch (error) {
      // One entry that cannot be decided must not keep the others from being used.
      ports.log('warn', `The change of ${record.name} in ${record.file} stays open`, error);
    }
  }
  const stored = new Set(await bench.secrets.names());
  const over = records.filter(({ id, state }) => state === 'restored' && stored.has(`journal/${id}`));
  await journal.setAside(over.map(({ id }) => id));
}

/**
 * Decides one such record by what is in the file. A file that is away, empty or unreadable leaves it open.
 * @param wasThere ours stood in the file for a moment: a client may have read it, and write it again
 */
export async function settle(record: JournalRecord, bench: Workbench, wasThere = false): Promise<void> {
  const { journal } = bench;
  const verdict = await verdictOf(record, bench);
  if (verdict === 'unknown') return;
  if (verdict === 'ours') await journal.save([{ ...record, state: 'applied' }]);
  else if (verdict === 'original' && record.state === 'writing' && !wasThere) await journal.drop([record.id]);
  else {
    await journal.save([{ ...record, state: 'restored' }]);
    await journal.setAside([record.id]);
  }
}

/** `gone`: neither ours nor the original is there. */
async function verdictOf(
  record: JournalRecord,
  { journal, ports }: Workbench,
): Promise<'ours' | 'original' | 'gone' | 'unknown'> {
  const row = clientRow(record.client);
  if (!row) return 'unknown';
  let text: string | undefined;
  try {
    text = (await readConfig(record.file, ports))?.text;
  } catch (error) {
    ports.log('warn', `${record.file} cannot be read, so the change of ${record.name} stays open`, error);
  }
  const parsed = text === undefined || isBlank(text) ? undefined : row.format.parse(text, row.strictness);
  if (!parsed?.ok) return 'unknown';
  const at = parsed.doc.find(record.path);
  if (!at) return wasDropped(row, parsed.doc, record) ? 'ours' : 'gone';
  if (matchesOurs(record, at)) return 'ours';
  const original = await journal.original(record.id);
  if (hashOf(at.text) === original.hash) return 'original';
  const before = row.format.entry(original.text);
  if (before && digestOf(at.value) === digestOf(before.value)) return 'original';
  return routedTo(at.value, row.dialect) === undefined ? 'gone' : 'ours';
}
