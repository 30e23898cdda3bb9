import { hash } from 'node:crypto';
import type { Database, SqlValue, Statement } from '../../ports.ts';

export type EntryKind = 'call' | 'outcome' | 'note';

/** One row of the record. */
export interface Entry {
  readonly seq: number;
  readonly kind: string;
  readonly at: number;
  readonly body: string;
  /** Hash of the entry before, and of this one; SHA-256, hex. */
  readonly prev: string;
  readonly hash: string;
}
/** The last entry that is no longer there: what the first kept one continues. Zero and zeros at the beginning. */
export interface Base {
  readonly seq: number;
  readonly hash: string;
}
export const GENESIS = '0'.repeat(64);

/** Over the hash before (hex), kind, time and stored body, each on a line of its own. */
export function entryHash(prev: string, kind: string, at: number, body: string): string {
  return hash('sha256', `${prev}\n${kind}\n${at}\n${body}`, 'hex');
}

/** The writing end of the record: numbers without a gap, each entry holding the hash of the one before. */
export class Chain {
  readonly #database: Database;
  readonly #insert: Statement;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #rollback: Statement;
  #seq: number;
  #hash: string;
  /** The same hash as bytes: what the next entry stores of it. */
  #hashBytes: Buffer;
  #base: Base;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)');
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
    const seq = metaValue(database, 'base_seq');
    const baseHash = metaValue(database, 'base_hash');
    this.#base = { seq: Number(seq ?? 0), hash: typeof baseHash === 'string' ? baseHash : GENESIS };
    const last = readEntry(database.prepare('SELECT * FROM entries ORDER BY seq DESC LIMIT 1').get());
    this.#seq = last?.seq ?? this.#base.seq;
    this.#hash = last?.hash ?? this.#base.hash;
    this.#hashBytes = Buffer.from(this.#hash, 'hex');
  }

  get seq(): number {
    return this.#seq;
  }
  get hash(): string {
    return this.#hash;
  }
  get base(): Base {
    return this.#base;
  }

  /** Writes the next entry and gives its number. Throws what the database throws; the chain is then as before. */
  append(kind: EntryKind, at: number, body: string): number {
    const next = entryHash(this.#hash, kind, at, body);
    const seq = this.#seq + 1;
    const bytes = Buffer.from(next, 'hex');
    this.#insert.run(seq, kind, at, body, this.#hashBytes, bytes);
    this.#seq = seq;
    this.#hash = next;
    this.#hashBytes = bytes;
    return seq;
  }

  /** All of what `work` writes, or nothing. */
  transaction<T>(work: () => T): T {
    const before = { seq: this.#seq, hash: this.#hash, base: this.#base };
    this.#begin.run();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      this.#seq = before.seq;
      this.#hash = before.hash;
      this.#hashBytes = Buffer.from(before.hash, 'hex');
      this.#base = before.base;
      this.#tryRollback();
      throw error;
    }
  }

  /** Removes the entries up to `to`; the chain then begins behind them. To be called within a transaction. */
  drop(to: number): Base {
    const last = readEntry(this.#database.prepare('SELECT * FROM entries WHERE seq = ?').get(to));
    if (!last) throw new Error(`The audit has no entry ${to} to prune up to.`);
    this.#database.prepare('DELETE FROM entries WHERE seq <= ?').run(to);
    this.#base = { seq: to, hash: last.hash };
    setMeta(this.#database, 'base_seq', to);
    setMeta(this.#database, 'base_hash', last.hash);
    return this.#base;
  }

  #tryRollback(): void {
    try {
      this.#rollback.run();
    } catch {
      // SQLite has rolled back by itself (disk full, I/O error); the error that caused it is on its way up.
    }
  }
}

/** A row of `entries` as an Entry. */
export function readEntry(row: Record<string, SqlValue> | undefined): Entry | undefined {
  if (!row) return undefined;
  return {
    seq: Number(row.seq),
    kind: String(row.kind),
    at: Number(row.at),
    body: String(row.body),
    prev: hex(row.prev),
    hash: hex(row.hash),
  };
}

export function metaValue(database: Database, name: string): SqlValue | undefined {
  return database.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.value;
}
export function setMeta(database: Database, name: string, value: SqlValue): void {
  database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(name, value);
}

function hex(value: SqlValue | undefined): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : '';
}
