import type { Clock } from '../../main/core/ports.ts';

interface Timer {
  at: number;
  readonly order: number;
  readonly every: number | null;
  readonly fn: () => void;
}

/** A clock that stands still until a test moves it. Timers run in the order of their time, then of their making. */
export class FakeClock implements Clock {
  #wall: number;
  #mono = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(start: number = Date.UTC(2026, 10, 2, 12, 0, 0)) {
    this.#wall = start;
  }
  now(): number {
    return this.#wall;
  }
  monotonic(): number {
    return this.#mono;
  }
  after(ms: number, fn: () => void): () => void {
    return this.#add(ms, null, fn);
  }
  every(ms: number, fn: () => void): () => void {
    if (!(ms > 0)) throw new RangeError('every() needs a positive number of milliseconds');
    return this.#add(ms, ms, fn);
  }
  /** How many timers are waiting: a test can see that none was left behind. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves both clocks on by `ms` and runs what falls due, each timer at its own time. */
  advance(ms: number): void {
    const end = this.#mono + ms;
    for (;;) {
      const due = [...this.#timers]
        .filter((timer) => timer.at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!due) break;
      this.#wall += Math.max(0, due.at - this.#mono);
      this.#mono = Math.max(this.#mono, due.at);
      if (due.every === null) this.#timers.delete(due);
      else due.at += due.every;
      due.fn();
    }
    this.#wall += end - this.#mono;
    this.#mono = end;
  }

  /** Moves the wall clock alone, forwards or back: the machine slept, or somebody set its clock. No timer runs. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  #add(ms: number, every: number | null, fn: () => void): () => void {
    const timer: Timer = { at: this.#mono + Math.max(0, ms), order: this.#order++, every, fn };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }
}
