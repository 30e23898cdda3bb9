import { reasons } from '../../../../shared/text/model.ts';
import { parseFromServer } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';

/** Tells a server on a shared channel that a request is cancelled (MCP 2026-07-28, cancellation). `id` is raw. */
export function cancelledMessage(id: string): RpcMessage {
  const raw = Buffer.from(
    `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id},"reason":${JSON.stringify(reasons.hungUp)}}}`,
  );
  const parsed = parseFromServer(raw);
  if (!parsed.ok || !('message' in parsed)) throw new Error(`The request ${id} cannot be named.`);
  return parsed.message;
}
