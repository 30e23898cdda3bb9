/** A line over the limit: only its two ends were kept, so that the message it belonged to can be identified. */
export class TooLong {
  readonly bytes: number;
  readonly head: Buffer;
  readonly tail: Buffer;
  constructor(bytes: number, head: Buffer, tail: Buffer) {
    this.bytes = bytes;
    this.head = head;
    this.tail = tail;
  }
}
export type Line = Buffer | TooLong;

const ENDS = 4096;
const LF = 10;
const CR = 13;

/**
 * Cuts a stream into lines on bytes, so a character split between two reads stays whole. The bytes of a line are
 * handed on as they came, without the line feed and a carriage return before it (MCP 2025-11-25, transports, stdio).
 */
export class LineSplitter {
  readonly #max: number;
  #parts: Buffer[] = [];
  #size = 0;
  #head: Buffer | undefined;
  #tail: Buffer = Buffer.alloc(0);

  /** @param max longest line in bytes; a longer one gives a {@link TooLong}, and nothing else of it is kept. */
  constructor(max: number) {
    this.#max = max;
  }

  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LF, start);
      if (end === -1) break;
      this.#add(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
    return lines;
  }

  /** The line that is coming in, once it is longer than the limit. */
  get unfinished(): TooLong | undefined {
    return this.#head && new TooLong(this.#size, this.#head, this.#tail);
  }

  /** The first bytes of the line that is coming in. */
  get begun(): Buffer {
    return this.#head ?? Buffer.concat(this.#parts.slice(0, 4)).subarray(0, ENDS);
  }

  /** The last line when it had no line feed. */
  end(): Line[] {
    return this.#size === 0 ? [] : [this.#take()];
  }

  #add(part: Buffer): void {
    this.#size += part.length;
    if (this.#head === undefined && this.#size <= this.#max) {
      this.#parts.push(part);
      return;
    }
    if (this.#head === undefined) {
      const kept = Buffer.concat([...this.#parts, part.subarray(0, ENDS)]);
      this.#head = Buffer.from(kept.subarray(0, ENDS));
      this.#tail = Buffer.from(kept.subarray(-ENDS));
      this.#parts = [];
    }
    this.#tail = Buffer.from(Buffer.concat([this.#tail, part.subarray(-ENDS)]).subarray(-ENDS));
  }

  #take(): Line {
    const line = this.#line();
    this.#parts = [];
    this.#size = 0;
    this.#head = undefined;
    return line;
  }

  #line(): Line {
    if (this.#head !== undefined) return new TooLong(this.#size, this.#head, this.#tail);
    const [first] = this.#parts;
    const whole = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    return whole.at(-1) === CR ? whole.subarray(0, -1) : whole;
  }
}

/**
 * A message as one line. A line break in valid JSON can only stand between tokens, so a space means the same; left as
 * it is, it would let one judged message arrive as two.
 */
export function asOneLine(json: Buffer): Buffer {
  if (json.indexOf(LF) === -1 && json.indexOf(CR) === -1) return json;
  const copy = Buffer.from(json);
  for (let i = 0; i < copy.length; i++) if (copy[i] === LF || copy[i] === CR) copy[i] = 32;
  return copy;
}

/**
 * The raw id of an oversized message, where one of its ends shows it: serializers put it next to `jsonrpc`, at the
 * beginning or as the last member.
 */
export function idOf(line: TooLong): string | undefined {
  const id = String.raw`"id"\s*:\s*(-?\d+|"(?:[^"\\]|\\.)*")`;
  const head = new RegExp(String.raw`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?${id}\s*,`);
  const tail = new RegExp(String.raw`,\s*${id}\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`);
  return head.exec(line.head.toString('utf8'))?.[1] ?? tail.exec(line.tail.toString('utf8'))?.[1];
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Text without the byte order mark before it, which JSON has no place for and decoders drop. */
export function withoutMark(text: Buffer): Buffer {
  return text.subarray(0, 3).equals(BOM) ? text.subarray(3) : text;
}

/** A line for the log. */
export function textOf(line: Line): string {
  if (!(line instanceof TooLong)) return line.toString('utf8');
  return `${line.head.toString('utf8')} … (${line.bytes} bytes)`;
}
