/**
 * `npm run interop [CLIENT …]`: real clients from npm against the built product. Each has a home folder of its own with its
 * real file in it; it is asked for its servers before, routed, and put back. Ends with 1 where one does not do all of it.
 */
import { CHECKS } from './checks.ts';
import { failed, type Outcome, table } from './outcome.ts';
import { tryClient } from './try-client.ts';

const only = process.argv.slice(2);
const chosen = CHECKS.filter(({ id }) => only.length === 0 || only.includes(id));
if (chosen.length === 0 || chosen.length < only.length) {
  console.error(`Unknown client. There are: ${CHECKS.map(({ id }) => id).join(', ')}.`);
  process.exit(2);
}
const outcomes: Outcome[] = [];
for (const check of chosen) outcomes.push(await tryClient(check));
console.log(`\n${table(outcomes)}`);
// Where no program could be installed, nothing was shown.
process.exit(outcomes.some(failed) || outcomes.every(({ skipped }) => skipped !== undefined) ? 1 : 0);
