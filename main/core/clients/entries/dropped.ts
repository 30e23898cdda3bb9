import type { JournalRecord } from '../files/journal.ts';
import type { Doc } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { FileState } from './analyse.ts';

/** Our entries of a file that the client dropped by itself, with all its other servers. No wish of the person. */
export function droppedRecords(
  { row, doc, path, blank }: FileState,
  records: readonly JournalRecord[],
): JournalRecord[] {
  if (!doc || blank || !row.dropsServers) return [];
  return records.filter(
    (record) =>
      record.file === path &&
      record.client === row.id &&
      record.state === 'applied' &&
      wasDropped(row, doc, record),
  );
}

/** Whether the whole map is missing in the file of a client that is known to drop it without being asked. */
export function wasDropped(row: ClientRow, doc: Doc, record: JournalRecord): boolean {
  return row.dropsServers && doc.find(record.path.slice(0, -1)) === undefined;
}
