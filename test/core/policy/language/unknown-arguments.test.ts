import { describe, expect, test } from 'vitest';
import { checkPolicy } from '../../../../main/core/policy/language/check.ts';
import { judge } from '../helpers.ts';

const tool = (name: string, properties: object | undefined, more: object = {}) => ({
  name,
  inputSchema: { type: 'object', ...(properties ? { properties } : {}), ...more } as never,
});
const TOOLS = [
  tool('read_file', { path: {} }),
  tool('read_multiple_files', { paths: {} }),
  tool('free', undefined),
  tool('pay', { amount: {}, to: {} }),
];
const warned = (document: object): string[] =>
  checkPolicy(JSON.stringify({ version: '1', default: 'ask', ...document }), TOOLS).warnings.map(
    ({ path, message }) => `${path}: ${message}`,
  );
const inside = { path: 'args.path', op: 'starts_with', value: '/work/' };

describe('rules about arguments that no listed tool has', () => {
  test('are warned of, with those there are', () => {
    expect(
      warned({ tools: { pay: { deny_if: [{ conditions: [{ path: 'args.sum', op: 'gt', value: 5 }] }] } } }),
    ).toEqual([
      '/tools/pay/deny_if/0/conditions/0: No tool that this applies to has an argument sum. They have: amount, to.',
    ]);
    expect(warned({ clients: { cursor: { tools: { 'p*': { require: [inside] } } } } })).toHaveLength(1);
  });

  test('a requirement says which tools it denies whatever they are called with', () => {
    expect(warned({ tools: { 'read_*': { require: [inside] } } })).toEqual([
      expect.stringContaining(
        'Every call of read_multiple_files is denied by this: it has no argument path.',
      ),
    ]);
    expect(warned({ tools: { 'read_*': { require: [inside] }, read_multiple_files: {} } })).toEqual([]);
  });

  test('nothing is said where the schema leaves it open, the tool is not listed, or it must not be given', () => {
    expect(warned({ tools: { free: { require: [inside] }, gone: { require: [inside] } } })).toEqual([]);
    expect(warned({ tools: { pay: { require: [{ path: 'args.x', op: 'not_exists' }] } } })).toEqual([]);
    expect(warned({ all_tools: { deny_if: [{ conditions: [inside] }] } })).toEqual([]);
  });
});

test('a missing argument is said to be missing, and others may be allowed', () => {
  const policy = { version: '1', tools: { 'read_*': { require: [inside] } } };
  expect(judge(policy, 'read_multiple_files', { paths: ['/work/a'] })).toMatchObject({
    decision: 'deny',
    reason:
      'read_multiple_files is allowed only if args.path begins with "/work/" (the call has no args.path).',
    byArguments: true,
  });
  expect(judge(policy, 'read_file', { path: '/etc/a' }).reason).not.toContain('has no');
  const always = { version: '1', tools: { t: { deny_if: [{ conditions: [] }] } } };
  expect(judge(always, 't')).toMatchObject({ decision: 'deny', byArguments: false });
});
