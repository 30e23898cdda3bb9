import { messageOf } from '../../../../shared/base/message-of.ts';
import type { Clock } from '../../ports.ts';
import type { HttpAnswer } from './decoded.ts';
import type { Requester } from './request.ts';

const DELETE_MS = 2000;
/** What a header can hold, as clients send it back whatever it is; the specification has visible ASCII only. */
const SESSION_ID = /^[\t\x20-\x7e\x80-\xff]{1,8192}$/;

/** The session a server of 2025-03-26 … 2025-11-25 gave a connection, and the version both agreed on. */
export class HttpSession {
  readonly #note: (text: string) => void;
  #id: string | undefined;
  #version: string | undefined;
  /** Made when id or version change, not for every message. */
  #headers: Readonly<Record<string, string>> = {};

  /** @param note something for the server's log */
  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  get id(): string | undefined {
    return this.#id;
  }

  /** The headers of every message of the session. */
  get headers(): Readonly<Record<string, string>> {
    return this.#headers;
  }

  /** The headers of an initialize, which opens a new session: the old id would make the server refuse it. */
  get freshHeaders(): Readonly<Record<string, string>> {
    return this.#version === undefined ? {} : { 'MCP-Protocol-Version': this.#version };
  }

  set version(version: string) {
    this.#version = version;
    this.#update();
  }

  /**
   * Takes the id from the answer to an initialize, or, as clients do it, from one to a later message where it names another.
   * @param sent the id that the message was sent with; undefined for an initialize
   */
  adopt(answer: HttpAnswer, sent: string | undefined, initialize: boolean): void {
    const id = answer.headers['mcp-session-id'];
    if (id === undefined || id === '' || id === this.#id) return;
    // The answer to a message of an earlier session says nothing about this one.
    if (!initialize && sent !== this.#id) return;
    if (typeof id === 'string' && SESSION_ID.test(id)) {
      this.#id = id;
      this.#update();
    } else this.#note('The server gave a session id that is not valid; it is not used.');
  }

  /** The server no longer knows it. False when another session took its place already. */
  forget(id: string): boolean {
    if (this.#id !== id) return false;
    this.#id = undefined;
    this.#update();
    return true;
  }

  /** Ends it at the server, which may not offer that (405); its absence changes nothing for us. */
  async end(http: Requester, clock: Pick<Clock, 'after'>): Promise<void> {
    if (this.#id === undefined) return;
    const limit = new AbortController();
    const cancel = clock.after(DELETE_MS, () => limit.abort());
    try {
      const { headers } = this;
      const answer = await http.send({ method: 'DELETE', headers, signal: limit.signal, repeatable: true });
      answer.resume();
    } catch (error) {
      this.#note(`Ending the session failed: ${messageOf(error)}`);
    } finally {
      cancel();
    }
  }

  #update(): void {
    this.#headers = {
      ...(this.#id === undefined ? {} : { 'Mcp-Session-Id': this.#id }),
      ...this.freshHeaders,
    };
  }
}
