// @module-tag slow
import { expect, test } from 'vitest';
import { fuzzLists } from '../../fuzz/lists.ts';

/** What a client sees of a server's tools is what the policy left and the catalogue holds, whatever reads it. */
const nightly = process.env.DRAWBRIDGE_NIGHTLY === '1';
const cases = nightly ? 40_000 : 2000;
const seed = Number(process.env.DRAWBRIDGE_FUZZ_SEED ?? (nightly ? Date.now() % 2 ** 31 : 20_261_121));

test(`${cases} lists, seed ${seed}`, async () => {
  const { shown, changed } = await fuzzLists(seed, cases);
  console.log(
    `${shown} of ${cases} lists were shown, ${changed} of them changed; DRAWBRIDGE_FUZZ_SEED=${seed}`,
  );
  // Otherwise the property says little.
  expect(shown).toBeGreaterThan(cases / 5);
  expect(changed).toBeGreaterThan(cases / 20);
}, 600_000);
