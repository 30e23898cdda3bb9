import type { ServerResponse } from 'node:http';
import type { Clock } from '../../ports.ts';
import type { GatewayLimits } from '../types.ts';
import { replay } from './reply.ts';
import { type KeptStream, KeptStreams, type KeptStreamsOptions } from './resumable-streams.ts';
import { event, keepAlive } from './sse.ts';

interface Waiting {
  readonly raw: Buffer;
  /** Set for a server's request: its raw id. */
  readonly request: string | undefined;
  /** Of two messages with one key only the first is kept. */
  readonly key: string | undefined;
}

interface Stream {
  readonly response: ServerResponse;
  readonly kept: KeptStream | undefined;
  spoke: number;
  /** Its reader has taken nothing for long: no server waits for it any more. */
  stuck: boolean;
}

/** More GET streams than this for one session: the oldest goes. */
const MAX_STREAMS = 4;
/** How long a server waits for a reader that takes nothing, ms. After that the oldest messages are dropped. */
const PATIENCE_MS = 5000;

export interface OutboxOptions {
  readonly limits: GatewayLimits;
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Told of a message for which there was no room; `request` is its id when it was a request. */
  dropped(request: string | undefined): void;
  /** How streams are kept for a client that lost its connection; absent where that is not offered. */
  readonly resumption?: Omit<KeptStreamsOptions, 'maxBytes' | 'resumeMs' | 'now' | 'unheard'> | undefined;
}

/** What a session's client should hear outside any of its requests: its GET streams, and a bounded queue before one is open. */
export class Outbox {
  /** The streams that its client can resume, of POSTs as well. */
  readonly kept: KeptStreams | undefined;
  readonly #o: OutboxOptions;
  readonly #streams: Stream[] = [];
  #queue: Waiting[] = [];
  #bytes = 0;
  #room: { promise: Promise<void>; done: () => void } | undefined;

  constructor(options: OutboxOptions) {
    this.#o = options;
    const { limits, clock, resumption } = options;
    if (!resumption) return;
    this.kept = new KeptStreams({
      ...resumption,
      maxBytes: limits.resumeBytes,
      resumeMs: limits.resumeMs,
      now: () => clock.monotonic(),
      unheard: (request) => options.dropped(request),
    });
  }

  get listening(): boolean {
    return this.#streams.length > 0;
  }

  /**
   * Takes an open event stream of the client, and tells it first what it missed.
   * @param resumed the stream that goes on here, from after the event `after`
   */
  attach(
    response: ServerResponse,
    left: () => void,
    resumed?: { readonly stream: KeptStream; readonly after: number },
  ): void {
    const kept = resumed?.stream ?? this.kept?.open('get');
    for (const each of [...this.#streams]) if (kept && each.kept === kept) this.#close(each);
    const stream: Stream = { response, kept, spoke: this.#o.clock.monotonic(), stuck: false };
    if (kept) kept.live = true;
    this.#streams.push(stream);
    if (this.#streams.length > MAX_STREAMS) this.#streams[0]?.response.end();
    response.on('drain', () => {
      stream.stuck = false;
      this.#flush();
    });
    response.on('close', () => {
      if (this.#remove(stream)) kept?.left(false);
      left();
      this.#flush();
      if (!this.listening) this.#free();
    });
    if (kept) replay(kept, response, resumed?.after ?? 0);
    this.#flush();
  }

  #close(stream: Stream): void {
    this.#remove(stream);
    stream.response.end();
  }

  #remove(stream: Stream): boolean {
    const at = this.#streams.indexOf(stream);
    if (at >= 0) this.#streams.splice(at, 1);
    return at >= 0;
  }

  /** A promise asks to wait with more: the client listens, and reads slower than it is written to. */
  send(raw: Buffer, request?: string, key?: string): Promise<void> | undefined {
    if (key !== undefined && this.#queue.some((waiting) => waiting.key === key)) return undefined;
    this.#queue.push({ raw, request, key });
    this.#bytes += raw.length;
    this.#flush();
    const { queueMessages, queueBytes } = this.#o.limits;
    while (this.#queue.length > queueMessages || (this.#bytes > queueBytes && this.#queue.length > 1)) {
      const oldest = this.#queue.shift();
      if (!oldest) break;
      this.#bytes -= oldest.raw.length;
      this.#o.dropped(oldest.request);
    }
    const full = this.#queue.length > queueMessages / 2 || this.#bytes > queueBytes / 2;
    return full ? this.#wait() : undefined;
  }

  /** Until there is room, or the readers have shown that they take nothing. */
  #wait(): Promise<void> | undefined {
    if (this.#room) return this.#room.promise;
    const hopeful = this.#streams.filter(({ stuck }) => !stuck);
    if (hopeful.length === 0) return undefined;
    let done: () => void = () => {};
    const promise = new Promise<void>((resolve) => {
      done = resolve;
    });
    const cancel = this.#o.clock.after(PATIENCE_MS, () => {
      for (const stream of hopeful) stream.stuck = true;
      this.#free();
    });
    this.#room = {
      promise,
      done: () => {
        cancel();
        done();
      },
    };
    return promise;
  }

  #free(): void {
    this.#room?.done();
    this.#room = undefined;
  }

  /** How a request of the server is named where it may be dropped. */
  keyOf(request: string): string {
    return request;
  }

  /** Takes back a request of the server that no client has seen. False when it is not here. */
  withdraw(request: string): boolean {
    const at = this.#queue.findIndex((waiting) => waiting.request === request);
    if (at < 0) return false;
    const [waiting] = this.#queue.splice(at, 1);
    this.#bytes -= waiting?.raw.length ?? 0;
    return true;
  }

  /** Everything that waits, for a stream other than a GET stream. */
  take(): Buffer[] {
    if (this.#queue.length === 0) return [];
    const raws = this.#queue.map(({ raw }) => raw);
    this.#queue = [];
    this.#bytes = 0;
    return raws;
  }

  /** Signs of life, and streams that waited long enough for their client. */
  tick(now: number, keepAliveMs: number): void {
    this.kept?.tick(now);
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
    this.#free();
    this.kept?.end();
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
      stream.spoke = this.#o.clock.monotonic();
      const { kept } = stream;
      stream.response.write(kept ? kept.add(next.raw, { asks: next.request }) : event(next.raw));
    }
    this.#free();
  }
}
