import { messageOf } from '../../../../shared/base/message-of.ts';
import type { RpcMessage } from '../../codec/types.ts';
import { ConnectionEnd } from '../connection-end.ts';
import { EndingRequests } from '../ending-requests.ts';
import type { Waiting } from '../errors/waiting-text.ts';
import { Inbox } from '../inbox.ts';
import { OpenRequests } from '../open-requests.ts';
import {
  type CloseReason,
  type Receive,
  type SendOptions,
  type UpstreamConnection,
  UpstreamError,
} from '../types.ts';
import { type AnswerTaker, isRepeatable, takeBody } from './answer.ts';
import type { HttpAnswer } from './decoded.ts';
import { leave } from './exchange.ts';
import type { HttpOptions } from './options.ts';
import { Requester } from './request.ts';
import { failureOf, modernErrorAnswer, typeOf } from './status.ts';
import { newState, StreamReader } from './stream.ts';

export interface ModernHttpOptions extends HttpOptions {
  /** An answer that servers of a modern revision do not give. */
  readonly doubted: () => void;
}

/**
 * A lane of requests over Streamable HTTP of a modern revision (MCP 2026-07-28, transports): every message is a POST of
 * its own, without a session, a GET stream or resumption. Aborting a request closes its stream, which cancels it.
 */
export class ModernHttpConnection implements UpstreamConnection {
  readonly server: string;
  readonly #o: ModernHttpOptions;
  readonly #http: Requester;
  readonly #inbox: Inbox;
  readonly #reader: StreamReader;
  readonly #taker: AnswerTaker;
  readonly #open: OpenRequests;
  readonly #requests = new EndingRequests();
  readonly #ending = new ConnectionEnd();

  constructor(options: ModernHttpOptions) {
    const { server, parse, ports, limits, ring } = options;
    this.#o = options;
    this.server = server;
    this.#http = new Requester(options);
    this.#inbox = new Inbox((error) => ports.log('error', `receiving from ${server} failed`, error));
    const note = (text: string): void => ring.add('event', text);
    this.#open = new OpenRequests({ clock: ports.clock, note, dropped: options.dropped });
    this.#taker = { server, parse, maxBytes: limits.messageBytes, inbox: this.#inbox, open: this.#open };
    this.#reader = new StreamReader({ ...this.#taker, clock: ports.clock, note });
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
  setProtocolVersion(): void {}

  async send(message: RpcMessage, { signal, headers }: SendOptions = {}): Promise<void> {
    if (this.#ending.reason)
      throw new UpstreamError('unsent', `The connection to "${this.server}" is closed.`);
    const request = message.kind === 'request' ? message.id : undefined;
    try {
      if (request !== undefined) this.#open.add(message);
      await this.#requests.run(signal, (one) => this.#post(message, headers, one));
      this.#o.answered();
    } catch (error) {
      const failure = failureOf(error, this.server);
      if (!this.#ending.reason && !signal?.aborted) this.#o.failed(failure);
      throw failure;
    } finally {
      if (request !== undefined) this.#open.delete(request);
    }
  }

  async #post(message: RpcMessage, headers: SendOptions['headers'], signal: AbortSignal): Promise<void> {
    const answer = await this.#http.send({
      method: 'POST',
      headers: {
        ...headers,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: message.raw,
      signal,
      repeatable: isRepeatable(message),
    });
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status <= 299) {
      if (message.kind !== 'request') return leave(answer, this.#o.ports.clock);
      if (typeOf(answer) === 'text/event-stream') await this.#stream(answer, message, signal);
      else await takeBody(answer, message, this.#taker);
      return;
    }
    const { doubted, parse } = this.#o;
    const error = await modernErrorAnswer(answer, message, this.server, parse, doubted);
    await this.#inbox.put(error, message.id, status);
  }

  async #stream(answer: HttpAnswer, message: RpcMessage, signal: AbortSignal): Promise<void> {
    const state = newState(message.id);
    let why = 'it ended before the answer';
    try {
      await this.#reader.read(answer, state);
    } catch (error) {
      why = messageOf(error);
    }
    if (state.answered || message.kind !== 'request') return;
    if (signal.aborted) throw new UpstreamError('failed', 'The request was cancelled.');
    throw new UpstreamError('failed', `The stream of the server "${this.server}" broke off: ${why}.`);
  }

  async close(): Promise<void> {
    const reason = { message: `The connection to "${this.server}" was closed.`, expected: true };
    if (!this.#ending.end(reason)) return;
    this.#requests.end();
    this.#http.destroy();
    this.#o.ended(reason);
  }
}
