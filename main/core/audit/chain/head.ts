import type { AuditVerdict } from '../../../../shared/schemas/audit.ts';
import type { Database } from '../../ports.ts';

/** How far the record was known to reach. Never ahead of what the audit database holds durably. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}
export interface Fault {
  readonly fault: NonNullable<AuditVerdict['fault']>;
  readonly at: number;
  readonly message: string;
}

/**
 * The second place: `audit.head`, a tiny database of its own (so that it is replaced whole, whenever the process ends).
 * It holds the number and hash of a recent entry, so that entries cut off the end of the record are missed, and the
 * faults found at earlier starts, so that going on writing does not cover them.
 */
export class HeadStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.exec(`
      PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS head (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS faults (fault TEXT NOT NULL, at INTEGER NOT NULL, message TEXT NOT NULL);
    `);
  }

  read(): Head | undefined {
    const row = this.#database.prepare('SELECT seq, hash FROM head').get();
    return row && { seq: Number(row.seq), hash: String(row.hash) };
  }
  write(head: Head): void {
    this.#database.prepare('INSERT OR REPLACE INTO head VALUES (1, ?, ?)').run(head.seq, head.hash);
  }
  faults(): Fault[] {
    return this.#database
      .prepare('SELECT fault, at, message FROM faults ORDER BY rowid')
      .all()
      .map((row) => ({
        fault: row.fault as Fault['fault'],
        at: Number(row.at),
        message: String(row.message),
      }));
  }
  addFault(fault: Fault): void {
    this.#database.prepare('INSERT INTO faults VALUES (?, ?, ?)').run(fault.fault, fault.at, fault.message);
  }
  /** Faults in entries that have been pruned since are over. */
  forgetFaultsUpTo(seq: number): void {
    this.#database.prepare('DELETE FROM faults WHERE at <= ?').run(seq);
  }
  close(): void {
    this.#database.close();
  }
}
