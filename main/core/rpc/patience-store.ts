import type { PatienceStore } from '../gateway/call/patience.ts';
import type { Clock, Database } from '../ports.ts';

/** What was learned of the patience of clients, in `state.db`: it is true of the client, not of one run of the core. */
export function createPatienceStore(database: Database, clock: Pick<Clock, 'now'>): PatienceStore {
  database.exec(
    `CREATE TABLE IF NOT EXISTS client_patience
     (client TEXT PRIMARY KEY, at INTEGER NOT NULL, plain INTEGER, progress INTEGER) STRICT`,
  );
  const write = database.prepare(
    'INSERT OR REPLACE INTO client_patience (client, at, plain, progress) VALUES (?, ?, ?, ?)',
  );
  const read = database.prepare('SELECT plain, progress FROM client_patience WHERE client = ?');
  const drop = database.prepare('DELETE FROM client_patience WHERE client = ?');
  return {
    read(clientId) {
      const row = read.get(clientId);
      if (!row) return undefined;
      return {
        ...(row.plain === null ? {} : { plainMs: Number(row.plain) }),
        ...(row.progress === null ? {} : { withProgressMs: Number(row.progress) }),
      };
    },
    write(clientId, seen) {
      if (seen) write.run(clientId, clock.now(), seen.plainMs ?? null, seen.withProgressMs ?? null);
      else drop.run(clientId);
    },
  };
}
