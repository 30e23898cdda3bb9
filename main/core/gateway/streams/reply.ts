import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { failed } from '../../../../shared/text/model.ts';
import { errorMessage, parseFromServer } from '../../codec/index.ts';
import type { KeptStream, KeptStreams, Resumable } from './resumable-streams.ts';
import { drained, event, keepAlive, SSE_HEADERS, write } from './sse.ts';

/** A body beyond this makes the upstream wait until the client took it. */
const LARGE = 64 * 1024;
/** Answers up to this size are written in one piece with their headers. */
const ONE_PIECE = 16 * 1024;

/** JSON-RPC server error: an answer came while the client was away, and is lost. */
const NOT_KEPT = -32000;

/** Whether a client takes an event stream for an answer. */
export function takesStreams({ accept }: IncomingHttpHeaders): boolean {
  return accept === undefined || accept.includes('text/event-stream') || accept.includes('*/*');
}

/** Where the answer to a request goes. */
export interface Reply {
  /** Nothing more can be said: everything is answered, or the client is gone. */
  readonly over: boolean;
  /** Whether it can carry more than the answer, and the client is there. */
  readonly carries: boolean;
  /** Its client is on the line, or was sent away a short while ago to come back later. */
  readonly here: boolean;
  /** The gateway itself waits for the answer. */
  readonly ofGateway?: boolean;
  /** The client lost its connection and may come back: what is said is kept for it (transports, resumability). */
  readonly keeps: boolean;
  /** Leaves a header out that was meant for a success. */
  omit(header: string): void;
  /** Turns the answer into a stream, so that its headers go out. */
  open(): void;
  /**
   * Says something before the answer. A promise asks to wait with more.
   * @param asks the raw id, when it is a request of the server
   */
  push(raw: Buffer, now: number, asks?: string): Promise<void> | undefined;
  /**
   * Gives an answer; after the last one nothing can follow. A promise asks to wait with more.
   * @param status HTTP status where the answer is not a stream; 200 unless told otherwise
   */
  answer(raw: Buffer, status?: number): Promise<void> | undefined;
  /** One request gets no answer, because the client cancelled it. */
  silent(): void;
  /** Ends the connection before the answer: the client comes back for it when it likes. Only for clients that know how. */
  hangUp?(): void;
  /** Looks whether the headers, or a sign of life, are due. Times in ms of the monotonic clock. */
  tick(now: number, headersMs: number, keepAliveMs: number): void;
}

/**
 * The answer to one POST: plain JSON when the answer is the first thing there is to say, an event stream as soon as
 * anything else must be said or the call is held (MCP 2025-11-25, transports, sending messages).
 */
export class PostReply implements Reply, Resumable {
  /** When it began, by the monotonic clock. */
  readonly since: number;
  #response: ServerResponse;
  readonly #headers: Record<string, string>;
  readonly #streams: boolean;
  readonly #id: string | undefined;
  readonly #resumption: KeptStreams | undefined;
  readonly #hungUp: (() => void) | undefined;
  /** Requests of the POST that still wait for their answers. */
  #waiting: number;
  #open = false;
  /** Once it is a stream that can be resumed. */
  #kept: KeptStream | undefined;
  #spoke: number;
  /** The gateway ended the connection, for the client to come back. */
  #sentAway = false;

  /**
   * @param streams whether the client takes event streams
   * @param waiting how many requests the POST holds; more than one (a batch) is always a stream
   * @param id the raw id of the request, where there is only one
   * @param resumption where a stream is kept for a client that lost its connection
   * @param hungUp the client closed the connection before the last answer
   */
  constructor(
    response: ServerResponse,
    options: {
      headers: Record<string, string>;
      streams: boolean;
      waiting: number;
      now: number;
      id?: string | undefined;
      resumption?: KeptStreams | undefined;
      hungUp?: () => void;
    },
  ) {
    this.#response = response;
    this.#headers = options.headers;
    this.#streams = options.streams || options.waiting > 1;
    this.#waiting = options.waiting;
    this.#id = options.id;
    this.#resumption = options.resumption;
    this.#hungUp = options.hungUp;
    this.since = options.now;
    this.#spoke = options.now;
    this.#watch(response);
  }

  #watch(response: ServerResponse): void {
    response.on('close', () => {
      if (response !== this.#response) return;
      this.#kept?.left(response.writableFinished && this.#waiting === 0);
      if (!response.writableFinished) this.#hungUp?.();
    });
  }

  get #live(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  get over(): boolean {
    return this.#waiting === 0 || (!this.#live && !this.#kept?.started);
  }

  get carries(): boolean {
    return this.#streams && this.#waiting > 0 && this.#live;
  }

  get here(): boolean {
    return this.#waiting > 0 && (this.#live || (this.#sentAway && this.#kept?.awaited === true));
  }

  get keeps(): boolean {
    return this.#kept?.started === true && this.#waiting > 0 && !this.#live;
  }

  omit(header: string): void {
    delete this.#headers[header];
  }

  open(): void {
    if (this.#open || !this.carries) return;
    this.#begin();
    this.#kept = this.#resumption?.open('post', this);
    const priming = this.#kept?.prime();
    if (priming) this.#response.write(priming);
  }

  #begin(): void {
    this.#open = true;
    this.#response.writeHead(200, { ...this.#headers, ...SSE_HEADERS });
    this.#response.flushHeaders();
  }

  push(raw: Buffer, now: number, asks?: string): Promise<void> | undefined {
    if (this.keeps) this.#kept?.add(raw, { asks });
    if (!this.carries) return undefined;
    this.open();
    this.#spoke = now;
    return write(this.#response, this.#kept ? this.#kept.add(raw, { asks }) : event(raw));
  }

  answer(raw: Buffer, status = 200): Promise<void> | undefined {
    if (this.over) return undefined;
    if (this.#waiting > 1) this.open();
    this.#waiting--;
    const response = this.#response;
    if (!this.#open) {
      const headers = this.#headers;
      headers['Content-Type'] = 'application/json';
      headers['Content-Length'] = String(raw.length);
      response.writeHead(status, headers);
      // Node joins a text with the headers and writes both at once; bytes it writes as a vector, which takes twice as long.
      if (raw.length > ONE_PIECE) response.end(raw);
      else response.end(raw.toString('latin1'), 'latin1');
      return this.#pace(raw);
    }
    const bytes = this.#kept ? this.#kept.add(raw, { answers: this.#id ?? idOf(raw) }) : event(raw);
    if (this.#waiting > 0) return this.#live ? write(response, bytes) : undefined;
    this.#kept?.finish();
    if (!this.#live) return undefined;
    response.end(bytes);
    return this.#pace(raw);
  }

  #pace(raw: Buffer): Promise<void> | undefined {
    return raw.length > LARGE && this.#response.writableNeedDrain ? drained(this.#response) : undefined;
  }

  silent(): void {
    if (this.over) return;
    // Without an id to resume from: the client would come back for an answer that never comes.
    if (this.carries && !this.#open) this.#begin();
    this.#waiting--;
    if (this.#waiting > 0) return;
    this.#kept?.finish();
    if (!this.#live) return;
    if (!this.#open) this.#response.writeHead(202, this.#headers);
    this.#response.end();
  }

  hangUp(): void {
    this.open();
    // Clients of this revision know that a stream may end early; older ones would take it for a failure.
    if (!this.carries || !this.#kept?.primes) return;
    this.#sentAway = true;
    this.#response.end();
  }

  resume(response: ServerResponse, headers: Record<string, string>, after: number): void {
    const old = this.#response;
    const kept = this.#kept as KeptStream;
    this.#response = response;
    this.#sentAway = false;
    kept.live = true;
    this.#watch(response);
    if (!old.writableEnded) old.end();
    response.writeHead(200, { ...headers, ...SSE_HEADERS });
    response.flushHeaders();
    replay(kept, response, after);
  }

  tick(now: number, headersMs: number, keepAliveMs: number): void {
    if (!this.#open) {
      if (now - this.since >= headersMs) this.open();
      return;
    }
    if (now - this.#spoke < keepAliveMs) return;
    this.#spoke = now;
    if (this.#live) keepAlive(this.#response);
  }
}

/** Raw id of an answer. */
function idOf(raw: Buffer): string | undefined {
  const parsed = parseFromServer(raw);
  return parsed.ok && 'message' in parsed ? parsed.message.id : undefined;
}

/**
 * Writes what came after an event.
 * @param last nothing will follow; else there is an id after it, to resume from again
 */
export function replay(kept: KeptStream, response: ServerResponse, after: number, last = false): void {
  for (const bytes of kept.after(after)) response.write(bytes);
  for (const id of kept.takeLost(after))
    response.write(kept.add(errorMessage(id, NOT_KEPT, failed.answerNotKept), { answers: id }));
  const priming = last ? undefined : kept.prime();
  if (priming) response.write(priming);
}
