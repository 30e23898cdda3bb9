import type { CloseReason } from './types.ts';

/** The end of a connection: it happens once, and a listener that is added afterwards is called as well. */
export class ConnectionEnd {
  #reason: CloseReason | undefined;
  #closed: ((reason: CloseReason) => void) | undefined;

  get reason(): CloseReason | undefined {
    return this.#reason;
  }

  listen(closed: (reason: CloseReason) => void): void {
    this.#closed = closed;
    const reason = this.#reason;
    if (reason) queueMicrotask(() => closed(reason));
  }

  /** False when it had ended already. */
  end(reason: CloseReason): boolean {
    if (this.#reason) return false;
    this.#reason = reason;
    this.#closed?.(reason);
    return true;
  }
}
