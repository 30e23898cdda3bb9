import { isObject } from '../../../../shared/base/is-object.ts';
import { piecesOf } from '../../../../shared/text/untrusted.ts';
import type { Json } from '../../codec/types.ts';

const SECRET =
  /pass(?:word|phrase|code)|passwd|secret|api[-_ ]?key|private[-_ ]?key|\bpin\b|\bcvv\b|\botp\b|access[-_ ]?token|credential|seed[-_ ]?phrase/i;
const MAX_STRINGS = 2000;
const MAX_DEPTH = 20;
const MAX_NAMED = 5;

/**
 * What a person should know of questions that a server puts to the client's user (MCP 2026-07-28, multi round-trip
 * requests; `inputRequests` of a task): signs that hide text, and questions for secrets. Undefined when there is nothing.
 * The text itself is left out: the reader learns where to look, and nothing in it can deceive them.
 */
export function doubtsOf(server: string, inputRequests: Json | undefined): string | undefined {
  const hidden = new Set<string>();
  let secret = false;
  let left = MAX_STRINGS;
  const see = (text: string): void => {
    for (const { kind, text: code } of piecesOf(text, { multiline: true }))
      if (kind === 'chip') hidden.add(code);
    if (SECRET.test(text)) secret = true;
  };
  const visit = (value: Json | undefined, depth: number): void => {
    if (--left < 0 || depth > MAX_DEPTH) return;
    if (typeof value === 'string') see(value);
    else if (Array.isArray(value)) for (const each of value) visit(each, depth + 1);
    else if (isObject(value)) {
      for (const key of Object.keys(value)) {
        see(key);
        visit(value[key], depth + 1);
      }
    }
  };
  visit(inputRequests, 0);
  const doubts: string[] = [];
  if (hidden.size > 0)
    doubts.push(`its text holds hidden characters (${[...hidden].slice(0, MAX_NAMED).join(', ')})`);
  if (secret) doubts.push('it seems to ask for a password or another secret');
  if (left < 0) doubts.push('it is too long to be looked through');
  if (doubts.length === 0) return undefined;
  return `The server "${server}" put a question to the client's user: ${doubts.join('; ')}.`;
}
