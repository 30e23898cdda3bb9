import { parseJson } from '../codec/index.ts';
import type { JsonObject, RpcMessage } from '../codec/types.ts';

/** A message that Drawbridge itself says to a server (`ids` are strings beginning with `drawbridge-`). */
export function ownRequest(id: string, method: string, params: JsonObject): RpcMessage {
  return own('request', { jsonrpc: '2.0', id, method, params }, JSON.stringify(id));
}

export function ownNotification(method: string): RpcMessage {
  return own('notification', { jsonrpc: '2.0', method }, undefined);
}

/** @param id raw JSON text of the id that is answered */
export function ownResult(id: string, result: JsonObject): RpcMessage {
  return answer(id, 'result', result, false);
}

/** An error answer. -32603 (JSON-RPC 2.0, internal error) by default. */
export function ownError(id: string, message: string, code = -32603): RpcMessage {
  return answer(id, 'error', { code, message }, true);
}

/** An error of the server itself, given the id of the request it belongs to. */
export function errorFor(id: string, error: JsonObject): RpcMessage {
  return answer(id, 'error', error, true);
}

function own(kind: 'request' | 'notification', value: JsonObject, id: string | undefined): RpcMessage {
  return {
    raw: Buffer.from(JSON.stringify(value)),
    kind,
    id,
    method: String(value.method),
    call: undefined,
    progressToken: undefined,
    meta: undefined,
    cancels: undefined,
    isError: false,
    value: () => value,
  };
}

/** The id goes in as text: an integer beyond a double must come back with all its digits. */
function answer(id: string, member: 'result' | 'error', content: JsonObject, isError: boolean): RpcMessage {
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":${id},"${member}":${JSON.stringify(content)}}`);
  return {
    raw,
    kind: 'response',
    id,
    method: undefined,
    call: undefined,
    progressToken: undefined,
    meta: undefined,
    cancels: undefined,
    isError,
    value: () => parseJson(raw.toString('utf8')) as JsonObject,
  };
}
