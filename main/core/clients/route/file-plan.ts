import { messageOf } from '../../../../shared/base/message-of.ts';
import type { ClientPlan, PlannedEntry } from '../../../../shared/schemas/client.ts';
import type { FileState } from '../entries/analyse.ts';
import { BULLETS } from '../entries/credentials.ts';
import { type Draft, digestOf } from '../entries/draft.ts';
import type { JournalRecord } from '../files/journal.ts';
import { maskedDiff } from '../files/masked-diff.ts';
import { type Doc, type Edit, type KeyPath, type Located, splice } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { Direction } from '../types.ts';
import type { Registration } from './registration.ts';

/** Our entry goes in the place of another. Without `at` the client dropped it, and it is added anew. */
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
/** What stood there before goes back in our entry's place; without `at` it is added anew. */
export interface RestoreChange {
  readonly kind: 'restore';
  readonly at: Located | null;
  readonly record: JournalRecord;
  readonly text: string;
}
export type Change = RouteChange | RestoreChange;

/** What is done to one file. Holds secrets: stays in memory. */
export interface FilePlan {
  readonly state: FileState;
  readonly changes: readonly Change[];
  readonly planned: readonly PlannedEntry[];
  /** Records of entries that are not there any more, which only the journal has to forget. */
  readonly gone: readonly JournalRecord[];
  readonly problem: string | null;
}

/** What is done to the files of one client. */
export interface RowPlan {
  readonly row: ClientRow;
  readonly direction: Direction;
  readonly files: readonly FilePlan[];
  readonly warnings: readonly string[];
}

/** The file's text after the changes. Every character outside the changed entries is the old one. */
export function nextText(plan: FilePlan, row: ClientRow, token: string): string {
  return splice(docOf(plan).text, editsOf(plan, row, token));
}

function editsOf(plan: FilePlan, row: ClientRow, token: string): Edit[] {
  const doc = docOf(plan);
  const edits = plan.changes.flatMap((change) =>
    change.at
      ? [
          {
            start: change.at.start,
            end: change.at.end,
            text: change.kind === 'route' ? change.text(token) : change.text,
            path: change.at.path,
          },
        ]
      : [],
  );
  const added = plan.changes.filter((change) => change.at === null);
  if (added.length === 0) return edits;
  // Each addition is placed in the text the one before it left: the first may have to make the map.
  let next = splice(doc.text, edits);
  for (const change of added) {
    const path = pathOf(change);
    const parsed = row.format.parse(next, row.strictness);
    if (!parsed.ok) throw new Error(`${plan.state.path}: ${parsed.problem.message}`);
    const text = change.kind === 'route' ? change.text(token) : change.text;
    next = splice(next, [parsed.doc.add(path, text)]);
  }
  return [differenceOf(doc.text, next)];
}

/** Where the changed entry stands, or will stand. */
export function pathOf(change: Change): KeyPath {
  const path = change.at?.path ?? change.record?.path;
  if (!path) throw new TypeError('A change has neither an entry nor a record.');
  return path;
}

/** One edit that makes one text of another. */
function differenceOf(from: string, to: string): Edit {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let tail = 0;
  while (tail < shorter - start && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  return { start, end: from.length - tail, text: to.slice(start, to.length - tail) };
}

function docOf(plan: FilePlan): Doc {
  if (!plan.state.doc) throw new TypeError(`${plan.state.path} was not read.`);
  return plan.state.doc;
}

/**
 * Looks at a text before it is written: it must parse as the client parses, hold the changed entries, and be the old one
 * everywhere else. Throws when it is not, and nothing is written then. Gives what it read: a big file takes its time to parse.
 */
export function verifyText(plan: FilePlan, row: ClientRow, next: string): Doc {
  const { doc, path } = plan.state;
  const parsed = row.format.parse(next, row.strictness);
  if (!doc || !parsed.ok)
    throw new Error(`${path} would not be readable for ${row.name} after the change. Nothing was written.`);
  const paths = plan.changes.map(pathOf);
  const outside = (text: string, find: (at: KeyPath) => Located | undefined): string =>
    splice(
      text,
      paths.flatMap((at) => {
        const located = find(at);
        return located ? [{ start: located.start, end: located.end, text: '' }] : [];
      }),
    );
  const added = plan.changes.some((change) => change.at === null);
  const same = outside(doc.text, (at) => doc.find(at)) === outside(next, (at) => parsed.doc.find(at));
  const complete = paths.every((at) => parsed.doc.find(at));
  if (!complete || (!same && !added))
    throw new Error(`${path}: the change would reach beyond its entries. Nothing was written.`);
  return parsed.doc;
}

/** The plan as it crosses the contract: diffs with bullets, and a digest that binds an apply to it. */
export function showPlan(plan: RowPlan): ClientPlan {
  const { row, direction } = plan;
  const files = plan.files.map((file) => {
    const { doc, hash } = file.state;
    const edits = file.changes.length > 0 ? editsOf(file, row, BULLETS) : [];
    return {
      path: file.state.path,
      diff: doc ? maskedDiff(file.state.path, doc, edits, row.format, row.strictness) : '',
      entries: [...file.planned],
      problem: file.problem,
      bound: { before: hash, edits },
    };
  });
  return {
    client: row.id,
    name: row.name,
    direction,
    files: files.map(({ bound: _bound, ...shown }) => shown),
    warnings: [...plan.warnings],
    digest: digestOf({ client: row.id, direction, files: files.map(({ diff: _diff, ...bound }) => bound) }),
  };
}

/** The plan of a client whose files could not be looked at: nothing is done, and it says why. */
export function failedPlan(row: ClientRow, direction: Direction, error: unknown): ClientPlan {
  const problem = messageOf(error);
  return {
    client: row.id,
    name: row.name,
    direction,
    files: [{ path: row.name, diff: '', entries: [], problem }],
    warnings: [],
    digest: digestOf({ client: row.id, direction, problem }),
  };
}
