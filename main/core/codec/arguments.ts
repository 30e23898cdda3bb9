import { findMember, splice } from './edit.ts';
import { faultOf } from './fault.ts';
import { parseFromClient } from './parse.ts';
import { ScanError } from './scan-error.ts';
import { Scanner } from './scanner.ts';
import type { CodecFault, RpcMessage } from './types.ts';

/** Levels that the arguments of a call may hold: those of a message, less its own and those of its params. */
const ARGUMENT_DEPTH = 98;

/**
 * What is wrong with JSON text that is to become the arguments of a call, in one sentence with line and column; undefined
 * when it is an object that every reader sees alike (no key twice, no look-alike keys, no number beyond a double).
 */
export function argumentsFault(text: string): string | undefined {
  if (!text.isWellFormed()) return 'It holds half of a character (a lone surrogate).';
  const bytes = Buffer.from(text);
  const scanner = new Scanner(bytes, 0, bytes.length, true);
  try {
    if (scanner.peek() !== 0x7b) return 'It is not a JSON object.';
    scanner.object(ARGUMENT_DEPTH, 'strict');
    scanner.expectEnd();
    return undefined;
  } catch (error) {
    if (!(error instanceof ScanError)) return `${faultOf(error, undefined).message}.`;
    const before = bytes.toString('utf8', 0, error.at).split('\n');
    const what = error.message.replace(/ at byte \d+$/, '');
    return `${what} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`;
  }
}

/**
 * The same call with other arguments; every other byte stays. What comes out is parsed as strictly as what came in.
 * @param text JSON text of an object
 * @throws Error when the message is no call
 */
export function withArguments(
  message: RpcMessage,
  text: string,
  maxBytes: number,
): { readonly ok: true; readonly message: RpcMessage } | { readonly ok: false; readonly fault: CodecFault } {
  const params = message.call && findMember(message.raw, 0, 'params');
  if (!params) throw new Error('Only a call has arguments.');
  const old = findMember(message.raw, params.start, 'arguments');
  const inside = params.start + 1;
  const raw = old
    ? splice(message.raw, old, text)
    : splice(message.raw, { start: inside, end: inside }, `"arguments":${text},`);
  const parsed = parseFromClient(raw, { maxBytes, allowBatch: false });
  if (!parsed.ok) return parsed;
  if (!('message' in parsed) || !parsed.message.call) throw new Error('The changed message is no call.');
  return { ok: true, message: parsed.message };
}
