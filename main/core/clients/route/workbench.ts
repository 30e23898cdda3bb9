import { type Reach, reachOf } from '../entries/our-entry.ts';
import { createJournal, type Journal, type JournalRecord } from '../files/journal.ts';
import type { ClientDeps, Direction } from '../types.ts';
import type { Names } from './registration.ts';

/** What planning and changing the clients' files works with: the parts of the core, the journal, how our entries are reached. */
export interface Workbench extends ClientDeps {
  readonly journal: Journal;
  readonly reach: Reach;
}

export function createWorkbench(deps: ClientDeps): Workbench {
  const journal = createJournal({ ports: deps.ports, dir: deps.dataDir, secrets: deps.secrets });
  return { ...deps, journal, reach: reachOf(deps) };
}

/** What is to be done with a client's entries. */
export interface Wish {
  readonly direction: Direction;
  /** Also takes back entries that were changed by hand since. Default false. */
  readonly force?: boolean;
  /** A server that is registered already under another name is used, not registered again. Default false. */
  readonly merge?: boolean | undefined;
}

/** One run of planning: the journal as it stood at its beginning, and the names that its plans claimed so far. */
export interface Run {
  readonly bench: Workbench;
  readonly wish: Wish;
  readonly records: readonly JournalRecord[];
  readonly names: Names;
}
