import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { importPolicy } from '../../../../main/core/policy/import/import-policy.ts';
import { bare, engineOf, facts } from '../helpers.ts';
import { CALLS, type Row, tableOfCalls } from './calls.ts';
import { Original } from './original.ts';

const YAML = readFileSync(new URL('../../../fixtures/policy-import/shop.yaml', import.meta.url), 'utf8');
const DOCS = new URL('../../../../docs/policy-import.md', import.meta.url);
const timeOf = ({ at }: Row) => Date.parse(`2026-11-02T${at}Z`);
const argsOf = ({ args }: Row) => JSON.parse(JSON.stringify(args)) as Record<string, unknown>;
const label = (row: Row) => `${row.at} ${row.tool} ${JSON.stringify(row.args)}`;

function ours(): string[] {
  const imported = importPolicy(YAML);
  if (imported.text === null) throw new Error(JSON.stringify(imported.problems, null, 2));
  const { engine, clock } = engineOf(JSON.parse(imported.text) as object);
  return CALLS.map((row) => {
    clock.advance(timeOf(row) - clock.now());
    const call = facts(row.tool, bare(argsOf(row)) as object, { argsDigest: label(row) });
    const verdict = engine.judge(call);
    // What the server answers is no matter here: a call that reached it stays counted.
    if (verdict.decision === 'allow') expect(engine.reserve(call, false).ok).toBe(true);
    return `${label(row)}: ${verdict.decision}`;
  });
}

test('the table holds at least 60 calls, and a reason wherever the two differ', () => {
  expect(CALLS.length).toBeGreaterThanOrEqual(60);
  expect(CALLS.filter((row) => row.ours !== row.original && row.why === undefined)).toEqual([]);
});

test('the original decides as the table says', () => {
  const judge = new Original(YAML);
  const decided = CALLS.map(
    (row) => `${label(row)}: ${judge.call(row.tool, argsOf(row), timeOf(row), row.fails)}`,
  );
  expect(decided).toEqual(CALLS.map((row) => `${label(row)}: ${row.original}`));
});

test('the imported policy decides as the table says', () => {
  expect(ours()).toEqual(CALLS.map((row) => `${label(row)}: ${row.ours}`));
});

test('every reason for a difference is in the report of the import', () => {
  const { changes } = importPolicy(YAML);
  const told = changes.map(({ message }) => message).join('\n');
  for (const word of [
    'slide',
    'negative',
    'decimals',
    'stays counted',
    'no patterns',
    'line break',
    'another type',
  ])
    expect(told).toContain(word);
});

test('docs/policy-import.md shows the same table', () => {
  const docs = existsSync(DOCS) ? readFileSync(DOCS, 'utf8') : '';
  expect(docs).toContain(tableOfCalls());
});
