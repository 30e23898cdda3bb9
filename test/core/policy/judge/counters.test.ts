import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CounterUse } from '../../../../main/core/policy/judge/counter-use.ts';
import { createCounters } from '../../../../main/core/policy/judge/counters.ts';
import { toUnits, UNIT, unitsToText } from '../../../../main/core/policy/language/decimal.ts';
import type { Database } from '../../../../main/core/ports.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { countersOf, memoryDatabase } from '../helpers.ts';

const use = (key: string, max: number, amount = 1, windowMs = 60_000, lasting = true): CounterUse => ({
  key,
  windowMs,
  max: toUnits(max) as bigint,
  amount: toUnits(amount) as bigint,
  lasting,
});

describe('sliding windows', () => {
  it('free exactly when the oldest leaves the window', () => {
    const clock = new FakeClock();
    const counters = countersOf(clock);
    const start = clock.now();
    expect(counters.take([use('a', 2)]).ok).toBe(true);
    clock.advance(20_000);
    expect(counters.take([use('a', 2)]).ok).toBe(true);
    expect(counters.check([use('a', 2)])).toEqual({ fits: false, index: 0, freeAt: start + 60_000 });
    clock.advance(39_999);
    expect(counters.check([use('a', 2)]).fits).toBe(false);
    clock.advance(1);
    expect(counters.check([use('a', 2)]).fits).toBe(true);
  });

  it('takes all or none', () => {
    const counters = countersOf(new FakeClock());
    counters.take([use('b', 1)]);
    expect(counters.take([use('a', 1), use('b', 1)])).toMatchObject({ ok: false, fit: { index: 1 } });
    expect(counters.take([use('a', 1)]).ok).toBe(true);
  });

  it('says never when a single call is too much', () => {
    const counters = countersOf(new FakeClock());
    expect(counters.check([use('a', 5, 6)])).toEqual({ fits: false, index: 0, freeAt: undefined });
    expect(counters.check([use('a', 0)])).toEqual({ fits: false, index: 0, freeAt: undefined });
  });

  it('counts money exactly', () => {
    const counters = countersOf(new FakeClock());
    for (let i = 0; i < 3; i++) expect(counters.take([use('a', 0.3, 0.1)]).ok).toBe(true);
    expect(counters.take([use('a', 0.3, 0.000000000001)]).ok).toBe(false);
  });

  it('counts one call once, though two limits name the counter', () => {
    const counters = countersOf(new FakeClock());
    expect(counters.take([use('a', 2), use('a', 3)]).ok).toBe(true);
    expect(counters.take([use('a', 2), use('a', 3)]).ok).toBe(true);
    expect(counters.take([use('a', 2), use('a', 3)]).ok).toBe(false);
    expect(counters.take([use('a', 3)]).ok).toBe(true);
    expect(counters.take([use('b', 1), use('b', 5, 4)]).ok).toBe(false);
  });

  it('counts a forced use beyond the limit', () => {
    const counters = countersOf(new FakeClock());
    expect(counters.take([use('a', 1)]).ok).toBe(true);
    expect(counters.take([{ ...use('a', 1), force: true }]).ok).toBe(true);
    expect(counters.check([use('a', 2)]).fits).toBe(false);
  });

  it('never frees early when the clock is set back, and goes on at the right pace', () => {
    const clock = new FakeClock();
    const counters = countersOf(clock);
    counters.take([use('a', 1)]);
    clock.advance(10_000);
    clock.jump(-3_600_000);
    const fit = counters.check([use('a', 1)]);
    expect(fit).toMatchObject({ fits: false, freeAt: clock.now() + 50_000 });
    clock.advance(49_999);
    expect(counters.check([use('a', 1)]).fits).toBe(false);
    clock.advance(1);
    expect(counters.check([use('a', 1)]).fits).toBe(true);
  });
});

describe('what is kept', () => {
  it('outlives a killed process: another connection sees every call taken', () => {
    const dir = mkdtempSync(join(tmpdir(), 'counters-'));
    const open = () => new DatabaseSync(join(dir, 'state.db')) as unknown as Database;
    const first = open();
    const second = open();
    try {
      const clock = new FakeClock();
      const counters = countersOf(clock, first);
      const given = counters.take([use('a', 3, 1.5), use('s', 1, 1, 60_000, false)]);
      counters.take([use('a', 3, 1.5)]);
      clock.advance(1000);
      // The first connection is never closed, as after kill -9.
      const again = countersOf(clock, second);
      expect(again.check([use('a', 3, 0.01)])).toMatchObject({ fits: false, freeAt: clock.now() + 59_000 });
      expect(again.check([use('s', 1, 1, 60_000, false)]).fits).toBe(true);
      if (given.ok) given.reservation.release();
      expect(countersOf(clock, second).check([use('a', 3, 1.5)]).fits).toBe(true);
    } finally {
      first.close();
      second.close();
      rmSync(dir, { recursive: true });
    }
  });

  it('does not free early when the clock was set back between runs', () => {
    const database = memoryDatabase();
    const clock = new FakeClock();
    countersOf(clock, database).take([use('a', 1)]);
    clock.jump(-86_400_000);
    const again = countersOf(clock, database);
    expect(again.check([use('a', 1)])).toMatchObject({ fits: false, freeAt: clock.now() + 60_000 });
    clock.advance(60_000);
    expect(again.check([use('a', 1)]).fits).toBe(true);
  });

  it('prunes what has left every window', () => {
    const database = memoryDatabase();
    const clock = new FakeClock();
    const counters = countersOf(clock, database);
    for (let i = 0; i < 1200; i++) {
      counters.take([use(`k${i % 7}`, 1000, 1, 1000)]);
      clock.advance(10);
    }
    const rows = Number(database.prepare('SELECT count(*) AS n FROM counter_calls').get()?.n);
    expect(rows).toBeLessThan(620);
    clock.advance(1000);
    countersOf(clock, database);
    expect(Number(database.prepare('SELECT count(*) AS n FROM counter_calls').get()?.n)).toBe(0);
  });

  it('says what to do when the stored counters cannot be read', () => {
    const database = memoryDatabase();
    countersOf(new FakeClock(), database).take([use('a', 1)]);
    database.exec(`UPDATE counter_calls SET uses = '{"x":1}'`);
    expect(() => countersOf(new FakeClock(), database)).toThrow(/state\.db: row 1 .* Move state\.db away/);
  });

  it('takes nothing when it cannot be written', () => {
    const clock = new FakeClock();
    const database = memoryDatabase();
    const counters = createCounters({ database, clock, log: () => {} });
    database.exec('DROP TABLE counter_calls');
    expect(() => counters.take([use('a', 1)])).toThrow();
    expect(counters.check([use('a', 1)]).fits).toBe(true);
  });
});

/** A step of a random history. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('take' as const),
    key: fc.constantFrom('a', 'b', 'both'),
    amount: fc.constantFrom(0, 0.1, 0.25, 1, 3),
  }),
  fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 1500 }) }),
  fc.record({ do: fc.constant('back' as const), ms: fc.integer({ min: 1, max: 5000 }) }),
  fc.record({ do: fc.constant('restart' as const) }),
  fc.record({ do: fc.constant('release' as const), which: fc.nat(20) }),
);

describe('properties', () => {
  it('no window ever holds more than its max, and freeAt is exact, through restarts and clock changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = new FakeClock();
        const database = memoryDatabase();
        let counters = countersOf(clock, database);
        const limits = { a: { max: 3, windowMs: 1000 }, b: { max: 5, windowMs: 2500 } };
        // True time is the monotonic clock: the history is checked against that, not against the wall clock.
        const history: { at: number; key: 'a' | 'b'; amount: bigint; release?: () => void }[] = [];
        for (const s of steps) {
          if (s.do === 'advance') clock.advance(s.ms);
          else if (s.do === 'back') clock.jump(-s.ms);
          else if (s.do === 'restart') {
            counters = countersOf(clock, database);
            for (const entry of history) delete entry.release;
          } else if (s.do === 'release') {
            const entry = history[s.which];
            if (entry?.release === undefined) continue;
            const { release } = entry;
            release();
            for (const other of history) if (other.release === release) other.amount = 0n;
          } else {
            const keys: ('a' | 'b')[] = s.key === 'both' ? ['a', 'b'] : [s.key];
            const uses = keys.map((key) => use(key, limits[key].max, s.amount, limits[key].windowMs));
            const result = counters.take(uses);
            if (result.ok) {
              const release = () => result.reservation.release();
              for (const key of keys)
                history.push({ at: clock.monotonic(), key, amount: toUnits(s.amount) as bigint, release });
            } else if (!result.fit.fits && result.fit.freeAt !== undefined) {
              const wait = result.fit.freeAt - clock.now();
              expect(wait).toBeGreaterThan(0);
              if (wait > 1) {
                clock.advance(wait - 1);
                expect(counters.check(uses).fits).toBe(false);
                clock.advance(1);
              } else clock.advance(wait);
              expect(counters.check(uses).fits).toBe(true);
            }
          }
          for (const [key, { max, windowMs }] of Object.entries(limits)) {
            const now = clock.monotonic();
            let sum = 0n;
            for (const entry of history)
              if (entry.key === key && entry.at + windowMs > now) sum += entry.amount;
            expect(sum <= BigInt(max) * UNIT).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('decimals are read as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 8 }), (digits, places) => {
        const text =
          places === 0
            ? String(digits)
            : `${Math.floor(digits / 10 ** places)}.${String(digits % 10 ** places).padStart(places, '0')}`;
        expect(toUnits(Number(text))).toBe(BigInt(digits) * 10n ** BigInt(12 - places));
      }),
    );
    expect(toUnits(1e-7)).toBe(100_000n);
    expect(toUnits(1e-13)).toBe(1n);
    expect([Number.NaN, -1, -0.1, Number.POSITIVE_INFINITY, 2 ** 53].map((value) => toUnits(value))).toEqual(
      Array(5).fill(undefined),
    );
    expect(unitsToText(toUnits(12.5) as bigint)).toBe('12.5');
  });
});
