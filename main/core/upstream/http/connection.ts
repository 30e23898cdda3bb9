import { doneWithin } from '../../base/bounded.ts';
import type { RpcMessage } from '../../codec/types.ts';
import { ConnectionEnd } from '../connection-end.ts';
import { EndingRequests } from '../ending-requests.ts';
import { NotUsable } from '../errors/not-usable.ts';
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
import { Elsewhere } from './elsewhere.ts';
import { leave } from './exchange.ts';
import { Listener } from './listen.ts';
import type { SessionHttpOptions } from './options.ts';
import { Requester } from './request.ts';
import { RequestStreams } from './request-stream.ts';
import { HttpSession } from './session.ts';
import { answersWithoutSession, endsSession, once } from './session-words.ts';
import { errorAnswer, errorBody, failureOf, sessionLost, typeOf } from './status.ts';
import { newState, StreamReader } from './stream.ts';

/** Statuses by which a server of HTTP+SSE refuses what is posted to the address of its stream. */
const NOT_HERE = new Set<number | undefined>([400, 404, 405]);

/** How long a connection that is closed waits for the answer to its initialize, ms. */
const BEGIN_MS = 2000;

/** What is wrong with a server of HTTP+SSE: the cause, which the refusal of the initialize would hide. */
function causeOf(error: unknown): UpstreamError | undefined {
  return error instanceof NotUsable ? error : undefined;
}

/** A connection over Streamable HTTP (MCP 2025-03-26 … 2025-11-25, transports). */
export class HttpConnection implements UpstreamConnection {
  readonly server: string;
  readonly #o: SessionHttpOptions;
  readonly #http: Requester;
  readonly #inbox: Inbox;
  readonly #taker: AnswerTaker;
  readonly #open: OpenRequests;
  readonly #streams: RequestStreams;
  readonly #listener: Listener;
  readonly #elsewhere: Elsewhere;
  readonly #session: HttpSession;
  readonly #requests = new EndingRequests();
  readonly #ending = new ConnectionEnd();
  #receive: Receive | undefined;
  #hungUp: ((forId: string) => void) | undefined;
  /** What does everything instead where the server turned out to speak HTTP+SSE. */
  #instead: UpstreamConnection | undefined;
  #closing: Promise<void> | undefined;
  /** The answer to initialize, which names the session. */
  #beginning: Promise<unknown> | undefined;

  constructor(options: SessionHttpOptions) {
    const { server, parse, ports, limits, ring } = options;
    const { clock, log } = ports;
    const note = (text: string): void => ring.add('event', text);
    this.#o = options;
    this.server = server;
    this.#http = new Requester(options);
    this.#session = new HttpSession(note);
    this.#inbox = new Inbox((error) => log('error', `receiving from ${server} failed`, error));
    this.#open = new OpenRequests({ clock, note, dropped: options.dropped });
    this.#taker = { server, parse, maxBytes: limits.messageBytes, inbox: this.#inbox, open: this.#open };
    const reader = new StreamReader({ ...this.#taker, clock, note });
    const get = (lastId: string | undefined, signal: AbortSignal) => this.#get(lastId, signal);
    const hungUp = (forId: string): void => this.#hungUp?.(forId);
    this.#streams = new RequestStreams({ server, clock, reader, get, note, hungUp });
    this.#elsewhere = new Elsewhere({ server, open: this.#open, inbox: this.#inbox });
    this.#listener = new Listener({
      server,
      clock,
      reader,
      get,
      note,
      over: () => this.#elsewhere.end(),
      unknown: () => {
        if (this.#session.id !== undefined && this.#forget(this.#session.id)) this.#lost();
      },
      failed: options.failed,
    });
  }

  get waiting(): Waiting | undefined {
    return this.#instead?.waiting ?? this.#open.longest;
  }

  onMessage(receive: Receive): void {
    this.#receive = receive;
    this.#inbox.receive = receive;
    this.#instead?.onMessage(receive);
  }

  onClose(closed: (reason: CloseReason) => void): void {
    this.#ending.listen(closed);
  }

  onHangUp(hungUp: (forId: string) => void): void {
    this.#hungUp = hungUp;
  }

  setProtocolVersion(version: string): void {
    this.#session.version = version;
    this.#instead?.setProtocolVersion(version);
  }

  openStream(): void {
    if (!this.#closing && !this.#instead) this.#listener.start();
  }

  async send(message: RpcMessage, options: SendOptions = {}): Promise<void> {
    if (this.#instead) return this.#instead.send(message, options);
    if (this.#closing) throw new UpstreamError('unsent', `The connection to "${this.server}" is closed.`);
    const request = message.kind === 'request' ? message.id : undefined;
    const session = this.#session.id;
    try {
      if (request !== undefined) this.#open.add(message);
      await this.#requests.run(options.signal, (signal) => this.#post(message, signal));
      this.#o.answered();
    } catch (error) {
      let failure = failureOf(error, this.server);
      if (failure.kind === 'session-lost' && session !== undefined) this.#forget(session);
      const refused = message.method === 'initialize' && NOT_HERE.has(failure.status);
      if (refused) {
        const instead = await this.#change();
        if (instead instanceof UpstreamError) failure = instead;
        else if (instead) return instead.send(message, options);
      }
      if (!this.#closing && !options.signal?.aborted) this.#o.failed(failure);
      throw failure;
    } finally {
      if (request !== undefined && !this.#elsewhere.has(request)) this.#open.delete(request);
    }
  }

  async #post(message: RpcMessage, signal: AbortSignal): Promise<void> {
    const initialize = message.method === 'initialize';
    const session = initialize ? undefined : this.#session.id;
    const sending = this.#http.send({
      method: 'POST',
      headers: {
        ...(initialize ? this.#session.freshHeaders : this.#session.headers),
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: message.raw,
      signal,
      repeatable: isRepeatable(message),
    });
    if (initialize) this.#beginning = sending;
    const answer = await sending;
    const status = answer.statusCode ?? 0;
    if (initialize) this.#inbox.watch(message.id, this.#o.greeted);
    if (status < 200 || status > 299) {
      const body = once(() => errorBody(answer, this.server));
      if (session !== undefined && (await endsSession(status, body))) {
        answer.resume();
        throw sessionLost(this.server, status);
      }
      const error = errorAnswer(answer, await body(), message, this.server, this.#o.parse);
      await this.#inbox.put(error, message.id, status);
      return;
    }
    this.#session.adopt(answer, session, initialize);
    if (message.cancels !== undefined) this.#streams.letGo(message.cancels);
    if (message.kind !== 'request') return leave(answer, this.#o.ports.clock);
    if (status === 202) {
      this.#elsewhere.add(message.id);
      this.#listener.start();
      return leave(answer, this.#o.ports.clock);
    }
    if (typeOf(answer) === 'text/event-stream')
      await this.#streams.follow(answer, message, newState(message.id, session !== undefined), signal);
    else {
      const lost = session === undefined ? undefined : answersWithoutSession;
      await takeBody(answer, message, { ...this.#taker, lost });
    }
  }

  /** For a server of HTTP+SSE: the connection that is used from now on, or what is wrong with it. */
  async #change(): Promise<UpstreamConnection | UpstreamError | undefined> {
    const instead = this.#closing ? undefined : await this.#o.asSse().catch(causeOf);
    if (!instead || instead instanceof UpstreamError) return instead;
    if (this.#closing) {
      await instead.close();
      return undefined;
    }
    this.#instead = instead;
    if (this.#receive) instead.onMessage(this.#receive);
    instead.onClose((reason) => this.#ending.end(reason));
    return instead;
  }

  #get(lastId: string | undefined, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#http.send({
      method: 'GET',
      headers: {
        ...this.#session.headers,
        Accept: 'text/event-stream',
        ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }),
      },
      signal,
      repeatable: true,
    });
  }

  /** False when another session took its place already. */
  #forget(session: string): boolean {
    if (!this.#session.forget(session)) return false;
    // Its stream ends with it: the next session opens its own, and event ids do not carry over.
    this.#listener.stop();
    return true;
  }

  #lost(): void {
    const { message } = sessionLost(this.server, 404);
    this.#finish({ message, expected: false, sessionLost: true });
    void this.close();
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  async #shut(): Promise<void> {
    // A session whose id has not come could not be ended, and would stay at the server.
    if (this.#beginning) await doneWithin(this.#o.ports.clock, BEGIN_MS, this.#beginning, () => {});
    this.#requests.end();
    this.#listener.stop();
    await this.#instead?.close();
    await this.#session.end(this.#http, this.#o.ports.clock);
    this.#http.destroy();
    this.#finish({ message: `The connection to "${this.server}" was closed.`, expected: true });
  }

  #finish(reason: CloseReason): void {
    if (this.#ending.end(reason)) this.#o.ended(reason);
  }
}
