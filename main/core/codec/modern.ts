import { findMember, splice } from './edit.ts';
import { Scanner } from './scanner.ts';
import type { RpcMessage, Span } from './types.ts';

/** Where the value at `path` (names of members, from the outside) stands; undefined when it is not there. */
export function spanAt(raw: Buffer, path: readonly string[]): Span | undefined {
  let at = 0;
  let found: Span | undefined;
  for (const name of path) {
    found = findMember(raw, at, name);
    if (!found) return undefined;
    at = found.start;
  }
  return found;
}

/** The same message with another value at `path`, when there is one. `value` is JSON text. */
export function withValue(raw: Buffer, path: readonly string[], value: string): Buffer {
  const span = spanAt(raw, path);
  return span ? splice(raw, span, value) : raw;
}

/**
 * `result.resultType` of an answer (MCP 2026-07-28, overview, result type), where it is one that is not complete.
 * Undefined when it is complete, absent or not a string.
 * @throws AmbiguousList when two readers could see different ones
 */
export function resultTypeOf({ raw }: RpcMessage): string | undefined {
  // Cheap first: nearly every answer is complete, and reading a large one again is not free.
  if (!raw.includes('"input_required"') && !raw.includes('"task"') && !raw.includes('\\u')) return undefined;
  const type = spanAt(raw, ['result', 'resultType']);
  const text = type && raw[type.start] === 0x22 ? new Scanner(raw, type.start).string() : undefined;
  return text === 'complete' ? undefined : text;
}

/**
 * Caching hints of an answer that depends on the policy (MCP 2026-07-28, caching): what the policy shows may change at any
 * moment, and differs between clients. `ttlMs` is brought into 0 … `maxMs`, `cacheScope` becomes private. An answer
 * without hints is stale at once, and stays as it is.
 */
export function limitCaching(raw: Buffer, maxMs: number): Buffer {
  const result = findMember(raw, 0, 'result');
  if (!result || raw[result.start] !== 0x7b) return raw;
  const ttl = findMember(raw, result.start, 'ttlMs');
  const scope = findMember(raw, result.start, 'cacheScope');
  if (!ttl && !scope) return raw;
  const edits: [Span, string][] = [];
  if (ttl) {
    const value = Number(raw.toString('latin1', ttl.start, ttl.end));
    if (!(value >= 0 && value <= maxMs)) edits.push([ttl, value > maxMs ? String(maxMs) : '0']);
  }
  const inside = result.start + 1;
  if (!scope) edits.push([{ start: inside, end: inside }, '"cacheScope":"private",']);
  else if (raw.toString('latin1', scope.start, scope.end) !== '"private"') edits.push([scope, '"private"']);
  // From the back, so that the places before stay where they are.
  edits.sort(([a], [b]) => b.start - a.start);
  return edits.reduce((shown, [span, text]) => splice(shown, span, text), raw);
}

/** Adds `toolsListChanged` to what `notifications/subscriptions/acknowledged` promises: the policy changes lists too. */
export function acknowledgeTools(raw: Buffer): Buffer {
  const promised = spanAt(raw, ['params', 'notifications']);
  if (!promised || raw[promised.start] !== 0x7b) return raw;
  const old = findMember(raw, promised.start, 'toolsListChanged');
  if (old) return raw.toString('latin1', old.start, old.end) === 'true' ? raw : splice(raw, old, 'true');
  const at = promised.start + 1;
  const empty = new Scanner(raw, at).peek() === 0x7d;
  return splice(raw, { start: at, end: at }, empty ? '"toolsListChanged":true' : '"toolsListChanged":true,');
}
