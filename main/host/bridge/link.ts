import type { IncomingMessage } from 'node:http';
import { SseParser } from '../../core/upstream/sse-parser.ts';
import { ask, bodyOf, chunksOf, GatewayGone, isEventStream } from './gateway-http.ts';
import { isObject, type Peeked } from './peek.ts';

export interface LinkOptions {
  readonly gateway: string;
  readonly server: string;
  readonly token: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Told once, when the gateway or the session is gone. */
  readonly lost: (link: Link) => void;
  readonly note: (text: string) => void;
}

const DELETE_MS = 1000;
const RETRY_MS = 1000;
const MODERN_VERSION = 'io.modelcontextprotocol/protocolVersion';

/** A way to one core's gateway, and the session there. A new one is made when the core or the session is gone. */
export class Link {
  session: string | undefined;
  version: string | undefined;
  dead = false;
  readonly #o: LinkOptions;
  readonly #url: string;
  readonly #end = new AbortController();
  #listening = false;

  constructor(options: LinkOptions) {
    this.#o = options;
    this.#url = `${options.gateway}/s/${encodeURIComponent(options.server)}/mcp`;
  }

  /** @throws GatewayGone */
  async post(body: Buffer, peeked: Peeked, written?: () => void): Promise<IncomingMessage> {
    const initialize = peeked.method === 'initialize';
    try {
      const answer = await ask({
        method: 'POST',
        url: this.#url,
        headers: {
          ...this.#headers(initialize),
          ...modernHeaders(peeked),
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
        },
        body,
        signal: this.#o.signal,
        ...(written ? { written } : {}),
      });
      const session = answer.headers['mcp-session-id'];
      if (initialize && typeof session === 'string') this.session = session;
      return answer;
    } catch (error) {
      this.lose();
      throw error;
    }
  }

  /** Every message of an answer, one after the other. @throws GatewayGone */
  async *messages(answer: IncomingMessage): AsyncGenerator<Buffer> {
    if (!isEventStream(answer)) {
      const body = await this.#whole(answer);
      if (body.length > 0) yield body;
      return;
    }
    const parser = new SseParser(this.#o.maxBytes);
    try {
      for await (const chunk of chunksOf(answer)) {
        for (const { event, data } of parser.push(chunk)) {
          if (event === 'message' && data.length > 0) yield data;
        }
      }
    } catch (error) {
      if (error instanceof GatewayGone) this.lose();
      throw error;
    }
  }

  async #whole(answer: IncomingMessage): Promise<Buffer> {
    try {
      return await bodyOf(answer);
    } catch (error) {
      this.lose();
      throw error;
    }
  }

  /** Keeps the negotiated version of an initialize result for the headers of what follows. */
  negotiated(message: Peeked): boolean {
    const { result } = message.members;
    if (!isObject(result)) return false;
    if (typeof result.protocolVersion === 'string') this.version = result.protocolVersion;
    return true;
  }

  /** Opens the stream for what belongs to no request; `take` is awaited before more is read. */
  listen(take: (message: Buffer) => Promise<void>): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#listen(take).catch((error: Error) => this.#o.note(`The gateway's stream failed: ${error.message}`));
  }

  async #listen(take: (message: Buffer) => Promise<void>): Promise<void> {
    const signal = AbortSignal.any([this.#o.signal, this.#end.signal]);
    let lastId: string | undefined;
    let retry = RETRY_MS;
    while (!signal.aborted && !this.dead) {
      try {
        const answer = await ask({
          method: 'GET',
          url: this.#url,
          headers: {
            ...this.#headers(false),
            Accept: 'text/event-stream',
            ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }),
          },
          signal,
        });
        if (answer.statusCode !== 200 || !isEventStream(answer)) {
          answer.resume();
          // 405: there is no such stream, which is allowed. 404: the session is gone.
          if (answer.statusCode === 404) this.lose();
          return;
        }
        const parser = new SseParser(this.#o.maxBytes);
        for await (const chunk of chunksOf(answer)) {
          for (const { event, data } of parser.push(chunk)) {
            if (event === 'message' && data.length > 0) await take(data);
          }
          lastId = parser.lastId ?? lastId;
          retry = parser.retry ?? retry;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof GatewayGone)) throw error;
        this.lose();
        return;
      }
      await pause(Math.min(retry, 60_000), signal);
    }
  }

  /** The gateway or the session is gone: what comes next needs a new link. */
  lose(): void {
    // What breaks because the bridge itself ends says nothing about the gateway: the session is still to be ended.
    if (this.dead || this.#o.signal.aborted) return;
    this.dead = true;
    this.#end.abort();
    this.#o.lost(this);
  }

  /** Ends the session there, if there is one. */
  async leave(): Promise<void> {
    this.#end.abort();
    if (this.session === undefined || this.dead) return;
    this.dead = true;
    try {
      const answer = await ask({
        method: 'DELETE',
        url: this.#url,
        headers: this.#headers(false),
        signal: AbortSignal.timeout(DELETE_MS),
      });
      answer.resume();
    } catch (error) {
      this.#o.note(`Ending the session failed: ${(error as Error).message}`);
    }
  }

  #headers(initialize: boolean): Record<string, string> {
    return {
      Authorization: `Bearer ${this.#o.token}`,
      ...(initialize || this.session === undefined ? {} : { 'Mcp-Session-Id': this.session }),
      ...(initialize || this.version === undefined ? {} : { 'MCP-Protocol-Version': this.version }),
    };
  }
}

/** The headers that MCP 2026-07-28 wants beside a request that names its own version. */
function modernHeaders({ method, members }: Peeked): Record<string, string> {
  const meta = isObject(members.params) && isObject(members.params._meta) ? members.params._meta : {};
  const version = meta[MODERN_VERSION];
  if (typeof version !== 'string' || method === undefined) return {};
  if (!/^[\x21-\x7e]+$/.test(version + method)) return {};
  return { 'MCP-Protocol-Version': version, 'Mcp-Method': method };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const go = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', go);
      done();
    };
    const timer = setTimeout(go, ms);
    signal.addEventListener('abort', go);
  });
}
