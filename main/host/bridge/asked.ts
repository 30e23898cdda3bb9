import type { Link } from './link.ts';

/** At most this many requests of ended sessions are remembered. */
const MAX_STALE = 1000;

/**
 * The requests of the server that the client has not answered. A new session may use the ids of the old one again, so an
 * answer to a request of the old one must not reach the new one.
 */
export class Asked {
  readonly #open = new Map<string, Link>();
  readonly #stale = new Set<string>();

  /** The server asked. */
  heard(ids: readonly string[], link: Link): void {
    for (const id of ids) this.#open.set(id, link);
  }

  /** The server cancelled its request. */
  withdrawn(id: string): void {
    this.#open.delete(id);
  }

  /** The client answered. False: the session that asked is gone, and no other may get the answer. */
  answered(id: string): boolean {
    if (this.#open.delete(id)) return true;
    return !this.#stale.delete(id);
  }

  /** The session ended. Returns the requests whose answers are not waited for any more. */
  ended(link: Link): string[] {
    const ids = [...this.#open].filter(([, asker]) => asker === link).map(([id]) => id);
    for (const id of ids) {
      this.#open.delete(id);
      this.#stale.add(id);
    }
    for (const id of this.#stale) {
      if (this.#stale.size <= MAX_STALE) break;
      this.#stale.delete(id);
    }
    return ids;
  }
}
