import type { ServerResponse } from 'node:http';
import { event, keepAlive } from './sse.ts';
import type { GatewayLimits } from './types.ts';

interface Waiting {
  readonly raw: Buffer;
  /** Set for a server's request: its raw id. */
  readonly request: string | undefined;
  /** Of two messages with one key only the first is kept. */
  readonly key: string | undefined;
}

/** More GET streams than this for one session: the oldest goes. */
const MAX_STREAMS = 4;

/** What a session's client should hear outside any of its requests: its GET streams, and a bounded queue before one is open. */
export class Outbox {
  readonly #streams: { response: ServerResponse; spoke: number }[] = [];
  readonly #limits: GatewayLimits;
  readonly #now: () => number;
  readonly #dropped: (request: string | undefined) => void;
  #queue: Waiting[] = [];
  #bytes = 0;

  /** @param dropped told of a message for which there was no room; `request` is its id when it was a request */
  constructor(limits: GatewayLimits, now: () => number, dropped: (request: string | undefined) => void) {
    this.#limits = limits;
    this.#now = now;
    this.#dropped = dropped;
  }

  get listening(): boolean {
    return this.#streams.length > 0;
  }

  /** Takes an open event stream of the client. */
  attach(response: ServerResponse, left: () => void): void {
    const stream = { response, spoke: this.#now() };
    this.#streams.push(stream);
    if (this.#streams.length > MAX_STREAMS) this.#streams[0]?.response.end();
    response.on('drain', () => this.#flush());
    response.on('close', () => {
      const at = this.#streams.indexOf(stream);
      if (at >= 0) this.#streams.splice(at, 1);
      left();
    });
    this.#flush();
  }

  send(raw: Buffer, request?: string, key?: string): void {
    if (key !== undefined && this.#queue.some((waiting) => waiting.key === key)) return;
    this.#queue.push({ raw, request, key });
    this.#bytes += raw.length;
    this.#flush();
    const { queueMessages, queueBytes } = this.#limits;
    while (this.#queue.length > queueMessages || (this.#bytes > queueBytes && this.#queue.length > 1)) {
      const oldest = this.#queue.shift();
      if (!oldest) break;
      this.#bytes -= oldest.raw.length;
      this.#dropped(oldest.request);
    }
  }

  /** Everything that waits, for a stream other than a GET stream. */
  take(): Buffer[] {
    if (this.#queue.length === 0) return [];
    const raws = this.#queue.map(({ raw }) => raw);
    this.#queue = [];
    this.#bytes = 0;
    return raws;
  }

  tick(now: number, keepAliveMs: number): void {
    for (const stream of this.#streams) {
      if (now - stream.spoke < keepAliveMs) continue;
      stream.spoke = now;
      keepAlive(stream.response);
    }
  }

  end(): void {
    for (const { response } of [...this.#streams]) response.end();
    this.#streams.length = 0;
    this.take();
  }

  /** On the newest stream whose client keeps up; a slow one gets its messages when it caught up. */
  #flush(): void {
    while (this.#queue.length > 0) {
      const stream = this.#streams.findLast(
        ({ response }) => !response.writableNeedDrain && !response.writableEnded && !response.destroyed,
      );
      if (!stream) return;
      const next = this.#queue.shift() as Waiting;
      this.#bytes -= next.raw.length;
      stream.spoke = this.#now();
      stream.response.write(event(next.raw));
    }
  }
}
