import { Brake } from '../base/brake.ts';
import type { Clock } from '../ports.ts';

const FREE = 3;
const FIRST_MS = 2000;
const LONGEST_MS = 60_000;

/** Keeps a server that dies at once from being started over and over. One for each server. */
export class Backoff {
  readonly #quickMs: number;
  readonly #brake: Brake;
  #slow = false;

  /** @param quickMs a life shorter than this counts as a failed start */
  constructor(clock: Pick<Clock, 'monotonic'>, quickMs: number) {
    this.#quickMs = quickMs;
    this.#brake = new Brake({ clock, free: FREE, firstMs: FIRST_MS, longestMs: LONGEST_MS });
  }

  /** A child ended by itself after `livedMs`. One that never answered counts as a failed start however long it lived. */
  died(livedMs: number, answered = true): void {
    const slow = livedMs >= this.#quickMs;
    if (slow && answered) {
      this.forget();
      return;
    }
    this.#slow ||= slow;
    this.#brake.tried();
  }

  forget(): void {
    this.#slow = false;
    this.#brake.forget();
  }

  /** Milliseconds until the next start is allowed; 0 when it is allowed now. */
  waitMs(): number {
    return this.#brake.waitMs();
  }

  get deaths(): number {
    return this.#brake.tries;
  }

  /** How they ended, in words: "ended within seconds 3 times in a row". */
  get how(): string {
    return this.#slow
      ? `ended ${this.deaths} times in a row before it answered anything`
      : `ended within seconds ${this.deaths} times in a row`;
  }
}
