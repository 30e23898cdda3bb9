import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { importPolicy } from '../../../../main/core/policy/import/import-policy.ts';
import { cpuTime } from '../../../kit/cpu-time.ts';
import { judge } from '../helpers.ts';
import { Original } from './original.ts';

function imported(
  yaml: string,
): Record<string, never> & { tools: Record<string, unknown>; all_tools?: unknown } {
  const result = importPolicy(yaml);
  if (result.text === null) throw new Error(JSON.stringify(result.problems, null, 2));
  return JSON.parse(result.text);
}
const problems = (yaml: string) =>
  importPolicy(yaml).problems.map(({ path, message, suggestion }) => `${path} ${message} [${suggestion}]`);
const policy = (tools: object, more: object = {}) =>
  stringify({ version: '1', ...more, tools }, { defaultStringType: 'QUOTE_DOUBLE' });
const rules = (...list: object[]) => ({
  pay: { rules: list.map((rule, i) => ({ name: `r${i}`, ...rule })) },
});
const where = (path: string, op: string, value: unknown) => ({ conditions: [{ path, op, value }] });

describe('what is not a policy of the form', () => {
  test.each([
    ['', 'The file is empty.'],
    ['- a', 'A policy must be a map'],
    ['version: "2"\ntools: {}', 'version must be "1", not "2".'],
    ['tools: {}', 'version must be "1", and is missing.'],
    ['version: 1\nversion: 1', 'Line 2, column 1: the key "version" is written twice.'],
    ['version: 1\n"version": 1', 'the key "version" is written twice'],
    ['a: &x 1\nb: &x 2', 'the anchor &x is set twice'],
    ['a: *x', 'Line 1, column 4'],
    ['a: &x [*x]', 'nested deeper'],
    ['- '.repeat(20_000), 'nested too deeply'],
    ['a: !!binary aGk=', 'is not known'],
    ['version: 1\n---\nversion: 1', 'more than one document'],
    ['version: 1\ntools: [', 'this is not YAML'],
    ['version: 1\ndefault: ask', 'default must be one of "allow", "deny", not "ask".'],
    ['version: 1\nhide: [a, a]', 'hide names "a" twice.'],
    ['version: 1\ntools: {a: {rules: [{name: x}]}}', 'needs at least one condition'],
    ['version: 1\ntools: {a: {rules: [{action: deny}]}}', 'A rule must have a name.'],
    ['version: 1\ntools: {a: {rules: [{name: x, action: block}]}}', 'action must be one of'],
    [
      'version: 1\ntools: {a: {rules: [{name: x, rate_limit: 5/second}]}}',
      'rate_limit must be like "5/hour"',
    ],
    ['version: 1\ntools: {a: {rules: [{name: x, rate_limit: 0/hour}]}}', 'rate_limit must be like "5/hour"'],
    [
      'version: 1\ntools: {a: {rules: [{name: x, rate_limit: 1/hour}, {name: y, rate_limit: 2/hour}]}}',
      'is kept by rules/0 of this tool already',
    ],
    ['version: 1\ntools: {__proto__: {}}', 'may not be named "__proto__"'],
    ['a: &a [1]\n<<: *a', 'merge keys are not read'],
    [policy(rules(where('amount', 'lte', 5))), '[args.amount]'],
    [policy(rules(where('args.amount', 'lessthan', 5))), 'op must be one of'],
    [policy(rules(where('args.amount', 'lte', '5'))), '"lte" needs a number.'],
    [policy(rules(where('args.amount', 'in', 5))), '"in" needs a list.'],
    [policy(rules(where('args.a', 'regex', '('))), 'the regular expression is not understood'],
    [policy(rules(where('state.pay.n', 'lte', 5))), 'is kept by no rule'],
    [
      'version: 1\ntools: {a: {rules: [{name: x, conditions: [{path: args.d, op: eq, value: 2026-01-02}]}]}}',
      'reads as a date',
    ],
  ])('%j', (yaml, told) => {
    const result = importPolicy(yaml);
    expect(result.text).toBeNull();
    expect(problems(yaml).join('\n')).toContain(told);
  });

  test('a key that is not known is a problem with its path, its place and what was meant', () => {
    const yaml = `version: "1"\ntools:\n  pay:\n    rules:\n      - name: x\n        condition: []\n`;
    const [problem] = importPolicy(yaml).problems;
    expect(problem).toEqual({
      path: '/tools/pay/rules/0/condition',
      message:
        'Line 6, column 9: "condition" is not known here. Known: name, action, rate_limit, conditions, on_deny, state.',
      suggestion: 'conditions',
    });
  });

  test('a file of a few lines that stands for billions of values is refused at once', {
    tags: ['slow'],
  }, () => {
    const levels = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
        : `a${i}: &a${i} [${Array(9)
            .fill(`*a${i - 1}`)
            .join(', ')}]`,
    );
    const begin = cpuTime();
    expect(problems(levels.join('\n')).join('\n')).toContain('stands for more than 100000 values');
    expect(cpuTime() - begin).toBeLessThan(2000);
    expect(problems('['.repeat(50_000)).join('\n')).toContain('nested deeper');
    // Many keys, and many aliases of one anchor.
    const keys = Array.from({ length: 20_000 }, (_, i) => `key_${i}: 1`).join('\n');
    expect(problems(`a: &a 1\nb: [${Array(20_000).fill('*a').join(', ')}]\n${keys}`).length).toBeGreaterThan(
      0,
    );
    expect(cpuTime() - begin).toBeLessThan(5000);
  });
});

test('a document of ours passes unchanged, and its problems are its own', () => {
  const text = '{\n  "version": "1",  "default": "ask", "tools": { "pay": { "action": "deny" } } }';
  expect(importPolicy(text)).toMatchObject({ text, problems: [], changes: [] });
  expect(problems('{ "version": "1", "tools": { "pay": { "acton": "deny" } } }')).toEqual([
    expect.stringContaining('[action]'),
  ]);
});

test('the form written in JSON is read as the form', () => {
  const text = JSON.stringify({ version: '1', tools: { pay: { rules: [{ name: 'no', action: 'deny' }] } } });
  expect(imported(text).tools).toEqual({ pay: { action: 'deny', reason: 'Denied by rule "no"' } });
});

test('numbers are read as the original reads them', () => {
  const value = (written: string) =>
    (
      imported(
        `version: 1\ntools: {pay: {rules: [{name: x, conditions: [{path: args.a, op: lte, value: ${written}}]}]}}`,
      ).tools.pay as { require: { value: number }[] }
    ).require[0]?.value;
  expect(['1_000', '0x10', '0o17', '017', '-5', '+3', '1e3', '.5', '2.0'].map(value)).toEqual([
    1000, 16, 15, 15, -5, 3, 1000, 0.5, 2,
  ]);
});

test('counters: own bounds, looks at those of others, and those that never move', () => {
  const yaml = policy({
    pay: {
      rules: [
        {
          name: 'own',
          ...where('state.pay.spent', 'lt', 100),
          state: { counter: 'spent', window: 'day', increment: 5 },
        },
        { name: 'again', ...where('state.pay.spent', 'lte', 50) },
        { name: 'idle', ...where('state.pay.idle', 'gte', 0), state: { counter: 'idle', window: 'hour' } },
      ],
    },
    refund: { rules: [{ name: 'look', ...where('state.pay.spent', 'lte', 40) }] },
    never: { rules: [{ name: 'stuck', ...where('state.pay.idle', 'gt', 0) }] },
    negative: {
      rules: [
        { name: 'none', ...where('state.negative.n', 'lt', 0), state: { counter: 'n', window: 'minute' } },
      ],
    },
  });
  const { tools } = imported(yaml);
  const spent = { counter: 'pay.spent', window: 'day', scope: 'server' };
  expect(tools.pay).toEqual({
    limits: [
      { ...spent, on_deny: 'Denied by rule "own"', max: 99, increment: 5 },
      { ...spent, on_deny: 'Denied by rule "again"', max: 55, increment: 5 },
    ],
  });
  expect(tools.refund).toEqual({
    limits: [{ ...spent, on_deny: 'Denied by rule "look"', max: 40, increment: 0 }],
  });
  expect(tools.never).toEqual({
    deny_if: [{ name: 'stuck', conditions: [], on_deny: 'Denied by rule "stuck"' }],
  });
  expect(tools.negative).toMatchObject({ deny_if: [{ conditions: [] }] });
  expect(
    problems(
      policy({
        a: {
          rules: [
            { name: 'x', ...where('state.a.n', 'lte', 3), state: { counter: 'n', window: 'day' } },
            { name: 'y', ...where('state.a.n', 'gt', 1) },
          ],
        },
      }),
    ).join(),
  ).toContain('can only be bounded from above here; "gt"');
});

const scalar = fc.oneof(
  fc.constantFrom<unknown>(0, 1, 2, 5, 1.5, -1, 'a', 'ab', '', '5', '1', 'true', true, false, null),
  fc.constantFrom<unknown>([], ['a'], [1, 'a'], { k: 1 }),
);
const condition = fc.oneof(
  fc.record({ op: fc.constantFrom('eq', 'neq'), value: scalar }),
  fc.record({ op: fc.constantFrom('in', 'not_in'), value: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), value: fc.constantFrom(0, 1, 1.5, 5) }),
  fc.record({ op: fc.constant('regex'), value: fc.constantFrom('^a', 'b$', '^a.*$', '.') }),
  fc.record({ op: fc.constant('contains'), value: fc.constantFrom<unknown>('a', 1, '5', true) }),
  fc.record({ op: fc.constant('exists'), value: fc.boolean() }),
);

test('what the original denies is denied here too; more is denied only for arguments of another type', {
  tags: ['slow'],
}, () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('args.x', 'args.y.z', 'args.list'), condition), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.dictionary(fc.constantFrom('x', 'list', 'y'), fc.oneof(scalar, fc.record({ z: scalar }))),
      (conditions, args) => {
        const yaml = policy(rules({ conditions: conditions.map(([path, rest]) => ({ path, ...rest })) }));
        const there = new Original(yaml).call('pay', args, 0);
        const here = judge(imported(yaml), 'pay', args);
        if (there === 'deny') expect(here.decision).toBe('deny');
        else if (here.decision === 'deny')
          // Lists and objects that only print alike are told apart here.
          expect(here.reason).toMatch(/cannot be judged|is allowed only if args\S* (is|is one of) .*[[{]/);
      },
    ),
    { numRuns: 1000 },
  );
});
