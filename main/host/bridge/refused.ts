import { isObject } from '../../../shared/base/is-object.ts';
import type { Answer } from './answer.ts';
import { GatewayGone } from './gateway-http.ts';
import { refusal } from './handshake.ts';
import { errorLine, METHOD_NOT_FOUND, type Peeked, peek } from './peek.ts';

/** Errors that only a server of the modern era gives (MCP 2026-07-28, error codes): they are no sign of an old one. */
const MODERN_CODES: ReadonlySet<unknown> = new Set([-32020, -32021, -32022]);

/**
 * What the client hears of an HTTP error status: its JSON-RPC body is the answer, under the id of the request; anything
 * else is explained in a sentence.
 * @param open raw ids of the requests that wait for an answer
 * @returns messages to write; none for a notification
 * @throws Error for a notification, with the reason; GatewayGone
 */
export async function refusedAnswer(
  answer: Answer,
  message: Peeked,
  open: readonly string[],
): Promise<Buffer[]> {
  const { status } = answer;
  const parts: Buffer[] = [];
  for await (const each of answer.messages()) parts.push(each);
  const body = Buffer.concat(parts);
  const said = peek(body);
  const error = said.valid && isObject(said.members.error) ? said.members.error : undefined;
  if (!message.valid) return [error ? body : errorLine('null', refusal(status))];
  if (open.length === 0) throw new Error(error ? String(error.message) : refusal(status));
  const [id] = open;
  // A token that is not accepted is for the person to fix, and this program knows how.
  const words = status === 401 || error === undefined || open.length > 1;
  if (message.method === 'server/discover' && isOldEra(status, error?.code)) {
    return open.map((each) => errorLine(each, 'Method not found: server/discover', METHOD_NOT_FOUND));
  }
  if (words || id === undefined) return open.map((each) => errorLine(each, refusal(status)));
  return [said.answers.includes(id) ? body : underId(id, error)];
}

/**
 * Whether an answer to `server/discover` says that the server is of the initialize era: over HTTP that is a 400 (or the
 * status of an unknown address or method) without a modern error (MCP 2026-07-28, transports, backward compatibility).
 */
function isOldEra(status: number, code: unknown): boolean {
  if (status === 400) return !MODERN_CODES.has(code) && code !== METHOD_NOT_FOUND;
  return (status === 404 || status === 405) && code === undefined;
}

function underId(id: string, error: Record<string, unknown>): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`);
}

/** Why a request has no answer, for the agent and the person. */
export function explain(error: Error): string {
  if (!(error instanceof GatewayGone)) return error.message;
  return error.sent
    ? 'Drawbridge stopped while this request was running or waiting, so its result is lost. A call that waited for the approval of the person at this machine was not run: repeat it, and they are asked again. Otherwise a tool may have run: check before trying again.'
    : `Drawbridge cannot be reached (${error.message}). Open Drawbridge and try again.`;
}
