/**
 * `npm run fuzz`: 200 000 frames and 40 000 lists of the differential fuzzing, with a new seed each time. DRAWBRIDGE_FUZZ_SEED repeats a
 * run; a failing frame is printed, made small, and kept in test-results/fuzz.
 */
import { run } from './test/run.ts';

const { code } = await run(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'L1', 'test/core/codec/differential'],
  { show: true, env: { DRAWBRIDGE_NIGHTLY: '1' } },
);
process.exitCode = code;
