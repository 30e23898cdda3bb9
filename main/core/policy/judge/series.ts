/** Amounts are units of decimal.ts, times steady milliseconds. */
export interface Taken {
  at: number;
  amount: bigint;
}

/** From so many entries on, entries that lie close together are joined. */
const MANY = 1024;
/** How close: this part of the window. An entry then leaves it later by that much at most, never earlier. */
const CLOSE = 1 / 8192;

/** What was taken from one counter within its sliding window. */
export class Series {
  readonly windowMs: number;
  readonly #close: number;
  #taken: Taken[] = [];
  #head = 0;
  /** When the newest entry was begun; `at` of a joined entry is that of its newest part. */
  #begun = 0;
  sum = 0n;

  constructor(windowMs: number) {
    this.windowMs = windowMs;
    this.#close = windowMs * CLOSE;
  }

  /** Drops what has left the window: taken at `t`, free again at `t + window`. */
  slide(now: number): void {
    let oldest = this.#taken[this.#head];
    while (oldest !== undefined && oldest.at + this.windowMs <= now) {
      this.sum -= oldest.amount;
      oldest.amount = 0n;
      oldest = this.#taken[++this.#head];
    }
    if (this.#head > MANY && this.#head * 2 > this.#taken.length) {
      this.#taken = this.#taken.slice(this.#head);
      this.#head = 0;
    }
  }

  /**
   * What lies before an earlier one is taken as just as late: after a restart, blocks that were written ahead lie a little in
   * the future. The result is what `give` takes, with the same amount.
   */
  add(time: number, amount: bigint): Taken {
    this.sum += amount;
    const count = this.#taken.length - this.#head;
    const newest = this.#taken[this.#taken.length - 1];
    const at = newest !== undefined && count > 0 ? Math.max(time, newest.at) : time;
    // A counter of an hour at thousands of calls a second would else hold millions of entries.
    if (newest !== undefined && count > 0) {
      const join = at === newest.at || (count > MANY && at - this.#begun <= this.#close);
      if (join) {
        newest.at = at;
        newest.amount += amount;
        return newest;
      }
    }
    const taken = { at, amount };
    this.#taken.push(taken);
    this.#begun = at;
    return taken;
  }

  /** Gives an amount back; nothing is left to give when it has left the window. */
  give(taken: Taken, amount: bigint): void {
    if (taken.amount < amount) return;
    this.sum -= amount;
    taken.amount -= amount;
  }

  get empty(): boolean {
    return this.#head >= this.#taken.length;
  }

  /** When `amount` fits under `max` if nothing else is taken. */
  freeAt(amount: bigint, max: bigint): number | undefined {
    if (amount > max) return undefined;
    let sum = this.sum;
    for (let i = this.#head; i < this.#taken.length; i++) {
      const taken = this.#taken[i] as Taken;
      sum -= taken.amount;
      if (sum + amount <= max) return taken.at + this.windowMs;
    }
    return undefined;
  }
}
