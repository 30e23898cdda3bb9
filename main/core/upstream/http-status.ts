import type { IncomingMessage } from 'node:http';
import type { RpcMessage } from '../codec/types.ts';
import { readBody } from './http-exchange.ts';
import { messagesOf } from './inbox.ts';
import { type UpstreamDeps, UpstreamError } from './types.ts';

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
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** An entry's own headers, without those that the transport sets. */
export function ownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !RESERVED.has(name.toLowerCase())));
}

export function typeOf(answer: IncomingMessage): string {
  return (answer.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** True when the server wants authorization: 401, or 403 with a challenge (RFC 6750, insufficient scope). */
export function wantsSignIn(answer: IncomingMessage): boolean {
  return (
    answer.statusCode === 401 ||
    (answer.statusCode === 403 && answer.headers['www-authenticate'] !== undefined)
  );
}

/**
 * What an HTTP error means. A JSON-RPC error that answers the very request is returned, for it is the server's answer;
 * everything else is thrown.
 */
export async function errorAnswer(
  answer: IncomingMessage,
  message: RpcMessage,
  server: string,
  parse: UpstreamDeps['parse'],
): Promise<RpcMessage> {
  const status = answer.statusCode ?? 0;
  const body = await readBody(answer, MAX_ERROR_BODY, `The server "${server}"`);
  const parsed = parse(body);
  const taken = messagesOf(parsed);
  const own = 'messages' in taken ? taken.messages[0] : undefined;
  if (message.kind === 'request' && own?.kind === 'response' && own.id === message.id) return own;
  throw new UpstreamError(
    'failed',
    `The server "${server}" answered with HTTP ${status}${detail(body)}.`,
    status,
  );
}

/** The reason in an error body: the message of a JSON error, or the beginning of a text. */
function detail(body: Buffer): string {
  const text = body.toString('utf8').trim();
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return `: ${error.slice(0, 300)}`;
    if (typeof error === 'object' && error !== null && 'message' in error) {
      return `: ${String(error.message).slice(0, 300)}`;
    }
  } catch {
    // Not JSON: a page or a plain sentence, shown as far as it is short text.
  }
  return text === '' || text.startsWith('<') ? '' : `: ${text.slice(0, 300)}`;
}

export function signInError(server: string, answer: IncomingMessage): UpstreamError {
  answer.resume();
  return new UpstreamError(
    'signin',
    `The server "${server}" wants you to sign in, or refuses the credentials in its settings (HTTP ${answer.statusCode}). Open Drawbridge, Servers, ${server}.`,
    answer.statusCode,
  );
}
