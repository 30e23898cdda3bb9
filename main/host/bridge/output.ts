import type { Writable } from 'node:stream';
import { asOneLine } from '../../core/upstream/lines.ts';

/** The client's end of the pipe: whole lines, in the order given, waiting while the client does not read. */
export class Output {
  readonly #stdout: Writable;
  #gone = false;
  #full: Promise<void> | undefined;

  /** @param gone called once when the client no longer reads */
  constructor(stdout: Writable, gone: () => void) {
    this.#stdout = stdout;
    const over = (): void => {
      if (this.#gone) return;
      this.#gone = true;
      gone();
    };
    stdout.on('error', over);
    stdout.on('close', over);
  }

  async write(message: Buffer): Promise<void> {
    if (this.#gone) return;
    const line = Buffer.allocUnsafe(message.length + 1);
    asOneLine(message).copy(line);
    line[message.length] = 10;
    if (this.#stdout.write(line)) return;
    this.#full ??= new Promise<void>((done) => {
      const go = (): void => {
        this.#stdout.off('drain', go).off('close', go).off('error', go);
        this.#full = undefined;
        done();
      };
      this.#stdout.on('drain', go).on('close', go).on('error', go);
    });
    await this.#full;
  }

  /** Resolves when everything written has been handed over. */
  flush(): Promise<void> {
    if (this.#gone) return Promise.resolve();
    return new Promise((done) => this.#stdout.write('', () => done()));
  }
}
