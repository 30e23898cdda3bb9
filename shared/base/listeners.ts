/** Who wants to hear of something. */
export interface Listeners<Told extends unknown[] = []> {
  /** Returns how to stop listening. */
  add(listener: (...told: Told) => void): () => void;
  /** Calls every listener, in the order they came. */
  tell(...told: Told): void;
  readonly size: number;
  clear(): void;
}

export function createListeners<Told extends unknown[] = []>(): Listeners<Told> {
  const all = new Set<(...told: Told) => void>();
  return {
    add(listener) {
      all.add(listener);
      return () => void all.delete(listener);
    },
    tell(...told) {
      for (const listener of all) listener(...told);
    },
    get size() {
      return all.size;
    },
    clear: () => all.clear(),
  };
}
