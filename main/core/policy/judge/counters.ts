import { SteadyTime } from '../../base/steady-clock.ts';
import type { Clock, Database, Log } from '../../ports.ts';
import type { Reservation } from '../types.ts';
import { StoredCalls } from './counter-calls.ts';
import type { CounterUse } from './counter-use.ts';
import { Series } from './series.ts';

export type Fit =
  | { readonly fits: true }
  /** `index` of the first use without room; `freeAt` when all would fit (ms since the epoch), undefined when never. */
  | { readonly fits: false; readonly index: number; readonly freeAt: number | undefined };

/** Sliding windows: in no stretch of time as long as its window does a counter hold more than its `max`. */
export interface Counters {
  check(uses: readonly CounterUse[]): Fit;
  /** Takes all or none. Throws when the database cannot keep it; then nothing was taken. */
  take(uses: readonly CounterUse[]): { ok: true; reservation: Reservation } | { ok: false; fit: Fit };
  /** Writes the last exact counts; to be called before the database is closed. */
  settle(): void;
}

/** Calls between two clean-ups. */
const SWEEP_EVERY = 500;

/** Counters in memory, each call kept on disk before it is let through (counter-calls.ts), so that they outlive a killed process. */
export function createCounters(parts: { database: Database; clock: Clock; log: Log }): Counters {
  return countersOver(parts.clock, new StoredCalls(parts.database, parts.clock, parts.log));
}

/** The same counting with nothing kept and nothing remembered: for trying a policy on recorded calls. */
export function createMemoryCounters(clock: Clock): Counters {
  return countersOver(clock, undefined);
}

function countersOver(clock: Clock, stored: StoredCalls | undefined): Counters {
  const time = new SteadyTime(clock, stored?.newest());
  const series = new Map<string, Series>();
  let untilSweep = SWEEP_EVERY;

  const seriesOf = (use: { key: string; windowMs: number }): Series => {
    let found = series.get(use.key);
    if (found === undefined) {
      found = new Series(use.windowMs);
      series.set(use.key, found);
    }
    return found;
  };

  stored?.sweep(time.now());
  for (const { at, key, windowMs, amount } of stored?.all() ?? [])
    seriesOf({ key, windowMs }).add(at, amount);

  const check = (uses: readonly CounterUse[], now: number): Fit => {
    let index = -1;
    let freeAt: number | undefined = now;
    for (const [i, use] of uses.entries()) {
      const found = series.get(use.key);
      found?.slide(now);
      const amount = uses.length === 1 ? use.amount : largest(uses, use.key);
      if (use.force === true || (found?.sum ?? 0n) + amount <= use.max) continue;
      if (index < 0) index = i;
      const free = found?.freeAt(amount, use.max);
      freeAt = free === undefined || freeAt === undefined ? undefined : Math.max(freeAt, free);
    }
    if (index < 0) return FITS;
    return { fits: false, index, freeAt: freeAt === undefined ? undefined : time.toWall(freeAt) };
  };

  const sweep = (now: number) => {
    untilSweep = SWEEP_EVERY;
    stored?.sweep(now);
    for (const [key, one] of series) {
      one.slide(now);
      if (one.empty) series.delete(key);
    }
  };

  return {
    check: (uses) => (uses.length === 0 ? FITS : check(uses, time.now())),
    take(uses) {
      if (uses.length === 0) return { ok: true, reservation: NOTHING };
      const now = time.now();
      const fit = check(uses, now);
      if (!fit.fits) return { ok: false, fit };
      if (--untilSweep <= 0) sweep(now);
      const counted = mergeUses(uses);
      const lasting = counted.filter((use) => use.lasting);
      const undo = lasting.length > 0 ? stored?.take(lasting, now) : undefined;
      const taken = counted.map((use) => {
        const one = seriesOf(use);
        return { one, amount: use.amount, taken: one.add(now, use.amount) };
      });
      let held = true;
      return {
        ok: true,
        reservation: {
          release() {
            if (!held) return;
            held = false;
            for (const each of taken) each.one.give(each.taken, each.amount);
            undo?.();
          },
        },
      };
    },
    settle: () => stored?.settle(),
  };
}

const FITS: Fit = { fits: true };
const NOTHING: Reservation = { release() {} };

/** A call counts once on a counter, however many limits name it; with different amounts the largest. */
function largest(uses: readonly CounterUse[], key: string): bigint {
  let amount = 0n;
  for (const use of uses) if (use.key === key && use.amount > amount) amount = use.amount;
  return amount;
}

function mergeUses(uses: readonly CounterUse[]): CounterUse[] {
  const byKey = new Map<string, CounterUse>();
  for (const use of uses) {
    const other = byKey.get(use.key);
    if (use.amount > 0n && (other === undefined || use.amount > other.amount)) byKey.set(use.key, use);
  }
  return [...byKey.values()];
}
