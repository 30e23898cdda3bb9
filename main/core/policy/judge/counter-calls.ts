import type { Clock, Database, Log } from '../../ports.ts';
import { openCounterCalls, storedUses, usesText } from './counter-rows.ts';
import type { CounterUse } from './counter-use.ts';

/** A block holds at most this part of what the limit allows … */
const PART = 200n;
/** … and at most so many calls like the one that began it. */
const MOST_CALLS = 64n;
/** A block is used up or closed within this time, or within this part of the window where that is shorter. */
const BLOCK_MS = 1000;
const BLOCK_PART = 1 / 50;

/** What was written ahead for one counter. `at` of its row is `until`, so that nothing in it is ever freed early. */
interface Block {
  readonly key: string;
  readonly windowMs: number;
  readonly until: number;
  readonly size: bigint;
  used: bigint;
  row: number | bigint;
}

/**
 * The calls that took something, in `state.db`, so that counts outlive a killed process: what a call takes is on the disk
 * before the call goes on.
 *
 * One write for each call is the most expensive part of a limit. So a counter that is taken from again and again is written ahead: a block
 * of some calls at once, from which the next ones take without a write, and which is written again with what was really
 * used when it is closed. A crash leaves the whole block counted, at the latest time it could have been used: up to half a
 * percent of the limit too much for one window, and never too little. Limits too small for that, and counters that are
 * taken from less than once a second, are written call by call.
 */
export class StoredCalls {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #insert;
  readonly #remove;
  readonly #rewrite;
  readonly #prune;
  /** The newest block of each counter; used up or closed ones stay for the pace they tell. */
  readonly #blocks = new Map<string, Block>();
  /** Blocks whose rows say more than was used. */
  readonly #loose = new Set<Block>();
  #cancel: (() => void) | undefined;

  constructor(database: Database, clock: Clock, log: Log) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
    openCounterCalls(database);
    this.#insert = database.prepare(
      'INSERT INTO counter_calls (at, expires, uses, made) VALUES (?, ?, ?, ?)',
    );
    // SQLite gives the number of a removed row to a later one: the time tells them apart.
    this.#remove = database.prepare('DELETE FROM counter_calls WHERE id = ? AND at = ?');
    this.#rewrite = database.prepare('UPDATE counter_calls SET uses = ? WHERE id = ? AND at = ?');
    this.#prune = database.prepare('DELETE FROM counter_calls WHERE expires <= ?');
  }

  /** The newest time at which something was kept. Not the `at` of blocks, which lies ahead: time that begins there frees early. */
  newest(): number | undefined {
    const at = this.#database
      .prepare('SELECT max(min(coalesce(made, at), at)) AS at FROM counter_calls')
      .get()?.at;
    return at === null || at === undefined ? undefined : Number(at);
  }

  /** Everything kept, oldest first. @throws with a sentence for people when a row cannot be read */
  *all(): Generator<{ at: number; key: string; windowMs: number; amount: bigint }> {
    for (const row of this.#database.prepare('SELECT id, at, uses FROM counter_calls ORDER BY at, id').all())
      for (const [key, windowMs, amount] of storedUses(row.uses, row.id))
        yield { at: Number(row.at), key, windowMs, amount: BigInt(amount) };
  }

  /** Forgets what has expired, and the pace of counters that are not in use. */
  sweep(now: number): void {
    this.#prune.run(now);
    for (const [key, { until }] of this.#blocks) if (until <= now) this.#blocks.delete(key);
  }

  /**
   * Keeps what a call takes, each counter once; gives what undoes it. Throws what the database throws; nothing is kept then.
   * @param now steady time; `until` of blocks is of the same
   */
  take(uses: readonly CounterUse[], now: number): () => void {
    const exact: CounterUse[] = [];
    const fresh: Block[] = [];
    const shares: { block: Block; amount: bigint }[] = [];
    for (const use of uses) {
      const open = this.#blocks.get(use.key);
      const inTime = open !== undefined && now < open.until;
      if (inTime && open.used + use.amount <= open.size) {
        shares.push({ block: open, amount: use.amount });
        continue;
      }
      const block = blockFor(use, inTime ? open : undefined, now);
      if (block === undefined || block.size === use.amount) exact.push(use);
      else shares.push({ block, amount: use.amount });
      if (block !== undefined) fresh.push(block);
    }
    const row = this.#write(exact, fresh, now);
    for (const block of fresh) this.#blocks.set(block.key, block);
    for (const { block, amount } of shares) {
      block.used += amount;
      if (block.used < block.size) this.#loosen(block);
      else this.#loose.delete(block);
    }
    return () => {
      for (const { block, amount } of shares) {
        block.used -= amount;
        this.#loosen(block);
      }
      if (row !== undefined) this.#forget(row, now);
    };
  }

  /** Closes every block with what was really used of it: soon after it was begun, and before the database is closed. */
  settle(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const block of this.#loose) this.#settle(block);
    this.#loose.clear();
    this.#blocks.clear();
  }

  #write(exact: readonly CounterUse[], fresh: readonly Block[], now: number): number | bigint | undefined {
    const ahead = fresh.filter(({ used, size }) => used < size);
    if (exact.length === 0 && ahead.length === 0) return undefined;
    const several = ahead.length + (exact.length > 0 ? 1 : 0) > 1;
    if (several) this.#database.exec('BEGIN IMMEDIATE');
    try {
      let row: number | bigint | undefined;
      if (exact.length > 0) {
        const longest = Math.max(...exact.map(({ windowMs }) => windowMs));
        row = this.#insert.run(now, now + longest, usesText(exact), now).lastInsertRowid;
      }
      for (const block of ahead) {
        const { key, windowMs, size, until } = block;
        block.row = this.#insert.run(
          until,
          until + windowMs,
          usesText([{ key, windowMs, amount: size }]),
          now,
        ).lastInsertRowid;
      }
      if (several) this.#database.exec('COMMIT');
      return row;
    } catch (error) {
      if (several) this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself (disk full, I/O error); the error that caused it is on its way up.
    }
  }

  #loosen(block: Block): void {
    this.#loose.add(block);
    this.#cancel ??= this.#clock.after(BLOCK_MS, () => this.settle());
  }

  #settle(block: Block): void {
    try {
      const { key, windowMs, used, row, until } = block;
      if (used === 0n) this.#remove.run(row, until);
      else this.#rewrite.run(usesText([{ key, windowMs, amount: used }]), row, until);
    } catch (error) {
      this.#tooMuch(error);
    }
  }

  #forget(row: number | bigint, at: number): void {
    try {
      this.#remove.run(row, at);
    } catch (error) {
      this.#tooMuch(error);
    }
  }

  /** Too much stays counted after a restart, never too little. */
  #tooMuch(error: unknown): void {
    this.#log('error', 'state.db: a counter that was given back stays counted until it expires', error);
  }
}

/** The next block of a counter: twice as large as one that was used up in time. Undefined where each call is written. */
function blockFor(use: CounterUse, usedUp: Block | undefined, now: number): Block | undefined {
  const { key, windowMs, max, amount } = use;
  const most = smaller(max / PART, amount * MOST_CALLS);
  if (most < amount * 2n) return undefined;
  const size = usedUp === undefined ? amount : smaller(larger(usedUp.size * 2n, amount), most);
  const until = now + Math.floor(Math.min(BLOCK_MS, windowMs * BLOCK_PART));
  return { key, windowMs, until, size, used: size === amount ? amount : 0n, row: 0 };
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
