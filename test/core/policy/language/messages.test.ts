import { expect, it } from 'vitest';
import { checkPolicy } from '../../../../main/core/policy/language/check.ts';
import { parsePolicy, problemText } from '../../../../main/core/policy/language/parse.ts';

/** What people really get wrong: each is one problem, at the place it is, with what to do about it. */
const t = (entry: object | string, top: object = {}) => ({ version: '1', ...top, tools: { pay: entry } });
const c = (condition: object) => t({ deny_if: [{ conditions: [condition] }] });
const MISTAKES: readonly (readonly [what: string, document: object | string])[] = [
  ['action misspelt', t({ action: 'deney' })],
  ['action block', t({ action: 'block' })],
  ['action approve', t({ action: 'approve' })],
  ['action Deny', t({ action: 'Deny' })],
  ['default misspelt', { version: '1', default: 'denied' }],
  ['default hide', { version: '1', default: 'hide' }],
  ['key limit', t({ limit: [{ window: 'day', max: 1 }] })],
  ['key rateLimit', t({ rateLimit: '1/day' })],
  ['key allowIf', t({ action: 'ask', allowIf: [] })],
  ['key Require', t({ Require: [] })],
  ['key conditions on entry', t({ conditions: [] })],
  ['top denylist', { version: '1', deny: ['x'] }],
  ['top client', { version: '1', client: {} }],
  ['version 2', { version: '2' }],
  ['version 1.0', { version: 1 }],
  ['tools list', { version: '1', tools: [{ name: 'x' }] }],
  ['entry string', t('deny')],
  ['deny_if object', t({ deny_if: { conditions: [] } })],
  ['deny_if bare condition', t({ deny_if: [{ path: 'args.a', op: 'eq', value: 1 }] })],
  ['require rule', t({ require: [{ conditions: [{ path: 'args.a', op: 'exists' }] }] })],
  ['op ==', c({ path: 'args.a', op: '==', value: 1 })],
  ['op equal', c({ path: 'args.a', op: 'equal', value: 1 })],
  ['op GT', c({ path: 'args.a', op: 'GT', value: 1 })],
  ['op startswith', c({ path: 'args.a', op: 'startswith', value: 'x' })],
  ['op missing', c({ path: 'args.a', value: 1 })],
  ['op like', c({ path: 'args.a', op: 'like', value: 'x' })],
  ['op greater_than', c({ path: 'args.a', op: 'greater_than', value: 1 })],
  ['path missing', c({ op: 'exists' })],
  ['path no prefix', c({ path: 'amount', op: 'exists' })],
  ['path arguments.', c({ path: 'arguments.amount', op: 'exists' })],
  ['path $.', c({ path: '$.amount', op: 'exists' })],
  ['path params.arguments.', c({ path: 'params.arguments.amount', op: 'exists' })],
  ['path result.', c({ path: 'result.x', op: 'exists' })],
  ['path args.list[]', c({ path: 'args.list[].x', op: 'exists' })],
  ['path args.list.*', c({ path: 'args.list.*.x', op: 'exists' })],
  ["path args['a']", c({ path: "args['a']", op: 'exists' })],
  ['path negative', c({ path: 'args.list[-1]', op: 'exists' })],
  ['gt text', c({ path: 'args.a', op: 'gt', value: '500' })],
  ['gt missing value', c({ path: 'args.a', op: 'gt' })],
  ['eq missing value', c({ path: 'args.a', op: 'eq' })],
  ['in text', c({ path: 'args.a', op: 'in', value: 'EUR' })],
  ['in empty', c({ path: 'args.a', op: 'in', value: [] })],
  ['exists value', c({ path: 'args.a', op: 'exists', value: true })],
  ['lookahead', c({ path: 'args.a', op: 'regex', value: '^(?!rm)' })],
  ['lookbehind', c({ path: 'args.a', op: 'regex', value: '(?<=a)b' })],
  ['backref', c({ path: 'args.a', op: 'regex', value: '(a)\\1' })],
  ['named backref', c({ path: 'args.a', op: 'regex', value: '(?<x>a)\\k<x>' })],
  ['possessive', c({ path: 'args.a', op: 'regex', value: 'a++' })],
  ['atomic', c({ path: 'args.a', op: 'regex', value: '(?>a)' })],
  ['open paren', c({ path: 'args.a', op: 'regex', value: '(a' })],
  ['open bracket', c({ path: 'args.a', op: 'regex', value: '[a' })],
  ['bad repeat', c({ path: 'args.a', op: 'regex', value: '*a' })],
  ['huge repeat', c({ path: 'args.a', op: 'regex', value: 'a{5000}' })],
  ['long', c({ path: 'args.a', op: 'regex', value: '(((a{100}){100}){10}' })],
  ['trailing backslash', c({ path: 'args.a', op: 'regex', value: 'a\\' })],
  ['\\Z', c({ path: 'args.a', op: 'regex', value: 'a\\Z' })],
  ['(?x)', c({ path: 'args.a', op: 'regex', value: '(?x)a' })],
  ['rate', t({ rate_limit: '10/min' })],
  ['rate per', t({ rate_limit: '10 per minute' })],
  ['rate number', t({ rate_limit: 10 })],
  ['rate obj', t({ rate_limit: { max: 10, per: 'minute' } })],
  ['limit no window', t({ limits: [{ max: 1 }] })],
  ['limit window', t({ limits: [{ max: 1, window: 'week' }] })],
  ['limit window min', t({ limits: [{ max: 1, window: 'minutes' }] })],
  ['limit window 1h', t({ limits: [{ max: 1, window: '1h' }] })],
  ['limit max text', t({ limits: [{ max: '1', window: 'day' }] })],
  ['limit negative', t({ limits: [{ max: -1, window: 'day' }] })],
  ['limit scope', t({ limits: [{ max: 1, window: 'day', scope: 'user' }] })],
  ['limit on_exceed', t({ limits: [{ max: 1, window: 'day', on_exceed: 'block' }] })],
  ['limit increment_from', t({ limits: [{ max: 1, window: 'day', increment_from: 'amount' }] })],
  ['limits object', t({ limits: { max: 1, window: 'day' } })],
  ['empty reason', t({ action: 'deny', reason: '' })],
  ['long reason', t({ action: 'deny', reason: 'x'.repeat(501) })],
  ['clients list', { version: '1', clients: ['cursor'] }],
  ['client version', { version: '1', clients: { cursor: { version: '1' } } }],
  ['all_tools action', { version: '1', all_tools: { action: 'ask' } }],
  ['all_tools allow_if', { version: '1', all_tools: { allow_if: [] } }],
  ['hide text', { version: '1', hide: 'x' }],
  ['hide empty', { version: '1', hide: [''] }],
  ['keys_in nums', c({ path: 'args', op: 'keys_in', value: [1] })],
  ['args gt', c({ path: 'args', op: 'gt', value: 1 })],
  ['not json yaml', 'version: 1\ntools:\n  a: {}'],
  ['rules list', { version: '1', rules: [{ name: 'x' }] }],
  ['smart quotes', '{ “version”: "1" }'],
  ['single quotes', "{ 'version': '1' }"],
];

/** Nothing better to say than the message itself does. */
const PLAIN = [
  'op missing',
  'path missing',
  'gt missing value',
  'eq missing value',
  'in empty',
  'limit no window',
  'limit negative',
  'empty reason',
  'long reason',
  'client version',
  'hide empty',
  'keys_in nums',
  'args gt',
];

it.each(MISTAKES)('%s', (what, document) => {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 2);
  const parsed = parsePolicy(text);
  if (parsed.ok) throw new Error('this must be a problem');
  expect(parsed.problems).toHaveLength(1);
  const problem = parsed.problems[0];
  if (typeof document === 'object') expect(problem?.path).toMatch(/^\//);
  expect(problem?.message).toMatch(/^Line \d+, column \d+: .*\.$/);
  expect(problem?.suggestion === null).toBe(PLAIN.includes(what));
  expect(parsed.problems.map(problemText).join('\n')).toMatchSnapshot();
});

it('what is a whole word of another language is not taken for a typing error', () => {
  const suggestion = (document: object) => {
    const parsed = parsePolicy(JSON.stringify(document));
    return parsed.ok ? 'fine' : parsed.problems[0]?.suggestion;
  };
  expect(suggestion(t({ action: 'reject' }))).toBe('deny');
  expect(suggestion(t({ action: 'confirm' }))).toBe('ask');
  expect(suggestion(t({ action: 'qwertyuiop' }))).toBeNull();
  expect(suggestion(c({ path: 'args.a', op: 'less_than', value: 1 }))).toBe('lt');
  expect(suggestion(t({ unless: [] }))).toBe('allow_if');
  expect(suggestion(t({ limits: [{ window: '2 hours', max: 1 }] }))).toBe('Write 7200, in seconds.');
});

it('warns of patterns that parse and cannot mean what is meant', () => {
  const warnings = (value: string, op = 'regex') =>
    checkPolicy(JSON.stringify({ ...c({ path: 'args.a', op, value }), default: 'deny' })).warnings.map(
      ({ message }) => message,
    );
  expect(warnings('/^rm/i')[0]).toContain('The slashes around this pattern');
  expect(warnings('^https://.*\\.good\\.example/')[0]).toContain('another host may stand before');
  expect(warnings('https://good.example*', 'glob')[0]).toContain('https://good.example/*');
  expect(warnings('^(a+)+$')).toEqual([]);
});
