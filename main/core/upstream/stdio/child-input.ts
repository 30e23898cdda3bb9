import type { Writable } from 'node:stream';
import { asOneLine } from '../../codec/wire/lines.ts';

/** Messages up to this size are written in one piece with their line feed. */
const ONE_PIECE = 16 * 1024;

/** Writes messages to a child, one a line (MCP 2025-11-25, transports, stdio). */
export class ChildInput {
  readonly #stdin: Writable;
  #full: Promise<void> | undefined;
  #gathering = false;

  constructor(stdin: Writable) {
    this.#stdin = stdin;
  }

  /** Set while the child reads more slowly than it is written to; resolves when there is room, or no child any more. */
  get full(): Promise<void> | undefined {
    return this.#full;
  }

  /** A promise, the same as {@link full}, when there is no room for another. */
  write(message: Buffer): Promise<void> | undefined {
    const stdin = this.#stdin;
    this.#gather();
    const line = asOneLine(message);
    if (line.length > ONE_PIECE) stdin.write(line);
    // As one text of single bytes, which Node writes without any vector or copy of its own: half the price for a small line.
    const free =
      line.length > ONE_PIECE ? stdin.write('\n') : stdin.write(`${line.toString('latin1')}\n`, 'latin1');
    if (free) return undefined;
    this.#full ??= new Promise((done) => {
      const go = (): void => {
        stdin.off('drain', go).off('close', go);
        this.#full = undefined;
        done();
      };
      stdin.on('drain', go).on('close', go);
    });
    return this.#full;
  }

  /** What is sent in one turn, such as all calls that waited for one commit of the audit, is written at once. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    const stdin = this.#stdin;
    stdin.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stdin.uncork();
    });
  }
}
