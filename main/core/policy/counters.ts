import type { Clock, Database, Log } from '../ports.ts';
import { SteadyTime } from './steady-time.ts';
import type { Reservation } from './types.ts';

/** What one call takes from one counter. Amounts are units of decimal.ts. */
export interface CounterUse {
  /** Names the counter, its window and whom it counts. */
  readonly key: string;
  readonly windowMs: number;
  readonly max: bigint;
  readonly amount: bigint;
  /** Kept across restarts. Session counters are not: no session outlives the process. */
  readonly lasting: boolean;
  /** Counted even beyond `max`: a person allowed it, and it did happen. */
  readonly force?: boolean;
}

export type Fit =
  | { readonly fits: true }
  /** `index` of the first use without room; `freeAt` when all would fit (ms since the epoch), undefined when never. */
  | { readonly fits: false; readonly index: number; readonly freeAt: number | undefined };

/** Sliding windows: in no stretch of time as long as its window does a counter hold more than its `max`. */
export interface Counters {
  check(uses: readonly CounterUse[]): Fit;
  /** Takes all or none. Throws when the database cannot keep it; then nothing was taken. */
  take(uses: readonly CounterUse[]): { ok: true; reservation: Reservation } | { ok: false; fit: Fit };
}

interface Taken {
  readonly at: number;
  amount: bigint;
}
class Series {
  readonly windowMs: number;
  #taken: Taken[] = [];
  #head = 0;
  sum = 0n;
  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }
  /** Drops what has left the window: taken at `t`, free again at `t + window`. */
  slide(now: number): void {
    let oldest = this.#taken[this.#head];
    while (oldest !== undefined && oldest.at + this.windowMs <= now) {
      this.sum -= oldest.amount;
      oldest.amount = 0n;
      oldest = this.#taken[++this.#head];
    }
    if (this.#head > 1024 && this.#head * 2 > this.#taken.length) {
      this.#taken = this.#taken.slice(this.#head);
      this.#head = 0;
    }
  }
  add(at: number, amount: bigint): Taken {
    const taken = { at, amount };
    this.#taken.push(taken);
    this.sum += amount;
    return taken;
  }
  give(taken: Taken): void {
    this.sum -= taken.amount;
    taken.amount = 0n;
  }
  get empty(): boolean {
    return this.#head >= this.#taken.length;
  }
  /** When `amount` fits under `max` if nothing else is taken. */
  freeAt(amount: bigint, max: bigint): number | undefined {
    if (amount > max) return undefined;
    let sum = this.sum;
    for (let i = this.#head; i < this.#taken.length; i++) {
      const taken = this.#taken[i] as Taken;
      sum -= taken.amount;
      if (sum + amount <= max) return taken.at + this.windowMs;
    }
    return undefined;
  }
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS counter_calls (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    uses TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS counter_calls_expires ON counter_calls (expires);
`;
/** Calls between two clean-ups. */
const SWEEP_EVERY = 500;

/**
 * Counters in memory, with every call that took something kept as one row of `state.db`, so that a call is kept whole or
 * not at all and survives a killed process.
 */
export function createCounters(parts: { database: Database; clock: Clock; log: Log }): Counters {
  const { database, clock, log } = parts;
  database.exec(SCHEMA);
  const newest = database.prepare('SELECT max(at) AS at FROM counter_calls').get()?.at;
  const time = new SteadyTime(clock, newest === null || newest === undefined ? undefined : Number(newest));
  const series = new Map<string, Series>();
  const insert = database.prepare('INSERT INTO counter_calls (at, expires, uses) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM counter_calls WHERE id = ?');
  const prune = database.prepare('DELETE FROM counter_calls WHERE expires <= ?');
  let untilSweep = SWEEP_EVERY;

  const seriesOf = (use: { key: string; windowMs: number }): Series => {
    let found = series.get(use.key);
    if (found === undefined) {
      found = new Series(use.windowMs);
      series.set(use.key, found);
    }
    return found;
  };

  prune.run(time.now());
  for (const row of database.prepare('SELECT id, at, uses FROM counter_calls ORDER BY at, id').all()) {
    for (const [key, windowMs, amount] of storedUses(row.uses, row.id))
      seriesOf({ key, windowMs }).add(Number(row.at), BigInt(amount));
  }

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
    if (index < 0) return { fits: true };
    return { fits: false, index, freeAt: freeAt === undefined ? undefined : time.toWall(freeAt) };
  };

  const sweep = (now: number) => {
    untilSweep = SWEEP_EVERY;
    prune.run(now);
    for (const [key, one] of series) {
      one.slide(now);
      if (one.empty) series.delete(key);
    }
  };

  return {
    check: (uses) => (uses.length === 0 ? { fits: true } : check(uses, time.now())),
    take(uses) {
      if (uses.length === 0) return { ok: true, reservation: NOTHING };
      const now = time.now();
      const fit = check(uses, now);
      if (!fit.fits) return { ok: false, fit };
      if (--untilSweep <= 0) sweep(now);
      const counted = mergeUses(uses);
      const lasting = counted.filter((use) => use.lasting);
      let row: number | bigint | undefined;
      if (lasting.length > 0) {
        const longest = Math.max(...lasting.map((use) => use.windowMs));
        const stored = lasting.map((use) => [use.key, use.windowMs, use.amount.toString()]);
        row = insert.run(now, now + longest, JSON.stringify(stored)).lastInsertRowid;
      }
      const taken = counted.map((use) => {
        const one = seriesOf(use);
        return { one, taken: one.add(now, use.amount) };
      });
      let held = true;
      return {
        ok: true,
        reservation: {
          release() {
            if (!held) return;
            held = false;
            for (const { one, taken: entry } of taken) one.give(entry);
            if (row === undefined) return;
            try {
              remove.run(row);
            } catch (error) {
              // Too much stays counted after a restart, never too little.
              log('error', 'state.db: a counter that was given back stays counted until it expires', error);
            }
          },
        },
      };
    },
  };
}

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

function storedUses(text: unknown, id: unknown): [key: string, windowMs: number, amount: string][] {
  try {
    const value: unknown = JSON.parse(String(text));
    if (Array.isArray(value) && value.every(isStoredUse)) return value;
  } catch {
    // Falls through to the error below, which says what to do.
  }
  throw new Error(
    `state.db: row ${String(id)} of counter_calls cannot be read, so limits cannot be kept. Move state.db away to start with empty counters.`,
  );
}

function isStoredUse(value: unknown): value is [string, number, string] {
  return (
    Array.isArray(value) &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'number' &&
    typeof value[2] === 'string' &&
    /^\d+$/.test(value[2])
  );
}
