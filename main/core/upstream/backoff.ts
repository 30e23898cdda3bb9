import type { Clock } from '../ports.ts';

const FREE = 3;
const FIRST_MS = 2000;
const LONGEST_MS = 60_000;

/** Keeps a server that dies at once from being started over and over. One for each server. */
export class Backoff {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #quickMs: number;
  #deaths = 0;
  #until = 0;

  /** @param quickMs a life shorter than this counts as a failed start */
  constructor(clock: Pick<Clock, 'monotonic'>, quickMs: number) {
    this.#clock = clock;
    this.#quickMs = quickMs;
  }

  /** A child ended by itself after `livedMs`. */
  died(livedMs: number): void {
    if (livedMs >= this.#quickMs) {
      this.forget();
      return;
    }
    this.#deaths++;
    if (this.#deaths < FREE) return;
    const wait = Math.min(FIRST_MS * 2 ** Math.min(this.#deaths - FREE, 10), LONGEST_MS);
    this.#until = this.#clock.monotonic() + wait;
  }

  forget(): void {
    this.#deaths = 0;
    this.#until = 0;
  }

  /** Milliseconds until the next start is allowed; 0 when it is allowed now. */
  waitMs(): number {
    return Math.max(0, this.#until - this.#clock.monotonic());
  }

  get deaths(): number {
    return this.#deaths;
  }
}
