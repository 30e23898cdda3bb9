import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { parseJson } from '../../codec/index.ts';
import type { PolicyProblem } from '../types.ts';

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
export type StrictJson =
  | { readonly ok: true; readonly value: unknown; readonly tree: Node }
  | { readonly ok: false; readonly problems: PolicyProblem[] };

const MAX_CHARACTERS = 1_000_000;
const MAX_DEPTH = 60;

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/**
 * Parses plain JSON (RFC 8259): no comments, no trailing commas, no duplicate keys. Problems name line and column.
 * The key `__proto__` is refused: libraries treat it specially, so a rule under it could silently not apply.
 */
export function parseStrictJson(text: string): StrictJson {
  const at = (offset: number) => {
    const { line, column } = positionAt(text, offset);
    return `Line ${line}, column ${column}`;
  };
  const fail = (message: string, path = '', suggestion: string | null = null): StrictJson => ({
    ok: false,
    problems: [{ path, message, suggestion }],
  });
  if (text.length > MAX_CHARACTERS)
    return fail(`The document has ${text.length} characters; at most ${MAX_CHARACTERS} are read.`);
  const deep = tooDeepAt(text);
  if (deep !== undefined) return fail(`${at(deep)}: nested deeper than ${MAX_DEPTH} levels.`);

  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, {
    disallowComments: true,
    allowTrailingComma: false,
    allowEmptyContent: false,
  });
  const first = errors[0];
  if (first !== undefined || tree === undefined) {
    const code = first === undefined ? 'ValueExpected' : printParseErrorCode(first.error);
    const { message, suggestion } = syntaxMessage(code, text, first?.offset ?? 0);
    return fail(`${at(first?.offset ?? 0)}: ${message}`, '', suggestion);
  }
  const problems: PolicyProblem[] = [];
  walkKeys(tree, '', (path, offset, key, duplicate) => {
    if (duplicate)
      problems.push({
        path,
        message: `${at(offset)}: the key "${key}" is written twice.`,
        suggestion: 'Keep one of them.',
      });
    if (key === '__proto__')
      problems.push({
        path,
        message: `${at(offset)}: the key "__proto__" may not be used in a policy.`,
        suggestion: 'Use a pattern such as "__prot*" for a tool of that name.',
      });
  });
  if (problems.length > 0) return { ok: false, problems };
  try {
    return { ok: true, value: parseJson(text), tree };
  } catch (error) {
    return fail(`Not JSON: ${messageOf(error)}.`);
  }
}

function syntaxMessage(
  code: string,
  text: string,
  offset: number,
): { message: string; suggestion: string | null } {
  switch (code) {
    case 'InvalidCommentToken':
      return {
        message: 'comments are not allowed; a policy is plain JSON.',
        suggestion: 'Say it in a "reason" instead.',
      };
    case 'PropertyNameExpected':
      return {
        message: 'a key in double quotes is expected here.',
        suggestion: text[offset] === '}' ? 'Remove the comma before it.' : null,
      };
    case 'ValueExpected':
      return {
        message:
          offset >= text.trimEnd().length ? 'the document ends too early.' : 'a value is expected here.',
        suggestion: text[offset] === ']' ? 'Remove the comma before it.' : null,
      };
    case 'InvalidSymbol':
      if (/^\s*(---|#|[\w-]+:(\s|$))/.test(text))
        return {
          message: 'this is YAML, and a policy is JSON.',
          suggestion: 'Turn it into a policy with: drawbridge policy import FILE.',
        };
      if (/^['\u2018-\u201f\u00ab\u00bb]/.test(text.slice(offset)))
        return {
          message: 'keys and texts stand in straight double quotes.',
          suggestion: 'Write " instead of the quotes here.',
        };
      return {
        message: 'this word is not JSON.',
        suggestion: 'Put keys and texts in double quotes; only true, false, null and numbers stand without.',
      };
    case 'ColonExpected':
      return { message: 'a colon is expected here.', suggestion: null };
    case 'CommaExpected':
      return { message: 'a comma is expected here.', suggestion: null };
    case 'CloseBraceExpected':
      return { message: 'a closing } is missing.', suggestion: null };
    case 'CloseBracketExpected':
      return { message: 'a closing ] is missing.', suggestion: null };
    case 'EndOfFileExpected':
      return { message: 'there is text after the end of the document.', suggestion: null };
    case 'UnexpectedEndOfString':
      return { message: 'a closing quote is missing.', suggestion: null };
    case 'InvalidEscapeCharacter':
      return { message: 'this escape is not known to JSON.', suggestion: 'Write a backslash as \\\\.' };
    case 'InvalidCharacter':
      return { message: 'a control character must be written as an escape, such as \\n.', suggestion: null };
    default:
      return { message: `this is not JSON (${code}).`, suggestion: null };
  }
}

/** Offset of the first bracket that opens one level too many; strings are skipped. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > MAX_DEPTH) return i;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return undefined;
}

function walkKeys(
  node: Node,
  path: string,
  visit: (path: string, offset: number, key: string, duplicate: boolean) => void,
): void {
  const seen = new Set<string>();
  for (const [index, child] of (node.children ?? []).entries()) {
    if (node.type === 'array') walkKeys(child, path + pointerStep(index), visit);
    const [key, value] = child.type === 'property' ? (child.children ?? []) : [];
    if (key === undefined) continue;
    const name = String(key.value);
    visit(path + pointerStep(name), key.offset, name, seen.has(name));
    seen.add(name);
    if (value !== undefined) walkKeys(value, path + pointerStep(name), visit);
  }
}
