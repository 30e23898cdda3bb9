import type { ClientPlan, PlannedEntry } from '../../../shared/schemas/client.ts';
import type { FileState } from './analyse.ts';
import { BULLETS } from './credentials.ts';
import { type Draft, digestOf } from './draft.ts';
import { type KeyPath, type Located, splice } from './formats/types.ts';
import { hashOf, type JournalRecord } from './journal.ts';
import { maskedDiff } from './masked-diff.ts';
import type { Registration } from './registration.ts';
import type { ClientRow } from './table.ts';
import type { Direction } from './types.ts';

/** Our entry goes in the place of another. */
export interface RouteChange {
  readonly kind: 'route';
  readonly at: Located;
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
  const { doc } = plan.state;
  if (!doc) throw new TypeError(`${plan.state.path} was not read.`);
  const textOf = (change: Change): string => (change.kind === 'route' ? change.text(token) : change.text);
  let next = splice(
    doc.text,
    plan.changes.flatMap((change) =>
      change.at ? [{ start: change.at.start, end: change.at.end, text: textOf(change) }] : [],
    ),
  );
  for (const change of plan.changes) {
    if (change.at || change.kind !== 'restore') continue;
    const parsed = row.format.parse(next, row.strictness);
    if (!parsed.ok) throw new Error(`${plan.state.path}: ${parsed.problem.message}`);
    next = splice(next, [parsed.doc.add(change.record.path, change.text)]);
  }
  return next;
}

/**
 * Looks at a text before it is written: it must parse as the client parses, hold the changed entries, and be the old one
 * everywhere else. Throws when it is not, and nothing is written then.
 */
export function verifyText(plan: FilePlan, row: ClientRow, next: string): void {
  const { doc, path } = plan.state;
  const parsed = row.format.parse(next, row.strictness);
  if (!doc || !parsed.ok)
    throw new Error(`${path} would not be readable for ${row.name} after the change. Nothing was written.`);
  const paths = plan.changes.map((change) => (change.at ? change.at.path : change.record?.path));
  const outside = (text: string, find: (at: KeyPath) => Located | undefined): string =>
    splice(
      text,
      paths.flatMap((at) => {
        const located = at && find(at);
        return located ? [{ start: located.start, end: located.end, text: '' }] : [];
      }),
    );
  const added = plan.changes.some((change) => change.at === null);
  const same = outside(doc.text, (at) => doc.find(at)) === outside(next, (at) => parsed.doc.find(at));
  const complete = paths.every((at) => at && parsed.doc.find(at));
  if (!complete || (!same && !added))
    throw new Error(`${path}: the change would reach beyond its entries. Nothing was written.`);
}

/** The plan as it crosses the contract: diffs with bullets, and a digest that binds an apply to it. */
export function showPlan(plan: RowPlan): ClientPlan {
  const { row, direction } = plan;
  const files = plan.files.map((file) => {
    const before = file.state.doc?.text ?? '';
    const after = file.changes.length > 0 ? nextText(file, row, BULLETS) : before;
    return {
      path: file.state.path,
      diff: maskedDiff(file.state.path, before, after, row.format, row.strictness),
      entries: [...file.planned],
      problem: file.problem,
      bound: { before: file.state.hash, after: hashOf(after) },
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
