import type { ServerResponse } from 'node:http';
import { drained, event, keepAlive, SSE_HEADERS, write } from './sse.ts';

/** A body beyond this makes the upstream wait until the client took it. */
const LARGE = 64 * 1024;

/** Where the answer to a request goes. */
export interface Reply {
  /** Nothing more can be said: everything is answered, or the client is gone. */
  readonly over: boolean;
  /** Whether it can carry more than the answer. */
  readonly carries: boolean;
  /** Leaves a header out that was meant for a success. */
  omit(header: string): void;
  /** Turns the answer into a stream, so that its headers go out. */
  open(): void;
  /** Says something before the answer. A promise asks to wait with more. */
  push(raw: Buffer, now: number): Promise<void> | undefined;
  /** Gives an answer; after the last one nothing can follow. A promise asks to wait with more. */
  answer(raw: Buffer): Promise<void> | undefined;
  /** One request gets no answer, because the client cancelled it. */
  silent(): void;
  /** Looks whether the headers, or a sign of life, are due. Times in ms of the monotonic clock. */
  tick(now: number, headersMs: number, keepAliveMs: number): void;
}

/**
 * The answer to one POST: plain JSON when the answer is the first thing there is to say, an event stream as soon as
 * anything else must be said or the call is held (MCP 2025-11-25, transports, sending messages).
 */
export class PostReply implements Reply {
  /** When it began, by the monotonic clock. */
  readonly since: number;
  readonly #response: ServerResponse;
  readonly #headers: Record<string, string>;
  readonly #streams: boolean;
  /** Requests of the POST that still wait for their answers. */
  #waiting: number;
  #open = false;
  #spoke: number;

  /**
   * @param streams whether the client takes event streams
   * @param waiting how many requests the POST holds; more than one (a batch) is always a stream
   */
  constructor(
    response: ServerResponse,
    options: { headers: Record<string, string>; streams: boolean; waiting: number; now: number },
  ) {
    this.#response = response;
    this.#headers = options.headers;
    this.#streams = options.streams || options.waiting > 1;
    this.#waiting = options.waiting;
    this.since = options.now;
    this.#spoke = options.now;
  }

  get over(): boolean {
    return this.#waiting === 0 || this.#response.writableEnded || this.#response.destroyed;
  }

  get carries(): boolean {
    return this.#streams && !this.over;
  }

  omit(header: string): void {
    delete this.#headers[header];
  }

  open(): void {
    if (this.#open || !this.carries) return;
    this.#open = true;
    this.#response.writeHead(200, { ...this.#headers, ...SSE_HEADERS });
    this.#response.flushHeaders();
  }

  push(raw: Buffer, now: number): Promise<void> | undefined {
    if (!this.carries) return undefined;
    this.open();
    this.#spoke = now;
    return write(this.#response, event(raw));
  }

  /** Gives an answer; after the last one nothing can follow. */
  answer(raw: Buffer): Promise<void> | undefined {
    if (this.over) return undefined;
    if (this.#waiting > 1) {
      this.open();
      this.#waiting--;
      return write(this.#response, event(raw));
    }
    this.#waiting = 0;
    const response = this.#response;
    if (this.#open) response.end(event(raw));
    else {
      const headers = this.#headers;
      headers['Content-Type'] = 'application/json';
      headers['Content-Length'] = String(raw.length);
      response.writeHead(200, headers);
      response.end(raw);
    }
    return raw.length > LARGE && response.writableNeedDrain ? drained(response) : undefined;
  }

  silent(): void {
    if (this.over) return;
    this.open();
    this.#waiting--;
    if (this.#waiting > 0) return;
    if (!this.#open) this.#response.writeHead(202, this.#headers);
    this.#response.end();
  }

  tick(now: number, headersMs: number, keepAliveMs: number): void {
    if (!this.#open) {
      if (now - this.since >= headersMs) this.open();
      return;
    }
    if (now - this.#spoke < keepAliveMs) return;
    this.#spoke = now;
    keepAlive(this.#response);
  }
}
