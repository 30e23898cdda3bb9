import type { PlannedEntry } from '../../../../shared/schemas/client.ts';
import type { FileState } from '../entries/analyse.ts';
import type { Draft } from '../entries/draft.ts';
import type { JournalRecord, Original } from '../files/journal.ts';
import type { KeyPath, Located } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { Direction } from '../types.ts';
import type { Registration } from './registration.ts';

/** Our entry goes in the place of another. Without `at` the client dropped it, and it is added again. */
export interface RouteChange {
  readonly kind: 'route';
  readonly at: Located | null;
  readonly name: string;
  readonly project: string | null;
  readonly registration: Registration;
  /** What to register; null when the server is there and only our own entry is brought up to date. */
  readonly draft: Draft | null;
  readonly record: JournalRecord | null;
  /** The text to write, given the client's token. */
  text(token: string): string;
}
/** What stood there before goes back in our entry's place; without `at` it is added again. */
export interface RestoreChange {
  readonly kind: 'restore';
  readonly at: Located | null;
  readonly record: JournalRecord;
  readonly text: string;
  /** What stood before, for a record that the journal does not hold yet. */
  readonly original?: Original;
}
export type Change = RouteChange | RestoreChange;

/** What is done to one file. Holds secrets: stays in memory. */
export interface FilePlan {
  readonly state: FileState;
  readonly changes: readonly Change[];
  readonly planned: readonly PlannedEntry[];
  /** Records of entries that are not there any more, which only the journal has to forget. */
  readonly gone: readonly JournalRecord[];
  /** What was found may be a moment between two states of the file: worth another look before it is taken for the truth. */
  readonly unsettled?: boolean;
  readonly problem: string | null;
}

/** What is done to the files of one client. */
export interface RowPlan {
  readonly row: ClientRow;
  readonly direction: Direction;
  readonly files: readonly FilePlan[];
  readonly warnings: readonly string[];
}

/** Where the changed entry stands, or will stand. */
export function pathOf(change: Change): KeyPath {
  const path = change.at?.path ?? change.record?.path;
  if (!path) throw new TypeError('A change has neither an entry nor a record.');
  return path;
}
