import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CounterUse } from '../../../../main/core/policy/judge/counter-use.ts';
import { UNIT } from '../../../../main/core/policy/language/decimal.ts';
import type { Database } from '../../../../main/core/ports.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { countersOf, memoryDatabase } from '../helpers.ts';

const use = (max: number, amount = 1, windowMs = 60_000): CounterUse => ({
  key: 'k',
  windowMs,
  max: BigInt(max) * UNIT,
  amount: BigInt(amount) * UNIT,
  lasting: true,
});

/** What a new process finds counted: as after kill -9, nothing is closed or settled before. */
function countedAfterCrash(clock: FakeClock, database: Database, max: number): number {
  const counters = countersOf(clock, database);
  for (let counted = 0; counted <= max * 2; counted++)
    if (!counters.check([{ ...use(counted + 1), amount: UNIT }]).fits) continue;
    else return counted;
  throw new Error('more is counted than can be');
}

/** How often a counter's rows are written. */
function counting(database: Database): { database: Database; writes: () => number } {
  let writes = 0;
  return {
    writes: () => writes,
    database: {
      exec: (sql) => database.exec(sql),
      close: () => database.close(),
      prepare(sql) {
        const statement = database.prepare(sql);
        if (!sql.startsWith('INSERT')) return statement;
        return {
          run(...values) {
            writes++;
            return statement.run(...values);
          },
          get: (...values) => statement.get(...values),
          all: (...values) => statement.all(...values),
        };
      },
    },
  };
}

describe('counters written ahead', () => {
  it('write one block for many calls, and leave half a percent too much after a crash at most', () => {
    const clock = new FakeClock();
    const { database, writes } = counting(memoryDatabase());
    const counters = countersOf(clock, database);
    for (let i = 0; i < 5000; i++) expect(counters.take([use(20_000)]).ok).toBe(true);
    expect(writes()).toBeLessThan(100);
    const counted = countedAfterCrash(clock, database, 20_000);
    expect(counted).toBeGreaterThanOrEqual(5000);
    expect(counted).toBeLessThanOrEqual(5100);
  });

  it('write every call of a small limit, so that a crash changes nothing', () => {
    const clock = new FakeClock();
    const database = memoryDatabase();
    const counters = countersOf(clock, database);
    for (let i = 0; i < 100; i++) counters.take([use(300)]);
    expect(countedAfterCrash(clock, database, 300)).toBe(100);
  });

  it('write every call of a counter that is taken from now and then', () => {
    const clock = new FakeClock();
    const database = memoryDatabase();
    const counters = countersOf(clock, database);
    for (let i = 0; i < 20; i++) {
      counters.take([use(100_000, 1, 3_600_000)]);
      clock.advance(1500);
    }
    expect(countedAfterCrash(clock, database, 100_000)).toBe(20);
  });

  it('are exact a second later, and when the core ends in order', () => {
    for (const end of ['wait', 'settle']) {
      const clock = new FakeClock();
      const database = memoryDatabase();
      const counters = countersOf(clock, database);
      for (let i = 0; i < 777; i++) counters.take([use(100_000)]);
      if (end === 'wait') clock.advance(1000);
      else counters.settle();
      expect(countedAfterCrash(clock, database, 100_000), end).toBe(777);
      expect(clock.waiting, end).toBe(0);
    }
  });

  it('take back what was released, from an open block and from a closed one', () => {
    const clock = new FakeClock();
    const database = memoryDatabase();
    const counters = countersOf(clock, database);
    const taken = Array.from({ length: 200 }, () => counters.take([use(100_000)]));
    const release = (from: number, to: number): void => {
      for (const each of taken.slice(from, to)) if (each.ok) each.reservation.release();
    };
    release(0, 50);
    counters.settle();
    expect(countedAfterCrash(clock, database, 100_000)).toBe(150);
    release(40, 120);
    counters.settle();
    expect(countedAfterCrash(clock, database, 100_000)).toBe(80);
    release(0, 200);
    counters.settle();
    expect(database.prepare('SELECT count(*) AS n FROM counter_calls').get()?.n).toBe(0);
  });

  it('take nothing when the block cannot be written', () => {
    const clock = new FakeClock();
    const real = memoryDatabase();
    let broken = false;
    const database: Database = {
      exec: (sql) => real.exec(sql),
      close: () => real.close(),
      prepare(sql) {
        const statement = real.prepare(sql);
        return {
          run(...values) {
            if (broken && sql.startsWith('INSERT')) throw new Error('disk full');
            return statement.run(...values);
          },
          get: (...values) => statement.get(...values),
          all: (...values) => statement.all(...values),
        };
      },
    };
    const counters = countersOf(clock, database);
    counters.take([use(100_000)]);
    broken = true;
    expect(() => counters.take([use(100_000)])).toThrow('disk full');
    broken = false;
    expect(countedAfterCrash(clock, database, 100_000)).toBe(1);
    expect(counters.check([use(2)]).fits).toBe(true);
  });

  it('never let more through within a window, whatever crashes when', { tags: ['slow'] }, () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 900 }),
      calls: fc.integer({ min: 0, max: 400 }),
      crash: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const clock = new FakeClock();
        const database = memoryDatabase();
        const max = 1000;
        const windowMs = 3000;
        let counters = countersOf(clock, database);
        const through: number[] = [];
        for (const { wait, calls, crash } of steps) {
          // A killed process runs no timers any more; the wall clock goes on.
          if (crash) {
            clock.jump(wait);
            counters = countersOf(clock, database);
          } else clock.advance(wait);
          for (let i = 0; i < calls; i++)
            if (counters.take([use(max, 1, windowMs)]).ok) through.push(clock.now());
        }
        for (const [at, time] of through.entries()) {
          const first = through[at - max];
          if (first !== undefined) expect(time - first).toBeGreaterThanOrEqual(windowMs);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a restart does not begin where a block would have ended: what was taken before is not freed early', () => {
    const windowMs = 3000;
    const clock = new FakeClock();
    const database = memoryDatabase();
    let counters = countersOf(clock, database);
    const take = (calls: number) => {
      let taken = 0;
      for (let i = 0; i < calls; i++) if (counters.take([use(1000, 1, windowMs)]).ok) taken++;
      return taken;
    };
    // The numbers of calls are such that no block is left half used, which would hide the mistake.
    let through = take(1);
    clock.advance(2006);
    through += take(4);
    clock.advance(58);
    through += take(353);
    clock.advance(816);
    through += take(232);
    // Killed again and again in one breath: time must not run ahead with what was written ahead.
    for (const calls of [222, 189]) {
      counters = countersOf(clock, database);
      through += take(calls);
    }
    expect(through).toBeLessThanOrEqual(1000);
    expect(counters.check([use(1000, 1, windowMs)]).fits).toBe(false);
  });

  it('keeps the counts of a database from before blocks had the time of their making', () => {
    const clock = new FakeClock();
    const database = memoryDatabase();
    database.exec(
      'CREATE TABLE counter_calls (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, expires INTEGER NOT NULL, uses TEXT NOT NULL) STRICT',
    );
    const uses = JSON.stringify([['k', 60_000, UNIT.toString()]]);
    database
      .prepare('INSERT INTO counter_calls (at, expires, uses) VALUES (?, ?, ?)')
      .run(clock.now(), clock.now() + 60_000, uses);
    const counters = countersOf(clock, database);
    expect(counters.check([use(1)]).fits).toBe(false);
    expect(counters.take([use(2)]).ok).toBe(true);
    clock.advance(60_000);
    expect(countersOf(clock, database).check([use(1)]).fits).toBe(true);
  });
});
