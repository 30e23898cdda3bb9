import type { Database } from '../../ports.ts';
import type { CounterUse } from './counter-use.ts';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS counter_calls (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    uses TEXT NOT NULL,
    made INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS counter_calls_expires ON counter_calls (expires);
`;

/** Makes the table of counted calls in `state.db`, or brings one of an older version up to date. */
export function openCounterCalls(database: Database): void {
  database.exec(SCHEMA);
  const columns = database.prepare("SELECT name FROM pragma_table_info('counter_calls')").all();
  if (!columns.some(({ name }) => name === 'made'))
    database.exec('ALTER TABLE counter_calls ADD COLUMN made INTEGER');
}

/** What a call took, as its row keeps it. */
export function usesText(uses: readonly Pick<CounterUse, 'key' | 'windowMs' | 'amount'>[]): string {
  return JSON.stringify(uses.map((use) => [use.key, use.windowMs, use.amount.toString()]));
}

/** Reads it back. @throws with a sentence for people when the row cannot be read */
export function storedUses(text: unknown, id: unknown): [key: string, windowMs: number, amount: string][] {
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
