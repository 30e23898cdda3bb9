/**
 * `npm run conformance [-- REVISION…]`: the official suite directly and through the built gateway, compared check by
 * check. Exits with 1 when anything differs, or when the fixture itself fails a scored scenario.
 */
import { runAll } from './combinations.ts';
import { verdict } from './compare.ts';
import { differencesOf, report } from './report.ts';
import { requirementsOf, revisions } from './requirements.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.find((revision) => !revisions().includes(revision));
if (unknown !== undefined) {
  console.error(`The suite has no requirements of ${unknown}. It has: ${revisions().join(', ')}`);
  process.exit(2);
}
const combinations = await runAll(wanted.length > 0 ? wanted : revisions());
console.log(report(combinations));
const failed = combinations.flatMap(({ revision, direct }) =>
  requirementsOf(revision).scored.filter((scenario) => verdict(direct.get(scenario)) !== 'pass'),
);
if (failed.length > 0) console.log(`The fixture itself does not pass: ${[...new Set(failed)].join(', ')}`);
process.exit(failed.length > 0 || differencesOf(combinations).length > 0 ? 1 : 0);
