import type { Line } from '../../codec/wire/lines.ts';
import { TooLong } from '../../codec/wire/lines.ts';

/**
 * Puts together a message that is spread over several lines, as pretty printers write it: a bracket alone on a line, indented
 * lines, the other bracket alone. The specification wants one line; this form can mean nothing else.
 */
export class SpreadMessage {
  readonly #maxBytes: number;
  #lines: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What a line makes ready to be read: mostly the line itself, nothing while a message is not whole. */
  push(line: Line): readonly Line[] {
    const first = this.#lines[0];
    if (!first) {
      if (!isAlone(line, OPEN)) return [line];
      return this.#keep(line);
    }
    if (line instanceof TooLong) return [...this.flush(), line];
    if (line.length === 0 || isBlankByte(line[0]) || isAlone(line, [])) return this.#keep(line);
    const whole = isAlone(line, CLOSE);
    const lines = this.flush();
    return whole ? [Buffer.concat(lines.flatMap((each) => [each, SPACE]).concat(line))] : [...lines, line];
  }

  /** The lines of a message that is not whole, each for itself: it never will be. */
  flush(): Buffer[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#bytes = 0;
    return lines;
  }

  #keep(line: Buffer): readonly Line[] {
    this.#lines.push(line);
    this.#bytes += line.length + 1;
    return this.#bytes > this.#maxBytes ? this.flush() : [];
  }
}

const SPACE = Buffer.from(' ');
const OPEN = [0x7b, 0x5b];
const CLOSE = [0x7d, 0x5d];

function isBlankByte(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/** Whether a line holds one of these bytes and nothing but white space after it; with none, white space only. */
function isAlone(line: Line, bytes: readonly number[]): line is Buffer {
  if (line instanceof TooLong) return false;
  const rest = bytes.length === 0 ? line : line.subarray(1);
  return (bytes.length === 0 || bytes.includes(line[0] ?? 0)) && rest.every(isBlankByte);
}
