import type { RpcMessage } from '../../codec/types.ts';
import { SseParser } from '../../codec/wire/sse-parser.ts';
import { ConnectionEnd } from '../connection-end.ts';
import { EndingRequests } from '../ending-requests.ts';
import { explain } from '../errors/network-errors.ts';
import { NotUsable } from '../errors/not-usable.ts';
import type { Waiting } from '../errors/waiting-text.ts';
import { Inbox, messagesOf } from '../inbox.ts';
import { ownError } from '../messages.ts';
import { OpenRequests } from '../open-requests.ts';
import {
  type CloseReason,
  type Receive,
  type SendOptions,
  type UpstreamConnection,
  UpstreamError,
} from '../types.ts';
import { isRepeatable } from './answer.ts';
import type { HttpAnswer } from './decoded.ts';
import { leave } from './exchange.ts';
import type { HttpOptions } from './options.ts';
import { Requester } from './request.ts';
import { errorAnswer, errorBody, failureOf, typeOf } from './status.ts';

/** A connection over HTTP+SSE (MCP 2024-11-05): one stream for everything, and an address to post to. */
export class LegacySseConnection implements UpstreamConnection {
  readonly server: string;
  readonly #o: HttpOptions;
  readonly #http: Requester;
  readonly #inbox: Inbox;
  readonly #end = new AbortController();
  readonly #requests = new EndingRequests();
  readonly #received: Promise<void>;
  readonly #open: OpenRequests;
  #startReceiving: () => void = () => {};
  #endpoint: URL | undefined;
  #version: string | undefined;
  readonly #ending = new ConnectionEnd();

  private constructor(options: HttpOptions) {
    this.#o = options;
    this.server = options.server;
    this.#http = new Requester(options);
    this.#open = new OpenRequests({
      clock: options.ports.clock,
      note: (text) => options.ring.add('event', text),
      dropped: options.dropped,
    });
    this.#inbox = new Inbox((error) =>
      options.ports.log('error', `receiving from ${this.server} failed`, error),
    );
    this.#received = new Promise((done) => {
      this.#startReceiving = done;
    });
    this.#inbox.whenSet(() => this.#startReceiving());
  }

  /** Opens the stream and waits for the address to post to. @throws UpstreamError */
  static async open(options: HttpOptions): Promise<LegacySseConnection> {
    const connection = new LegacySseConnection(options);
    try {
      await connection.#start();
      return connection;
    } catch (error) {
      connection.#http.destroy();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const answer = await this.#http.send({
      method: 'GET',
      headers: { Accept: 'text/event-stream' },
      signal: this.#end.signal,
      repeatable: true,
    });
    const status = answer.statusCode ?? 0;
    if (status !== 200 || typeOf(answer) !== 'text/event-stream') {
      answer.resume();
      throw new UpstreamError(
        'failed',
        `${this.#http.url.origin}${this.#http.url.pathname} is not an HTTP+SSE server (HTTP ${status}, ${typeOf(answer) || 'no content type'}). If it speaks Streamable HTTP, change the kind of the server "${this.server}" to http.`,
        status,
      );
    }
    await new Promise<void>((done, fail) => {
      const cancel = this.#o.ports.clock.after(this.#o.limits.connectMs, () => {
        answer.destroy();
        fail(new NotUsable('failed', `The server "${this.server}" named no address to post to.`));
      });
      void this.#read(answer, () => {
        cancel();
        done();
      }).then((why) => {
        cancel();
        fail(new NotUsable('failed', why));
        this.#finish({ message: why, expected: false });
      });
    });
  }

  /** Reads to the end of the stream and says why it ended. */
  async #read(answer: HttpAnswer, ready: () => void): Promise<string> {
    const parser = new SseParser(this.#o.limits.messageBytes);
    try {
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        for (const { event, data } of parser.push(chunk)) {
          if (event === 'endpoint') {
            this.#endpoint = this.#within(data.toString('utf8'));
            ready();
          } else if (event === 'message' && data.length > 0) {
            await this.#received;
            await this.#event(data);
          }
        }
      }
    } catch (error) {
      if (error instanceof NotUsable) return error.message;
      return `The stream of the server "${this.server}" broke: ${explain(error as NodeJS.ErrnoException)}.`;
    }
    return `The server "${this.server}" ended its stream.`;
  }

  /** The address to post to must be of the same origin: our credentials go there. */
  #within(address: string): URL {
    const url = URL.canParse(address, this.#http.url.href) ? new URL(address, this.#http.url) : undefined;
    if (url?.origin === this.#http.url.origin) return url;
    const { origin } = this.#http.url;
    const what = url ? `which is of another origin than ${origin}` : 'which is no address';
    const shown = url ? `${url.origin}${url.pathname}` : JSON.stringify(address.slice(0, 100));
    throw new NotUsable(
      'failed',
      `The server "${this.server}" speaks HTTP+SSE and names ${shown} to post to, ${what}. Credentials would go there, so it is not used. If the server moved, put its new address into its settings.`,
    );
  }

  async #event(data: Buffer): Promise<void> {
    const taken = messagesOf(this.#o.parse(data));
    if ('fault' in taken) {
      const rescued = this.#open.rescue(data, this.#o.parse);
      if (rescued) {
        await this.#inbox.put(rescued, undefined);
        return;
      }
      const { id: given, message } = taken.fault;
      const id = given === undefined ? undefined : this.#open.find(given, undefined, false);
      const why = `The server "${this.server}" sent a message that is not valid: ${message}`;
      this.#o.ring.add('event', why);
      if (id !== undefined && this.#open.delete(id)) await this.#inbox.put(ownError(id, why), undefined);
      return;
    }
    this.#o.answered();
    await this.#inbox.putAll(this.#open.matchAll(taken.messages), undefined);
  }

  get waiting(): Waiting | undefined {
    return this.#open.longest;
  }

  onMessage(receive: Receive): void {
    this.#inbox.receive = receive;
  }

  onClose(closed: (reason: CloseReason) => void): void {
    this.#ending.listen(closed);
  }

  openStream(): void {}

  setProtocolVersion(version: string): void {
    this.#version = version;
  }

  async send(message: RpcMessage, { signal }: SendOptions = {}): Promise<void> {
    if (this.#ending.reason || !this.#endpoint) {
      throw new UpstreamError(
        'unsent',
        this.#ending.reason?.message ?? `The server "${this.server}" is not connected.`,
      );
    }
    const id = message.kind === 'request' ? message.id : undefined;
    if (id !== undefined) this.#open.add(message);
    if (message.method === 'initialize') this.#inbox.watch(id, this.#o.greeted);
    const endpoint = this.#endpoint;
    try {
      await this.#requests.run(signal, (one) => this.#post(endpoint, message, one));
    } catch (error) {
      if (id !== undefined) this.#open.delete(id);
      const failure = failureOf(error, this.server);
      if (!this.#ending.reason && !signal?.aborted) this.#o.failed(failure);
      throw failure;
    }
  }

  async #post(endpoint: URL, message: RpcMessage, signal: AbortSignal): Promise<void> {
    const answer = await this.#http.send({
      method: 'POST',
      url: endpoint,
      headers: {
        ...(this.#version === undefined ? {} : { 'MCP-Protocol-Version': this.#version }),
        'Content-Type': 'application/json',
        Accept: 'application/json',
      },
      body: message.raw,
      signal,
      repeatable: isRepeatable(message),
    });
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) {
      leave(answer, this.#o.ports.clock);
      return;
    }
    const body = await errorBody(answer, this.server);
    await this.#inbox.put(errorAnswer(answer, body, message, this.server, this.#o.parse), undefined);
  }

  async close(): Promise<void> {
    this.#finish({ message: `The connection to "${this.server}" was closed.`, expected: true });
    this.#end.abort();
    this.#requests.end();
    this.#http.destroy();
  }

  #finish(reason: CloseReason): void {
    if (this.#ending.end(reason)) this.#o.ended(reason);
  }
}
