// @module-tag slow
import { expect, test } from 'vitest';
import { asOneLine } from '../../../main/core/codec/wire/lines.ts';
import { PythonReader, pythonIsAbsent } from '../../fuzz/python-reader.ts';
import { fuzz } from '../../fuzz/run.ts';

/**
 * For any bytes a client sends: nothing reaches the server, or every JSON reader a server could use sees exactly the
 * messages and calls that were judged. `npm run fuzz` runs many more cases, with a new seed each time.
 */
const nightly = process.env.DRAWBRIDGE_NIGHTLY === '1';
const cases = nightly ? 200_000 : 5000;
const seed = Number(process.env.DRAWBRIDGE_FUZZ_SEED ?? (nightly ? Date.now() % 2 ** 31 : 20_261_121));
const framed = (raw: Buffer): Buffer => Buffer.concat([asOneLine(raw), Buffer.from('\n')]);
const absent = pythonIsAbsent();

test(
  `${cases} frames, seed ${seed}`,
  async () => {
    console.log(`differential fuzzing: ${cases} frames, DRAWBRIDGE_FUZZ_SEED=${seed}`);
    const started = performance.now();
    const counts = await fuzz({ seed, cases, framed });
    console.log(
      `${counts.forwarded} of ${counts.cases} reached the server, ${counts.calls} of them calls; ${Math.round(performance.now() - started)} ms`,
    );
    expect(counts.cases).toBe(cases);
    // Otherwise the property says little.
    expect(counts.forwarded).toBeGreaterThan(cases / 5);
    expect(counts.calls).toBeGreaterThan(cases / 10);
    expect(counts.forwarded).toBeLessThan(cases * 0.9);
  },
  nightly ? 1_800_000 : 120_000,
);

test.skipIf(absent !== undefined)(
  `Python's own json module sees the same${absent === undefined ? '' : ` (skipped: ${absent})`}`,
  async () => {
    const python = new PythonReader();
    try {
      const counts = await fuzz({ seed: seed + 1, cases: nightly ? 20_000 : 1000, framed, python });
      expect(counts.calls).toBeGreaterThan(100);
    } finally {
      await python.stop();
    }
  },
  nightly ? 600_000 : 120_000,
);
if (absent !== undefined) console.warn(`The comparison with Python's json module is skipped: ${absent}`);
