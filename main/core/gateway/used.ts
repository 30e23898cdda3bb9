import type { Clock } from '../ports.ts';

/** Something a client uses for a while (a session, a lane): when it began, and when it was used last. */
export abstract class Used {
  /** Ms since the epoch. */
  readonly createdAt: number;
  usedAt: number;
  /** By the monotonic clock, ms; what ends idle ones sets it forward while they are busy. */
  usedTick: number;
  /** The client broke off or closed what it had open, and has not come back since: it is probably gone. */
  left = false;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
    this.createdAt = this.usedAt = clock.now();
    this.usedTick = clock.monotonic();
  }

  /** It is used now. */
  touch(): void {
    this.left = false;
    this.usedAt = this.#clock.now();
    this.usedTick = this.#clock.monotonic();
  }
}
