import { isObject } from '../../../../shared/base/is-object.ts';
import { acknowledgeTools } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Pending } from '../call/pending.ts';
import type { LaneParts } from './lane-parts.ts';

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
const TOOLS_CHANGED = 'notifications/tools/list_changed';

/**
 * Where a server's notification goes: to the request it belongs to, and nowhere else (MCP 2026-07-28, transports, receiving
 * messages). Over HTTP that is the request on whose stream it came; on stdio it must name its request, by progress token
 * or subscription, or be a log that only one request can have asked for. A promise asks the server to wait.
 */
export function routeNotification(
  lane: LaneParts,
  message: RpcMessage,
  forId: string | undefined,
): Promise<void> | undefined {
  const { method } = message;
  const { deps, caller } = lane.requests;
  if (method === TOOLS_CHANGED) lane.listing.changed();
  if (method === 'notifications/cancelled') return subscriptionCancelled(lane, message.cancels);
  if (message.meta?.subscriptionId !== undefined || method === ACKNOWLEDGED)
    return subscribed(lane, message, forId);
  const pending =
    method === 'notifications/progress' ? reporting(lane, message, forId) : owner(lane, message, forId);
  if (pending) return pending.reply.push(message.raw, deps.clock.monotonic());
  deps.log('debug', `${method} of ${caller.server} belongs to no request under way`);
  return undefined;
}

/** The server ends a subscription (cancellation, behavior requirements). @param id raw */
function subscriptionCancelled({ requests, subscriptions }: LaneParts, id: string | undefined): undefined {
  const pending = id === undefined ? undefined : requests.byId.get(id);
  if (pending && subscriptions.has(pending)) requests.endSilently(pending, 'ok', null);
  else {
    const { deps, caller } = requests;
    deps.log('warn', `${caller.server} cancelled something that is not a subscription`);
  }
}

function subscribed(
  lane: LaneParts,
  message: RpcMessage,
  forId: string | undefined,
): Promise<void> | undefined {
  const { deps, caller } = lane.requests;
  const id = message.meta?.subscriptionId;
  const pending = id === undefined || (forId ?? id) !== id ? undefined : lane.requests.byId.get(id);
  const subscription = pending && lane.subscriptions.get(pending);
  if (!pending || !subscription) {
    deps.log('warn', `${caller.server} spoke on a subscription that is not open: ${message.method}`);
    return undefined;
  }
  let { raw } = message;
  if (message.method === ACKNOWLEDGED) {
    subscription.acknowledged = true;
    if (subscription.tools && lane.listing.hasTools) raw = acknowledgeTools(raw);
  } else if (message.method === TOOLS_CHANGED && !subscription.tools) return undefined;
  if (message.method === 'notifications/tasks') lane.tasks.reported(message);
  return pending.reply.push(raw, deps.clock.monotonic());
}

/** Progress must increase with each notification (progress, progress flow), also beyond what the gateway itself sent. */
function reporting(
  { requests }: LaneParts,
  message: RpcMessage,
  forId: string | undefined,
): Pending | undefined {
  const token = message.progressToken;
  if (token === undefined) return undefined;
  for (const pending of requests.byId.values()) {
    if (pending.state !== 'sent' || pending.message.progressToken !== token) continue;
    if (forId !== undefined && pending.id !== forId) continue;
    const value = progressOf(message);
    if (value === undefined) return pending;
    if (pending.progress !== undefined && value <= pending.progress) return undefined;
    pending.progress = value;
    return pending;
  }
  return undefined;
}

function progressOf(message: RpcMessage): number | undefined {
  const { params } = message.value();
  return isObject(params) && typeof params.progress === 'number' ? params.progress : undefined;
}

function owner(lane: LaneParts, message: RpcMessage, forId: string | undefined): Pending | undefined {
  const may = (pending: Pending): boolean => pending.state === 'sent' && !lane.subscriptions.has(pending);
  if (forId !== undefined) {
    const own = lane.requests.byId.get(forId);
    return own && may(own) ? own : undefined;
  }
  const under = [...lane.requests.byId.values()].filter(may);
  // A log names no request: the newest that asked for logs is the likeliest.
  if (message.method === 'notifications/message')
    return under.findLast((pending) => pending.message.meta?.hasLogLevel === true);
  return under.length === 1 ? under[0] : undefined;
}
