import { describe, expect, it } from 'vitest';
import { setTool } from '../../../../main/core/policy/documents/edit.ts';
import { describeTool } from '../../../../main/core/policy/judge/describe-tool.ts';
import { checkPolicy } from '../../../../main/core/policy/language/check.ts';
import { countersOf, engineOf, facts, judge, policyOf } from '../helpers.ts';

const only = (...conditions: object[]) => [{ conditions }];
const keys = (...value: string[]) => ({ path: 'args', op: 'keys_in', value });
const is = (path: string, value: unknown) => ({ path, op: 'eq', value });
const document = (send: object, more: object = {}) => ({
  version: '1',
  default: 'deny',
  ...more,
  tools: { send },
});
const ME = { action: 'ask', allow_if: only(keys('to', 'body'), is('args.to', 'me@x')) };

describe('allow_if', () => {
  it('lifts the question of its entry for the calls it fits, and names its rule', () => {
    expect(judge(document(ME), 'send', { to: 'me@x', body: 'hi' })).toMatchObject({
      decision: 'allow',
      rule: '/tools/send/allow_if/0',
      reason: 'send is allowed because args has no other keys than "to", "body" and args.to is "me@x".',
    });
  });
  it.each([
    ['another value', { to: 'you@x' }],
    ['another key', { to: 'me@x', bcc: 'you@x' }],
    ['the key in other case beside it', { to: 'me@x', To: 'you@x' }],
    ['the key in other case only', { To: 'me@x' }],
    ['nothing', {}],
    ['a list', { to: ['me@x'] }],
    ['null', { to: null }],
  ])('still asks with %s', (_name, args) => {
    expect(judge(document(ME), 'send', args)).toMatchObject({ decision: 'ask', rule: '/tools/send/action' });
  });
  it('lifts ask_if too, and is named only where a question was lifted', () => {
    const entry = {
      ask_if: only({ path: 'args.n', op: 'gt', value: 5 }),
      allow_if: only(is('args.to', 'me')),
    };
    expect(judge(document(entry), 'send', { n: 9, to: 'me' }).rule).toBe('/tools/send/allow_if/0');
    expect(judge(document(entry), 'send', { n: 1, to: 'me' }).rule).toBe('/tools/send');
    expect(judge(document(entry), 'send', { n: 9, to: 'you' }).rule).toBe('/tools/send/ask_if/0');
  });
  it('wants every element of a list in order', () => {
    const entry = {
      action: 'ask',
      allow_if: only({ path: 'args.to[*]', op: 'ends_with', value: '@x' }),
    };
    expect(judge(document(entry), 'send', { to: ['a@x', 'b@x'] }).decision).toBe('allow');
    expect(judge(document(entry), 'send', { to: ['a@x', 'b@y'] }).decision).toBe('ask');
    expect(judge(document(entry), 'send', { to: ['a@x', 7] }).decision).toBe('ask');
    expect(judge(document(entry), 'send', { to: [] }).decision).toBe('ask');
    expect(judge(document(entry), 'send', { to: 'a@x' }).decision).toBe('ask');
  });
  it('does not hold for a text in disguise', () => {
    const entry = {
      action: 'ask',
      allow_if: only({ path: 'args.path', op: 'starts_with', value: '/srv/' }),
    };
    expect(judge(document(entry), 'send', { path: '/srv/a' }).decision).toBe('allow');
    expect(judge(document(entry), 'send', { path: '/srv/../etc' }).decision).toBe('ask');
  });
  it.each([
    ['deny_if', { deny_if: only(is('args.to', 'me@x')) }, 'deny', '/tools/send/deny_if/0'],
    ['require', { require: [is('args.cc', 'x')] }, 'deny', '/tools/send/require/0'],
    ['limits', { limits: [{ window: 'day', max: 0 }] }, 'deny', '/tools/send/limits/0'],
    [
      'a limit that asks',
      { limits: [{ window: 'day', max: 0, on_exceed: 'ask' }] },
      'ask',
      '/tools/send/limits/0',
    ],
  ])('never lifts %s', (_name, more, decision, rule) => {
    expect(judge(document({ ...ME, ...more }), 'send', { to: 'me@x' })).toMatchObject({ decision, rule });
  });
  it('never lifts action deny, hide, the questions of all_tools, or those of the default', () => {
    const all = { all_tools: { ask_if: only() } };
    expect(judge(document(ME, all), 'send', { to: 'me@x' })).toMatchObject({
      decision: 'ask',
      rule: '/all_tools/ask_if/0',
    });
    expect(judge(document({ ...ME, action: 'deny' }), 'send', { to: 'me@x' }).decision).toBe('deny');
    expect(judge(document(ME, { hide: ['send'] }), 'send', { to: 'me@x' }).decision).toBe('hide');
    expect(judge(document(ME, { default: 'ask' }), 'other', { to: 'me@x' }).decision).toBe('ask');
  });
  it('never lifts the loop guard', () => {
    const { engine } = engineOf(document(ME), { loopGuard: { max: 2 } });
    const call = facts('send', { to: 'me@x' });
    expect([1, 2, 3].map(() => engine.reserve(call, true).verdict.rule)).toEqual([
      '/tools/send/allow_if/0',
      '/tools/send/allow_if/0',
      'guard:loop',
    ]);
  });
  it('works in an overlay entry as anywhere', () => {
    const policy = { ...document({ action: 'ask' }), clients: { cursor: { tools: { send: ME } } } };
    expect(judge(policy, 'send', { to: 'me@x' }).rule).toBe('/clients/cursor/tools/send/allow_if/0');
    expect(judge(policy, 'send', { to: 'me@x' }, { clientId: 'codex' }).decision).toBe('ask');
  });
  it('is said in words', () => {
    expect(checkPolicy(JSON.stringify(document(ME))).sentences[1]).toBe(
      'send needs approval; not asked about if args has no other keys than "to", "body" and args.to is "me@x".',
    );
    expect(describeTool(policyOf(document(ME)), 'send')).toMatchObject({ action: 'ask', hasMoreRules: true });
  });
  it('warns where it cannot have an effect, or always has', () => {
    const warnings = (entry: object) =>
      checkPolicy(JSON.stringify(document(entry))).warnings.map(({ message }) => message);
    expect(warnings({ ...ME, action: 'deny' })[0]).toContain('no effect');
    expect(warnings({ action: 'ask', allow_if: only() })[0]).toContain('never put');
    expect(
      warnings({ action: 'ask', allow_if: only({ path: 'args.a', op: 'regex', value: 'a' }) })[0],
    ).toContain('Begin it with ^');
  });
  it('goes with the last question when a click allows the tool, and stays when one denies it', () => {
    const text = JSON.stringify(document(ME));
    const entry = (result: string) => (JSON.parse(result) as { tools: { send: object } }).tools.send;
    expect(entry(setTool(text, ['send'], { action: 'allow' }, 'github'))).toEqual({});
    expect(entry(setTool(text, ['send'], { action: 'deny' }, 'github'))).toEqual({ ...ME, action: 'deny' });
    expect(entry(setTool(text, ['send'], { action: 'ask' }, 'github'))).toEqual(ME);
    const always = JSON.stringify(document({ action: 'ask', allow_if: only() }));
    expect(entry(setTool(always, ['send'], { action: 'ask' }, 'github'))).toEqual({ action: 'ask' });
  });
  it('keeps its counters: a call it lets through counts', () => {
    const policy = document({ ...ME, limits: [{ window: 'day', max: 1 }] });
    const { engine, state } = engineOf(policy);
    state.counters = countersOf(state.clock);
    const call = facts('send', { to: 'me@x' });
    expect(engine.reserve(call, false).ok).toBe(true);
    expect(engine.reserve(call, false)).toMatchObject({ ok: false, verdict: { decision: 'deny' } });
  });
});

describe('keys_in', () => {
  const holds = (condition: object, args: object) =>
    judge(document({ deny_if: only(condition) }), 'send', args).decision === 'deny';
  it('holds when there are no other keys, also for none at all', () => {
    expect(holds(keys('a', 'b'), { a: 1 })).toBe(true);
    expect(holds(keys('a'), {})).toBe(true);
    expect(holds(keys(), {})).toBe(true);
    expect(holds(keys(), { a: 1 })).toBe(false);
    expect(holds(keys('a'), { A: 1 })).toBe(false);
    expect(holds(keys('a'), { ['__proto__']: 1 })).toBe(false);
  });
  it('looks at an object inside, and cannot judge what is none', () => {
    const inner = { path: 'args.o', op: 'keys_in', value: ['a'] };
    expect(holds(inner, { o: { a: 1 } })).toBe(true);
    expect(holds(inner, { o: { b: 1 } })).toBe(false);
    expect(holds(inner, {})).toBe(false);
    for (const o of [[], 'a', 1, null, true]) {
      expect(judge(document({ require: [inner] }), 'send', { o }).reason).toContain('cannot be judged');
      expect(judge(document({ action: 'ask', allow_if: only(inner) }), 'send', { o }).decision).toBe('ask');
    }
  });
  it('args as a whole can be compared', () => {
    expect(holds(is('args', { a: 1 }), { a: 1 })).toBe(true);
    expect(holds(is('args', { a: 1 }), { a: 1, b: 2 })).toBe(false);
    expect(holds({ path: 'args', op: 'exists' }, {})).toBe(true);
  });
});
