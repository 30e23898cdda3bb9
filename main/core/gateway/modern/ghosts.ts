const MAX = 10_000;

/** Requests that were cancelled on a shared channel and may still be answered: their names are not free yet. */
export class Ghosts {
  /** Raw ids, each with its progress token. */
  readonly #ids = new Map<string, string | undefined>();

  add(id: string, token: string | undefined): void {
    this.#ids.set(id, token);
    if (this.#ids.size <= MAX) return;
    for (const oldest of this.#ids.keys()) {
      this.#ids.delete(oldest);
      return;
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  hasToken(token: string): boolean {
    if (this.#ids.size === 0) return false;
    for (const each of this.#ids.values()) if (each === token) return true;
    return false;
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }

  clear(): void {
    this.#ids.clear();
  }
}
