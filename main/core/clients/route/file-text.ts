import { digestOf } from '../files/hash.ts';
import { type Doc, type Edit, type KeyPath, type Located, splice } from '../formats/types.ts';
import { type FilePlan, pathOf } from './file-plan.ts';

/** The file's text after the changes. Every character outside the changed entries is the old one. */
export function nextText(plan: FilePlan, token: string): string {
  return splice(docOf(plan).text, editsOf(plan, token));
}

/** What is put where, in the file as it was read; `token` stands in our entries. */
export function editsOf(plan: FilePlan, token: string): Edit[] {
  const doc = docOf(plan);
  const { row } = plan.state;
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
export function verifyText(plan: FilePlan, next: string): Doc {
  const { doc, path, row } = plan.state;
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

/** Whether a text has the changed entries as `next` has them, whatever else is different. */
export function holdsChanges(plan: FilePlan, next: string, text: string): boolean {
  const { row } = plan.state;
  const [wanted, found] = [next, text].map((each) => row.format.parse(each, row.strictness));
  if (!wanted?.ok || !found?.ok) return false;
  return plan.changes.every((change) => {
    const entry = wanted.doc.find(pathOf(change));
    return entry && digestOf(found.doc.find(pathOf(change))?.value) === digestOf(entry.value);
  });
}
