import { isObject } from '../../../../shared/base/is-object.ts';
import { sentence, sentences } from '../../../../shared/text/sentences.ts';
import { redactText } from '../../audit/credential-patterns.ts';
import type { Json, RpcMessage } from '../../codec/types.ts';
import { trimmedHeader } from '../errors/header-check.ts';
import { reasonOf } from '../errors/network-errors.ts';
import { messagesOf } from '../inbox.ts';
import { errorFor } from '../messages.ts';
import { OpenRequests } from '../open-requests.ts';
import { type UpstreamDeps, UpstreamError } from '../types.ts';
import type { HttpAnswer } from './decoded.ts';
import { readBody } from './exchange.ts';

const MAX_ERROR_BODY = 1024 * 1024;

/** Headers that belong to the transport: an entry's own headers cannot set them. */
const RESERVED = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** An entry's own headers, without those that the transport sets. */
export function ownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const reserved = (name: string): boolean => RESERVED.has(name) || name.startsWith('mcp-param-');
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !reserved(name.toLowerCase()))
      .map(([name, value]) => [name, trimmedHeader(value)]),
  );
}

export function typeOf(answer: HttpAnswer): string {
  return (answer.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** True when the server wants authorization: 401, or 403 with a challenge (RFC 6750, insufficient scope). */
export function wantsSignIn(answer: HttpAnswer): boolean {
  return (
    answer.statusCode === 401 ||
    (answer.statusCode === 403 && answer.headers['www-authenticate'] !== undefined)
  );
}

/** The body of an HTTP error. @throws UpstreamError */
export function errorBody(answer: HttpAnswer, server: string): Promise<Buffer> {
  return readBody(answer, MAX_ERROR_BODY, `the server "${server}"`);
}

/**
 * What an HTTP error means. A JSON-RPC error that answers this request is returned, because it is the server's answer;
 * everything else is thrown.
 */
export function errorAnswer(
  answer: HttpAnswer,
  body: Buffer,
  message: RpcMessage,
  server: string,
  parse: UpstreamDeps['parse'],
): RpcMessage {
  const own = answerIn(body, message, parse);
  if (own) return own;
  throw httpError(answer, body, server);
}

/** Errors of servers that know nothing of a request without a session: JSON-RPC invalid request, and SDKs' own. */
const LEGACY_CODES = new Set<unknown>([-32600, -32000]);
/** Statuses by which a server shows that it does not take such a request at all. */
const REFUSALS = new Set([400, 404, 405, 406, 415]);

/**
 * The same for a request of a modern revision, whose errors come with a status, and may lack the id where the server
 * did not read so far (MCP 2026-07-28, transports, Streamable HTTP, server validation).
 * @param doubted called when a modern server would not have answered so
 */
export async function modernErrorAnswer(
  answer: HttpAnswer,
  message: RpcMessage,
  server: string,
  parse: UpstreamDeps['parse'],
  doubted: () => void,
): Promise<RpcMessage> {
  const body = await errorBody(answer, server);
  const own = answerIn(body, message, parse);
  const error = own ? own.value().error : errorIn(body);
  const code = isObject(error) ? error.code : undefined;
  const strange = typeof code !== 'number' || LEGACY_CODES.has(code);
  if (strange && REFUSALS.has(answer.statusCode ?? 0)) doubted();
  if (own) return own;
  if (message.id === undefined || !isObject(error) || typeof code !== 'number')
    throw httpError(answer, body, server);
  return errorFor(message.id, error);
}

function answerIn(body: Buffer, message: RpcMessage, parse: UpstreamDeps['parse']): RpcMessage | undefined {
  const taken = messagesOf(parse(body));
  const own = 'messages' in taken ? taken.messages[0] : undefined;
  if (message.kind !== 'request' || message.id === undefined || own?.kind !== 'response') return undefined;
  if (own.id === message.id) return own;
  // The same id in another form; null says nothing of what was meant, and the status says more.
  const open = new OpenRequests({ note: () => {}, dropped: () => {} });
  open.add(message);
  return open.find(own.id, undefined, false) === undefined ? undefined : open.match(own);
}

function httpError(answer: HttpAnswer, body: Buffer, server: string): UpstreamError {
  const status = answer.statusCode ?? 0;
  // Some servers repeat what they were sent, and credentials with it.
  const why = redactText(detail(body));
  const text = sentence(`The server "${server}" answered with HTTP ${status}${why}`);
  return new UpstreamError('failed', text, status);
}

function errorIn(body: Buffer): Json | undefined {
  try {
    return (JSON.parse(body.toString('utf8')) as { error?: Json } | null)?.error;
  } catch {
    // Not JSON, so no error of JSON-RPC: the status alone speaks.
    return undefined;
  }
}

/** The reason in an error body: the message of a JSON error, or the beginning of a text. */
function detail(body: Buffer): string {
  const text = body.toString('utf8').trim();
  const error = errorIn(body);
  if (typeof error === 'string') return `: ${error.slice(0, 300)}`;
  if (isObject(error) && 'message' in error) return `: ${String(error.message).slice(0, 300)}`;
  // A page or a plain sentence, shown as far as it is short text.
  return text === '' || text.startsWith('<') ? '' : `: ${text.slice(0, 300)}`;
}

/** Whatever went wrong with a message, in words; never the text of the runtime. */
export function failureOf(error: unknown, server: string): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const { clause, fix } = reasonOf(error as NodeJS.ErrnoException);
  const what = sentence(`The server "${server}" could not be asked: ${clause}`);
  return new UpstreamError('failed', sentences(what, fix));
}

/** The server no longer knows the session: it is begun again, and the message sent again. */
export function sessionLost(server: string, status: number | undefined): UpstreamError {
  const how = status === undefined ? 'it answers with an error that says so' : `HTTP ${status}`;
  return new UpstreamError('session-lost', `The server "${server}" has ended the session (${how}).`, status);
}

export function signInError(server: string, answer: HttpAnswer): UpstreamError {
  answer.resume();
  return new UpstreamError(
    'signin',
    `The server "${server}" wants you to sign in, or refuses the credentials in its settings (HTTP ${answer.statusCode}). Open Drawbridge, Servers, ${server}.`,
    answer.statusCode,
  );
}
