import { describe, expect, test } from 'vitest';
import { compare, score } from './compare.ts';
import { differencesOf, report } from './report.ts';
import { requirementsOf, revisions } from './requirements.ts';
import type { Check, Results, Status } from './suite.ts';

/** The comparison can fail: made-up runs that differ in one thing each. */

const check = (id: string, status: Status, name = id): Check => ({ id, name, status });
const results = (checks: Record<string, Check[]>): Results => new Map(Object.entries(checks));
const good = {
  ping: [check('ping', 'SUCCESS'), check('wire-schema-valid', 'SUCCESS')],
  headers: [check('reject', 'SUCCESS', 'WrongMethod'), check('reject', 'SUCCESS', 'WrongName')],
};
const differences = (through: Record<string, Check[]>): string[] =>
  compare(results(good), results(through)).flatMap((scenario) => scenario.differences);

describe('the comparison of two runs', () => {
  test('the same results are the same, whatever was sent on the way', () => {
    expect(differences(good)).toEqual([]);
    expect(differences({ ...good, ping: [...good.ping, check('outgoing-request', 'INFO')] })).toEqual([]);
  });

  test.each<[string, Record<string, Check[]>, string]>([
    [
      'a check that fails',
      { ping: [check('ping', 'FAILURE'), check('wire-schema-valid', 'SUCCESS')] },
      'FAILURE',
    ],
    [
      'a check that only warns',
      { ping: [check('ping', 'WARNING'), check('wire-schema-valid', 'SUCCESS')] },
      'WARNING',
    ],
    [
      'a check that became a remark',
      { ping: [check('ping', 'INFO'), check('wire-schema-valid', 'SUCCESS')] },
      'INFO',
    ],
    ['a check that is gone', { ping: [check('ping', 'SUCCESS')] }, 'absent through the gateway'],
    ['a check more', { ping: [...good.ping, check('ping-error', 'SUCCESS')] }, 'absent direct'],
    ['a check twice', { ping: [...good.ping, check('ping', 'SUCCESS')] }, 'SUCCESS, SUCCESS through'],
    [
      'one case of a check that has several',
      { headers: [check('reject', 'SUCCESS', 'WrongMethod'), check('reject', 'FAILURE', 'WrongName')] },
      'reject (WrongName)',
    ],
  ])('%s is a difference', (_what, changed, said) => {
    const found = differences({ ...good, ...changed });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(said);
  });

  test('a scenario that did not run is a difference and a failure', () => {
    const [ping] = compare(results({ ping: good.ping }), results({}));
    expect(ping).toMatchObject({ direct: 'pass', through: 'failure' });
    expect(ping?.differences).toEqual(['ran only direct']);
  });

  test('the report names what differs, and counts as the suite does', () => {
    const direct = results(good);
    const through = results({ ...good, ping: [{ ...check('ping', 'FAILURE'), errorMessage: 'no answer' }] });
    const combination = {
      upstream: 'stdio' as const,
      revision: '2025-11-25',
      direct,
      through,
      scenarios: compare(direct, through),
      again: ['ping'],
    };
    expect(score(through)).toEqual({ passed: 2, of: 3 });
    expect(differencesOf([combination])).toHaveLength(2);
    const text = report([combination]);
    expect(text).toMatch(/^ping +pass +failure \(!\)$/m);
    expect(text).toContain('2 differences:');
    expect(text).toContain('run again alone: stdio 2025-11-25 ping');
    expect(text).toContain('FAILURE through the gateway: no answer');
    expect(report([{ ...combination, through: direct, scenarios: compare(direct, direct) }])).toContain(
      'the same results',
    );
  });
});

test('the requirements that the installed suite has', () => {
  expect(revisions()).toEqual(['2025-11-25', '2026-07-28']);
  const [legacy, modern] = revisions().map(requirementsOf);
  expect([legacy?.scored.length, legacy?.unscored.length]).toEqual([30, 3]);
  expect([modern?.scored.length, modern?.unscored.length]).toEqual([37, 13]);
});
