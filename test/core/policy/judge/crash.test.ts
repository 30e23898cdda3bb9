// @module-tag slow
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { UNIT } from '../../../../main/core/policy/language/decimal.ts';
import type { Database } from '../../../../main/core/ports.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { countersOf } from '../helpers.ts';

/** Takes one after the other and says so after each; it is killed in the middle. */
const CHILD = `
  import { DatabaseSync } from 'node:sqlite';
  import { createCounters } from '${join(import.meta.dirname, '../../../../main/core/policy/judge/counters.ts')}';
  const clock = { now: () => 1000, monotonic: () => 0, after: () => () => {}, every: () => () => {} };
  const counters = createCounters({ database: new DatabaseSync(process.argv[2]), clock, log: () => {} });
  const use = { key: 'k', windowMs: 60000, max: ${UNIT}n * 100000n, amount: ${UNIT}n, lasting: true };
  function next() { counters.take([use]); process.stdout.write('.', next); }
  next();
`;

it('every call that was told to be counted is counted after kill -9', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'crash-'));
  const script = join(dir, 'child.mjs');
  const path = join(dir, 'state.db');
  writeFileSync(script, CHILD);
  const child = spawn(process.execPath, ['--no-warnings', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let told = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.length;
      if (told > 200) child.kill('SIGKILL');
    });
    const [, signal] = await once(child, 'close');
    expect(signal).toBe('SIGKILL');
    const database = new DatabaseSync(path) as unknown as Database;
    const counters = countersOf(new FakeClock(1000), database);
    const fits = (more: number) =>
      counters.check([
        { key: 'k', windowMs: 60_000, max: BigInt(told) * UNIT, amount: BigInt(more) * UNIT, lasting: true },
      ]).fits;
    // At least every call told of is there; the one in hand at the end may be, too.
    expect(fits(1)).toBe(false);
    expect(
      Number(database.prepare('SELECT count(*) AS n FROM counter_calls').get()?.n) - told,
    ).toBeLessThanOrEqual(1);
    database.close();
  } finally {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
});
