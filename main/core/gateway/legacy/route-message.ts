import { isObject } from '../../../../shared/base/is-object.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Pending } from '../call/pending.ts';
import type { Session } from './session.ts';

const TOOLS_CHANGED = 'notifications/tools/list_changed';

/**
 * Where a server's request or notification goes (gateway.md, sessions and streams, 3 and 4): progress only to the request
 * it belongs to; everything else to the stream of its request, else to the newest request under way, else to a GET
 * stream, else into a bounded queue. A promise asks the server to wait: the client reads slower than it is written to.
 */
export function route(
  session: Session,
  message: RpcMessage,
  forId: string | undefined,
): Promise<void> | undefined {
  const now = session.deps.clock.monotonic();
  if (message.method === 'notifications/progress') return progress(session, message, now);
  const changed = message.method === TOOLS_CHANGED;
  if (changed) session.listing.changed();
  if (message.method === 'notifications/cancelled' && message.cancels !== undefined) {
    session.asked.delete(message.cancels);
  }
  if (message.kind === 'request' && message.id !== undefined && !session.noteAsked(message.id))
    return undefined;
  const pending = carrier(session, forId);
  const shown = session.show(message);
  const asks = message.kind === 'request' ? message.id : undefined;
  if (pending) return pending.reply.push(shown, now, asks && session.outbox.keyOf(asks));
  // A storm of them says no more than one that waits already.
  return session.outbox.send(shown, asks, changed ? TOOLS_CHANGED : undefined);
}

function progress(session: Session, message: RpcMessage, now: number): Promise<void> | undefined {
  const token = message.progressToken;
  if (token === undefined) return undefined;
  for (const pending of session.pending.values()) {
    if (pending.state !== 'sent' || pending.message.progressToken !== token) continue;
    const value = progressOf(message);
    if (value !== undefined) {
      // It must increase with each notification (MCP 2025-11-25, progress), also beyond what the gateway itself sent.
      if (pending.progress !== undefined && value <= pending.progress) return undefined;
      pending.progress = value;
    }
    return pending.reply.push(message.raw, now);
  }
  return undefined;
}

function progressOf(message: RpcMessage): number | undefined {
  const { params } = message.value();
  return isObject(params) && typeof params.progress === 'number' ? params.progress : undefined;
}

/** The request under way whose stream takes a message: the one it came for, else the newest whose client is there. */
export function carrier(session: Session, forId: string | undefined): Pending | undefined {
  const own = forId === undefined ? undefined : session.pending.get(forId);
  if (own?.state === 'sent' && (own.reply.carries || own.reply.keeps)) return own;
  let newest: Pending | undefined;
  for (const pending of session.pending.values()) {
    if (pending.state === 'sent' && pending.reply.carries) newest = pending;
  }
  return newest;
}
