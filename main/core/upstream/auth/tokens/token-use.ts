import { Brake } from '../../../base/brake.ts';
import type { Clock } from '../../../ports.ts';
import type { Tokens } from '../types.ts';

/** A token that came so recently and is refused all the same is not renewed again. */
const JUST_NOW_MS = 5000;
/** A token that lasted so long lasted long enough. */
const LONG_MS = 10_000;
/** Renewals in a row whose tokens the server did not accept, after which that is a failure of its own. */
const MOST_REFUSED = 5;
const LONGEST_REFUSED_MS = 10 * 60_000;
/** Tokens that are accepted but do not last: a renewal waits so long after the one before, at most. */
const LONGEST_PACE_MS = 5000;

/** Tokens whose end is not after their beginning say nothing about their end. */
export function endOf({ obtainedAt, expiresAt }: Tokens): number | undefined {
  return expiresAt !== undefined && expiresAt > obtainedAt ? expiresAt : undefined;
}

/**
 * What became of the tokens of one server: whether they were used and accepted, and how long they lasted. The lifetimes that
 * authorization servers name, and what servers accept, decide how often tokens are renewed; this is the brake on it.
 */
export class TokenUse {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Renewals whose tokens the server never accepted. */
  readonly #refused: Brake;
  /** Renewals of tokens that did not last. */
  readonly #pace: Brake;
  #tokens: Tokens | undefined;
  #since = 0;
  #used = false;
  #accepted = false;

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
    this.#refused = new Brake({
      clock,
      free: 1,
      firstMs: JUST_NOW_MS,
      longestMs: LONGEST_REFUSED_MS,
      most: MOST_REFUSED,
    });
    this.#pace = new Brake({ clock, free: 1, firstMs: 250, longestMs: LONGEST_PACE_MS });
  }

  knows(tokens: Tokens): boolean {
    return this.#tokens === tokens;
  }

  /** A person signed in: what happened before no longer counts. */
  begin(tokens: Tokens): void {
    this.#refused.forget();
    this.#pace.forget();
    this.#take(tokens);
  }

  /**
   * `next` replaced `old`.
   * @param known whether it is known which tokens the server accepted; otherwise one that lasted counts as accepted
   */
  renewed(old: Tokens, next: Tokens, known: boolean): void {
    const lasted = this.#age(old) >= LONG_MS;
    if (this.accepted(old) || (lasted && !known)) this.#refused.forget();
    else this.#refused.tried();
    if (lasted) this.#pace.forget();
    else this.#pace.tried();
    this.#take(next);
  }

  #take(tokens: Tokens): void {
    this.#tokens = tokens;
    this.#since = this.#clock.monotonic();
    this.#used = false;
    this.#accepted = false;
  }

  /** Whether these tokens just came and are used for the first time now: they are used once whatever their end says. */
  isFirst(tokens: Tokens): boolean {
    if (this.#tokens !== tokens || this.#used) return false;
    this.#used = true;
    return this.#age(tokens) < LONG_MS;
  }

  /** The server took a message with these tokens. */
  wasAccepted(tokens: Tokens): void {
    if (this.#tokens !== tokens) {
      this.#take(tokens);
      this.#since = Number.NEGATIVE_INFINITY;
      this.#used = true;
    }
    if (this.#accepted) return;
    this.#accepted = true;
    this.#refused.forget();
  }

  accepted(tokens: Tokens): boolean {
    return this.#tokens === tokens && this.#accepted;
  }

  /** Whether renewing is of no use now, because the server refuses what it was just given. */
  isUseless(tokens: Tokens): boolean {
    if (this.accepted(tokens)) return false;
    return this.#age(tokens) < JUST_NOW_MS || this.#refused.waitMs() > 0;
  }

  /** Renewals in a row whose tokens the server did not accept, once they are too many; else undefined. */
  get tooMany(): number | undefined {
    return this.#refused.over ? this.#refused.tries : undefined;
  }

  /** How long the next renewal has to wait, ms. */
  paceMs(): number {
    return this.#pace.waitMs();
  }

  /** Ms since they came. By both clocks: one stands still while the machine sleeps, the other can be set back. */
  #age(tokens: Tokens): number {
    const byWall = this.#clock.now() - tokens.obtainedAt;
    if (this.#tokens === tokens) return Math.max(byWall, this.#clock.monotonic() - this.#since);
    // Of an earlier run, or another clock: old in any case.
    return byWall < 0 ? Number.POSITIVE_INFINITY : byWall;
  }
}
