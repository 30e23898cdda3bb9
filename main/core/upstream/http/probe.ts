import { isObject } from '../../../../shared/base/is-object.ts';
import type { Json, JsonObject, RpcMessage } from '../../codec/types.ts';
import { SseParser } from '../../codec/wire/sse-parser.ts';
import { eraOf, helloParams, modernHeaders, modernRequest } from '../discover.ts';
import { ownRequest } from '../messages.ts';
import type { Verdict } from '../stdio/probe.ts';
import { UpstreamError } from '../types.ts';
import type { HttpAnswer } from './decoded.ts';
import { readBody } from './exchange.ts';
import { Requester, type RequesterOptions } from './request.ts';
import { failureOf, typeOf } from './status.ts';

const MAX_BODY = 4 * 1024 * 1024;
/** How long each question may go unanswered. */
const ANSWER_MS = 15_000;
/** Statuses about our request, the network or a temporary state, which say nothing about the server's era. */
const NO_VERDICT = new Set([403, 407, 408, 421, 425, 429]);

/**
 * Asks a Streamable HTTP server for its era (MCP 2026-07-28, transports, Streamable HTTP, backward compatibility): one
 * `server/discover`, whose status and body decide. Where they say nothing (no answer, a server error, a page of a
 * proxy), an `initialize` that succeeds shows a legacy server; its session is ended again.
 * @throws UpstreamError `signin` when it wants authorization, otherwise when it cannot be asked
 */
export async function probeHttp(options: RequesterOptions): Promise<Verdict> {
  const requester = new Requester(options);
  try {
    const discover = modernRequest('drawbridge-discover', 'server/discover');
    const found = await ask(requester, options, discover, modernHeaders('server/discover'));
    if (found.answer) return { era: eraOf(found.answer), firm: true };
    if (found.status >= 400 && found.status < 500 && !NO_VERDICT.has(found.status))
      return { era: 'legacy', firm: true };
    const hello = await ask(
      requester,
      options,
      ownRequest('drawbridge-hello', 'initialize', helloParams()),
      {},
    );
    await endSession(requester, hello.session, options);
    if (isObject(hello.answer?.result)) return { era: 'legacy', firm: true };
    throw (
      found.error ??
      new UpstreamError(
        'failed',
        `The server "${options.server}" could not be asked which protocol it speaks: it answered server/discover with HTTP ${found.status}, and initialize with HTTP ${hello.status}.`,
        found.status,
      )
    );
  } finally {
    requester.destroy();
  }
}

interface Found {
  /** 0 when no answer came. */
  readonly status: number;
  /** The message that answers the question, when there was one. */
  readonly answer?: JsonObject | undefined;
  readonly session?: string | undefined;
  /** Why there is no answer, where the way to the server was the reason. */
  readonly error?: UpstreamError;
}

async function ask(
  requester: Requester,
  options: RequesterOptions,
  message: RpcMessage,
  headers: Readonly<Record<string, string>>,
): Promise<Found> {
  const limit = new AbortController();
  const cancel = options.ports.clock.after(ANSWER_MS, () => limit.abort());
  let status = 0;
  try {
    const reply = await requester.send({
      method: 'POST',
      headers: {
        ...headers,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: message.raw,
      signal: limit.signal,
      repeatable: true,
    });
    status = reply.statusCode ?? 0;
    const session = reply.headers['mcp-session-id'];
    const answer = await answerOf(reply, options);
    return { status, answer, session: typeof session === 'string' ? session : undefined };
  } catch (thrown) {
    const error = failureOf(thrown, options.server);
    // Nobody can be asked where there is no connection, or no permission.
    if (error.kind === 'signin' || (error.kind === 'unsent' && !limit.signal.aborted)) throw error;
    return { status, error };
  } finally {
    cancel();
  }
}

/** Whatever id it has: what comes in answer to a POST with one request is its answer. */
async function answerOf(reply: HttpAnswer, { server }: RequesterOptions): Promise<JsonObject | undefined> {
  const answers = (text: Buffer): JsonObject | undefined => {
    const value = jsonIn(text);
    if (!isObject(value)) return undefined;
    return isObject(value.result) || isObject(value.error) ? value : undefined;
  };
  const type = typeOf(reply);
  if (type === 'application/json') return answers(await readBody(reply, MAX_BODY, `the server "${server}"`));
  if (type !== 'text/event-stream') {
    reply.destroy();
    return undefined;
  }
  const events = new SseParser(MAX_BODY);
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    for (const { data } of events.push(chunk)) {
      const answer = answers(data);
      if (answer) return answer;
    }
  }
  return undefined;
}

/** Undefined for what is not JSON: such an answer is one of the findings. */
function jsonIn(text: Buffer): Json | undefined {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function endSession(
  requester: Requester,
  session: string | undefined,
  { ports }: RequesterOptions,
): Promise<void> {
  if (session === undefined) return;
  const limit = new AbortController();
  const cancel = ports.clock.after(ANSWER_MS, () => limit.abort());
  try {
    const reply = await requester.send({
      method: 'DELETE',
      headers: { 'Mcp-Session-Id': session },
      signal: limit.signal,
      repeatable: true,
    });
    reply.resume();
  } catch (error) {
    ports.log('debug', 'A session opened to ask for the protocol could not be ended', error);
  } finally {
    cancel();
  }
}
