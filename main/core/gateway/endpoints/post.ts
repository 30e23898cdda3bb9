import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { failed } from '../../../../shared/text/model.ts';
import { INVALID_REQUEST, METHOD_NOT_FOUND, parseFromClient } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import { recordFault } from '../call/record-fault.ts';
import { readBody } from '../http/body.ts';
import { accepted, HEADER_MISMATCH, rpcError, SESSION_NOT_FOUND } from '../http/http-answers.ts';
import type { ClientSession } from '../legacy/client-session.ts';
import { BATCH_VERSION, LEGACY_VERSIONS, SESSION_HEADER } from '../limits.ts';
import { isModern } from '../modern/era.ts';
import type { Lanes } from '../modern/lanes.ts';
import { PostReply, takesStreams } from '../streams/reply.ts';
import type { GatewayDeps } from '../types.ts';
import { handleModern } from './modern-post.ts';
import type { Sessions } from './sessions.ts';

/** One POST of a client to a server's endpoint, and what it is answered with. */
export interface Post {
  readonly deps: GatewayDeps;
  readonly sessions: Sessions;
  readonly lanes: Lanes;
  readonly client: ClientIdentity;
  readonly server: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Reads a POST and hands its messages over (MCP 2025-11-25, transports, sending messages to the server). */
export async function handlePost(post: Post): Promise<void> {
  const { deps, sessions, client, server, request, response } = post;
  const { maxMessageBytes } = deps.settings.get();
  const wait = sessions.room.enter({ client: client.id, server }, request, response);
  if (wait) await wait;
  const body = await readBody(request, maxMessageBytes);
  if (!Buffer.isBuffer(body)) {
    const text = `The message is larger than the ${maxMessageBytes} bytes that are taken. It was not forwarded.`;
    recordFault(post, '-', { code: INVALID_REQUEST, message: text, id: body.id });
    rpcError(response, 413, INVALID_REQUEST, text, body.id);
    return;
  }
  const sessionId = request.headers['mcp-session-id'];
  const session = typeof sessionId === 'string' ? sessions.find(sessionId, client, server) : undefined;
  const parsed = parseFromClient(body, {
    maxBytes: maxMessageBytes,
    allowBatch: session?.protocolVersion === BATCH_VERSION,
  });
  if (!parsed.ok) {
    recordFault(post, session?.id ?? '-', parsed.fault);
    const { id, code, message } = parsed.fault;
    rpcError(response, faultStatus(request, code, id), code, message, id);
    return;
  }
  const messages = 'batch' in parsed ? parsed.batch : [parsed.message];
  const [first] = messages;
  if (!session && first && messages.length === 1 && isModern(first, request.headers))
    await handleModern(post, first);
  else await legacy(post, session, messages);
}

/** Messages of a revision with sessions. */
async function legacy(
  post: Post,
  session: ClientSession | undefined,
  messages: readonly RpcMessage[],
): Promise<void> {
  const { request, response } = post;
  const id = messages[0]?.id;
  const mismatch = headerMismatch(request, messages);
  if (mismatch !== undefined) {
    recordFault(post, session?.id ?? '-', { code: HEADER_MISMATCH, message: mismatch, id });
    rpcError(response, 400, HEADER_MISMATCH, mismatch, id);
    return;
  }
  if (request.headers['mcp-session-id'] === undefined) {
    begin(post, messages[0] as RpcMessage);
    return;
  }
  if (!session) {
    rpcError(response, 404, SESSION_NOT_FOUND, 'This session is not known. Initialize a new one.', id);
    return;
  }
  const version = request.headers['mcp-protocol-version'];
  if (version !== undefined && !LEGACY_VERSIONS.has(String(version)) && version !== session.protocolVersion) {
    const why = `This session does not speak protocol version ${version}.`;
    rpcError(response, 400, INVALID_REQUEST, why, id);
    return;
  }
  await take(post, session, messages);
}

/** Begins a session: only initialize does. */
function begin(post: Post, message: RpcMessage): void {
  const { response } = post;
  if (message.kind !== 'request' || message.method !== 'initialize') {
    const text = `The ${SESSION_HEADER} header is missing. A session begins with initialize.`;
    rpcError(response, 400, INVALID_REQUEST, text, message.id);
    return;
  }
  const session = post.sessions.create(post.client, post.server);
  if (!session) {
    rpcError(response, 503, INVALID_REQUEST, failed.tooManySessions, message.id);
    return;
  }
  session.request(message, replyFor(post, session, [message], { [SESSION_HEADER]: session.id }));
}

async function take(post: Post, session: ClientSession, messages: readonly RpcMessage[]): Promise<void> {
  const { deps, response } = post;
  const requests = messages.filter((message) => message.kind === 'request');
  if (requests.some((message) => message.method === 'initialize')) {
    rpcError(response, 400, INVALID_REQUEST, 'This session is initialized already.', requests[0]?.id);
    return;
  }
  const reply = requests.length === 0 ? undefined : replyFor(post, session, requests, {});
  let problem: string | undefined;
  for (const message of messages) {
    if (message.kind === 'request') session.request(message, reply as PostReply);
    else problem ??= await tell(session, message);
  }
  if (reply) {
    if (problem !== undefined) deps.log('warn', problem);
  } else if (problem === undefined) accepted(response);
  else rpcError(response, 400, INVALID_REQUEST, problem);
}

/** Legacy revisions answer a request with 200, whatever the answer is; modern ones have a status for some errors. */
function faultStatus(request: IncomingMessage, code: number, id: string | undefined): number {
  if (id === undefined) return 400;
  const version = request.headers['mcp-protocol-version'];
  if (version === undefined || LEGACY_VERSIONS.has(String(version))) return 200;
  if (code === METHOD_NOT_FOUND) return 404;
  return code === INVALID_REQUEST ? 400 : 200;
}

/** Hands over a notification or a response; gives what went wrong. */
async function tell(session: ClientSession, message: RpcMessage): Promise<string | undefined> {
  try {
    if (message.kind === 'notification') await session.notify(message);
    else if (!(await session.respond(message))) {
      return `The server "${session.server}" asked nothing with the id ${message.id} that is still open.`;
    }
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function replyFor(
  { deps, request, response }: Post,
  session: ClientSession,
  requests: readonly RpcMessage[],
  headers: Record<string, string>,
): PostReply {
  const ids = requests.map(({ id }) => id as string);
  const reply: PostReply = new PostReply(response, {
    headers,
    streams: takesStreams(request.headers),
    waiting: ids.length,
    now: deps.clock.monotonic(),
    id: ids.length === 1 ? ids[0] : undefined,
    resumption: session.outbox.kept,
    hungUp: () => session.hungUp(ids, reply),
  });
  return reply;
}

/** Headers of revision 2026-07-28, where a client sends them in an older one: they must say what the body says. */
function headerMismatch(request: IncomingMessage, messages: readonly RpcMessage[]): string | undefined {
  const method = request.headers['mcp-method'];
  const name = request.headers['mcp-name'];
  if (method === undefined && name === undefined) return undefined;
  const [message] = messages;
  if (messages.length !== 1 || !message) return 'A batch has no single method or name for its headers.';
  if (method !== undefined && method !== message.method) {
    return 'The Mcp-Method header names another method than the body.';
  }
  if (name !== undefined && message.call && decodeName(String(name)) !== message.call.name) {
    return 'The Mcp-Name header names another tool than the body.';
  }
  return undefined;
}

/** Names beyond visible ASCII come as `=?base64?…?=`. */
function decodeName(value: string): string {
  const coded = /^=\?base64\?([A-Za-z0-9+/=]*)\?=$/.exec(value)?.[1];
  return coded === undefined ? value : Buffer.from(coded, 'base64').toString('utf8');
}
