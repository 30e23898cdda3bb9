import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchHome } from '../kit.ts';
import { type Combination, runAll } from './combinations.ts';
import { score, verdict } from './compare.ts';
import { startFixture } from './fixture.ts';
import { differencesOf } from './report.ts';
import { requirementsOf, revisions } from './requirements.ts';
import { runSuite } from './suite.ts';

/** The official conformance suite, directly and through the built gateway (`npm run conformance` prints the whole table). */

describe('the official suite through the gateway', () => {
  let combinations: Combination[];
  beforeAll(async () => {
    combinations = await runAll();
  }, 300_000);

  test.each(revisions())('the fixture passes every scenario of %s', (revision) => {
    const { scored, unscored } = requirementsOf(revision);
    for (const { direct } of combinations.filter((combination) => combination.revision === revision))
      expect([...scored, ...unscored].filter((scenario) => verdict(direct.get(scenario)) !== 'pass')).toEqual(
        [],
      );
  });

  test.each(revisions().flatMap((revision) => [['http', revision] as const, ['stdio', revision] as const]))(
    'an %s server gives the same results through the gateway, %s',
    (upstream, revision) => {
      const own = combinations.filter(
        (combination) => combination.upstream === upstream && combination.revision === revision,
      );
      expect(own).toHaveLength(1);
      expect(own[0]?.scenarios.length).toBeGreaterThan(30);
      expect(differencesOf(own)).toEqual([]);
    },
  );
});

describe('the fixture by itself', () => {
  const home = scratchHome();
  afterAll(() => home.remove());

  test('passes every check of 2025-11-25 also when it answers with event streams only', async () => {
    const fixture = await startFixture('--answers', 'sse');
    const results = await runSuite(home, 'sse', fixture.url, '2025-11-25');
    await fixture.stop();
    expect(score(results)).toEqual({ passed: 84, of: 84 });
  });
});
