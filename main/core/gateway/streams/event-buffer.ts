/** What one event costs in memory besides its bytes, about. */
const EVENT_BYTES = 200;
/** Entries that are gone are swept out when there are more than this, and more than of the others. */
const SWEEP = 64;
const NOTHING = Buffer.alloc(0);

/** What an event carries, for when it is lost. */
export interface Carries {
  /** Raw id of the client's request that it answers. */
  readonly answers?: string | undefined;
  /** Raw id of the server's request that it is. */
  readonly asks?: string | undefined;
}

/** The stream that an event belongs to, as a buffer meets it. */
export interface EventOwner {
  /** There is no more room for this event. */
  lose(event: KeptEvent): void;
}

/** One event that a client may ask for again. */
export class KeptEvent {
  readonly stream: EventOwner;
  readonly seq: number;
  readonly carries: Carries;
  readonly cost: number;
  bytes: Buffer;
  /** It went out on a connection, whether or not it arrived. */
  written: boolean;
  gone = false;

  constructor(stream: EventOwner, seq: number, carries: Carries, bytes: Buffer, written: boolean) {
    this.stream = stream;
    this.seq = seq;
    this.carries = carries;
    this.cost = bytes.length + EVENT_BYTES;
    this.bytes = bytes;
    this.written = written;
  }

  go(): void {
    this.gone = true;
    this.bytes = NOTHING;
  }
}

/** Events in the order they came; one that is gone costs nothing to skip. */
export class EventQueue {
  #events: KeptEvent[] = [];
  #head = 0;
  #gone = 0;

  push(event: KeptEvent): void {
    this.#events.push(event);
  }

  /** The oldest that is there. */
  first(): KeptEvent | undefined {
    while (this.#events[this.#head]?.gone) this.#head++;
    return this.#events[this.#head];
  }

  all(): KeptEvent[] {
    return this.#events.filter(({ gone }) => !gone);
  }

  /** One of them is gone now. */
  sweep(): void {
    if (++this.#gone <= SWEEP || this.#gone * 2 < this.#events.length) return;
    this.#events = this.all();
    this.#gone = this.#head = 0;
  }
}

/** Room for events, in bytes: when it is full the oldest go. */
export class Shelf {
  readonly max: number;
  readonly #events = new EventQueue();
  #bytes = 0;

  constructor(max: number) {
    this.max = max;
  }

  get bytes(): number {
    return this.#bytes;
  }

  put(event: KeptEvent): void {
    this.#events.push(event);
    this.#bytes += event.cost;
    while (this.#bytes > this.max) {
      const oldest = this.#events.first();
      if (!oldest) return;
      oldest.stream.lose(oldest);
    }
  }

  /** Called once for each event that was put, when it is gone. */
  took(event: KeptEvent): void {
    this.#bytes -= event.cost;
    this.#events.sweep();
  }
}
