import { describe, expect, it } from 'vitest';
import { engineOf, facts, RISK } from '../helpers.ts';

const DENY = {
  version: '1',
  default: 'deny',
  hide: ['h'],
  tools: { ok: {}, asks: { action: 'ask' }, once: { rate_limit: '1/minute' } },
};
const own = (mode: 'enforce' | 'observe' | 'raised' | 'bypass' | null) => ({
  github: { config: { kind: 'http' as const, url: 'http://127.0.0.1/', headers: {} }, mode },
});

describe('modes', () => {
  it('enforce gives the judgement itself', () => {
    const { engine } = engineOf(DENY);
    expect(engine.judge(facts('nope'))).toMatchObject({ decision: 'deny', rule: '/default' });
    expect(engine.judge(facts('nope'))).not.toHaveProperty('would');
  });
  it('observe allows and says what enforcing would have done', () => {
    const { engine } = engineOf(DENY, { mode: { mode: 'observe', until: null } });
    expect(engine.judge(facts('nope'))).toMatchObject({
      decision: 'allow',
      rule: 'mode:observe',
      would: { decision: 'deny', rule: '/default' },
    });
    expect(engine.judge(facts('h')).would?.decision).toBe('hide');
    expect(engine.judge(facts('asks')).would?.decision).toBe('ask');
    expect(engine.judge(facts('ok'))).toMatchObject({ decision: 'allow', rule: '/tools/ok' });
    expect(engine.lists('cursor', 'github', 'h')).toBe(true);
  });
  it('observing counts what enforcing would have let through, and nothing else', () => {
    const { engine, state } = engineOf(DENY, { mode: { mode: 'observe', until: null } });
    expect(engine.reserve(facts('once'), false)).toMatchObject({ ok: true });
    expect(engine.reserve(facts('once'), false)).toMatchObject({
      ok: true,
      verdict: { would: { decision: 'deny' } },
    });
    state.settings = { ...state.settings, mode: { mode: 'enforce', until: null } };
    expect(engine.judge(facts('once')).decision).toBe('deny');
  });
  it('raised denies everything, whatever a server says for itself', () => {
    const { engine } = engineOf(DENY, { mode: { mode: 'raised', until: null }, servers: own('bypass') });
    expect(engine.judge(facts('ok'))).toMatchObject({ decision: 'deny', rule: 'mode:raised' });
    expect(engine.reserve(facts('ok'), true).ok).toBe(false);
    expect(engine.lists('cursor', 'github', 'h')).toBe(false);
  });
  it('bypass runs until its end, and never without one', () => {
    const { engine, state, clock } = engineOf(DENY, {
      mode: { mode: 'bypass', until: null },
      servers: own('enforce'),
    });
    expect(engine.judge(facts('nope')).decision).toBe('deny');
    state.settings = { ...state.settings, mode: { mode: 'bypass', until: clock.now() + 1000 } };
    expect(engine.judge(facts('nope'))).toMatchObject({
      decision: 'allow',
      rule: 'mode:bypass',
      would: { decision: 'deny' },
    });
    clock.advance(1000);
    expect(engine.judge(facts('nope')).decision).toBe('deny');
  });
  it("a server's own mode comes before the global one", () => {
    const { engine } = engineOf(DENY, { mode: { mode: 'observe', until: null }, servers: own('enforce') });
    expect(engine.judge(facts('nope')).decision).toBe('deny');
    const raised = engineOf(DENY, {
      mode: { mode: 'bypass', until: Number.MAX_SAFE_INTEGER },
      servers: own('raised'),
    });
    expect(raised.engine.judge(facts('ok'))).toMatchObject({ decision: 'deny', rule: 'mode:raised' });
  });
  it('recommended rules are observed until the server has a mode of its own', () => {
    const { engine, state } = engineOf(DENY);
    state.source = 'recommended';
    expect(engine.judge(facts('nope'))).toMatchObject({ decision: 'allow', would: { decision: 'deny' } });
    state.settings = { ...state.settings, servers: own('enforce') };
    expect(engine.judge(facts('nope')).decision).toBe('deny');
    state.settings = { ...state.settings, servers: {}, mode: { mode: 'raised', until: null } };
    expect(engine.judge(facts('ok')).decision).toBe('deny');
  });
  it('a server named like a member of Object.prototype has no mode by accident', () => {
    const { engine } = engineOf(DENY);
    expect(engine.judge(facts('ok', {}, { server: 'constructor' })).decision).toBe('allow');
  });
  it('the version changes with whatever could change the judgement', () => {
    const versions = new Set<string>();
    const add = (made: ReturnType<typeof engineOf>) =>
      versions.add(made.engine.judge(facts('ok')).policyVersion);
    add(engineOf(DENY));
    add(engineOf({ ...DENY, default: 'ask' }));
    add(engineOf(DENY, { mode: { mode: 'observe', until: null } }));
    add(engineOf(DENY, { loopGuard: { max: 5 } }));
    expect(versions.size).toBe(4);
  });
});

describe('reserving', () => {
  it('takes counters, gives them back once, and denies with the exact time', () => {
    const { engine, clock } = engineOf(DENY);
    const first = engine.reserve(facts('once'), false);
    expect(engine.reserve(facts('once'), false)).toMatchObject({
      ok: false,
      verdict: { decision: 'deny', freeAt: clock.now() + 60_000 },
    });
    if (!first.ok) throw new Error('must fit');
    first.reservation.release();
    first.reservation.release();
    expect(engine.reserve(facts('once'), false).ok).toBe(true);
    expect(engine.reserve(facts('once'), false).ok).toBe(false);
  });
  it('judging takes nothing', () => {
    const { engine } = engineOf(DENY);
    for (let i = 0; i < 5; i++) expect(engine.judge(facts('once')).decision).toBe('allow');
  });
  it('approval answers questions, never deny, require or limits', () => {
    const { engine } = engineOf({
      version: '1',
      tools: {
        asks: { action: 'ask', rate_limit: '1/minute' },
        asks2: { action: 'ask', require: [{ path: 'args.x', op: 'exists' }] },
        soft: { limits: [{ window: 'minute', max: 1, on_exceed: 'ask' }] },
      },
    });
    expect(engine.reserve(facts('asks'), false)).toMatchObject({ ok: false, verdict: { decision: 'ask' } });
    expect(engine.reserve(facts('asks'), true).ok).toBe(true);
    expect(engine.reserve(facts('asks'), true)).toMatchObject({ ok: false, verdict: { decision: 'deny' } });
    expect(engine.reserve(facts('asks2'), true).ok).toBe(false);
    expect(engine.reserve(facts('soft'), false).ok).toBe(true);
    expect(engine.reserve(facts('soft'), false)).toMatchObject({ ok: false, verdict: { decision: 'ask' } });
    expect(engine.reserve(facts('soft'), true).ok).toBe(true);
  });
  it('a database that cannot write denies, and nothing stays counted', () => {
    const { engine, state } = engineOf(DENY);
    const working = state.counters;
    state.counters = {
      check: working.check,
      settle: working.settle,
      take() {
        throw new Error('disk is full');
      },
    };
    expect(engine.reserve(facts('once'), false)).toMatchObject({
      ok: false,
      verdict: { decision: 'deny', rule: 'gateway:error' },
    });
    expect(state.logged).toHaveLength(1);
    state.counters = working;
    expect(engine.reserve(facts('once'), false).ok).toBe(true);
  });
});

describe('the loop guard', () => {
  it('asks after N identical calls a minute, denies after twice that, and lets go', () => {
    const { engine, clock } = engineOf({ version: '1', default: 'allow' }, { loopGuard: { max: 3 } });
    const call = facts('t', { a: 1 });
    const start = clock.now();
    for (let i = 0; i < 3; i++) expect(engine.reserve(call, false).ok).toBe(true);
    expect(engine.judge(call)).toMatchObject({ decision: 'ask', rule: 'guard:loop', freeAt: start + 60_000 });
    expect(engine.judge(facts('t', { a: 2 })).decision).toBe('allow');
    expect(engine.judge(facts('t', { a: 1 }, { clientId: 'other' })).decision).toBe('allow');
    for (let i = 0; i < 3; i++) {
      clock.advance(1000);
      expect(engine.reserve(call, true).ok).toBe(true);
    }
    expect(engine.judge(call)).toMatchObject({
      decision: 'deny',
      rule: 'guard:loop',
      freeAt: start + 60_000,
    });
    expect(engine.reserve(call, false).ok).toBe(false);
    // A person who is asked about all of many identical calls at once has seen how many they are.
    expect(engine.judge(call, true)).toMatchObject({ decision: 'ask', rule: 'guard:loop' });
    clock.advance(57_000);
    // The first three have left the window: three are still in it.
    expect(engine.judge(call).decision).toBe('ask');
    clock.advance(1000);
    expect(engine.judge(call).decision).toBe('allow');
  });
  it('does not count what was given back, and is off by setting', () => {
    const { engine, state } = engineOf({ version: '1', default: 'allow' }, { loopGuard: { max: 1 } });
    const taken = engine.reserve(facts('t'), false);
    if (taken.ok) taken.reservation.release();
    expect(engine.reserve(facts('t'), false).ok).toBe(true);
    expect(engine.judge(facts('t')).decision).toBe('ask');
    state.settings = { ...state.settings, loopGuard: null };
    expect(engine.judge(facts('t')).decision).toBe('allow');
  });
});

it('a question names the arguments that its rule looked at, and nothing else does', () => {
  const conditions = [
    { path: 'args.to', op: 'exists' },
    { path: 'args.to', op: 'neq', value: 'me' },
    { path: 'args.items[*].price', op: 'gt', value: 10 },
  ];
  const limit = { window: 'minute', max: 1, on_exceed: 'ask' };
  const { engine, state } = engineOf({
    version: '1',
    default: 'ask',
    tools: {
      asks: { action: 'ask' },
      rule: { ask_if: [{ conditions }] },
      no: { deny_if: [{ conditions }] },
      counts: { limits: [{ ...limit, increment_from: 'args.amount' }] },
      once: { limits: [limit] },
    },
  });
  const args = { to: 'you', items: [{ price: 11 }], amount: 2 };
  expect(engine.judge(facts('rule', args)).fields).toEqual(['args.to', 'args.items[*].price']);
  expect(engine.judge(facts('counts', args)).fields).toEqual(['args.amount']);
  engine.reserve(facts('once', args), false);
  expect(engine.judge(facts('once', args))).toMatchObject({ decision: 'ask', fields: [] });
  for (const tool of ['asks', 'no', 'other']) expect(engine.judge(facts(tool, args)).fields).toBeUndefined();
  state.settings = { ...state.settings, mode: { mode: 'observe', until: null } };
  expect(engine.judge(facts('rule', args)).fields).toBeUndefined();
});

describe('the table of tools', () => {
  it('shows action, rule, sentence and the plain limit', () => {
    const { engine } = engineOf({
      version: '1',
      default: 'ask',
      hide: ['h_*'],
      tools: {
        plain: {},
        limited: { limits: [{ counter: 'c', window: 'minute', max: 10, scope: 'grant' }] },
        more: {
          limits: [{ window: 'minute', max: 10 }],
          ask_if: [{ conditions: [{ path: 'args.a', op: 'exists' }] }],
        },
        odd: { limits: [{ window: 90, max: 10 }] },
        block: { deny_if: [{ conditions: [], on_deny: 'Requires human approval.' }] },
        'delete_*': { action: 'deny', reason: 'By hand.' },
      },
    });
    const show = (tool: string) => engine.describe('github', tool, RISK);
    expect(
      ['plain', 'limited', 'more', 'odd', 'block', 'delete_x', 'h_1', 'other'].map((tool) => ({
        tool,
        ...show(tool),
      })),
    ).toMatchSnapshot();
  });
});

describe('a paused client', () => {
  const paused = (until: number | null) => ({ pausedClients: { cursor: { since: 0, until } } });
  it.each(['enforce', 'observe', 'bypass'] as const)('is denied everything under %s', (mode) => {
    const { engine } = engineOf(
      { version: '1', default: 'allow' },
      { ...paused(null), mode: { mode, until: mode === 'bypass' ? 1e15 : null } },
    );
    expect(engine.judge(facts('a'))).toMatchObject({
      decision: 'deny',
      rule: 'client:paused',
      reason: 'cursor is paused: every call it makes is denied until a person resumes it.',
    });
    expect(engine.judge(facts('a', {}, { definition: undefined })).rule).toBe('client:paused');
    expect(engine.reserve(facts('a'), true).ok).toBe(false);
    expect(engine.judge(facts('a', {}, { clientId: 'codex' })).decision).toBe('allow');
  });
  it('comes after the raised bridge', () => {
    const { engine } = engineOf({ version: '1' }, { ...paused(null), mode: { mode: 'raised', until: null } });
    expect(engine.judge(facts('a')).rule).toBe('mode:raised');
  });
  it('goes on when its time is over, to the millisecond', () => {
    const { engine, clock, state } = engineOf({ version: '1', default: 'allow' });
    const until = clock.now() + 5000;
    state.settings = { ...state.settings, ...paused(until) };
    expect(engine.judge(facts('a'))).toMatchObject({ rule: 'client:paused', freeAt: until });
    clock.advance(4999);
    expect(engine.judge(facts('a')).decision).toBe('deny');
    clock.advance(1);
    expect(engine.judge(facts('a')).decision).toBe('allow');
  });
});

describe('a definition that waits for review', () => {
  const blocked = (rule: string) =>
    facts('a', {}, { definition: { hash: 'h', risk: RISK, block: { rule, reason: 'Look at it first.' } } });
  const policy = { version: '1', default: 'allow' };
  it('is denied where policy is enforced, after hiding and before everything else', () => {
    const verdict = (document: object) => engineOf(document).engine.judge(blocked('pin:changed'));
    expect(verdict(policy)).toMatchObject({
      decision: 'deny',
      rule: 'pin:changed',
      reason: 'Look at it first.',
    });
    expect(verdict({ version: '1', tools: { a: { action: 'deny' } } }).rule).toBe('pin:changed');
    expect(verdict({ version: '1', hide: ['a'] }).rule).toBe('/hide/0');
    expect(verdict({ version: '1', tools: { a: { action: 'hide' } } }).decision).toBe('hide');
    expect(engineOf(policy).engine.reserve(blocked('pin:changed'), true).ok).toBe(false);
  });
  it.each([
    ['observe', 'pin:changed', 'deny'],
    ['observe', 'pin:quarantine', 'deny'],
    ['observe', 'pin:hidden-text', 'deny'],
    ['bypass', 'pin:changed', 'allow'],
    ['bypass', 'pin:quarantine', 'allow'],
    ['bypass', 'pin:hidden-text', 'deny'],
  ] as const)('under %s and %s: %s', (mode, rule, decision) => {
    for (const document of [policy, { ...policy, hide: ['a'] }]) {
      const { engine } = engineOf(document, { mode: { mode, until: mode === 'bypass' ? 1e15 : null } });
      const verdict = engine.judge(blocked(rule));
      expect(verdict.decision).toBe(decision);
      expect(engine.reserve(blocked(rule), true).ok).toBe(decision === 'allow');
      if (decision === 'deny') expect(verdict.rule).toBe(rule);
      else if (document === policy) expect(verdict.would).toMatchObject({ decision: 'deny', rule });
      else expect(verdict.would).toMatchObject({ decision: 'hide' });
    }
  });
});
