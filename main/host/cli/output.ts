import type { Writable } from 'node:stream';

/**
 * What a command says: standard output and standard error. Everything written is with its reader before the process ends,
 * however slow the reader is ({@link end}). A reader that goes away (`| head`) ends nothing but the output.
 */
export class CommandOutput {
  readonly #openOut: () => Writable;
  readonly #err: Writable;
  readonly #gone = Promise.withResolvers<void>();
  #out: Writable | undefined;
  #closed = false;
  #fault: Error | undefined;

  /** @param out opens standard output, at its first use: a command that writes there itself never shares it */
  constructor(out: () => Writable, err: Writable) {
    this.#openOut = out;
    this.#err = err;
    // Whoever closed our standard error does not want to hear more.
    err.on('error', () => {});
  }

  /** Resolves when nobody reads standard output any more, or it cannot be written: nothing more needs to be found out. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** To standard output. Long output is written in parts, each after `await`: it resolves when there is room for more. */
  async write(text: string): Promise<{ readonly wanted: boolean }> {
    const out = this.#stdout();
    if (!this.#closed && !out.write(text)) {
      const room = Promise.withResolvers<void>();
      out.once('drain', room.resolve);
      await Promise.race([room.promise, this.gone]);
      out.off('drain', room.resolve);
    }
    return { wanted: !this.#closed };
  }

  /** To standard error. */
  tell(text: string): void {
    this.#err.write(text);
  }

  /**
   * Resolves when the reader of standard output has everything or is gone.
   * @returns why it could not be written (a full disk); undefined where it was, or where nobody reads it
   */
  async end(): Promise<Error | undefined> {
    if (this.#out) await taken(this.#out);
    return this.#fault;
  }

  /** Resolves when the reader of standard error has everything or is gone. */
  async told(): Promise<void> {
    await taken(this.#err);
  }

  #stdout(): Writable {
    if (this.#out) return this.#out;
    this.#out = this.#openOut();
    const over = (error?: NodeJS.ErrnoException): void => {
      if (error && error.code !== 'EPIPE') this.#fault ??= error;
      this.#closed = true;
      this.#gone.resolve();
    };
    this.#out.on('error', over);
    this.#out.on('close', () => over());
    return this.#out;
  }
}

/** Resolves when everything written so far is out, or cannot be. */
function taken(stream: Writable): Promise<void> {
  return new Promise((done) => {
    if (stream.destroyed || stream.errored) return done();
    stream.once('close', done);
    stream.write('', () => {
      stream.off('close', done);
      // The stream tells of an error after it called back.
      setImmediate(done);
    });
  });
}
