import { formatPatch, type StructuredPatchHunk, structuredPatch } from 'diff';
import { redactText } from '../../audit/credential-patterns.ts';
import { BULLETS, secretStrings } from '../entries/credentials.ts';
import {
  type Doc,
  type Edit,
  type FormatDriver,
  type Strictness,
  type StringAt,
  splice,
} from '../formats/types.ts';

const CONTEXT_LINES = 3;

/**
 * A unified diff for people of what edits do to a file, every secret in it as bullets: of the entries, and of whatever else
 * of the file stands in the lines around them. Empty when nothing changes. Looks only at those lines, because a client's
 * file can be many megabytes; whether the whole can be read after the change is asked before it is written.
 */
export function maskedDiff(
  path: string,
  doc: Doc,
  edits: readonly Edit[],
  format: FormatDriver,
  strictness: Strictness,
): string {
  const hunks: StructuredPatchHunk[] = [];
  const next = edits.every((edit) => edit.path !== undefined)
    ? undefined
    : parsed(path, doc, edits, format, strictness);
  let moved = 0;
  let movedLines = 0;
  const linesAbove = lineCounter(doc.text);
  for (const { start, end, cut, edits: inside } of windows(doc.text, edits)) {
    const grown = inside.reduce((sum, edit) => sum + edit.text.length - (edit.end - edit.start), 0);
    const [before, after] = [
      maskDoc(doc, start, end),
      next ? maskDoc(next, start + moved, end + moved + grown) : maskEdited(doc, start, end, inside, format),
    ].map((each) => (cut ? shortened(each) : each)) as [string, string];
    const above = linesAbove(start);
    for (const hunk of structuredPatch('', '', before, after, '', '', { context: CONTEXT_LINES }).hunks)
      hunks.push({
        ...hunk,
        oldStart: hunk.oldStart + above,
        newStart: hunk.newStart + above + movedLines,
      });
    moved += grown;
    movedLines += after.split('\n').length - before.split('\n').length;
  }
  if (hunks.length === 0) return '';
  const patch = formatPatch({
    oldFileName: '',
    newFileName: '',
    oldHeader: '',
    newHeader: '',
    index: undefined,
    hunks,
  });
  return `--- ${path}\n+++ ${path}\n${patch.slice(patch.indexOf('@@ '))}`;
}

/** The document after edits that do more than put one entry in the place of another. */
function parsed(
  path: string,
  doc: Doc,
  edits: readonly Edit[],
  format: FormatDriver,
  strictness: Strictness,
): Doc {
  const next = format.parse(splice(doc.text, edits), strictness);
  if (next.ok) return next.doc;
  throw new Error(`${path} would not be readable after the change: ${next.problem.message}`);
}

interface Window {
  start: number;
  end: number;
  /** It begins or ends within a line. */
  cut: boolean;
  edits: Edit[];
}

/** As much is looked at around an edit for whole lines; some files have but one, of many megabytes. */
const FAR = 10_000;
const NEAR = 200;

/** Whole lines around each edit, or what is near it where lines are very long; those that meet are one. */
function windows(text: string, edits: readonly Edit[]): Window[] {
  const found: Window[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    const from = Math.max(0, edit.start - FAR);
    const to = Math.min(text.length, edit.end + FAR);
    const before = lineStarts(text.slice(from, edit.start), from === 0).at(-CONTEXT_LINES - 1);
    const after = lineStarts(text.slice(edit.end, to), false)[CONTEXT_LINES];
    const start = before === undefined ? firstLine(text, from, edit.start) : from + before;
    const end = after === undefined ? lastLine(text, edit.end, to) : edit.end + after;
    const window: Window = {
      start: start ?? edit.start - NEAR,
      end: end ?? edit.end + NEAR,
      cut: start === undefined || end === undefined,
      edits: [edit],
    };
    const last = found.at(-1);
    if (last && window.start <= last.end) {
      last.end = Math.max(last.end, window.end);
      last.cut ||= window.cut;
      last.edits.push(edit);
    } else found.push(window);
  }
  return found;
}

/** Where lines begin in a piece of text; at its own beginning when that is one. */
function lineStarts(text: string, atStart: boolean): number[] {
  const starts = atStart ? [0] : [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The first beginning of a line in a part of the text, for when it has few; undefined when it has none. */
function firstLine(text: string, from: number, to: number): number | undefined {
  const [first] = lineStarts(text.slice(from, to), from === 0);
  return first === undefined ? undefined : from + first;
}

/** The last end of a line in a part of the text. */
function lastLine(text: string, from: number, to: number): number | undefined {
  if (to === text.length) return to;
  const last = text.lastIndexOf('\n', to - 1);
  return last >= from ? last + 1 : undefined;
}

/** Counts the line breaks before positions that only go up, so that a long text is looked at once. */
function lineCounter(text: string): (before: number) => number {
  let count = 0;
  let next = text.indexOf('\n');
  return (before) => {
    for (; next >= 0 && next < before; next = text.indexOf('\n', next + 1)) count++;
    return count;
  };
}

/** The text of a document from `start` to `end`, as it may be shown. */
function maskDoc(doc: Doc, start: number, end: number): string {
  return shown(
    doc.text.slice(start, end),
    secrets(doc.strings(start, end)).flatMap((edit) => moveInto(edit, start, end)),
  );
}

/** The same with edits carried out, each of which is an entry in the place of another. */
function maskEdited(
  doc: Doc,
  start: number,
  end: number,
  edits: readonly Edit[],
  format: FormatDriver,
): string {
  const own = edits.flatMap((edit) => {
    const masked = splice(edit.text, secrets(stringsOf(edit, format)));
    return moveInto({ ...edit, text: masked }, start, end);
  });
  const outside = secrets(doc.strings(start, end)).filter((hidden) =>
    edits.every((edit) => hidden.end <= edit.start || hidden.start >= edit.end),
  );
  return shown(doc.text.slice(start, end), [
    ...own,
    ...outside.flatMap((edit) => moveInto(edit, start, end)),
  ]);
}

function stringsOf({ text, path = [] }: Edit, format: FormatDriver): StringAt[] {
  const entry = format.entry(text);
  if (!entry) throw new Error(`The new text of ${path.join('.')} could not be read.`);
  return entry.strings().map((each) => ({ ...each, path: [...path, ...each.path] }));
}

function moveInto(edit: Edit, start: number, end: number): Edit[] {
  if (edit.end < start || edit.start > end) return [];
  return [{ start: Math.max(0, edit.start - start), end: Math.min(end, edit.end) - start, text: edit.text }];
}

/** Edits that put bullets in the place of secrets. */
function secrets(strings: readonly StringAt[]): Edit[] {
  return secretStrings(strings).map(({ start, end }) => ({ start, end, text: JSON.stringify(BULLETS) }));
}

function shown(text: string, edits: readonly Edit[]): string {
  return maskComments(splice(text, edits))
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');
}

/** A part of a line. Half a comment cannot be told from anything else, so all of it is looked at as one. */
function shortened(text: string): string {
  return `… ${hideTokens(text)} …`;
}

function hideTokens(text: string): string {
  return redactText(text).replaceAll('[redacted]', BULLETS);
}

/** What is left outside strings are comments, in which a token may stand as well. */
function maskComments(text: string): string {
  return text.replace(/(?:\/\/|#)[^\r\n]*|\/\*[\s\S]*?\*\//g, hideTokens);
}
