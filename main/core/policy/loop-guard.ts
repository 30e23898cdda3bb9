import type { Clock } from '../ports.ts';
import { SteadyTime } from './steady-time.ts';
import type { CallFacts } from './types.ts';

const WINDOW_MS = 60_000;
/** Different calls remembered at once. Something that makes more than this in a minute does not repeat itself. */
const MAX_CALLS = 100_000;

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
  /**
   * When each call was made, in the order of its last time: the ones to forget are always first, so that nothing ever looks
   * through them all.
   */
  const calls = new Map<string, number[]>();
  // Only a tool's name may hold a line break, and the digest after it has a fixed length: no two calls share a key.
  const keyOf = (facts: CallFacts) =>
    `${facts.clientId}\n${facts.server}\n${facts.tool}\n${facts.argsDigest}`;
  const forget = (now: number) => {
    for (const [key, times] of calls) {
      if (calls.size <= MAX_CALLS && (times[times.length - 1] ?? 0) + WINDOW_MS > now) return;
      calls.delete(key);
    }
  };
  const slide = (times: number[], now: number) => {
    let gone = 0;
    while (gone < times.length && (times[gone] ?? 0) + WINDOW_MS <= now) gone++;
    if (gone > 0) times.splice(0, gone);
  };
  return {
    check(facts, max) {
      const times = calls.get(keyOf(facts));
      if (times === undefined) return undefined;
      slide(times, time.now());
      if (times.length < max) return undefined;
      const decision = times.length < 2 * max ? 'ask' : 'deny';
      // Free as soon as a repeat is no longer judged this way.
      const room = times[times.length - (decision === 'ask' ? max : 2 * max)] ?? time.now();
      return { decision, freeAt: time.toWall(room + WINDOW_MS) };
    },
    count(facts) {
      const now = time.now();
      forget(now);
      const key = keyOf(facts);
      const times = calls.get(key) ?? [];
      slide(times, now);
      times.push(now);
      calls.delete(key);
      calls.set(key, times);
      return () => {
        const at = times.indexOf(now);
        if (at >= 0) times.splice(at, 1);
      };
    },
  };
}
