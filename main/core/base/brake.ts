import type { Clock } from '../ports.ts';

/** Times in milliseconds. */
export interface BrakeOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** So many tries in a row cost no pause. */
  readonly free: number;
  /** The pause after the first try beyond those; each further one doubles it. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Tries in a row after which it should be given up; without it only the pauses grow. */
  readonly most?: number;
  /** A try so long after the one before begins a new row. */
  readonly calmMs?: number;
}

/** No pause doubles more often than this, so that numbers stay numbers. */
const MOST_DOUBLINGS = 20;

/**
 * The brake of a loop whose end depends on what the other side says: it counts tries in a row that did not help, says how
 * long to wait before the next one, and why. It has no timer: the loop
 * asks it, and waits with the clock.
 */
export class Brake {
  readonly #o: BrakeOptions;
  #tries = 0;
  #until = 0;
  #last = 0;
  #why: string | undefined;

  constructor(options: BrakeOptions) {
    this.#o = options;
  }

  /** Something was tried, and it has yet to show that it helped. @param why what speaks against it, as a sentence */
  tried(why?: string): void {
    const { clock, free, firstMs, longestMs, calmMs = Number.POSITIVE_INFINITY } = this.#o;
    const now = clock.monotonic();
    if (this.#tries > 0 && now - this.#last >= calmMs) this.forget();
    this.#last = now;
    this.#tries++;
    this.#why = why ?? this.#why;
    if (this.#tries < free) return;
    const doublings = Math.min(this.#tries - free, MOST_DOUBLINGS);
    this.#until = now + Math.min(firstMs * 2 ** doublings, longestMs);
  }

  /** It helped, or everything is new: the next try is the first. */
  forget(): void {
    this.#tries = 0;
    this.#until = 0;
    this.#why = undefined;
  }

  /** Milliseconds until the next try is allowed; 0 when it is allowed now. */
  waitMs(): number {
    return Math.max(0, this.#until - this.#o.clock.monotonic());
  }

  get tries(): number {
    return this.#tries;
  }

  /** What was said last about why it did not help. */
  get why(): string | undefined {
    return this.#why;
  }

  /** Whether it was tried so often that it should be given up. */
  get over(): boolean {
    return this.#o.most !== undefined && this.#tries >= this.#o.most;
  }
}
