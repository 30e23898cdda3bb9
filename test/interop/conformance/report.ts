import type { Combination } from './combinations.ts';
import { score } from './compare.ts';

/** The table that `npm run conformance` prints: a line a scenario, a column a combination; differences below. */
export function report(combinations: readonly Combination[]): string {
  const lines: string[] = [];
  const revisions = [...new Set(combinations.map(({ revision }) => revision))];
  for (const revision of revisions) {
    const own = combinations.filter((combination) => combination.revision === revision);
    const first = own[0] as Combination;
    const width = Math.max(...first.scenarios.map(({ scenario }) => scenario.length));
    const row = (name: string, cells: string[]): string =>
      `${name.padEnd(width)}  ${cells.map((cell) => cell.padEnd(15)).join('')}`.trimEnd();
    lines.push(
      row(
        '',
        own.flatMap(({ upstream }) => [`${upstream} direct`, 'through']),
      ),
    );
    first.scenarios.forEach(({ scenario }, at) => {
      const cells = own.flatMap(({ scenarios }) => {
        const { direct = 'failure', through = 'failure', differences = [] } = scenarios[at] ?? {};
        return [direct, differences.length === 0 ? through : `${through} (!)`];
      });
      lines.push(row(scenario, cells));
    });
    const count = (results: Combination['direct']): string => {
      const { passed, of } = score(results);
      return `${passed}/${of}`;
    };
    lines.push(
      row(
        'checks',
        own.flatMap(({ direct, through }) => [count(direct), count(through)]),
      ),
      '',
    );
  }
  for (const { upstream, revision, again } of combinations)
    if (again.length > 0)
      lines.push(`Differed at first, run again alone: ${upstream} ${revision} ${again.join(', ')}`);
  const different = differencesOf(combinations);
  lines.push(
    different.length === 0
      ? 'The gateway gives the same results as the servers themselves.'
      : `${different.length} differences:\n${different.join('\n')}`,
  );
  return lines.join('\n');
}

/** Every difference of every combination, one line each. */
export function differencesOf(combinations: readonly Combination[]): string[] {
  return combinations.flatMap(({ upstream, revision, scenarios }) =>
    scenarios.flatMap(({ scenario, differences }) =>
      differences.map((difference) => `${upstream} ${revision} ${scenario}: ${difference}`),
    ),
  );
}
