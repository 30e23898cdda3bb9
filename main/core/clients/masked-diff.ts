import { formatPatch, type StructuredPatchHunk, structuredPatch } from 'diff';
import { redactText } from '../audit/credential-patterns.ts';
import { BULLETS, isSecretAt } from './credentials.ts';
import { type Doc, type Edit, type FormatDriver, type Strictness, splice } from './formats/types.ts';

const CONTEXT_LINES = 3;

/**
 * A unified diff for people of what edits do to a file, every secret in it as bullets: of the entries, and of whatever else
 * of the file stands in the lines around them. Empty when nothing changes. Looks only at those lines, because a client's
 * file can be many megabytes.
 */
export function maskedDiff(
  path: string,
  doc: Doc,
  edits: readonly Edit[],
  format: FormatDriver,
  strictness: Strictness,
): string {
  const next = format.parse(splice(doc.text, edits), strictness);
  if (!next.ok) throw new Error(`${path} would not be readable after the change: ${next.problem.message}`);
  const hunks: StructuredPatchHunk[] = [];
  let moved = 0;
  let movedLines = 0;
  for (const { start, end, edits: inside } of windows(doc.text, edits)) {
    const grown = inside.reduce((sum, edit) => sum + edit.text.length - (edit.end - edit.start), 0);
    const before = mask(doc, start, end);
    const after = mask(next.doc, start + moved, end + moved + grown);
    const above = lines(doc.text.slice(0, start));
    for (const hunk of structuredPatch('', '', before, after, '', '', { context: CONTEXT_LINES }).hunks)
      hunks.push({
        ...hunk,
        oldStart: hunk.oldStart + above,
        newStart: hunk.newStart + above + movedLines,
      });
    moved += grown;
    movedLines += lines(after) - lines(before);
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

interface Window {
  start: number;
  end: number;
  edits: Edit[];
}

/** Whole lines around each edit; those that meet are one. */
function windows(text: string, edits: readonly Edit[]): Window[] {
  const found: Window[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    let start = text.lastIndexOf('\n', edit.start - 1);
    for (let i = 0; i < CONTEXT_LINES && start > 0; i++) start = text.lastIndexOf('\n', start - 1);
    if (edit.start === 0) start = -1;
    let end = text.indexOf('\n', edit.end);
    for (let i = 0; i < CONTEXT_LINES && end >= 0; i++) end = text.indexOf('\n', end + 1);
    const window = { start: start + 1, end: end < 0 ? text.length : end + 1, edits: [edit] };
    const last = found.at(-1);
    if (last && window.start <= last.end) {
      last.end = Math.max(last.end, window.end);
      last.edits.push(edit);
    } else found.push(window);
  }
  return found;
}

function lines(text: string): number {
  return text.split('\n').length - 1;
}

/** The text from `start` to `end`, as it may be shown. */
function mask(doc: Doc, start: number, end: number): string {
  const strings = doc.strings(start, end);
  const edits: Edit[] = [];
  for (const [i, found] of strings.entries()) {
    if (found.end <= start || found.start >= end) continue;
    const before = strings[i - 1];
    const sibling =
      before && before.path.length === found.path.length && before.path.at(-2) === found.path.at(-2);
    if (isSecretAt(found.path, found.value, sibling ? before.value : undefined))
      edits.push({ start: found.start - start, end: found.end - start, text: JSON.stringify(BULLETS) });
  }
  return maskComments(splice(doc.text.slice(start, end), edits))
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');
}

/** What is left outside strings are comments, in which a token may stand as well. */
function maskComments(text: string): string {
  return text.replace(/(?:\/\/|#)[^\r\n]*|\/\*[\s\S]*?\*\//g, (comment) =>
    redactText(comment).replaceAll('[redacted]', BULLETS),
  );
}
