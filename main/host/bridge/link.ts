import { isObject } from '../../../shared/base/is-object.ts';
import { messageOf } from '../../../shared/base/message-of.ts';
import { Answer } from './answer.ts';
import { ask, GatewayGone } from './gateway-http.ts';
import { mirroredHeaders } from './mirrored.ts';
import type { Peeked } from './peek.ts';

export interface LinkOptions {
  readonly gateway: string;
  /** Undefined: the endpoint that joins all servers of the client. */
  readonly server: string | undefined;
  readonly token: string;
  readonly maxBytes: number;
  /** Called once, when the gateway or the session is gone. */
  readonly lost: (link: Link) => void;
  readonly note: (text: string) => void;
}

const DELETE_MS = 1000;

/** A way to one core's gateway, and the session there. A new one is made when the core or the session is gone. */
export class Link {
  session: string | undefined;
  version: string | undefined;
  readonly #o: LinkOptions;
  readonly #url: string;
  readonly #over = new AbortController();

  constructor(options: LinkOptions) {
    this.#o = options;
    const { gateway, server } = options;
    this.#url = server === undefined ? `${gateway}/mcp` : `${gateway}/s/${encodeURIComponent(server)}/mcp`;
  }

  /** Aborted when this link cannot be used any more. */
  get over(): AbortSignal {
    return this.#over.signal;
  }
  get dead(): boolean {
    return this.#over.signal.aborted;
  }

  /**
   * Posts the bytes of one message of the client. A message of the modern era brings its own headers and no session.
   * @param written called when the whole message was handed to the operating system
   * @throws GatewayGone
   */
  async post(body: Buffer, peeked: Peeked, signal: AbortSignal, written?: () => void): Promise<Answer> {
    const initialize = peeked.method === 'initialize';
    const own = mirroredHeaders(peeked) ?? (initialize ? {} : this.#sessionHeaders());
    const answer = await this.#ask(signal, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${this.#o.token}`,
        ...own,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body,
      ...(written ? { written } : {}),
    });
    if (initialize && answer.session !== undefined) this.session = answer.session;
    return answer;
  }

  /** Opens the stream for what belongs to no request, or takes a broken stream up after an event. @throws GatewayGone */
  open(lastId: string | undefined, signal: AbortSignal): Promise<Answer> {
    return this.#ask(signal, {
      method: 'GET',
      headers: {
        Authorization: `Bearer ${this.#o.token}`,
        ...this.#sessionHeaders(),
        Accept: 'text/event-stream',
        ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }),
      },
    });
  }

  /** Keeps the negotiated version of an initialize result for the headers of what follows. */
  negotiated(message: Peeked): boolean {
    const { result } = message.members;
    if (!isObject(result)) return false;
    if (typeof result.protocolVersion === 'string') this.version = result.protocolVersion;
    return true;
  }

  /** The gateway or the session is gone: what comes next needs a new link. */
  lose(): void {
    if (this.dead) return;
    this.#over.abort();
    this.#o.lost(this);
  }

  /** Ends the session there, if there is one. */
  async leave(): Promise<void> {
    if (this.dead) return;
    this.#over.abort();
    if (this.session === undefined) return;
    try {
      const headers = { Authorization: `Bearer ${this.#o.token}`, ...this.#sessionHeaders() };
      const signal = AbortSignal.timeout(DELETE_MS);
      (await ask({ method: 'DELETE', url: this.#url, headers, signal })).resume();
    } catch (error) {
      this.#o.note(`Ending the session failed: ${messageOf(error)}`);
    }
  }

  async #ask(signal: AbortSignal, what: Omit<Parameters<typeof ask>[0], 'url' | 'signal'>): Promise<Answer> {
    try {
      return new Answer(await ask({ ...what, url: this.#url, signal }), this.#o.maxBytes);
    } catch (error) {
      // Nothing listens there any more. A broken connection proves less: the next one will show.
      if (error instanceof GatewayGone && !error.sent && !signal.aborted) this.lose();
      throw error;
    }
  }

  #sessionHeaders(): Record<string, string> {
    return {
      ...(this.session === undefined ? {} : { 'Mcp-Session-Id': this.session }),
      ...(this.version === undefined ? {} : { 'MCP-Protocol-Version': this.version }),
    };
  }
}
