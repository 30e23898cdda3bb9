import type { Link } from './link.ts';

/** More questions than this are not remembered after their session ended. */
const MAX_STALE = 1000;

/**
 * The questions of the server that the client has not answered. A new session may use the ids of the old one again, so an
 * answer to the old one's question must not reach the new one.
 */
export class Asked {
  readonly #open = new Map<string, Link>();
  readonly #stale = new Set<string>();

  /** The server asked. */
  heard(ids: readonly string[], link: Link): void {
    for (const id of ids) this.#open.set(id, link);
  }

  /** The server takes its question back. */
  withdrawn(id: string): void {
    this.#open.delete(id);
  }

  /** The client answered. False: the session that asked is gone, and nobody else may have the answer. */
  answered(id: string): boolean {
    if (this.#open.delete(id)) return true;
    return !this.#stale.delete(id);
  }

  /** The session ended. Gives the questions that nobody waits for any more. */
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
