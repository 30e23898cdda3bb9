import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { asOneLine } from '../../core/codec/wire/lines.ts';

const STDOUT = 1;
const LF = Buffer.from('\n');
const LOOK_MS = 50;

/**
 * Standard output that does not block: Node writes to a pipe synchronously, so a client that reads nothing would keep us
 * from hearing it.
 */
export function standardOutput(): Writable {
  if (process.platform === 'win32') return process.stdout;
  const kind = fstatSync(STDOUT);
  return kind.isFIFO() || kind.isSocket()
    ? new Socket({ fd: STDOUT, readable: false, writable: true })
    : process.stdout;
}

/** The client's end of the pipe: whole lines, in the order given, waiting while the client does not read. */
export class Output {
  readonly #stdout: Writable;
  #gone = false;
  #closing = false;
  #full: { promise: Promise<void>; go: () => void } | undefined;

  /** @param gone called once when the client no longer reads */
  constructor(stdout: Writable, gone: () => void) {
    this.#stdout = stdout;
    const over = (): void => {
      if (this.#gone) return;
      this.#gone = true;
      this.#full?.go();
      gone();
    };
    stdout.on('error', over);
    stdout.on('close', over);
    stdout.on('drain', () => this.#full?.go());
  }

  /** Bytes the client has not taken yet. */
  get waiting(): number {
    return this.#gone ? 0 : this.#stdout.writableLength;
  }

  /** Writes one message as one line. Resolves when the client has taken enough for more. */
  async write(message: Buffer): Promise<void> {
    if (this.#gone) return;
    this.#stdout.cork();
    this.#stdout.write(asOneLine(message));
    const room = this.#stdout.write(LF);
    this.#stdout.uncork();
    if (!room) await this.drained();
  }

  /** Resolves when the client has taken what waits. */
  async drained(): Promise<void> {
    if (this.#gone || this.#closing || !this.#stdout.writableNeedDrain) return;
    if (!this.#full) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#full = {
        promise,
        go: () => {
          this.#full = undefined;
          resolve();
        },
      };
    }
    await this.#full.promise;
  }

  /** From now on nothing waits for the client; what is written is kept until {@link flush}. */
  close(): void {
    this.#closing = true;
    this.#full?.go();
  }

  /** Resolves when the client has everything, or has taken nothing for `limitMs` milliseconds. */
  async flush(limitMs: number): Promise<void> {
    let left = this.waiting;
    for (let waited = 0; left > 0 && waited < limitMs; waited += LOOK_MS) {
      await new Promise((done) => setTimeout(done, LOOK_MS));
      if (this.waiting < left) waited = 0;
      left = this.waiting;
    }
  }
}
