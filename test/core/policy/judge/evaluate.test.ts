import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../../../main/core/policy/language/explain.ts';
import { judge, policyOf } from '../helpers.ts';

/** Every stage says no to `t`; removing the first that does lets the next one speak. */
const STAGES: [rule: string, decision: string, remove: (d: Record<string, unknown>) => void][] = [
  ['/hide/0', 'hide', (d) => void delete d.hide],
  ['/tools/t/action', 'deny', (d) => void delete entry(d).action],
  ['/tools/t/deny_if/0', 'deny', (d) => void delete entry(d).deny_if],
  ['/all_tools/deny_if/0', 'deny', (d) => void delete (d.all_tools as Record<string, unknown>).deny_if],
  ['/tools/t/require/0', 'deny', (d) => void delete entry(d).require],
  ['/tools/t/limits/0', 'deny', (d) => void delete entry(d).limits],
  ['/all_tools/limits/0', 'deny', (d) => void delete (d.all_tools as Record<string, unknown>).limits],
  ['/tools/t/ask_if/0', 'ask', (d) => void delete entry(d).ask_if],
  ['/tools/t', 'allow', () => {}],
];
const entry = (d: Record<string, unknown>) => (d.tools as Record<string, Record<string, unknown>>).t ?? {};

describe('the order of judgement', () => {
  it('the first no wins, stage by stage', () => {
    const document: Record<string, unknown> = {
      version: '1',
      hide: ['t'],
      all_tools: { deny_if: [{ conditions: [] }], limits: [{ window: 'day', max: 0 }] },
      tools: {
        t: {
          action: 'deny',
          deny_if: [{ conditions: [] }],
          require: [{ path: 'args.x', op: 'exists' }],
          limits: [{ window: 'day', max: 0 }],
          ask_if: [{ conditions: [] }],
        },
      },
    };
    for (const [rule, decision, remove] of STAGES) {
      expect(judge(document, 't')).toMatchObject({ rule, decision });
      remove(document);
    }
  });

  it('a question is not put where a later limit denies', () => {
    const limits = [
      { window: 'day', max: 0, on_exceed: 'ask' },
      { window: 'hour', max: 0 },
    ];
    expect(judge({ version: '1', tools: { t: { limits } } }, 't')).toMatchObject({
      decision: 'deny',
      rule: '/tools/t/limits/1',
    });
    expect(judge({ version: '1', tools: { t: { limits: limits.slice(0, 1) } } }, 't')).toMatchObject({
      decision: 'ask',
      rule: '/tools/t/limits/0',
    });
  });

  it('a doubtful argument denies in deny_if and asks in ask_if', () => {
    const conditions = [{ path: 'args.n', op: 'gt', value: 5 }];
    expect(
      judge({ version: '1', tools: { t: { deny_if: [{ conditions }] } } }, 't', { n: '1' }).decision,
    ).toBe('deny');
    expect(
      judge({ version: '1', tools: { t: { ask_if: [{ conditions }] } } }, 't', { n: '1' }).decision,
    ).toBe('ask');
    expect(judge({ version: '1', tools: { t: { deny_if: [{ conditions }] } } }, 't', { n: 1 }).decision).toBe(
      'allow',
    );
    expect(judge({ version: '1', tools: { t: { deny_if: [{ conditions }] } } }, 't').decision).toBe('allow');
  });

  it('all conditions of a rule must hold; one that surely does not settles it', () => {
    const conditions = [
      { path: 'args.n', op: 'gt', value: 5 },
      { path: 'args.to', op: 'eq', value: 'x' },
    ];
    const document = { version: '1', tools: { t: { deny_if: [{ conditions }] } } };
    expect(judge(document, 't', { n: '9', to: 'y' }).decision).toBe('allow');
    expect(judge(document, 't', { n: '9', to: 'x' }).decision).toBe('deny');
    expect(judge(document, 't', { n: 9, to: 'x' }).decision).toBe('deny');
  });

  it('"if present, must match" is exists and the negated operator', () => {
    const document = {
      version: '1',
      tools: {
        t: {
          deny_if: [
            {
              conditions: [
                { path: 'args.c', op: 'exists' },
                { path: 'args.c', op: 'neq', value: 'EUR' },
              ],
            },
          ],
        },
      },
    };
    expect(judge(document, 't').decision).toBe('allow');
    expect(judge(document, 't', { c: 'EUR' }).decision).toBe('allow');
    expect(judge(document, 't', { c: 'USD' }).decision).toBe('deny');
    expect(judge(document, 't', { c: ['EUR'] }).decision).toBe('deny');
    expect(judge(document, 't', { c: null }).decision).toBe('deny');
  });
});

describe('which entry applies', () => {
  const document = {
    version: '1',
    default: 'deny',
    tools: {
      '*': { action: 'ask' },
      'delete_*': { action: 'deny' },
      'delete_tmp_*': {},
      delete_tmp_x: { action: 'ask' },
      '*_file': {},
    },
  };
  it.each([
    ['delete_tmp_x', '/tools/delete_tmp_x/action'],
    ['delete_tmp_y', '/tools/delete_tmp_*'],
    ['delete_file', '/tools/delete_*/action'],
    ['read_file', '/tools/*_file'],
    ['other', '/tools/*/action'],
  ])('%s: %s', (tool, rule) => expect(judge(document, tool).rule).toBe(rule));

  it('a missing default denies', () => {
    expect(judge({ version: '1' }, 'x')).toMatchObject({ decision: 'deny', rule: '/default' });
    expect(judge({ version: '1', default: 'ask' }, 'x')).toMatchObject({ decision: 'ask', rule: '/default' });
  });
  it('names are escaped in pointers', () => {
    expect(judge({ version: '1', tools: { 'a/b~c': { action: 'deny' } } }, 'a/b~c').rule).toBe(
      '/tools/a~1b~0c/action',
    );
  });
  it('an overlay replaces the entry and adds hide and all_tools, for its client alone', () => {
    const layered = {
      version: '1',
      default: 'deny',
      all_tools: { deny_if: [{ conditions: [{ path: 'args.bad', op: 'exists' }] }] },
      tools: { send: { action: 'ask' }, 'get_*': {} },
      clients: {
        cursor: {
          default: 'allow',
          hide: ['get_secret'],
          tools: { send: {} },
          all_tools: { require: [{ path: 'args.why', op: 'exists' }] },
        },
      },
    };
    expect(judge(layered, 'send', { why: 1 })).toMatchObject({
      decision: 'allow',
      rule: '/clients/cursor/tools/send',
    });
    expect(judge(layered, 'send')).toMatchObject({
      decision: 'deny',
      rule: '/clients/cursor/all_tools/require/0',
    });
    expect(judge(layered, 'send', { why: 1, bad: 1 })).toMatchObject({ rule: '/all_tools/deny_if/0' });
    expect(judge(layered, 'get_secret')).toMatchObject({ decision: 'hide', rule: '/clients/cursor/hide/0' });
    expect(judge(layered, 'new', { why: 1 })).toMatchObject({
      decision: 'allow',
      rule: '/clients/cursor/default',
    });
    const other = { clientId: 'other' };
    expect(judge(layered, 'send', {}, other)).toMatchObject({ decision: 'ask', rule: '/tools/send/action' });
    expect(judge(layered, 'get_secret', {}, other).decision).toBe('allow');
    expect(judge(layered, 'new', {}, other)).toMatchObject({ decision: 'deny', rule: '/default' });
  });
});

describe('sentences', () => {
  const document = {
    version: '1',
    default: 'deny',
    hide: ['wipe_*'],
    all_tools: { rate_limit: '100/hour' },
    tools: {
      read: {},
      'delete_*': { action: 'deny', reason: 'Deletions are done by hand.' },
      send: { action: 'ask', reason: 'It leaves the house.' },
      block: { deny_if: [{ conditions: [], on_deny: 'Requires human approval.' }] },
      pay: {
        require: [{ path: 'args.currency', op: 'in', value: ['EUR', 'USD'] }],
        deny_if: [{ conditions: [{ path: 'args.amount', op: 'gt', value: 500 }], on_deny: 'Over 500.' }],
        ask_if: [{ conditions: [{ path: 'args.amount', op: 'gt', value: 50 }] }],
        limits: [
          { counter: 'spend', window: 'day', max: 200, increment_from: 'args.amount', scope: 'server' },
        ],
      },
    },
    clients: { cursor: { tools: { send: { action: 'deny' } } } },
  };
  it('explain every rule of a document', () => {
    expect(explainPolicy(policyOf(document))).toMatchSnapshot();
    expect(explainPolicy('{')).toEqual([]);
  });
  it('explain every judgement without repeating arguments', () => {
    const calls: [string, object][] = [
      ['read', {}],
      ['wipe_disk', {}],
      ['delete_repo', {}],
      ['block', {}],
      ['unknown', {}],
      ['pay', { amount: 700 }],
      ['pay', { amount: 'hunter2', currency: 'EUR' }],
      ['pay', { amount: 10, currency: 'hunter2' }],
      ['pay', { amount: 10, currency: ['hunter2'] }],
      ['pay', { amount: 300, currency: 'EUR' }],
      ['pay', { amount: 60, currency: 'EUR' }],
    ];
    const reasons = calls.map(([tool, args]) => {
      const { decision, rule, reason } = judge(document, tool, args, { clientId: 'other' });
      return `${decision} ${rule}: ${reason}`;
    });
    expect(reasons).toMatchSnapshot();
    expect(reasons.join()).not.toContain('hunter2');
    expect(reasons.join()).not.toContain('700');
  });
});
