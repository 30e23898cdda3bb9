import { describe, expect, test } from 'vitest';
import type { ApprovalRequest } from '../../../main/core/approvals/types.ts';
import { MINUTE, now, open, request } from './helpers.ts';

const RISK = request().risk;

describe('several calls answered at once', () => {
  const ask = (n: number, over: Partial<ApprovalRequest> = {}) =>
    request({ argsDigest: `digest-${n}`, argumentsText: `{"n":${n}}`, ...over });
  const many = (calls: { id: string; digest: string }[], decision: 'allow' | 'deny' = 'allow') => ({
    calls: calls.map(({ id, digest }) => ({ id, argumentsDigest: digest })),
    decision,
    message: 'Enough.',
    by: 'window',
  });

  test('each runs once, for what was on the screen; those gone meanwhile are told apart', async () => {
    const { approvals } = open();
    const held = [1, 2, 3].map((n) => approvals.ask(ask(n)));
    held[1]?.withdraw('cancelled');
    const results = approvals.decideMany(
      many([
        ...held.map(({ approvalId }, at) => ({ id: approvalId, digest: `digest-${at + 1}` })),
        { id: 'zzzzzz', digest: 'digest-9' },
      ]),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['ran', 'gone', 'ran', 'gone']);
    expect(await held[0]?.outcome).toMatchObject({ kind: 'allowed', scope: 'once' });
    expect(await held[1]?.outcome).toMatchObject({ kind: 'withdrawn' });
    expect(approvals.list()).toEqual([]);
    expect(approvals.spend(ask(1))).toBeUndefined();
  });

  test('a call named twice is decided once', async () => {
    const { approvals } = open();
    const { approvalId: id } = approvals.ask(ask(1));
    const results = approvals.decideMany(
      many([
        { id, digest: 'digest-1' },
        { id, digest: 'digest-1' },
      ]),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['ran', 'gone']);
  });

  test.each<[string, Partial<ApprovalRequest>]>([
    ['client', { clientId: 'codex' }],
    ['server', { server: 'files' }],
    ['tool', { tool: 'delete_email' }],
    ['definition', { definitionHash: 'definition-2' }],
    ['category', { risk: { ...RISK, category: 'Destructive' } }],
    ['severity', { risk: { ...RISK, severity: 'High' } }],
  ])('another %s among them: nothing is decided, whatever the answer', async (_what, over) => {
    const { approvals } = open();
    const one = approvals.ask(ask(1));
    const two = approvals.ask(ask(2, over));
    for (const decision of ['allow', 'deny'] as const)
      expect(() =>
        approvals.decideMany(
          many(
            [
              { id: one.approvalId, digest: 'digest-1' },
              { id: two.approvalId, digest: 'digest-2' },
            ],
            decision,
          ),
        ),
      ).toThrow(/not of one kind.*Nothing was decided/);
    expect(await now(one)).toBe('waiting');
    expect(await now(two)).toBe('waiting');
  });

  test('other arguments than those on the screen: nothing is decided', async () => {
    const { approvals } = open();
    const held = [1, 2].map((n) => approvals.ask(ask(n)));
    const calls = held.map(({ approvalId: id }) => ({ id, digest: 'digest-1' }));
    expect(() => approvals.decideMany(many(calls))).toThrow(/not those of the call/);
    for (const each of held) expect(await now(each)).toBe('waiting');
  });

  test.each([
    { severity: 'Critical', category: 'Destructive' },
    { severity: 'Medium', category: 'Financial' },
  ] as const)('%j is denied together, but never allowed together', async (risk) => {
    const { approvals } = open();
    const held = [1, 2].map((n) => approvals.ask(ask(n, { risk: { ...RISK, ...risk } })));
    const calls = held.map(({ approvalId: id }, at) => ({ id, digest: `digest-${at + 1}` }));
    expect(() => approvals.decideMany(many(calls))).toThrow(/one by one/);
    for (const each of held) expect(await now(each)).toBe('waiting');
    const results = approvals.decideMany(many(calls, 'deny'));
    expect(results.map(({ outcome }) => outcome)).toEqual(['denied', 'denied']);
    expect(await held[0]?.outcome).toEqual({ kind: 'denied', by: 'window', message: 'Enough.' });
  });
});

describe('what may last', () => {
  const scopes = (over: Partial<ApprovalRequest>) => {
    const { approvals } = open();
    approvals.ask(request(over));
    return approvals.list()[0]?.scopes;
  };

  test.each<[string, Partial<ApprovalRequest>]>([
    ['a definition nobody vouched for', { reviewed: false }],
    ['a tool that changes who may do what', { risk: { ...RISK, flags: ['privilege'] } }],
    ['Critical', { risk: { ...RISK, severity: 'Critical' } }],
    ['Financial', { risk: { ...RISK, category: 'Financial' } }],
  ])('%s: once only, and nothing else is taken', async (_what, over) => {
    expect(scopes(over)).toEqual(['once']);
    const { approvals } = open();
    const held = approvals.ask(request(over));
    for (const scope of ['15m', 'session', 'always'] as const)
      await expect(
        approvals.decide({ id: held.approvalId, decision: 'allow', scope, by: 'window' }),
      ).rejects.toMatchObject({ code: 'refused' });
    expect(await now(held)).toBe('waiting');
  });

  test.each([
    ['guard:loop', false],
    ['/all_tools/ask_if/0', false],
    ['/clients/cursor/all_tools/ask_if/0', false],
    ['/tools/pay/limits/0', false],
    ['/clients/cursor/tools/pay/rate_limit', false],
    ['/tools/pay/action', true],
    ['/tools/limits/action', true],
    ['/tools/all_tools/ask_if/0', true],
    ['/clients/all_tools/tools/pay/ask_if/0', true],
    ['/default', true],
  ])('a rule ends the question of %s: %s', (rule, always) => {
    expect(scopes({ rule })?.includes('always')).toBe(always);
  });
});

test('pausing is offered once a client asks eight times within a minute', () => {
  const { approvals, clock } = open();
  const offered = () => approvals.list().some(({ offerPause }) => offerPause);
  for (let n = 1; n < 8; n++) approvals.ask(request({ argsDigest: `n-${n}` }));
  expect(offered()).toBe(false);
  approvals.ask(request({ argsDigest: 'n-8' }));
  expect(offered()).toBe(true);
  clock.advance(MINUTE);
  expect(offered()).toBe(false);
});

test('prompts of a client within the last minute are counted; identical calls are one', () => {
  const { approvals, clock } = open();
  const pace = () => approvals.list().map(({ clientId, perMinute }) => [clientId, perMinute]);
  approvals.ask(request());
  approvals.ask(request());
  expect(pace()).toEqual([['cursor', 1]]);
  clock.advance(MINUTE / 2);
  for (let n = 0; n < 11; n++) approvals.ask(request({ argsDigest: `n-${n}` }));
  approvals.ask(request({ clientId: 'codex' }));
  expect(new Map(pace() as [string, number][])).toEqual(
    new Map([
      ['cursor', 12],
      ['codex', 1],
    ]),
  );
  clock.advance(MINUTE / 2);
  expect(pace()[0]).toEqual(['cursor', 11]);
  clock.advance(2 * MINUTE);
  expect(pace()[0]).toEqual(['cursor', 1]);
});

test('a prompt that a person looks at is not given up, and its callers hear what they were told', async () => {
  const { approvals, clock } = open();
  const held = approvals.ask(request());
  for (let minute = 0; minute < 30; minute++) {
    clock.advance(MINUTE);
    approvals.attend(held.approvalId);
  }
  expect(await held.outcome).toEqual({ kind: 'pending' });
  expect(approvals.list()).toHaveLength(1);
  clock.advance(2 * MINUTE);
  expect(approvals.list()).toEqual([]);
  expect(() => approvals.attend(held.approvalId)).toThrow(/expired/);
});
