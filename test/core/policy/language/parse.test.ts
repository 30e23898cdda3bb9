import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../../main/core/policy/language/parse.ts';
import { problemsOf } from '../helpers.ts';

const WHOLE = {
  version: '1',
  default: 'deny',
  hide: ['wipe_*'],
  all_tools: { limits: [{ window: 'second', max: 5 }] },
  tools: {
    check_job_status: {},
    'delete_*': { action: 'deny', reason: 'Deletions are done by hand.' },
    send_email: { action: 'require_approval' },
    short: { rate_limit: '10/minute' },
    short2: { rate_limit: { max: 10, window: 60 } },
    pay: {
      require: [{ path: 'args.currency', op: 'in', value: ['EUR'] }],
      deny_if: [{ conditions: [{ path: 'args.amount', op: 'gt', value: 500 }], on_deny: 'Over 500.' }],
      ask_if: [{ conditions: [{ path: 'args.amount', op: 'gt', value: 50 }] }],
      limits: [
        {
          counter: 'spend',
          window: 'day',
          max: 200,
          increment_from: 'args.amount',
          scope: 'server',
          on_exceed: 'ask',
        },
      ],
    },
  },
  clients: { cursor: { tools: { send_email: { action: 'deny' } } } },
};

describe('parsePolicy', () => {
  it('accepts the whole language', () => {
    const parsed = parsePolicy(JSON.stringify(WHOLE));
    expect(parsed).toMatchObject({ ok: true, warnings: [] });
  });

  it('writes short forms out', () => {
    const parsed = parsePolicy(JSON.stringify(WHOLE));
    if (!parsed.ok) throw new Error('must parse');
    const limit = (tool: string) => parsed.policy.base.exact.get(tool)?.limits[0];
    expect(limit('short')).toMatchObject({ max: 10, windowMs: 60_000, scope: 'grant', counter: null });
    expect(limit('short2')).toMatchObject({ max: 10, windowMs: 60_000 });
    expect(parsed.policy.base.exact.get('send_email')?.action).toBe('ask');
  });

  it.each([
    ['nothing', ''],
    ['an open brace', '{'],
    ['a trailing comma', '{\n  "version": "1",\n}'],
    ['a comment', '{\n  // note\n  "version": "1"\n}'],
    ['text after the end', '{"version":"1"} x'],
    ['a bare key', '{version:"1"}'],
    ['a tab in a string', '{"version":"1","tools":{"a\tb":{}}}'],
    ['a duplicate key', '{\n  "version": "1",\n  "tools": { "pay": {}, "pay": { "action": "deny" } }\n}'],
    ['__proto__', '{"version":"1","tools":{"__proto__":{"action":"deny"}}}'],
    ['an unknown key', { version: '1', defalt: 'deny' }],
    ['an unknown key deep down', { version: '1', tools: { pay: { denyIf: [] } } }],
    ['a word of another language', { version: '1', rules: {} }],
    ['a missing version', { tools: {} }],
    ['a number as version', { version: 1 }],
    ['an unknown action', { version: '1', tools: { a: { action: 'denny' } } }],
    [
      'an unknown operator',
      { version: '1', tools: { a: { require: [{ path: 'args.a', op: 'equals', value: 1 }] } } },
    ],
    ['a path without args', { version: '1', tools: { a: { require: [{ path: 'amount', op: 'exists' }] } } }],
    ['a bare args path', { version: '1', tools: { a: { require: [{ path: 'args', op: 'gt', value: 1 }] } } }],
    [
      'a text for gt',
      { version: '1', tools: { a: { require: [{ path: 'args.a', op: 'gt', value: '5' }] } } },
    ],
    [
      'no list for in',
      { version: '1', tools: { a: { require: [{ path: 'args.a', op: 'in', value: 'EUR' }] } } },
    ],
    [
      'look-ahead',
      { version: '1', tools: { a: { require: [{ path: 'args.a', op: 'regex', value: '(?=a)b' }] } } },
    ],
    [
      'an open group',
      { version: '1', tools: { a: { require: [{ path: 'args.a', op: 'regex', value: '(a' }] } } },
    ],
    ['a wrong window', { version: '1', tools: { a: { limits: [{ window: 'week', max: 1 }] } } }],
    ['a wrong rate', { version: '1', tools: { a: { rate_limit: '10 per minute' } } }],
    ['a negative max', { version: '1', tools: { a: { limits: [{ window: 'day', max: -1 }] } } }],
    [
      'two increments',
      {
        version: '1',
        tools: { a: { limits: [{ window: 'day', max: 1, increment: 1, increment_from: 'args.a' }] } },
      },
    ],
    ['allow_if where nothing asks', { version: '1', tools: { a: { allow_if: [{ conditions: [] }] } } }],
    [
      'keys_in without a list',
      { version: '1', tools: { a: { require: [{ path: 'args', op: 'keys_in', value: 'to' }] } } },
    ],
    ['a list for tools', { version: '1', tools: [] }],
    ['an action for all tools', { version: '1', all_tools: { action: 'deny' } }],
  ])('says what is wrong with %s', (_name, document) => {
    const problems = problemsOf(document);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems).toMatchSnapshot();
  });

  it('never throws, whatever the text', () => {
    for (const text of [
      'null',
      '[]',
      '"x"',
      '1e999',
      '\u0000',
      `${'['.repeat(5000)}`,
      `{"version":"1","tools":${'{"a":'.repeat(500)}`,
    ])
      expect(parsePolicy(text).ok).toBe(false);
  });

  it('warns about rules that do not do what they look like', () => {
    const parsed = parsePolicy(
      JSON.stringify({
        version: '1',
        hide: ['a*'],
        tools: {
          abc: {},
          'x_*': { action: 'deny' },
          '*_y': {},
          u: {
            require: [
              { path: 'args.url', op: 'starts_with', value: 'https://good.example' },
              { path: 'args.cmd', op: 'glob', value: 'git *' },
              { path: 'args.name', op: 'regex', value: '^[a-z]+' },
            ],
          },
        },
      }),
    );
    expect(parsed.ok && parsed.warnings.map((w) => `${w.path}: ${w.message}`)).toMatchSnapshot();
  });

  it('needs linear time for patterns that make others hang', () => {
    const document = {
      version: '1',
      tools: { a: { require: [{ path: 'args.a', op: 'regex', value: '^(a+)+$' }] } },
    };
    expect(problemsOf(document)).toEqual([]);
  });
});
