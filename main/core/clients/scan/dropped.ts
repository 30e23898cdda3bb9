import type { FileState } from '../entries/analyse.ts';
import { ourText, type Reach } from '../entries/our-entry.ts';
import type { Journal, JournalRecord } from '../files/journal.ts';
import { splice } from '../formats/types.ts';
import type { RouteChange } from '../route/file-plan.ts';
import { wasDropped } from '../route/plan-restore.ts';
import type { ClientRow } from '../table/index.ts';

/** Our entries of a file that the client dropped by itself, with all its other servers. No wish of the person. */
export function droppedRecords(
  row: ClientRow,
  state: FileState,
  records: readonly JournalRecord[],
): JournalRecord[] {
  const { doc, path } = state;
  if (!doc || !row.dropsServers) return [];
  return records.filter(
    (record) =>
      record.file === path &&
      record.client === row.id &&
      record.state === 'applied' &&
      wasDropped(row, doc, record),
  );
}

/** Puts our entry back where the client dropped it, with the fields that the person's own had. */
export async function readd(
  row: ClientRow,
  state: FileState,
  record: JournalRecord,
  journal: Journal,
  reach: Reach,
): Promise<RouteChange> {
  const { text: original } = await journal.original(record.id);
  return {
    kind: 'route',
    at: null,
    name: record.name,
    project: record.project,
    registration: { server: record.server, how: 'same' },
    draft: null,
    record,
    text(token) {
      // Laid out as the original would stand in this file, and then as ours in its place.
      const before = state.doc?.text ?? '';
      const added = state.doc ? splice(before, [state.doc.add(record.path, original)]) : '';
      const parsed = row.format.parse(added, row.strictness);
      const at = parsed.ok ? parsed.doc.find(record.path) : undefined;
      if (!parsed.ok || !at) throw new Error(`${record.name} cannot be put back into ${state.path}.`);
      return ourText(parsed.doc, at, row.dialect, record.server, token, reach);
    },
  };
}
