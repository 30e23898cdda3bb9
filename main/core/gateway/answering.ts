import { advertiseListChanged, resultIsToolError, sha256 } from '../codec/index.ts';
import type { RpcMessage } from '../codec/types.ts';
import { SESSION_HEADER } from './limits.ts';
import { isObject } from './listing.ts';
import type { Pending } from './pending.ts';
import type { Session } from './session.ts';

/**
 * Passes the server's answer on to the client, changed only where the policy shows: in lists of tools, and in the promise
 * to tell when they change. A promise asks the server to wait.
 */
export function answer(session: Session, pending: Pending, message: RpcMessage): Promise<void> | undefined {
  const { raw } = message;
  const initialize = pending.method === 'initialize';
  let shown = raw;
  if (message.isError) {
    if (initialize) pending.reply.omit(SESSION_HEADER);
  } else if (initialize) shown = initialized(session, pending, message);
  else if (pending.method === 'tools/list') {
    try {
      shown = session.listing.answer(message, pending.cursor, (tool) => session.sees(tool));
    } catch (error) {
      session.fail(pending, (error as Error).message, { status: 'error' });
      return undefined;
    }
  }
  const wait = session.conclude(pending, shown);
  const isCall = pending.message.call !== undefined;
  session.finish(pending, {
    status: message.isError ? 'error' : isCall && resultIsToolError(message) ? 'tool-error' : 'ok',
    resultDigest: isCall ? sha256(raw) : null,
    resultBytes: raw.length,
    error: message.isError ? errorText(message) : null,
  });
  if (initialize && message.isError) session.refused();
  return wait;
}

/** The session begins: notes what was agreed on. */
function initialized(session: Session, pending: Pending, message: RpcMessage): Buffer {
  const { result } = message.value();
  if (!isObject(result) || typeof result.protocolVersion !== 'string') return message.raw;
  const { protocolVersion } = result;
  const { params } = pending.message.value();
  const info = isObject(params) && isObject(params.clientInfo) ? params.clientInfo : undefined;
  session.protocolVersion = protocolVersion;
  session.hasTools = isObject(result.capabilities) && isObject(result.capabilities.tools);
  session.software = info ? `${String(info.name)} ${String(info.version)}`.slice(0, 200) : '';
  session.link.agreed(pending.message, protocolVersion);
  session.deps.onHandshake(session.client.id, { software: session.software, protocolVersion });
  return advertiseListChanged(message.raw);
}

function errorText(message: RpcMessage): string {
  const { error } = message.value();
  return isObject(error) ? `${String(error.message).slice(0, 500)} (${String(error.code)})` : 'an error';
}
