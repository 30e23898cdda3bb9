/**
 * The requests under way on a connection: each has a signal of its own, which its sender and the end of the connection
 * abort. (`AbortSignal.any` does the same at many times the price, and holds memory as long as the connection lives.)
 */
export class EndingRequests {
  readonly #open = new Set<AbortController>();
  #over = false;

  /** Runs one request; `sender` aborts it alone. */
  async run(sender: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const one = new AbortController();
    const abort = (): void => one.abort();
    if (this.#over || sender?.aborted) abort();
    else sender?.addEventListener('abort', abort);
    this.#open.add(one);
    try {
      await work(one.signal);
    } finally {
      this.#open.delete(one);
      sender?.removeEventListener('abort', abort);
    }
  }

  /** Aborts all, and those to come. */
  end(): void {
    this.#over = true;
    for (const one of this.#open) one.abort();
  }
}
