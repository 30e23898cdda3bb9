import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../node/node-ports.ts';

/**
 * One core at a time for a data folder. The lock is an exclusive SQLite transaction: the operating system gives it back
 * when the process ends, however it ends, so it can never be stale.
 */
export function tryLock(dataDir: string): { release(): void } | undefined {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = openDatabase(join(dataDir, 'core.lock'));
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw error;
  }
  return {
    release() {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}
