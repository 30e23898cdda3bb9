import { isObject } from '../../../shared/base/is-object.ts';
import type { Link } from './link.ts';
import { modernVersion, type Peeked, paramsOf, peek } from './peek.ts';

/**
 * What the client sent that must be sent again in a new session: its initialize, that it is initialized, the log level
 * and the resources it watches. The answers are not passed on; the client has them already.
 */
export class Handshake {
  #initialize: Buffer | undefined;
  #initialized: Buffer | undefined;
  readonly #standing = new Map<string, Buffer>();

  /** True when a new session can be opened on the client's behalf. */
  get known(): boolean {
    return this.#initialize !== undefined;
  }
  get complete(): boolean {
    return this.#initialized !== undefined;
  }

  /** The client opens a session of its own: what it sent before does not count any more. */
  began(initialize: Buffer): void {
    this.#initialize = initialize;
    this.#initialized = undefined;
    this.#standing.clear();
  }

  /** Remembers a message that was delivered. */
  delivered(message: Buffer, peeked: Peeked): void {
    if (modernVersion(peeked) !== undefined) return;
    const { method } = peeked;
    const resource = `resource ${String(paramsOf(peeked).uri)}`;
    if (method === 'notifications/initialized') this.#initialized = message;
    else if (method === 'logging/setLevel') this.#standing.set('level', message);
    else if (method === 'resources/subscribe') this.#standing.set(resource, message);
    else if (method === 'resources/unsubscribe') this.#standing.delete(resource);
  }

  /**
   * Opens a session on a new link.
   * @param pass takes what else comes meanwhile: notifications and questions of the server
   * @throws Error when the gateway or the server refuses; GatewayGone
   */
  async repeat(link: Link, signal: AbortSignal, pass: (message: Buffer) => Promise<void>): Promise<void> {
    if (!this.#initialize) return;
    const answer = await say(link, this.#initialize, signal, pass);
    if (!answer || !link.negotiated(answer)) {
      const error = answer?.members.error;
      const why = isObject(error) ? String(error.message) : 'it gave no result';
      throw new Error(`The session could not be opened again: ${why}`);
    }
    if (this.#initialized) await say(link, this.#initialized, signal, pass);
    for (const message of this.#standing.values()) await say(link, message, signal, pass);
  }
}

async function say(
  link: Link,
  message: Buffer,
  signal: AbortSignal,
  pass: (message: Buffer) => Promise<void>,
): Promise<Peeked | undefined> {
  const answer = await link.post(message, peek(message), signal);
  let found: Peeked | undefined;
  for await (const each of answer.messages()) {
    const heard = peek(each);
    if (heard.answers.length > 0 || heard.members.error !== undefined) found = heard;
    else if (heard.valid) await pass(each);
  }
  if (found === undefined && answer.status > 299) throw new Error(refusal(answer.status));
  return found;
}

/** What an HTTP error of the gateway means for the person, when it says nothing itself. */
export function refusal(status: number): string {
  if (status === 401 || status === 403) {
    return `Drawbridge does not accept this client's token (HTTP ${status}). Open Drawbridge, Clients, and connect this client again; then start the client again.`;
  }
  if (status === 404) {
    return 'Drawbridge has no such server (HTTP 404). Open Drawbridge, Servers, to see those it has, or connect this client again.';
  }
  return `Drawbridge refused the message (HTTP ${status}).`;
}
