import { messageOf } from '../../../shared/base/message-of.ts';
import type { Database } from '../ports.ts';

/** The version of audit.db that this program reads and writes, kept in the database's `user_version`. */
export const AUDIT_SCHEMA = 2;

/**
 * `entries` is the record: appended to, never changed (a trigger refuses it), pruned from its old end.
 * `calls` and `combos` only make it quick to page through, and are rebuilt from it.
 */
const TABLES = `
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
    prev BLOB NOT NULL, hash BLOB NOT NULL
  );
  CREATE TRIGGER entries_append_only BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'audit entries are not changed'); END;
  CREATE TABLE calls (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, combo INTEGER NOT NULL, outcome INTEGER);
  CREATE INDEX calls_by_combo ON calls (combo);
  CREATE INDEX calls_running ON calls (seq) WHERE outcome IS NULL;
  CREATE TABLE combos (
    id INTEGER PRIMARY KEY, client TEXT NOT NULL, server TEXT NOT NULL, tool TEXT, decision TEXT NOT NULL,
    mixed INTEGER NOT NULL, would TEXT
  );
  CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
`;

/** Opens the tables, making them in an empty database. Throws a sentence for people where that cannot be. */
export function openSchema(database: Database): void {
  let version: number;
  try {
    database.exec('PRAGMA busy_timeout = 5000');
    version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  } catch (cause) {
    throw new Error(
      `The audit database cannot be read (${reason(cause)}). No call is let through without a record: restore audit.db from a backup, or move it and audit.head away to begin a new record.`,
      { cause },
    );
  }
  if (version > AUDIT_SCHEMA)
    throw new Error(
      `The audit database was written by a newer version of Drawbridge (schema ${version}; this one knows ${AUDIT_SCHEMA}) and is left as it is. Update Drawbridge, or use another data folder.`,
    );
  if (version === 0) {
    // Only possible before the first table is there.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${AUDIT_SCHEMA}; COMMIT;`);
  }
  // Version 1 could not be searched for what enforcing would have done. The index is emptied and rebuilt from the entries.
  if (version === 1)
    database.exec(
      `BEGIN; DELETE FROM calls; DELETE FROM combos; DELETE FROM meta WHERE name = 'indexed';
       ALTER TABLE combos ADD COLUMN would TEXT; PRAGMA user_version = ${AUDIT_SCHEMA}; COMMIT;`,
    );
  // WAL with synchronous NORMAL: what was committed outlives the process however it ends, at the price of one write.
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 33554432; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000;
    PRAGMA trusted_schema = OFF;
  `);
}

export function reason(error: unknown): string {
  return messageOf(error);
}
