import type { Link } from './link.ts';
import { isObject, type Peeked, peek } from './peek.ts';

/**
 * What the client has said that a new session must be told again: its initialize, that it is initialized, the log level
 * and the resources it watches. The answers are not passed on; the client has had them.
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

  /** The client opens a session of its own: what was said before counts no more. */
  began(initialize: Buffer): void {
    this.#initialize = initialize;
    this.#initialized = undefined;
    this.#standing.clear();
  }

  /** Remembers a message that was delivered. */
  delivered(message: Buffer, { method, members }: Peeked): void {
    const uri = isObject(members.params) ? String(members.params.uri) : '';
    if (method === 'notifications/initialized') this.#initialized = message;
    else if (method === 'logging/setLevel') this.#standing.set('level', message);
    else if (method === 'resources/subscribe') this.#standing.set(`resource ${uri}`, message);
    else if (method === 'resources/unsubscribe') this.#standing.delete(`resource ${uri}`);
  }

  /** Opens a session on a new link. @throws Error when the gateway or the server refuses */
  async repeat(link: Link): Promise<void> {
    if (!this.#initialize) return;
    const answer = await this.#say(link, this.#initialize);
    if (!answer || !link.negotiated(answer)) {
      const error = answer?.members.error;
      const why = isObject(error) ? String(error.message) : 'it gave no result';
      throw new Error(`The session could not be opened again: ${why}`);
    }
    if (this.#initialized) await this.#say(link, this.#initialized);
    for (const message of this.#standing.values()) await this.#say(link, message);
  }

  async #say(link: Link, message: Buffer): Promise<Peeked | undefined> {
    const said = peek(message);
    const answer = await link.post(message, said);
    const status = answer.statusCode ?? 0;
    let found: Peeked | undefined;
    for await (const each of link.messages(answer)) {
      const heard = peek(each);
      if (heard.answers.length > 0 || heard.members.error !== undefined) found = heard;
    }
    if (found === undefined && status > 299) throw new Error(refusal(status));
    return found;
  }
}

/** What an HTTP error of the gateway means for the person, when it says nothing itself. */
export function refusal(status: number): string {
  if (status === 401 || status === 403) {
    return `Drawbridge does not accept this client's token (HTTP ${status}). Open Drawbridge, Clients, and connect this client again; then start the client anew.`;
  }
  if (status === 404) {
    return 'Drawbridge has no such server (HTTP 404). Open Drawbridge, Servers, to see those it has, or connect this client again.';
  }
  return `Drawbridge refused the message (HTTP ${status}).`;
}
