import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { errorMessage, INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import type { Era, UpstreamError } from '../../upstream/types.ts';
import { GATEWAY_RULES } from '../call/gateway-rules.ts';
import { UPSTREAM_FAILED } from '../call/in-flight.ts';
import { Pending } from '../call/pending.ts';
import { recordFault } from '../call/record-fault.ts';
import { ALL } from '../http/guard.ts';
import { accepted, HEADER_MISMATCH, rpcError } from '../http/http-answers.ts';
import { type SentHeaders, sentHeaders } from '../http/sent-headers.ts';
import { missingMeta } from '../modern/era.ts';
import type { Lane } from '../modern/lane.ts';
import type { Lanes } from '../modern/lanes.ts';
import { headerFault } from '../modern/mirrored-headers.ts';
import { PostReply, takesStreams } from '../streams/reply.ts';
import type { GatewayDeps } from '../types.ts';

/** One POST of a client to a server's endpoint, and what it is answered with. */
export interface ModernPost {
  readonly deps: GatewayDeps;
  readonly lanes: Lanes;
  readonly client: ClientIdentity;
  readonly server: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Hands over a message of a client that speaks a modern revision (MCP 2026-07-28, transports, sending messages). */
export async function handleModern(post: ModernPost, message: RpcMessage): Promise<void> {
  const { deps, lanes, client, server, request, response } = post;
  let era: Era;
  try {
    era = server === ALL ? 'legacy' : await deps.upstreams.era(server);
  } catch (error) {
    unreachable(lanes.of(client, server), message, error as UpstreamError, response);
    return;
  }
  if (response.destroyed) return;
  if (era === 'legacy') {
    // Not an error of a modern revision: it makes clients of both eras initialize (transports, backward compatibility).
    const text = `Method not found: ${message.method}. This server speaks revisions before 2026-07-28. Use initialize.`;
    rpcError(response, 400, METHOD_NOT_FOUND, text, message.id);
    return;
  }
  const headers = sentHeaders(request.rawHeaders);
  const streams = takesStreams(request.headers);
  if (refused(post, message, headers, streams)) return;
  const lane = lanes.of(client, server);
  if (message.kind === 'notification') {
    await tell(lane, message, response);
    return;
  }
  lanes.programs.note(client.id, message);
  let pending: Pending | undefined;
  const reply = new PostReply(response, {
    headers: {},
    streams,
    waiting: 1,
    now: deps.clock.monotonic(),
    id: message.id,
    hungUp: () => pending && lane.hungUp(pending),
  });
  pending = lane.request(message, reply, headers);
}

/** Answers what cannot be taken, whatever the policy says. */
function refused(post: ModernPost, message: RpcMessage, headers: SentHeaders, streams: boolean): boolean {
  const refuse = (status: number, code: number, why: string): true => {
    recordFault(post, '-', { code, message: why, id: message.id });
    rpcError(post.response, status, code, why, message.id);
    return true;
  };
  if (message.kind === 'response')
    return refuse(400, INVALID_REQUEST, 'Clients of this revision send no responses.');
  if (message.kind === 'request') {
    const missing = missingMeta(message);
    if (missing !== undefined) return refuse(400, INVALID_PARAMS, missing);
  }
  const mismatch = headerFault(message, headers);
  if (mismatch !== undefined) return refuse(400, HEADER_MISMATCH, mismatch);
  if (message.method === 'subscriptions/listen' && !streams)
    return refuse(
      406,
      INVALID_REQUEST,
      'This is answered with a stream: Accept must name text/event-stream.',
    );
  // A server of both eras on stdio would leave this one for all who share its process.
  if (message.method === 'initialize') return refuse(404, METHOD_NOT_FOUND, 'Method not found: initialize');
  return false;
}

async function tell(lane: Lane, message: RpcMessage, response: ServerResponse): Promise<void> {
  try {
    await lane.notify(message);
    accepted(response);
  } catch (error) {
    rpcError(response, 400, UPSTREAM_FAILED, messageOf(error));
  }
}

/** It cannot be found out how to speak to the server: it does not start, is not there, or wants a person to sign in. */
function unreachable(lane: Lane, message: RpcMessage, error: UpstreamError, response: ServerResponse): void {
  const { message: reason } = error;
  if (message.kind !== 'request') {
    rpcError(response, 400, UPSTREAM_FAILED, reason);
    return;
  }
  const { requests } = lane;
  const now = requests.deps.clock.monotonic();
  const reply = new PostReply(response, { headers: {}, streams: false, waiting: 1, now });
  const pending = new Pending(message, reply, now);
  const rule = error.kind === 'signin' ? GATEWAY_RULES.signIn(reason) : GATEWAY_RULES.unreachable(reason);
  const raw = message.call
    ? requests.notRun(pending, { text: reason, meta: { decision: 'error', ...rule } })
    : errorMessage(pending.id, UPSTREAM_FAILED, reason);
  requests.refuse(pending, raw, reason);
}
