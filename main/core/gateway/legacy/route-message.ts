import { isObject } from '../../../../shared/base/is-object.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { InFlight } from '../call/in-flight.ts';
import type { Pending } from '../call/pending.ts';
import type { Outbox } from '../streams/outbox.ts';
import type { ToolListing } from '../upstream/tool-listing.ts';
import type { ServerRequests } from './server-requests.ts';

const TOOLS_CHANGED = 'notifications/tools/list_changed';

/** A session, as far as a message of its server meets it. */
export interface Routed {
  readonly requests: InFlight;
  readonly asked: ServerRequests;
  readonly outbox: Outbox;
  readonly listing: ToolListing;
  /** The message as the client sees it. */
  show(message: RpcMessage): Buffer;
}

/**
 * Where a server's request or notification goes (MCP 2025-11-25, transports): progress only to the request it belongs to;
 * everything else to the stream of its request, else to the newest request under way, else to a GET stream, else into a
 * bounded queue. Many clients open no GET stream: on the stream of a request they do hear it. A promise asks the server to
 * wait: the client reads slower than it is written to.
 */
export function route(
  session: Routed,
  message: RpcMessage,
  forId: string | undefined,
): Promise<void> | undefined {
  const now = session.requests.deps.clock.monotonic();
  if (message.method === 'notifications/progress') return progress(session, message, now);
  const changed = message.method === TOOLS_CHANGED;
  if (changed) session.listing.changed();
  if (message.method === 'notifications/cancelled' && message.cancels !== undefined) {
    session.asked.settle(message.cancels);
  }
  if (message.kind === 'request' && message.id !== undefined && !session.asked.note(message.id))
    return undefined;
  const asks = message.kind === 'request' ? message.id : undefined;
  const pending = carrier(session, forId) ?? (asks === undefined ? undefined : waiting(session));
  const shown = session.show(message);
  if (pending) return pending.reply.push(shown, now, asks && session.outbox.keyOf(asks));
  // Several of them say no more than the one that waits already.
  return session.outbox.send(shown, asks, changed ? TOOLS_CHANGED : undefined);
}

function progress({ requests }: Routed, message: RpcMessage, now: number): Promise<void> | undefined {
  const token = message.progressToken;
  if (token === undefined) return undefined;
  for (const pending of requests.byId.values()) {
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

/** What a server asks while it is started goes to the request that waits for that, where the client listens to nothing else. */
function waiting({ outbox, requests }: Routed): Pending | undefined {
  if (outbox.listening) return undefined;
  return [...requests.byId.values()].find(({ state, reply }) => state === 'waiting' && reply.carries);
}

/** The request under way whose stream takes a message: the one it came for, else the newest whose client is there. */
export function carrier({ requests }: Routed, forId: string | undefined): Pending | undefined {
  const own = forId === undefined ? undefined : requests.byId.get(forId);
  if (own?.state === 'sent' && (own.reply.carries || own.reply.keeps)) return own;
  let newest: Pending | undefined;
  for (const pending of requests.byId.values()) {
    if (pending.state === 'sent' && pending.reply.carries) newest = pending;
  }
  return newest;
}
