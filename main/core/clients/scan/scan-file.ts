import type { ClientEntry } from '../../../../shared/schemas/client.ts';
import { entryText } from '../../../../shared/text/core/clients.ts';
import { analyseFile, type EntryState } from '../entries/analyse.ts';
import { droppedRecords } from '../entries/dropped.ts';
import { digestOf } from '../files/hash.ts';
import type { JournalRecord } from '../files/journal.ts';
import type { ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import { listedEntries } from './client-lists.ts';

/** What is shown of one file of a client. Holds no text of the file beyond that. */
export interface ScannedFile {
  readonly path: string;
  readonly exists: boolean;
  readonly problem: string | null;
  readonly entries: readonly ClientEntry[];
  /** Project folders that the file speaks of. */
  readonly projects: readonly string[];
}

/** Reads a file to show it. Nothing is ever written by what it says: planning and applying read again. */
export type ScanFile = (
  row: ClientRow,
  path: string,
  journal: readonly JournalRecord[],
) => Promise<ScannedFile>;

/** Smaller ones are read in a few milliseconds, and what they say can depend on yet other files. */
const WORTH_REMEMBERING = 512 * 1024;
/** Some file systems count time in steps of two seconds: a file that was just written can change without a trace. */
const SETTLED_MS = 2_500;

/**
 * Reads files to show them; of big ones it remembers what it found until the file, the journal or the servers change.
 * Claude Code's file can have 40 MB, which take a second to read, and would be read again whenever any client's file changes.
 */
export function createScanFile(deps: ClientDeps): ScanFile {
  const { files, clock } = deps.ports;
  const remembered = new Map<string, { readonly key: string; readonly file: ScannedFile }>();

  const keyOf = async (path: string, journal: readonly JournalRecord[]) => {
    try {
      const { size, ino, mtimeNs, ctimeNs } = await files.stat(path, { bigint: true });
      if (size < WORTH_REMEMBERING) return undefined;
      const settled = clock.now() - Number(ctimeNs / 1_000_000n) > SETTLED_MS;
      const shell = deps.loginShell?.now;
      const outside = [
        journal.filter(({ file }) => file === path),
        Object.keys(deps.servers.all()),
        [shell?.status, shell?.detail],
      ];
      return { settled, key: digestOf([String([size, ino, mtimeNs, ctimeNs]), ...outside]) };
    } catch {
      // Whatever is wrong with it, reading it says so.
      return undefined;
    }
  };

  return async (row, path, journal) => {
    const place = `${row.id}\n${path}`;
    const before = await keyOf(path, journal);
    const last = remembered.get(place);
    if (before && last?.key === before.key) return last.file;
    remembered.delete(place);
    const file = await readToShow(row, path, journal, deps);
    if (!before?.settled || (await keyOf(path, journal))?.key !== before.key) return file;
    // Copied: parts of the file's text would keep the whole text alive.
    const copy = structuredClone(file);
    remembered.set(place, { key: before.key, file: copy });
    return copy;
  };
}

export async function readToShow(
  row: ClientRow,
  path: string,
  journal: readonly JournalRecord[],
  deps: ClientDeps,
): Promise<ScannedFile> {
  const state = await analyseFile(row, path, journal, deps);
  const dropped = droppedRecords(state, journal).map((record) => droppedView(row, record));
  return {
    path,
    exists: state.exists,
    problem: state.problem,
    entries: [...state.entries.map(viewOf), ...dropped, ...listedEntries(state)],
    projects: row.projectFiles.length > 0 ? (state.doc?.keys(['projects']) ?? []) : [],
  };
}

function viewOf(entry: EntryState): ClientEntry {
  const { file, name, server, project, target, state, reason } = entry;
  return { file, name, server, project, target, state, reason, kind: 'entry', sharedWith: [] };
}

/** An entry of ours that is not in the file, because the client dropped it: still what the person wished. */
function droppedView(row: ClientRow, { file, name, project, server }: JournalRecord): ClientEntry {
  return {
    ...{ file, name, project, server },
    reason: entryText.dropped(row.name),
    target: '',
    state: 'skipped',
    kind: 'entry',
    sharedWith: [],
  };
}
