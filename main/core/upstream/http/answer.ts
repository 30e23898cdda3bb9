import { sentence } from '../../../../shared/text/sentences.ts';
import type { RpcMessage } from '../../codec/types.ts';
import { type Inbox, messagesOf } from '../inbox.ts';
import type { OpenRequests } from '../open-requests.ts';
import { type UpstreamDeps, UpstreamError } from '../types.ts';
import type { HttpAnswer } from './decoded.ts';
import { readBody } from './exchange.ts';
import { sessionLost, typeOf } from './status.ts';

/** What may be asked twice without harm. Of methods that are not known here that cannot be said. */
const REPEATABLE =
  /^(initialize|ping|server\/discover|subscriptions\/listen|(tools|prompts|resources|resources\/templates|tasks|roots)\/list|resources\/(read|subscribe|unsubscribe)|prompts\/get|tasks\/get|completion\/complete|logging\/setLevel|notifications\/.*)$/;

/** Whether a message may be sent again when a kept connection turns out to be closed. A response is one. */
export function isRepeatable(message: RpcMessage): boolean {
  return message.method === undefined || REPEATABLE.test(message.method);
}

/** Types that servers give to JSON out of carelessness; it is taken where it is a message. */
const MAYBE_JSON = /^(|text\/json|text\/plain|application\/octet-stream|[\w.-]+\/[\w.-]+\+json)$/;

export interface AnswerTaker {
  readonly server: string;
  readonly parse: UpstreamDeps['parse'];
  readonly maxBytes: number;
  readonly inbox: Inbox;
  readonly open: OpenRequests;
  /** Whether an answer says that the session is unknown. */
  readonly lost?: ((answer: RpcMessage) => boolean) | undefined;
}

/**
 * Reads the successful answer to a POST where it is no event stream.
 * @throws UpstreamError when a request got none
 */
export async function takeBody(
  answer: HttpAnswer,
  message: RpcMessage,
  { server, parse, maxBytes, inbox, open, lost }: AnswerTaker,
): Promise<void> {
  const body = await readBody(answer, maxBytes, `the server "${server}"`);
  if (message.kind !== 'request') return;
  const status = answer.statusCode ?? 0;
  const what = `The server "${server}" answered ${message.method} with`;
  const refuse = (how: string): UpstreamError =>
    new UpstreamError('failed', sentence(`${what} ${how}`), status);
  if (body.length === 0) throw refuse(`nothing (HTTP ${status}).`);
  const type = typeOf(answer);
  const other = `${type || 'no content type'} instead of JSON or an event stream.`;
  if (type !== 'application/json' && !MAYBE_JSON.test(type)) throw refuse(other);
  const taken = messagesOf(parse(body));
  if ('fault' in taken && type !== 'application/json') throw refuse(other);
  if ('fault' in taken) {
    const rescued = open.rescue(body, parse, message.id);
    if (!rescued) throw refuse(`something that is not valid: ${taken.fault.message}`);
    await inbox.put(rescued, message.id);
    return;
  }
  if (taken.messages.some((each) => each.kind === 'response' && lost?.(each)))
    throw sessionLost(server, undefined);
  if (!taken.messages.some((each) => each.kind === 'response')) {
    await inbox.putAll(taken.messages, message.id);
    throw refuse('JSON that is not an answer.');
  }
  await inbox.putAll(open.matchAll(taken.messages, message.id), message.id);
}
