import type { Clock } from '../../main/core/ports.ts';

interface Timer {
  /** On the clock that never goes back. */
  due: number;
  readonly every: number | null;
  readonly fn: () => void;
  real: ReturnType<typeof setTimeout> | undefined;
}

/**
 * The real clock, which a test can put forward: what falls due in between runs at once, in its order; what repeats runs once,
 * as after a sleep. For a whole core with real children, where time must also pass by itself.
 */
export class SkippingClock implements Clock {
  #ahead = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.now() + this.#ahead;
  }
  monotonic(): number {
    return performance.now() + this.#ahead;
  }
  after(ms: number, fn: () => void): () => void {
    return this.#add({ due: this.monotonic() + ms, every: null, fn, real: undefined });
  }
  every(ms: number, fn: () => void): () => void {
    return this.#add({ due: this.monotonic() + ms, every: ms, fn, real: undefined });
  }

  advance(ms: number): void {
    const end = this.monotonic() + ms;
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      this.#ahead += Math.max(0, next.due - this.monotonic());
      this.#run(next, end);
    }
    this.#ahead += Math.max(0, end - this.monotonic());
    for (const timer of this.#timers) this.#arm(timer);
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      clearTimeout(timer.real);
      this.#timers.delete(timer);
    };
  }
  #arm(timer: Timer): void {
    clearTimeout(timer.real);
    timer.real = setTimeout(() => this.#run(timer), Math.max(0, timer.due - this.monotonic()));
    timer.real.unref();
  }
  #run(timer: Timer, until = timer.due): void {
    clearTimeout(timer.real);
    if (timer.every === null) this.#timers.delete(timer);
    else {
      timer.due = Math.max(timer.due, until) + timer.every;
      this.#arm(timer);
    }
    timer.fn();
  }
}
