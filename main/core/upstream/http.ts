import type { IncomingMessage } from 'node:http';
import type { RpcMessage } from '../codec/types.ts';
import { type AnswerTaker, isRepeatable, takeBody } from './http-answer.ts';
import { Listener, MAX_TRIES } from './http-listen.ts';
import { Requester, type RequesterOptions } from './http-request.ts';
import { errorAnswer, typeOf } from './http-status.ts';
import { newState, pause, RETRY_MS, StreamReader, type StreamState } from './http-stream.ts';
import { Inbox } from './inbox.ts';
import type { LogRing } from './log-ring.ts';
import {
  type CloseReason,
  type Receive,
  type SendOptions,
  type UpstreamConnection,
  type UpstreamDeps,
  UpstreamError,
} from './types.ts';

export interface HttpOptions extends RequesterOptions {
  readonly parse: UpstreamDeps['parse'];
  readonly ring: LogRing;
  /** The server took a message. */
  readonly answered: () => void;
  /** A message could not be delivered, or the server wants authorization. */
  readonly failed: (error: UpstreamError) => void;
  readonly ended: (reason: CloseReason) => void;
}

/** Resumptions in a row that bring nothing: a server that polls may hold a request for long, but not for ever. */
const MAX_EMPTY = 600;
const DELETE_MS = 2000;
const SESSION_ID = /^[\x21-\x7e]{1,1024}$/;

/** A connection over Streamable HTTP (MCP 2025-03-26 … 2025-11-25, transports). */
export class HttpConnection implements UpstreamConnection {
  readonly server: string;
  readonly #o: HttpOptions;
  readonly #http: Requester;
  readonly #inbox: Inbox;
  readonly #reader: StreamReader;
  readonly #taker: AnswerTaker;
  readonly #listener: Listener;
  readonly #end = new AbortController();
  #session: string | undefined;
  #version: string | undefined;
  #closing: Promise<void> | undefined;
  #reason: CloseReason | undefined;
  #onClose: ((reason: CloseReason) => void) | undefined;

  constructor(options: HttpOptions) {
    this.#o = options;
    this.server = options.server;
    this.#http = new Requester(options);
    this.#inbox = new Inbox((error) =>
      options.ports.log('error', `receiving from ${this.server} failed`, error),
    );
    this.#taker = {
      server: options.server,
      parse: options.parse,
      maxBytes: options.limits.messageBytes,
      inbox: this.#inbox,
    };
    this.#reader = new StreamReader({
      ...this.#taker,
      clock: options.ports.clock,
      note: (text) => options.ring.add('event', text),
    });
    this.#listener = new Listener({
      server: options.server,
      clock: options.ports.clock,
      reader: this.#reader,
      get: (lastId, signal) => this.#get(lastId, signal),
      note: (text) => options.ring.add('event', text),
      unknown: () => {
        if (this.#session !== undefined && this.#forget(this.#session)) this.#lost();
      },
      failed: options.failed,
    });
  }

  onMessage(receive: Receive): void {
    this.#inbox.receive = receive;
  }

  onClose(closed: (reason: CloseReason) => void): void {
    this.#onClose = closed;
    const reason = this.#reason;
    if (reason) queueMicrotask(() => closed(reason));
  }

  setProtocolVersion(version: string): void {
    this.#version = version;
  }

  async send(message: RpcMessage, { signal }: SendOptions = {}): Promise<void> {
    if (this.#closing) throw new UpstreamError('unsent', `The connection to "${this.server}" is closed.`);
    const all = signal ? AbortSignal.any([signal, this.#end.signal]) : this.#end.signal;
    try {
      await this.#post(message, all);
      this.#o.answered();
    } catch (error) {
      const failure = error instanceof UpstreamError ? error : new UpstreamError('failed', String(error));
      if (!all.aborted) this.#o.failed(failure);
      throw failure;
    }
  }

  async #post(message: RpcMessage, signal: AbortSignal): Promise<void> {
    const initialize = message.method === 'initialize';
    // A new initialize opens a new session; the old id would make the server refuse it.
    const session = initialize ? undefined : this.#session;
    const answer = await this.#http.send({
      method: 'POST',
      headers: {
        ...this.#headers(session),
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: message.raw,
      signal,
      repeatable: isRepeatable(message),
    });
    const status = answer.statusCode ?? 0;
    if (status === 404 && session !== undefined) {
      answer.resume();
      this.#forget(session);
      throw new UpstreamError(
        'session-lost',
        `The server "${this.server}" has ended the session (HTTP 404).`,
        status,
      );
    }
    if (status < 200 || status > 299) {
      await this.#inbox.put(await errorAnswer(answer, message, this.server, this.#o.parse), message.id);
      return;
    }
    if (initialize) this.#adopt(answer);
    await this.#readAnswer(answer, message, signal);
  }

  async #readAnswer(answer: IncomingMessage, message: RpcMessage, signal: AbortSignal): Promise<void> {
    if (typeOf(answer) === 'text/event-stream')
      await this.#follow(answer, newState(message.id), message.kind === 'request', signal);
    else await takeBody(answer, message, this.#taker);
  }

  /** Reads the stream of a request to its end, resuming it where the server gave event ids (transports, resumability). */
  async #follow(
    first: IncomingMessage,
    state: StreamState,
    request: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    let answer: IncomingMessage | undefined = first;
    for (let failures = 0, empty = 0; ; ) {
      const before = state.events;
      let problem = 'it ended before the answer';
      if (answer) {
        try {
          await this.#reader.read(answer, state);
        } catch (error) {
          problem = (error as Error).message;
          if (error instanceof RangeError) state.lastId = undefined;
          failures++;
        }
      } else failures++;
      if (state.answered || !request) return;
      if (state.events > before) failures = empty = 0;
      else empty++;
      if (signal.aborted) throw new UpstreamError('failed', 'The request was cancelled.');
      if (state.lastId === undefined || failures >= MAX_TRIES || empty >= MAX_EMPTY) {
        throw new UpstreamError('failed', `The stream of the server "${this.server}" broke off: ${problem}.`);
      }
      await pause(this.#o.ports.clock, state.retry ?? RETRY_MS * 2 ** failures, signal);
      answer = await this.#resume(state, signal);
    }
  }

  /** Undefined when the stream could not be had this time. */
  async #resume(state: StreamState, signal: AbortSignal): Promise<IncomingMessage | undefined> {
    try {
      const answer = await this.#get(state.lastId, signal);
      if (answer.statusCode === 200 && typeOf(answer) === 'text/event-stream') return answer;
      answer.resume();
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'signin') throw error;
      this.#o.ring.add('event', (error as Error).message);
    }
    return undefined;
  }

  openStream(): void {
    if (!this.#closing) this.#listener.start();
  }

  #get(lastId: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
    return this.#http.send({
      method: 'GET',
      headers: {
        ...this.#headers(this.#session),
        Accept: 'text/event-stream',
        ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }),
      },
      signal,
      repeatable: true,
    });
  }

  #headers(session: string | undefined): Record<string, string> {
    return {
      ...(session === undefined ? {} : { 'Mcp-Session-Id': session }),
      ...(this.#version === undefined ? {} : { 'MCP-Protocol-Version': this.#version }),
    };
  }

  #adopt(answer: IncomingMessage): void {
    const id = answer.headers['mcp-session-id'];
    if (id === undefined) return;
    if (typeof id === 'string' && SESSION_ID.test(id)) this.#session = id;
    else
      this.#o.ring.add(
        'event',
        `The server "${this.server}" gave a session id that is not valid; it is not used.`,
      );
  }

  /** False when another session took its place already. */
  #forget(session: string): boolean {
    if (this.#session !== session) return false;
    this.#session = undefined;
    // Its stream ends with it: the next session opens its own, and event ids do not carry over.
    this.#listener.stop();
    return true;
  }

  #lost(): void {
    this.#finish({
      message: `The server "${this.server}" has ended the session (HTTP 404).`,
      expected: false,
      sessionLost: true,
    });
    void this.close();
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  async #shut(): Promise<void> {
    const session = this.#session;
    this.#end.abort();
    this.#listener.stop();
    if (session !== undefined) await this.#deleteSession(session);
    this.#http.destroy();
    this.#finish({ message: `The connection to "${this.server}" was closed.`, expected: true });
  }

  /** Ends the upstream session. A server may not offer that (405), and its absence changes nothing for us. */
  async #deleteSession(session: string): Promise<void> {
    const limit = new AbortController();
    const cancel = this.#o.ports.clock.after(DELETE_MS, () => limit.abort());
    try {
      const answer = await this.#http.send({
        method: 'DELETE',
        headers: this.#headers(session),
        signal: limit.signal,
        repeatable: true,
      });
      answer.resume();
    } catch (error) {
      this.#o.ring.add('event', `Ending the session failed: ${(error as Error).message}`);
    } finally {
      cancel();
    }
  }

  #finish(reason: CloseReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#onClose?.(reason);
    this.#o.ended(reason);
  }
}
