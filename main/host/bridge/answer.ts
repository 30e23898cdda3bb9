import type { IncomingMessage } from 'node:http';
import { SseParser } from '../../core/codec/wire/sse-parser.ts';
import { bodyOf, chunksOf, isEventStream } from './gateway-http.ts';

/** An event has a few bytes around its message. */
const AROUND = 4096;

/** What the gateway answers to one HTTP request: one body, or an event stream of messages. */
export class Answer {
  readonly status: number;
  readonly streams: boolean;
  readonly session: string | undefined;
  /** Id of the last event: where the stream can be taken up again. Undefined when the gateway gave none. */
  lastId: string | undefined;
  /** How long to wait before taking it up again, in milliseconds, when the gateway said. */
  retry: number | undefined;
  readonly #incoming: IncomingMessage;
  readonly #max: number;

  constructor(incoming: IncomingMessage, maxBytes: number) {
    this.#incoming = incoming;
    this.#max = maxBytes + AROUND;
    this.status = incoming.statusCode ?? 0;
    this.streams = isEventStream(incoming);
    const session = incoming.headers['mcp-session-id'];
    this.session = typeof session === 'string' ? session : undefined;
  }

  /** Drops a body that is not needed. */
  drop(): void {
    this.#incoming.resume();
  }

  /** Every message, one after the other; more is read when the one before was taken. @throws GatewayGone */
  async *messages(): AsyncGenerator<Buffer> {
    if (!this.streams) {
      const body = await bodyOf(this.#incoming);
      if (body.length > 0) yield body;
      return;
    }
    const parser = new SseParser(this.#max);
    for await (const chunk of chunksOf(this.#incoming)) {
      const events = parser.push(chunk);
      for (const { event, data } of events) {
        if (event === 'message' && data.length > 0) yield data;
      }
      this.lastId = parser.lastId ?? this.lastId;
      this.retry = parser.retry ?? this.retry;
    }
  }
}
