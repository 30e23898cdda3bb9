import type { Clock } from '../ports.ts';
import { SteadyTime } from './steady-time.ts';
import type { CallFacts } from './types.ts';

const WINDOW_MS = 60_000;
const SWEEP_EVERY = 500;

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
  const calls = new Map<string, { at: number }[]>();
  let untilSweep = SWEEP_EVERY;
  // Only a tool's name may hold a line break, and the digest after it has a fixed length: no two calls share a key.
  const keyOf = (facts: CallFacts) =>
    `${facts.clientId}\n${facts.server}\n${facts.tool}\n${facts.argsDigest}`;
  const slide = (key: string, now: number) => {
    const list = calls.get(key);
    if (list === undefined) return undefined;
    let gone = 0;
    while (gone < list.length && (list[gone]?.at ?? 0) + WINDOW_MS <= now) gone++;
    if (gone > 0) list.splice(0, gone);
    if (list.length === 0) calls.delete(key);
    return list;
  };
  return {
    check(facts, max) {
      const list = slide(keyOf(facts), time.now());
      if (list === undefined || list.length < max) return undefined;
      const decision = list.length < 2 * max ? 'ask' : 'deny';
      // Free as soon as a repeat is no longer judged this way.
      const room = list[list.length - (decision === 'ask' ? max : 2 * max)]?.at ?? time.now();
      return { decision, freeAt: time.toWall(room + WINDOW_MS) };
    },
    count(facts) {
      const now = time.now();
      const key = keyOf(facts);
      const list = slide(key, now) ?? [];
      const call = { at: now };
      list.push(call);
      calls.set(key, list);
      if (--untilSweep <= 0) {
        untilSweep = SWEEP_EVERY;
        for (const other of [...calls.keys()]) slide(other, now);
      }
      return () => {
        const at = list.indexOf(call);
        if (at >= 0) list.splice(at, 1);
      };
    },
  };
}
