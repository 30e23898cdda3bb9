import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { INVALID_REQUEST, METHOD_NOT_FOUND, parseFromClient } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import type { ClientSession } from '../legacy/client-session.ts';
import type { Sessions } from '../legacy/sessions.ts';
import { BATCH_VERSION, LEGACY_VERSIONS, SESSION_HEADER } from '../limits.ts';
import { isModern } from '../modern/era.ts';
import type { Lanes } from '../modern/lanes.ts';
import { handleModern } from '../modern/modern-post.ts';
import { PostReply } from '../streams/reply.ts';
import type { GatewayDeps } from '../types.ts';
import { readBody } from './body.ts';
import { recordFault } from './faults.ts';
import { takesStreams } from './guard.ts';
import { accepted, HEADER_MISMATCH, rpcError, SESSION_NOT_FOUND } from './http-answers.ts';

export interface PostContext {
  readonly deps: GatewayDeps;
  readonly sessions: Sessions;
  readonly lanes: Lanes;
  readonly client: ClientIdentity;
  readonly server: string;
}

/** One POST of a client to a server's endpoint (MCP 2025-11-25, transports, sending messages to the server). */
export async function handlePost(
  context: PostContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { deps, sessions, client, server } = context;
  const { maxMessageBytes } = deps.settings.get();
  const wait = sessions.room.enter(client.id, server, request, response);
  if (wait) await wait;
  const body = await readBody(request, maxMessageBytes);
  if (!Buffer.isBuffer(body)) {
    const text = `The message is larger than the ${maxMessageBytes} bytes that are taken. It was not forwarded.`;
    recordFault(context, '-', { code: INVALID_REQUEST, message: text, id: body.id });
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
    recordFault(context, session?.id ?? '-', parsed.fault);
    const { id, code, message } = parsed.fault;
    rpcError(response, faultStatus(request, code, id), code, message, id);
    return;
  }
  const messages = 'batch' in parsed ? parsed.batch : [parsed.message];
  const [first] = messages;
  if (!session && first && messages.length === 1 && isModern(first, request.headers)) {
    await handleModern(context, first, request, response);
    return;
  }
  const mismatch = headerMismatch(request, messages);
  if (mismatch !== undefined) {
    recordFault(context, session?.id ?? '-', {
      code: HEADER_MISMATCH,
      message: mismatch,
      id: messages[0]?.id,
    });
    rpcError(response, 400, HEADER_MISMATCH, mismatch, messages[0]?.id);
    return;
  }
  if (sessionId === undefined) {
    withoutSession(context, messages[0] as RpcMessage, request, response);
    return;
  }
  if (!session) {
    rpcError(
      response,
      404,
      SESSION_NOT_FOUND,
      'This session is not known. Initialize a new one.',
      messages[0]?.id,
    );
    return;
  }
  const version = request.headers['mcp-protocol-version'];
  if (version !== undefined && !LEGACY_VERSIONS.has(String(version)) && version !== session.protocolVersion) {
    rpcError(
      response,
      400,
      INVALID_REQUEST,
      `This session does not speak protocol version ${version}.`,
      messages[0]?.id,
    );
    return;
  }
  session.touch();
  await take(context, session, messages, request, response);
}

function withoutSession(
  context: PostContext,
  message: RpcMessage,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (message.kind !== 'request' || message.method !== 'initialize') {
    const text = `The ${SESSION_HEADER} header is missing. A session begins with initialize.`;
    rpcError(response, 400, INVALID_REQUEST, text, message.id);
    return;
  }
  const session = context.sessions.create(context.client, context.server);
  if (!session) {
    rpcError(
      response,
      503,
      INVALID_REQUEST,
      'Too many sessions are open. Close one and try again.',
      message.id,
    );
    return;
  }
  session.request(
    message,
    replyFor(context, session, [message], request, response, { [SESSION_HEADER]: session.id }),
  );
}

async function take(
  { deps }: PostContext,
  session: ClientSession,
  messages: readonly RpcMessage[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requests = messages.filter((message) => message.kind === 'request');
  if (requests.some((message) => message.method === 'initialize')) {
    rpcError(response, 400, INVALID_REQUEST, 'This session is initialized already.', requests[0]?.id);
    return;
  }
  const reply =
    requests.length === 0 ? undefined : replyFor({ deps }, session, requests, request, response, {});
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
  { deps }: Pick<PostContext, 'deps'>,
  session: ClientSession,
  requests: readonly RpcMessage[],
  request: IncomingMessage,
  response: ServerResponse,
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

/** Headers of the coming revision, where a client sends them: what they say must be what the body says. */
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
