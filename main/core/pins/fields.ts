import { diffArrays } from 'diff';
import type { DiffPart } from '../../../shared/schemas/pin.ts';
import type { Json } from '../codec/types.ts';
import { type Leaf, leavesOf } from './walk.ts';

export interface FieldDiff {
  readonly path: string;
  readonly parts: DiffPart[];
}

/** Fields shown of one change. */
const MAX_FIELDS = 200;
/** Words compared one by one; longer texts are shown as the part that went and the part that came. */
const MAX_WORDS = 20_000;
/** Differences followed before two texts count as different altogether. */
const MAX_EDITS = 1500;

/** What changed between two definitions, field by field, as words that stayed, went and came. */
export function fieldDiffs(before: Json, after: Json): FieldDiff[] {
  const old = texts(leavesOf(before).leaves);
  const now = texts(leavesOf(after).leaves);
  const fields: FieldDiff[] = [];
  let more = 0;
  for (const path of new Set([...old.keys(), ...now.keys()])) {
    const was = old.get(path);
    const is = now.get(path);
    if (was === is) continue;
    if (fields.length >= MAX_FIELDS) more++;
    else fields.push({ path, parts: wordDiff(was ?? '', is ?? '') });
  }
  if (more > 0) {
    const text = `${more} more fields differ. The whole definitions are in the data folder's state.db.`;
    fields.push({ path: '…', parts: [{ kind: 'same', text }] });
  }
  return fields;
}

/** Lists of plain values are one field each: an element more does not make all after it differ. */
function texts(leaves: readonly Leaf[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path, value } of leaves) {
    const list = /^(.*)\[\d+\]$/.exec(path)?.[1];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (list === undefined) found.set(path, text);
    else {
      const before = found.get(list);
      found.set(list, before === undefined ? text : `${before}\n${text}`);
    }
  }
  return found;
}

/** Words with the white space between them, so that a changed line break shows as well. */
export function wordDiff(before: string, after: string): DiffPart[] {
  const [start, end] = same(before, after);
  const parts: DiffPart[] = [];
  const add = (kind: DiffPart['kind'], text: string): void => {
    const last = parts.at(-1);
    if (text === '') return;
    if (last?.kind === kind) parts[parts.length - 1] = { kind, text: last.text + text };
    else parts.push({ kind, text });
  };
  add('same', before.slice(0, start));
  const went = before.slice(start, before.length - end);
  const came = after.slice(start, after.length - end);
  const old = words(went);
  const now = words(came);
  const changes =
    old.length + now.length > MAX_WORDS ? undefined : diffArrays(old, now, { maxEditLength: MAX_EDITS });
  if (changes === undefined) {
    add('removed', went);
    add('added', came);
  } else {
    for (const { added, removed, value } of changes)
      add(added ? 'added' : removed ? 'removed' : 'same', value.join(''));
  }
  add('same', before.slice(before.length - end));
  return parts;
}

/** How much of both texts is the same at the beginning and at the end, up to whole words. */
function same(a: string, b: string): [number, number] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  if (start === a.length && start === b.length) return [start, 0];
  while (start > 0 && !/\s/.test(a[start - 1] as string)) start--;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  while (end > 0 && !/\s/.test(a[a.length - end] as string)) end--;
  return [start, end];
}

function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}
