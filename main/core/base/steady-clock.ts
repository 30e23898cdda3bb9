import type { Clock } from '../ports.ts';

/**
 * Milliseconds that never go back. While the wall clock moves forward this follows it (so that time asleep counts);
 * when it is set back, time goes on from where it was at the pace of the monotonic clock. `latest` is the newest time
 * kept from an earlier run: if the clock was set back in between, time goes on from there.
 */
export class SteadyTime {
  readonly #clock: Clock;
  #offset = 0;
  #wall: number;
  #monotonic: number;

  constructor(clock: Clock, latest = Number.NEGATIVE_INFINITY) {
    this.#clock = clock;
    this.#wall = Math.floor(clock.now());
    this.#monotonic = clock.monotonic();
    this.#offset = Math.max(0, latest - this.#wall);
  }

  now(): number {
    const wall = Math.floor(this.#clock.now());
    const monotonic = this.#clock.monotonic();
    if (wall < this.#wall)
      this.#offset += this.#wall - wall + Math.max(0, Math.floor(monotonic - this.#monotonic));
    this.#wall = wall;
    this.#monotonic = monotonic;
    return wall + this.#offset;
  }

  /** What the wall clock will show at a steady time, if it is not set again. */
  toWall(steady: number): number {
    return steady - this.#offset;
  }
}
