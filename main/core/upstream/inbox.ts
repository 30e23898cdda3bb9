import type { CodecFault, Parsed, RpcMessage } from '../codec/types.ts';
import type { Receive } from './types.ts';

/**
 * Hands messages to the receiver one after the other. A message waits until the one before was taken: that is the
 * back-pressure a receiver asks for by returning a promise.
 */
export class Inbox {
  #receive: Receive | undefined;
  #ready: (() => void) | undefined;
  readonly #failed: (error: unknown) => void;
  #watched: string | undefined;
  #watcher: ((answer: RpcMessage) => void) | undefined;

  /** @param failed called with what a receiver threw; the stream goes on */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  set receive(receive: Receive) {
    this.#receive = receive;
    this.#ready?.();
  }

  /** Calls `ready` once a receiver is set; before that nothing should be read. */
  whenSet(ready: () => void): void {
    if (this.#receive) ready();
    else this.#ready = ready;
  }

  /** Calls `watcher` with the response to `id`, before the receiver takes it. One watcher at a time; the last one counts. */
  watch(id: string | undefined, watcher: (answer: RpcMessage) => void): void {
    this.#watched = id;
    this.#watcher = watcher;
  }

  /** A promise when the receiver asks to wait. */
  put(message: RpcMessage, forId: string | undefined, status?: number): Promise<void> | undefined {
    if (this.#watched !== undefined && message.id === this.#watched && message.kind === 'response') {
      this.#watched = undefined;
      this.#watcher?.(message);
    }
    try {
      const taken = this.#receive?.(message, forId, status);
      if (taken instanceof Promise) return taken.catch(this.#failed);
    } catch (error) {
      this.#failed(error);
    }
    return undefined;
  }

  async putAll(messages: readonly RpcMessage[], forId: string | undefined): Promise<void> {
    for (const message of messages) await this.put(message, forId);
  }
}

/** The messages of what was parsed, or the fault. */
export function messagesOf(parsed: Parsed): { messages: readonly RpcMessage[] } | { fault: CodecFault } {
  if (!parsed.ok) return { fault: parsed.fault };
  return { messages: 'batch' in parsed ? parsed.batch : [parsed.message] };
}
