/** One server-sent event. `data` are the original bytes, several data lines joined by a line feed. */
export interface SseEvent {
  readonly event: string;
  readonly data: Buffer;
}

const LF = 10;
const CR = 13;
const NEWLINE = Buffer.from('\n');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Reads a text/event-stream on bytes, piece by piece (WHATWG HTML, server-sent events, 9.2.6). */
export class SseParser {
  /** The id of the last event that had one: what Last-Event-ID repeats. */
  lastId: string | undefined;
  /** What the server asked to wait before connecting again, in milliseconds. */
  retry: number | undefined;
  readonly #max: number;
  #parts: Buffer[] = [];
  #size = 0;
  #skipLf = false;
  #first = true;
  #event = '';
  #data: Buffer[] = [];
  #id: string | undefined;

  /** @param max the largest event in bytes; a larger one makes {@link push} throw. */
  constructor(max: number) {
    this.#max = max;
  }

  /** @throws RangeError when an event is larger than the limit. */
  push(chunk: Buffer): SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    if (this.#skipLf && chunk.length > 0) {
      if (chunk[0] === LF) start = 1;
      this.#skipLf = false;
    }
    let cr = chunk.indexOf(CR, start);
    for (;;) {
      const lf = chunk.indexOf(LF, start);
      if (cr !== -1 && cr < start) cr = chunk.indexOf(CR, start);
      const end = cr === -1 ? lf : lf === -1 ? cr : Math.min(cr, lf);
      if (end === -1) break;
      this.#add(chunk.subarray(start, end));
      this.#line(events);
      start = end + 1;
      if (end === cr) {
        if (start === chunk.length) this.#skipLf = true;
        else if (chunk[start] === LF) start++;
      }
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
    return events;
  }

  /**
   * The stream ended in order: what it began, and lacks only the empty line after it. Browsers drop such an event, because
   * it may be cut off; the caller has to check whether it is whole.
   */
  end(): SseEvent[] {
    const events: SseEvent[] = [];
    if (this.#parts.length > 0) this.#line(events);
    this.#dispatch(events);
    return events;
  }

  #add(part: Buffer): void {
    if (part.length === 0) return;
    this.#size += part.length;
    if (this.#size > this.#max) {
      throw new RangeError(`an event is larger than ${this.#max} bytes`);
    }
    this.#parts.push(part);
  }

  #line(events: SseEvent[]): void {
    const [only] = this.#parts;
    let line = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
    this.#parts = [];
    if (this.#first) {
      this.#first = false;
      if (line.subarray(0, 3).equals(BOM)) line = line.subarray(3);
    }
    if (line.length === 0) {
      this.#dispatch(events);
      return;
    }
    const colon = line.indexOf(58);
    if (colon === 0) return;
    const name = (colon === -1 ? line : line.subarray(0, colon)).toString('latin1');
    let value = colon === -1 ? Buffer.alloc(0) : line.subarray(colon + 1);
    if (value[0] === 32) value = value.subarray(1);
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#event = value.toString('utf8');
    else if (name === 'id') {
      if (!value.includes(0)) this.#id = value.toString('utf8');
    } else if (name === 'retry') {
      const text = value.toString('latin1');
      if (/^\d{1,9}$/.test(text)) this.retry = Number(text);
    }
  }

  #dispatch(events: SseEvent[]): void {
    if (this.#id !== undefined) this.lastId = this.#id === '' ? undefined : this.#id;
    if (this.#data.length > 0) {
      const [only] = this.#data;
      const joined = this.#data.flatMap((line, at) => (at === 0 ? [line] : [NEWLINE, line]));
      const data = this.#data.length === 1 && only !== undefined ? only : Buffer.concat(joined);
      events.push({ event: this.#event === '' ? 'message' : this.#event, data });
    }
    this.#event = '';
    this.#data = [];
    this.#size = 0;
  }
}
