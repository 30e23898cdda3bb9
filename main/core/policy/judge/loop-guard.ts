import { SteadyTime } from '../../base/steady-clock.ts';
import type { Clock } from '../../ports.ts';
import type { CallFacts } from '../types.ts';

const WINDOW_MS = 60_000;
/** Different calls of one tool remembered at once. Who makes more than this in a minute does not repeat itself. */
const MAX_CALLS = 50_000;

export interface LoopGuard {
  /** What the guard says about one more identical call: nothing up to `max` a minute, ask up to twice that, then deny. */
  check(facts: CallFacts, max: number): { decision: 'ask' | 'deny'; freeAt: number } | undefined;
  /** Counts a forwarded call; the result takes it back. */
  count(facts: CallFacts): () => void;
}

/**
 * Finds an agent stuck in a loop: the same tool with the same arguments from one client, counted over the last minute.
 * In memory only: a restart ends every loop that runs through the gateway.
 */
export function createLoopGuard(clock: Clock): LoopGuard {
  const time = new SteadyTime(clock);
  /** By client, server and tool; these are few. */
  const callers = new Map<string, Repeats>();
  const keyOf = (facts: CallFacts) => `${facts.clientId}\n${facts.server}\n${facts.tool}`;
  const repeatsOf = (facts: CallFacts) => {
    const key = keyOf(facts);
    let repeats = callers.get(key);
    if (repeats === undefined) {
      repeats = new Repeats();
      callers.set(key, repeats);
      for (const [other, { size }] of callers) if (size === 0 && other !== key) callers.delete(other);
    }
    return repeats;
  };
  return {
    check(facts, max) {
      const times = callers.get(keyOf(facts))?.times(facts.argsDigest, time.now());
      if (times === undefined || times.length < max) return undefined;
      const decision = times.length < 2 * max ? 'ask' : 'deny';
      // Free as soon as a repeat is no longer judged this way.
      const room = times[times.length - (decision === 'ask' ? max : 2 * max)] ?? time.now();
      return { decision, freeAt: time.toWall(room + WINDOW_MS) };
    },
    count(facts) {
      const now = time.now();
      const repeats = repeatsOf(facts);
      repeats.add(facts.argsDigest, now);
      return () => repeats.remove(facts.argsDigest, now);
    },
  };
}

/**
 * When calls that differ only in their arguments were made: by the digest of the arguments, in the order of the last time.
 * The ones to forget are always first, so that nothing ever looks through them all. Most are made once: those have a time
 * and no list, because a busy agent leaves tens of thousands of them here.
 */
class Repeats {
  readonly #calls = new Map<string, number | number[]>();

  get size(): number {
    return this.#calls.size;
  }

  times(digest: string, now: number): readonly number[] | undefined {
    const made = this.#calls.get(digest);
    if (made === undefined) return undefined;
    const times = (typeof made === 'number' ? [made] : made).filter((at) => at + WINDOW_MS > now);
    if (typeof made !== 'number') this.#calls.set(digest, times);
    return times;
  }

  add(digest: string, now: number): void {
    this.#forget(now);
    const before = this.times(digest, now);
    if (before !== undefined) this.#calls.delete(digest);
    this.#calls.set(digest, before === undefined || before.length === 0 ? now : [...before, now]);
  }

  remove(digest: string, at: number): void {
    const made = this.#calls.get(digest);
    if (made === at) this.#calls.delete(digest);
    else if (typeof made === 'object') {
      const index = made.indexOf(at);
      if (index >= 0) this.#calls.set(digest, made.toSpliced(index, 1));
    }
  }

  #forget(now: number): void {
    for (const [digest, made] of this.#calls) {
      const newest = typeof made === 'number' ? made : (made[made.length - 1] ?? 0);
      if (this.#calls.size <= MAX_CALLS && newest + WINDOW_MS > now) return;
      this.#calls.delete(digest);
    }
  }
}
