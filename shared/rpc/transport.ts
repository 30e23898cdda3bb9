/**
 * A carrier of frames: MessagePort (Electron), WebSocket (browser, command line) or memory (tests).
 * Messages are whole JSON texts, in order, each at most once.
 */
export interface Transport {
  send(text: string): void;
  /** Sets the one receiver. Messages that came before it are delivered to it first. */
  onMessage(receive: (text: string) => void): void;
  onClose(closed: () => void): void;
  close(): void;
}

/** Two joined ends in one process. Delivery is asynchronous, as over every real carrier. */
export function memoryPair(): [Transport, Transport] {
  const a = new MemoryEnd();
  const b = new MemoryEnd();
  a.peer = b;
  b.peer = a;
  return [a, b];
}

class MemoryEnd implements Transport {
  peer: MemoryEnd | undefined;
  #receive: ((text: string) => void) | undefined;
  #early: string[] = [];
  #closed: (() => void)[] = [];
  #open = true;

  send(text: string): void {
    const peer = this.peer;
    if (this.#open && peer) queueMicrotask(() => peer.#deliver(text));
  }
  onMessage(receive: (text: string) => void): void {
    this.#receive = receive;
    for (const text of this.#early.splice(0)) receive(text);
  }
  onClose(closed: () => void): void {
    this.#closed.push(closed);
  }
  close(): void {
    if (!this.#open) return;
    this.#end();
    const peer = this.peer;
    if (peer) queueMicrotask(() => peer.#end());
  }
  #deliver(text: string): void {
    if (!this.#open) return;
    if (this.#receive) this.#receive(text);
    else this.#early.push(text);
  }
  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const closed of this.#closed) closed();
  }
}
