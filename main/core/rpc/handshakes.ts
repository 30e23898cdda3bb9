import type { Clock, Database } from '../ports.ts';

/** When each client last connected, and as what software: its file only says what it should do. */
export interface Handshakes {
  record(clientId: string, handshake: { software: string; protocolVersion: string }): void;
  last(clientId: string): { at: number; software: string } | null;
}

export function createHandshakes(database: Database, clock: Clock): Handshakes {
  database.exec(
    'CREATE TABLE IF NOT EXISTS handshakes (client TEXT PRIMARY KEY, at INTEGER NOT NULL, software TEXT NOT NULL)',
  );
  const write = database.prepare('INSERT OR REPLACE INTO handshakes (client, at, software) VALUES (?, ?, ?)');
  const read = database.prepare('SELECT at, software FROM handshakes WHERE client = ?');
  return {
    record: (clientId, { software }) => {
      write.run(clientId, clock.now(), software.slice(0, 200));
    },
    last(clientId) {
      const row = read.get(clientId);
      return row ? { at: Number(row.at), software: String(row.software) } : null;
    },
  };
}
