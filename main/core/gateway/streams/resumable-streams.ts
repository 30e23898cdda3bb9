import type { ServerResponse } from 'node:http';
import { type Carries, type EventOwner, EventQueue, KeptEvent, Shelf } from './event-buffer.ts';
import { event, primingEvent } from './sse.ts';

/** Streams of one session that are remembered. */
const MAX_STREAMS = 1000;
/** How long a stream is kept that was written to its end, ms: only a connection that broke in that moment lost any of it. */
const DELIVERED_MS = 30_000;
/** The first revision whose clients can resume, and the first whose clients take events without data. */
const KNOWS_IDS = '2025-03-26';
const KNOWS_PRIMING = '2025-11-25';

/** Resumes a stream whose requests are still under way: what came after the event `after`, then what comes now. */
export interface Resumable {
  resume(response: ServerResponse, headers: Record<string, string>, after: number): void;
}

/**
 * One event stream of a session, over all the connections it takes: `p…` answers a POST, `g…` is one the client opened with
 * GET. Its events have ids that name it, and are kept for a client that lost the connection (MCP 2025-11-25, transports,
 * resumability and redelivery).
 */
export class KeptStream implements EventOwner {
  readonly name: string;
  /** Whether its client takes an event without data. */
  readonly primes: boolean;
  /** For a POST whose requests are not all answered. */
  post: Resumable | undefined;
  /** A connection carries it now. */
  live = true;
  /** It was written to its end. */
  delivered = false;
  /** Since when nothing comes any more or nobody is connected, monotonic ms. */
  idleSince = 0;
  readonly #owner: KeptStreams;
  readonly #events = new EventQueue();
  #forgotten = false;
  #seq = 0;
  /** Answers that are not there any more. */
  #lost: { seq: number; id: string }[] = [];

  constructor(owner: KeptStreams, name: string, primes: boolean, post: Resumable | undefined) {
    this.#owner = owner;
    this.name = name;
    this.primes = primes;
    this.post = post;
  }

  /** The client has an id to resume from. */
  get started(): boolean {
    return this.#seq > 0;
  }

  get isPost(): boolean {
    return this.name.startsWith('p');
  }

  /** No connection carries it and no answer is due: it is kept until its time is over. */
  get idle(): boolean {
    return !this.live && !this.post;
  }

  /** An event without data: an id to resume from, before there is anything to say. Nothing for clients that fail on it. */
  prime(): Buffer | undefined {
    return this.primes ? primingEvent(this.#id()) : undefined;
  }

  /** Makes an event of a message and keeps it, unless it is larger than anything that is kept. */
  add(raw: Buffer, carries: Carries): Buffer {
    const bytes = event(raw, this.#id());
    const kept = new KeptEvent(this, this.#seq, carries, bytes, this.live);
    if (!this.#forgotten && this.#owner.fits(kept)) {
      this.#events.push(kept);
      this.#owner.keep(kept);
    } else this.#lack(kept);
    return bytes;
  }

  #id(): string {
    return `${this.name}.${++this.#seq}.${this.#owner.tag}`;
  }

  /** Whether anything came after that event, be it there or not. */
  misses(seq: number): boolean {
    return this.#events.all().some((kept) => kept.seq > seq) || this.#lost.some((lost) => lost.seq > seq);
  }

  /** The events after that one that are still there. They are about to be written. */
  after(seq: number): Buffer[] {
    const events = this.#events.all().filter((kept) => kept.seq > seq);
    for (const kept of events) kept.written = true;
    return events.map(({ bytes }) => bytes);
  }

  /** The client's requests whose answers came after that event and are not there. The caller answers them in another way. */
  takeLost(seq: number): string[] {
    const lost = this.#lost.filter((each) => each.seq > seq);
    this.#lost = this.#lost.filter((each) => each.seq <= seq);
    return lost.map(({ id }) => id);
  }

  lose(kept: KeptEvent): void {
    this.#owner.release(kept);
    this.#events.sweep();
    this.#lack(kept);
  }

  /** Whatever waits for an event that is not there must be told. */
  #lack({ seq, carries: { answers, asks }, written }: KeptEvent): void {
    if (answers !== undefined) this.#lost.push({ seq, id: answers });
    if (asks !== undefined && !written) this.#owner.unheard(asks);
  }

  /** Its connection is gone, and its client has time left to come back. */
  get awaited(): boolean {
    return !this.live && this.#owner.awaits(this.idleSince);
  }

  /** Its connection is gone. */
  left(delivered: boolean): void {
    this.live = false;
    this.delivered ||= delivered;
    this.idleSince = this.#owner.now();
  }

  /** Every request of its POST is answered. */
  finish(): void {
    this.post = undefined;
    this.idleSince = this.#owner.now();
  }

  /** It cannot be resumed any more: nothing is kept from now on. */
  forget(): void {
    this.#forgotten = true;
    for (const kept of this.#events.all()) this.lose(kept);
  }
}

export interface KeptStreamsOptions {
  /** Bytes of this session; all sessions share `shelf`. */
  readonly maxBytes: number;
  readonly shelf: Shelf;
  /** How long a stream waits for its client to come back, ms. */
  readonly resumeMs: number;
  now(): number;
  /** Random text without dots: ids of other sessions must not match. */
  tag(): string;
  /** The revision the client speaks, as far as it is known. */
  version(): string | null;
  /** A request of the server was lost before it was ever sent. */
  unheard(request: string): void;
}

/** The streams of one session that its client can resume. */
export class KeptStreams {
  readonly #o: KeptStreamsOptions;
  readonly #shelf: Shelf;
  readonly #streams = new Map<string, KeptStream>();
  #tag: string | undefined;
  #count = 0;

  constructor(options: KeptStreamsOptions) {
    this.#o = options;
    this.#shelf = new Shelf(options.maxBytes);
  }

  get tag(): string {
    this.#tag ??= this.#o.tag();
    return this.#tag;
  }

  /** Bytes kept now, with what they cost besides. */
  get bytes(): number {
    return this.#shelf.bytes;
  }

  /** Begins a stream. Undefined when the client's revision knows no resumption. */
  open(kind: 'post' | 'get', post?: Resumable): KeptStream | undefined {
    const version = this.#o.version() ?? '';
    if (version < KNOWS_IDS) return undefined;
    if (this.#streams.size >= MAX_STREAMS) this.#forgetOldest();
    const name = `${kind === 'post' ? 'p' : 'g'}${++this.#count}`;
    const stream = new KeptStream(this, name, version >= KNOWS_PRIMING, post);
    this.#streams.set(name, stream);
    return stream;
  }

  /**
   * What the id of an event means here: its stream; `gone` when it named the stream of a POST that is forgotten; nothing
   * for an id of another session, or of a GET stream that is forgotten.
   */
  find(id: string): { stream: KeptStream; after: number } | 'gone' | undefined {
    const [, name, seq, tag] = /^([pg]\d{1,15})\.(\d{1,15})\.([^.]+)$/.exec(id) ?? [];
    if (name === undefined || tag !== this.#tag) return undefined;
    const stream = this.#streams.get(name);
    if (stream) return { stream, after: Number(seq) };
    return name.startsWith('p') ? 'gone' : undefined;
  }

  fits(kept: KeptEvent): boolean {
    return kept.cost <= Math.min(this.#shelf.max, this.#o.shelf.max);
  }

  keep(kept: KeptEvent): void {
    this.#shelf.put(kept);
    this.#o.shelf.put(kept);
  }

  release(kept: KeptEvent): void {
    kept.go();
    this.#shelf.took(kept);
    this.#o.shelf.took(kept);
  }

  now(): number {
    return this.#o.now();
  }

  /** Whether a client may still come back for a stream that it has been without since then. */
  awaits(since: number): boolean {
    return this.now() - since <= this.#o.resumeMs;
  }

  unheard(request: string): void {
    this.#o.unheard(request);
  }

  /** Forgets what waited long enough. */
  tick(now: number): void {
    for (const stream of this.#streams.values()) {
      if (!stream.idle) continue;
      if (now - stream.idleSince > (stream.delivered ? DELIVERED_MS : this.#o.resumeMs)) this.#forget(stream);
    }
  }

  end(): void {
    for (const stream of [...this.#streams.values()]) this.#forget(stream);
  }

  #forgetOldest(): void {
    for (const stream of this.#streams.values()) {
      if (!stream.idle) continue;
      this.#forget(stream);
      return;
    }
  }

  #forget(stream: KeptStream): void {
    this.#streams.delete(stream.name);
    stream.forget();
  }
}
