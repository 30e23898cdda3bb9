import { findMember, splice } from './edit.ts';
import { Scanner } from './scanner.ts';
import type { Json, Span } from './types.ts';

const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;

/**
 * The answer to a call with one text in front of its `content`, and a member in its `_meta` (in the place of one of the
 * same name). Every other byte stays. Undefined when the answer is no usual tool result: an error, a task, a question.
 * @throws AmbiguousList when two readers could see different results
 */
export function withTextInFront(
  raw: Buffer,
  text: string,
  meta: { readonly name: string; readonly value: Json },
): Buffer | undefined {
  const result = findMember(raw, 0, 'result');
  const content = result && findMember(raw, result.start, 'content');
  if (!result || !content || raw[content.start] !== OPEN_ARRAY) return undefined;
  const type = findMember(raw, result.start, 'resultType');
  if (type && raw.toString('utf8', type.start, type.end) !== '"complete"') return undefined;
  const member = `${JSON.stringify(meta.name)}:${JSON.stringify(meta.value)}`;
  const edits: [Span, string][] = [
    first(raw, content.start, CLOSE_ARRAY, JSON.stringify({ type: 'text', text })),
  ];
  const old = findMember(raw, result.start, '_meta');
  if (!old) edits.push(first(raw, result.start, CLOSE_OBJECT, `"_meta":{${member}}`));
  else if (raw[old.start] !== OPEN_OBJECT) return undefined;
  else {
    const same = findMember(raw, old.start, meta.name);
    edits.push(same ? [same, JSON.stringify(meta.value)] : first(raw, old.start, CLOSE_OBJECT, member));
  }
  // From the back, so that the places before stay where they are.
  edits.sort(([a], [b]) => b.start - a.start);
  return edits.reduce((shown, [span, by]) => splice(shown, span, by), raw);
}

/** Puts something in front of what the object or array at `start` holds. */
function first(raw: Buffer, start: number, close: number, text: string): [Span, string] {
  const at = start + 1;
  const empty = new Scanner(raw, at).peek() === close;
  return [{ start: at, end: at }, empty ? text : `${text},`];
}
