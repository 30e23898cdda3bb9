import type { Readable } from 'node:stream';
import { type Line, LineSplitter } from '../../core/codec/wire/lines.ts';

/** Lines that wait beyond this many bytes stop the reading until they are taken. */
const WAITING_BYTES = 256 * 1024;

/**
 * The client's lines, in order. It reads ahead a little, so that the client's end is seen also while a message is held up.
 */
export class Input {
  /** Resolves when the client has closed its end, and nothing more will come. */
  readonly ended: Promise<void>;
  readonly #stdin: Readable;
  readonly #lines: LineSplitter;
  #waiting: Line[] = [];
  #bytes = 0;
  #over = false;
  #wake: (() => void) | undefined;

  constructor(stdin: Readable, maxBytes: number, failed: (error: Error) => void) {
    this.#stdin = stdin;
    this.#lines = new LineSplitter(maxBytes);
    this.ended = new Promise((done) => {
      const end = (): void => {
        if (!this.#over) {
          this.#over = true;
          this.#add(this.#lines.end());
        }
        done();
      };
      stdin.on('data', (chunk: Buffer) => this.#add(this.#lines.push(chunk)));
      stdin.on('error', failed);
      stdin.on('end', end).on('close', end);
    });
  }

  /** The next line; undefined after the last. */
  async next(): Promise<Line | undefined> {
    while (this.#waiting.length === 0) {
      if (this.#over) return undefined;
      await new Promise<void>((done) => {
        this.#wake = done;
      });
    }
    const line = this.#waiting.shift() as Line;
    this.#bytes -= sizeOf(line);
    if (this.#bytes <= WAITING_BYTES && this.#stdin.isPaused()) this.#stdin.resume();
    return line;
  }

  /** Reads no more and forgets what waits. */
  stop(): void {
    this.#over = true;
    this.#waiting = [];
    this.#stdin.destroy();
    this.#wake?.();
  }

  #add(lines: readonly Line[]): void {
    for (const line of lines) {
      this.#waiting.push(line);
      this.#bytes += sizeOf(line);
    }
    if (this.#bytes > WAITING_BYTES) this.#stdin.pause();
    if (lines.length > 0 || this.#over) this.#wake?.();
  }
}

function sizeOf(line: Line): number {
  return line instanceof Buffer ? line.length : 0;
}
