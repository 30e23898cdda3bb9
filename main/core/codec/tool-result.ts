import { findMember, splice } from './edit.ts';
import { Scanner } from './scanner.ts';
import type { Json, Span } from './types.ts';

const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;
const QUOTE = 0x22;

/** How a text is put where a client shows structured content only. */
export interface Notice {
  /** Name of the member that holds it. */
  readonly name: string;
  /** The output schema of the tool certainly admits that member. */
  readonly fits: boolean;
  /** Said in front of structured content that becomes text. */
  readonly closed: string;
}

interface Parts {
  readonly result: Span;
  readonly content: Span;
  readonly structured: Span;
}

/**
 * The answer to a call with one text in front of its `content`, and a member in its `_meta` (replacing one of the
 * same name). Of an answer to tasks/get (`of` is then `task`, tasks extension) that is the result it holds; of an error, its
 * `message` begins with the text. Every other byte stays. Undefined when there is no place for it: a task, a question, a result of another
 * shape.
 *
 * Some clients show their model only `structuredContent`, where there is any: then the text stands there as well, as the member
 * `notice.name`. Where that member would break the tool's output schema, the text and the structured content become one text
 * of a result with `isError`, which no client checks against the schema, and all of them show.
 * @throws AmbiguousList when two readers could see different results
 */
export function withTextInFront(
  raw: Buffer,
  text: string,
  meta: { readonly name: string; readonly value: Json },
  of: 'call' | 'task' = 'call',
  notice?: Notice,
): Buffer | undefined {
  const error = findMember(raw, 0, 'error');
  if (error) return withMessageInFront(raw, error, text);
  const whole = findMember(raw, 0, 'result');
  const result = whole && of === 'task' ? findMember(raw, whole.start, 'result') : whole;
  const content = result && findMember(raw, result.start, 'content');
  if (!result || !content || raw[content.start] !== OPEN_ARRAY) return undefined;
  const type = findMember(raw, result.start, 'resultType');
  if (type && raw.toString('utf8', type.start, type.end) !== '"complete"') return undefined;
  const member = `${JSON.stringify(meta.name)}:${JSON.stringify(meta.value)}`;
  const flag = findMember(raw, result.start, 'isError');
  const failed = flag !== undefined && raw.toString('utf8', flag.start, flag.end) === 'true';
  const edits: [Span, string][] = [
    (failed ? inFirstText(raw, content.start, text) : undefined) ??
      first(raw, content.start, CLOSE_ARRAY, JSON.stringify({ type: 'text', text })),
  ];
  const old = findMember(raw, result.start, '_meta');
  if (!old) edits.push(first(raw, result.start, CLOSE_OBJECT, `"_meta":{${member}}`));
  else if (raw[old.start] !== OPEN_OBJECT) return undefined;
  else {
    const same = findMember(raw, old.start, meta.name);
    edits.push(same ? [same, JSON.stringify(meta.value)] : first(raw, old.start, CLOSE_OBJECT, member));
  }
  const structured = findMember(raw, result.start, 'structuredContent');
  if (notice && structured) {
    const isObject = raw[structured.start] === OPEN_OBJECT;
    // Members that are there twice are not for this to choose from.
    const taken = isObject && findMember(raw, structured.start, notice.name) !== undefined;
    // What failed is not checked against the schema.
    const fits = notice.fits || failed;
    if (!isObject || taken || !fits)
      return asText(raw, { result, content, structured }, text, member, notice.closed);
    edits.push(
      first(raw, structured.start, CLOSE_OBJECT, `${JSON.stringify(notice.name)}:${JSON.stringify(text)}`),
    );
  }
  // From the back, so that the places before stay where they are.
  edits.sort(([a], [b]) => b.start - a.start);
  return edits.reduce((shown, [span, by]) => splice(shown, span, by), raw);
}

/** Of a failure, some clients show the first text only: what is said stands in that one. */
function inFirstText(raw: Buffer, content: number, text: string): [Span, string] | undefined {
  const scanner = new Scanner(raw, content + 1);
  if (scanner.peek() !== OPEN_OBJECT) return undefined;
  const said = findMember(raw, scanner.at, 'text');
  if (!said || raw[said.start] !== QUOTE) return undefined;
  const at = said.start + 1;
  return [{ start: at, end: at }, `${JSON.stringify(text).slice(1, -1)}\\n\\n`];
}

/** The whole result in words, in front of what the server said in `content`. */
function asText(raw: Buffer, at: Parts, text: string, member: string, closed: string): Buffer {
  const said = (span: Span): string => raw.toString('utf8', span.start, span.end);
  const words = `${text}\n${closed}\n${said(at.structured)}`;
  const content = said(at.content);
  const items = content.slice(1, -1).trim();
  const front = JSON.stringify({ type: 'text', text: words });
  const type = findMember(raw, at.result.start, 'resultType');
  const result = [
    ...(type ? [`"resultType":${said(type)}`] : []),
    `"content":[${items === '' ? front : `${front},${items}`}]`,
    '"isError":true',
    `"_meta":{${member}}`,
  ].join(',');
  return splice(raw, at.result, `{${result}}`);
}

function withMessageInFront(raw: Buffer, error: Span, text: string): Buffer | undefined {
  const message = raw[error.start] === OPEN_OBJECT ? findMember(raw, error.start, 'message') : undefined;
  if (!message || raw[message.start] !== QUOTE) return undefined;
  const at = message.start + 1;
  return splice(raw, { start: at, end: at }, `${JSON.stringify(text).slice(1, -1)} `);
}

/** Puts something in front of what the object or array at `start` holds. */
function first(raw: Buffer, start: number, close: number, text: string): [Span, string] {
  const at = start + 1;
  const empty = new Scanner(raw, at).peek() === close;
  return [{ start: at, end: at }, empty ? text : `${text},`];
}
