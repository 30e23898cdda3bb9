import type { Inbox } from '../inbox.ts';
import { ownError } from '../messages.ts';
import type { OpenRequests } from '../open-requests.ts';

export interface ElsewhereOptions {
  readonly server: string;
  readonly open: OpenRequests;
  readonly inbox: Inbox;
}

/**
 * Requests that a server took with 202, as it takes notifications: their answers can only come on the GET stream, where
 * clients find them too. They end with it.
 */
export class Elsewhere {
  readonly #o: ElsewhereOptions;
  readonly #ids = new Set<string>();

  constructor(options: ElsewhereOptions) {
    this.#o = options;
  }

  add(id: string | undefined): void {
    for (const each of this.#ids) if (!this.#o.open.has(each)) this.#ids.delete(each);
    if (id !== undefined) this.#ids.add(id);
  }

  /** Whether the answer to this request is still waited for. */
  has(id: string): boolean {
    return this.#ids.has(id) && this.#o.open.has(id);
  }

  /** The stream is over: what it did not answer gets an error. */
  end(): void {
    const { server, open, inbox } = this.#o;
    const waiting = [...this.#ids].filter((id) => open.delete(id));
    this.#ids.clear();
    const why = `The server "${server}" answered with nothing (HTTP 202), and no stream brought the answer.`;
    for (const id of waiting) void inbox.put(ownError(id, why), id);
  }
}
