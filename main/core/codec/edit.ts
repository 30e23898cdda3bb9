import { Scanner } from './scanner.ts';
import { AmbiguousList } from './tool-list.ts';
import type { Json, RpcMessage, Span } from './types.ts';

/** Where a member's value is in the object at `start`; undefined when it is not there. Throws when it is there twice. */
export function findMember(bytes: Buffer, start: number, name: string): Span | undefined {
  const scanner = new Scanner(bytes, start);
  let found: Span | undefined;
  if (scanner.peek() !== 0x7b) return undefined;
  scanner.members((key) => {
    const at = scanner.at;
    scanner.skip();
    if (key !== name) return;
    if (found) throw new AmbiguousList(`the member ${JSON.stringify(name)} is there twice`);
    found = { start: at, end: scanner.at };
  });
  return found;
}

/**
 * Sets `capabilities.tools.listChanged` in an initialize answer to true, because the policy can change the list. A server
 * without tools stays without.
 */
export function advertiseListChanged(raw: Buffer): Buffer {
  const result = findMember(raw, 0, 'result');
  const capabilities = result && findMember(raw, result.start, 'capabilities');
  const tools = capabilities && findMember(raw, capabilities.start, 'tools');
  if (!tools || raw[tools.start] !== 0x7b) return raw;
  const old = findMember(raw, tools.start, 'listChanged');
  if (old) {
    return raw.subarray(old.start, old.end).equals(Buffer.from('true')) ? raw : splice(raw, old, 'true');
  }
  const inside = new Scanner(raw, tools.start + 1);
  const empty = inside.peek() === 0x7d;
  const at = tools.start + 1;
  return splice(raw, { start: at, end: at }, empty ? '"listChanged":true' : '"listChanged":true,');
}

/** The same message with another id. `id` is JSON text. */
export function withId(raw: Buffer, id: string): Buffer {
  const old = findMember(raw, 0, 'id');
  if (!old) throw new Error('The message has no id to replace.');
  return splice(raw, old, id);
}

/** Whether a response's result says `isError: true`: the tool ran and failed. */
export function resultIsToolError(message: RpcMessage): boolean {
  // Cheap first: the member is rare, and reading a large result a second time is not free.
  if (!message.raw.includes('isError')) return false;
  const result = findMember(message.raw, 0, 'result');
  const flag = result && findMember(message.raw, result.start, 'isError');
  return flag !== undefined && message.raw[flag.start] === 0x74;
}

/** An error answer. `id` is JSON text; undefined stands for null (the id could not be read). */
export function errorMessage(id: string | undefined, code: number, message: string, data?: Json): Buffer {
  const extra = data === undefined ? '' : `,"data":${JSON.stringify(data)}`;
  return Buffer.from(
    `{"jsonrpc":"2.0","id":${id ?? 'null'},"error":{"code":${code},"message":${JSON.stringify(message)}${extra}}}`,
  );
}

/** A result answer. `id` is JSON text. */
export function resultMessage(id: string, result: Json): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`);
}

/** A request of the gateway's own. `id` is JSON text. */
export function requestMessage(id: string, method: string, params: Json): Buffer {
  return Buffer.from(
    `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${JSON.stringify(params)}}`,
  );
}

export function notificationMessage(method: string, params?: Json): Buffer {
  const rest = params === undefined ? '' : `,"params":${JSON.stringify(params)}`;
  return Buffer.from(`{"jsonrpc":"2.0","method":${JSON.stringify(method)}${rest}}`);
}

/** The bytes with `text` in the place of a span. */
export function splice(raw: Buffer, span: Span, text: string): Buffer {
  return Buffer.concat([raw.subarray(0, span.start), Buffer.from(text), raw.subarray(span.end)]);
}
