import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Database } from '../../../main/core/ports.ts';
import { call, openAudit, outcome, tempFolder } from './helpers.ts';

/** The end of this turn of the event loop, and what it sets off. */
const turnEnd = (): Promise<void> => new Promise((done) => setImmediate(() => setImmediate(done)));

/** A database that counts its commits, and fails to write while told to. */
function watched(dir: string): Database & { commits: number; failing: boolean } {
  const real = new DatabaseSync(join(dir, 'audit.db')) as unknown as Database;
  const database = {
    commits: 0,
    failing: false,
    exec: (sql: string) => real.exec(sql),
    close: () => real.close(),
    prepare(sql: string) {
      const statement = real.prepare(sql);
      return {
        run(...values: Parameters<typeof statement.run>) {
          if (database.failing && sql.startsWith('INSERT INTO entries')) throw new Error('disk is full');
          if (sql === 'COMMIT') database.commits++;
          return statement.run(...values);
        },
        get: (...values: Parameters<typeof statement.get>) => statement.get(...values),
        all: (...values: Parameters<typeof statement.all>) => statement.all(...values),
      };
    },
  };
  return database;
}

test('calls of one turn are written in one commit, in order, and told only then', async () => {
  const dir = tempFolder();
  const database = watched(dir);
  const { audit } = openAudit(dir, { database });
  const before = database.commits;
  const told: number[] = [];
  const given = Array.from({ length: 40 }, (_, n) => {
    const seq = audit.beginSoon(call({ tool: `t${n}` }), (failed) => {
      expect(failed).toBeUndefined();
      // Another connection sees it: it is on the disk.
      const other = new DatabaseSync(join(dir, 'audit.db'), { readOnly: true });
      expect(other.prepare('SELECT count(*) AS n FROM entries').get()?.n).toBeGreaterThanOrEqual(seq);
      other.close();
      told.push(seq);
    });
    return seq;
  });
  expect(told).toEqual([]);
  expect(database.commits).toBe(before);
  await turnEnd();
  expect(told).toEqual(given);
  // The calls; then, because there are many, the index behind them.
  expect(database.commits - before).toBe(2);
  expect(given.map((seq) => audit.detail(seq)?.tool)).toEqual(given.map((_, n) => `t${n}`));
  expect(audit.verify().ok).toBe(true);
  expect(audit.today().calls).toBe(40);
  audit.close();
});

test('a call that is recorded at once goes behind those that wait', async () => {
  const dir = tempFolder();
  const { audit } = openAudit(dir);
  const told: number[] = [];
  const first = audit.beginSoon(call({ tool: 'first' }), () => told.push(first));
  const second = audit.begin(call({ tool: 'second' }));
  const third = audit.beginSoon(call({ tool: 'third' }), () => told.push(third));
  expect([first, second, third]).toEqual([1, 2, 3]);
  audit.finish(first, outcome({ status: 'cancelled' }));
  await turnEnd();
  expect(told).toEqual([first, third]);
  expect(audit.detail(first)).toMatchObject({ tool: 'first', status: 'cancelled' });
  expect(audit.detail(second)?.tool).toBe('second');
  expect(audit.verify().ok).toBe(true);
  audit.close();
});

test('when they cannot be written every one of them is told, and nothing is left of them', async () => {
  const dir = tempFolder();
  const database = watched(dir);
  const { audit } = openAudit(dir, { database });
  const kept = audit.begin(call({ tool: 'kept' }));
  audit.finish(kept, outcome());
  database.failing = true;
  const failures: (Error | undefined)[] = [];
  const lost = [1, 2, 3].map(() =>
    audit.beginSoon(call({ tool: 'lost' }), (failed) => failures.push(failed)),
  );
  audit.finish(lost[0] as number, outcome({ status: 'cancelled' }));
  await turnEnd();
  expect(failures).toHaveLength(3);
  for (const failed of failures) expect(failed?.message).toMatch(/could not be written \(disk is full\)/);
  database.failing = false;
  const next = audit.begin(call({ tool: 'next' }));
  expect(audit.page({ limit: 10 }).map(({ tool, status }) => [tool, status])).toEqual([
    ['next', 'running'],
    ['kept', 'ok'],
  ]);
  expect(audit.detail(next)?.tool).toBe('next');
  expect(audit.verify()).toMatchObject({ ok: true });
  expect(audit.today().calls).toBe(2);
  audit.close();
});

test('closing writes what waits', async () => {
  const dir = tempFolder();
  const { audit } = openAudit(dir);
  let told = 0;
  audit.beginSoon(call({ tool: 'last' }), () => told++);
  audit.close();
  await turnEnd();
  expect(told).toBe(1);
  expect(() => audit.beginSoon(call(), () => undefined)).toThrow(/closed/);
  const again = openAudit(dir).audit;
  expect(again.page({ limit: 10 })).toMatchObject([{ tool: 'last', status: 'lost' }]);
  again.close();
});
