// @module-tag slow
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importPolicy } from '../../../../main/core/policy/import/import-policy.ts';
import { engineOf, facts } from '../helpers.ts';
import { Original } from './original.ts';

/**
 * The examples of the original's own documentation, where its policy reference (a Markdown file) is at hand:
 * DRAWBRIDGE_POLICY_REFERENCE=/path/to/POLICY.md. They are not kept in this repository.
 */
const path = process.env.DRAWBRIDGE_POLICY_REFERENCE;
if (path === undefined)
  console.log('DRAWBRIDGE_POLICY_REFERENCE is not set: the documented examples themselves are not tried.');

const TOOLS = [
  'create_issue',
  'create_pull_request',
  'delete_repository',
  'transfer_repository',
  'create_charge',
  'create_refund',
  'delete_customer',
  'list_files',
];
const calls = fc.array(
  fc.record({
    tool: fc.constantFrom(...TOOLS),
    args: fc.record(
      {
        amount: fc.constantFrom<unknown>(0, 100, 10_000, 10_001, 50_000, 50_001, 300_000, '100'),
        currency: fc.constantFrom<unknown>('usd', 'eur', 'gbp', 1),
      },
      { requiredKeys: [] },
    ),
  }),
  { minLength: 60, maxLength: 90 },
);

test.skipIf(path === undefined)('each documented example decides like the original', () => {
  const markdown = readFileSync(path as string, 'utf8');
  const examples = [...markdown.matchAll(/```yaml\n(version: "1"[\s\S]*?)```/g)]
    .map(([, yaml = '']) => yaml)
    // One block only shows the outline, with a placeholder for the rules.
    .filter((yaml) => !yaml.includes('<tool_name>'));
  expect(examples.length).toBeGreaterThan(0);
  for (const yaml of examples) {
    const { text, problems } = importPolicy(yaml);
    expect(problems).toEqual([]);
    fc.assert(
      fc.property(calls, (made) => {
        const original = new Original(yaml);
        const { engine, clock } = engineOf(JSON.parse(text ?? '') as object);
        for (const [i, { tool, args }] of made.entries()) {
          // All within one minute of the calendar, where a sliding window holds the same calls.
          clock.advance(500);
          const call = facts(tool, args, { argsDigest: String(i) });
          const { decision } = engine.judge(call);
          if (decision === 'allow') engine.reserve(call, false);
          expect(decision === 'hide' ? 'deny' : decision).toBe(original.call(tool, args, clock.now()));
        }
      }),
      { numRuns: 30 },
    );
  }
});
