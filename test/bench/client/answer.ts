export interface HttpAnswer {
  readonly status: number;
  readonly session: string | undefined;
  readonly stream: boolean;
  readonly body: Buffer;
}

interface Head {
  readonly status: number;
  readonly session: string | undefined;
  readonly stream: boolean;
  /** Undefined for a chunked body. */
  readonly length: number | undefined;
}

const END = Buffer.from('\r\n\r\n');

/** Reads the answers of one connection, one after the other; only what the targets of the bench really send. */
export class AnswerReader {
  #head: Head | undefined;
  /** What is not taken yet: of the head, or of a chunk's size line. */
  #rest: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #size = 0;
  /** Bytes of the chunk in hand still to come, with its line end. */
  #chunk = 0;

  /** The answer that this chunk completes. */
  push(data: Buffer): HttpAnswer | undefined {
    let bytes = data;
    if (!this.#head) {
      if (this.#rest.length > 0) bytes = Buffer.concat([this.#rest, bytes]);
      const end = bytes.indexOf(END);
      if (end < 0) {
        this.#rest = bytes;
        return undefined;
      }
      this.#rest = Buffer.alloc(0);
      this.#head = headOf(bytes.toString('latin1', 0, end));
      bytes = bytes.subarray(end + 4);
    }
    if (this.#head.length === undefined) return this.#chunked(bytes);
    this.#parts.push(bytes);
    this.#size += bytes.length;
    return this.#size >= this.#head.length ? this.#complete() : undefined;
  }

  #chunked(data: Buffer): HttpAnswer | undefined {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    this.#rest = Buffer.alloc(0);
    while (bytes.length > 0) {
      if (this.#chunk > 0) {
        const taken = bytes.subarray(0, this.#chunk);
        this.#chunk -= taken.length;
        this.#parts.push(this.#chunk < 2 ? taken.subarray(0, taken.length - (2 - this.#chunk)) : taken);
        bytes = bytes.subarray(taken.length);
        continue;
      }
      const end = bytes.indexOf('\r\n');
      const size = end < 0 ? -1 : Number.parseInt(bytes.toString('latin1', 0, end), 16);
      // The last chunk is followed by an empty line.
      if (end < 0 || (size === 0 && bytes.length < end + 4)) {
        this.#rest = bytes;
        return undefined;
      }
      if (size === 0) return this.#complete();
      this.#chunk = size + 2;
      bytes = bytes.subarray(end + 2);
    }
    return undefined;
  }

  #complete(): HttpAnswer {
    const { status, session, stream } = this.#head as Head;
    const body = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    this.#head = undefined;
    this.#parts = [];
    this.#size = 0;
    return { status, session, stream, body };
  }
}

function headOf(text: string): Head {
  const lower = text.toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(lower)?.[1];
  const chunked = lower.includes('\r\ntransfer-encoding: chunked');
  return {
    status: Number(text.slice(9, 12)),
    session: /\r\nmcp-session-id: *(\S+)/i.exec(text)?.[1],
    stream: lower.includes('text/event-stream'),
    length: chunked ? undefined : Number(length ?? 0),
  };
}
