import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createApprovals } from '../../../main/core/approvals/index.ts';
import type { Judged, TicketKey } from '../../../main/core/approvals/types.ts';
import type { Clock } from '../../../main/core/ports.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { ApprovalView, DecisionResult } from '../../../shared/schemas/approval.ts';
import { allow, callOf, deny, MINUTE, noLog, now, open, request, withCalls } from './helpers.ts';

describe('a held call', () => {
  test('waits, is shown whole, and runs when it is allowed', async () => {
    const { approvals, clock } = open();
    const held = approvals.ask(request());
    expect(await now(held)).toBe('waiting');
    const [view] = approvals.list().map((each) => ApprovalView.parse(each));
    expect(view).toMatchObject({
      id: held.approvalId,
      clientName: 'Cursor',
      argumentsText: '{\n  "to": "ann@example.com"\n}',
      argumentsDigest: 'digest-1',
      count: 1,
      state: 'holding',
      holdUntil: clock.now() + 50_000,
      expiresAt: clock.now() + 10 * MINUTE,
      scopes: ['once', '15m', 'session', 'always'],
    });
    expect(held.approvalId).toMatch(/^[0-9a-hjkmnp-tv-z]{6}$/);
    const result = DecisionResult.parse(await approvals.decide(allow(held.approvalId)));
    expect(result.outcome).toBe('ran');
    expect(await held.outcome).toEqual({
      kind: 'allowed',
      by: 'window',
      scope: 'once',
      policyVersion: 'policy-1',
    });
    expect(approvals.list()).toEqual([]);
    expect(approvals.spend(request())).toBeUndefined();
    expect(clock.waiting).toBe(0);
  });

  test('is denied with the message, and the next one asks again', async () => {
    const { approvals } = open();
    const held = approvals.ask(request());
    expect((await approvals.decide(deny(held.approvalId, 'Not today.'))).outcome).toBe('denied');
    expect(await held.outcome).toEqual({ kind: 'denied', by: 'window', message: 'Not today.' });
    expect(await now(approvals.ask(request()))).toBe('waiting');
  });

  test('500 identical calls are one prompt, and one answer runs them all', async () => {
    const { approvals } = open();
    const held = Array.from({ length: 500 }, () => approvals.ask(request()));
    expect(approvals.list()).toMatchObject([{ count: 500, state: 'holding' }]);
    await approvals.decide(allow(held[0]?.approvalId ?? ''));
    const outcomes = await Promise.all(held.map((each) => each.outcome));
    expect(outcomes.every((outcome) => outcome.kind === 'allowed')).toBe(true);
    expect(approvals.spend(request())).toBeUndefined();
  });

  test('leaves with its caller; the prompt stays while another waits, and an approval afterwards runs nothing', async () => {
    const { approvals } = open();
    const first = approvals.ask(request());
    const second = approvals.ask(request());
    first.withdraw('cancelled');
    expect(await first.outcome).toEqual({ kind: 'withdrawn', reason: 'cancelled' });
    expect(approvals.list()).toMatchObject([{ count: 1 }]);
    second.withdraw('gone');
    expect(approvals.list()).toEqual([]);
    await expect(approvals.decide(allow(second.approvalId))).rejects.toMatchObject({ code: 'conflict' });
    expect(approvals.spend(request())).toBeUndefined();
  });

  test('is told when every change happens', () => {
    const { approvals, clock } = open();
    const seen: string[] = [];
    approvals.onChange(() =>
      seen.push(
        approvals
          .list()
          .map((view) => view.state)
          .join(),
      ),
    );
    approvals.ask(request());
    clock.advance(50_000);
    clock.advance(10 * MINUTE);
    expect(seen).toEqual(['holding', 'pending', '']);
    expect(clock.waiting).toBe(0);
  });
});

describe('when the hold is over', () => {
  async function pending() {
    const all = open();
    const held = all.approvals.ask(request());
    all.clock.advance(50_000);
    expect(await held.outcome).toEqual({ kind: 'pending' });
    expect(all.approvals.list()).toMatchObject([{ state: 'pending', count: 1 }]);
    return { ...all, id: held.approvalId };
  }

  test('Allow leaves a ticket that the identical retry spends once', async () => {
    const { approvals, id } = await pending();
    const result = await approvals.decide(allow(id));
    expect(result).toMatchObject({ outcome: 'ticket', message: expect.stringContaining('once') });
    expect(approvals.spend(request())).toEqual({ by: 'window', scope: 'once' });
    expect(approvals.spend(request())).toBeUndefined();
  });

  test.each(['clientId', 'server', 'tool', 'argsDigest', 'definitionHash', 'policyVersion'] as const)(
    'a ticket is no good with another %s',
    async (field) => {
      const { approvals, id } = await pending();
      await approvals.decide(allow(id));
      const other: TicketKey = { ...request(), [field]: `${request()[field]} ` };
      expect(approvals.spend(other)).toBeUndefined();
      expect(approvals.spend(request())).toBeDefined();
    },
  );

  test('a ticket ends after five minutes, also when the machine slept or its clock was set back', async () => {
    for (const [move, valid] of [
      ['advance', 5 * MINUTE - 1, true],
      ['advance', 5 * MINUTE, false],
      ['jump', 5 * MINUTE, false],
      ['jump', -MINUTE, false],
    ].map(
      ([kind, ms, good]) =>
        [
          (clock: { advance(n: number): void; jump(n: number): void }) => clock[kind as 'jump'](ms as number),
          good,
        ] as const,
    )) {
      const { approvals, clock, id } = await pending();
      await approvals.decide(allow(id));
      move(clock);
      expect(approvals.spend(request()) !== undefined).toBe(valid);
    }
    const { approvals, clock, id } = await pending();
    await approvals.decide(allow(id));
    clock.advance(4 * MINUTE);
    clock.jump(-3 * MINUTE);
    clock.advance(2 * MINUTE);
    expect(approvals.spend(request())).toBeUndefined();
  });

  test('a ticket ends by the monotonic clock though no timer ran and the wall clock stands still', async () => {
    let monotonic = 0;
    const clock: Clock = {
      now: () => 1_000_000,
      monotonic: () => monotonic,
      after: () => () => undefined,
      every: () => () => undefined,
    };
    const approvals = withCalls(
      createApprovals({ clock, randomBytes, onAlways: async () => '', log: noLog }),
    );
    const { approvalId } = approvals.ask(request());
    monotonic = MINUTE;
    expect((await approvals.decide(allow(approvalId))).outcome).toBe('ticket');
    monotonic += 5 * MINUTE;
    expect(approvals.spend(request())).toBeUndefined();
  });

  test('the prompt goes after ten minutes, and cannot be answered any more', async () => {
    const { approvals, clock, id } = await pending();
    clock.advance(9 * MINUTE);
    expect(approvals.list()).toHaveLength(1);
    clock.advance(MINUTE);
    expect(approvals.list()).toEqual([]);
    await expect(approvals.decide(allow(id))).rejects.toThrow(/expired/);
    expect(approvals.spend(request())).toBeUndefined();
  });

  test('a sleep ends the prompt before any timer runs', async () => {
    const { approvals, clock, id } = await pending();
    clock.jump(11 * MINUTE);
    await expect(approvals.decide(allow(id))).rejects.toBeInstanceOf(RpcError);
    expect(approvals.spend(request())).toBeUndefined();
  });

  test('a sleep ends the hold before its timer runs: Allow then leaves a ticket', async () => {
    const { approvals, clock } = open();
    const held = approvals.ask(request());
    clock.jump(2 * MINUTE);
    expect((await approvals.decide(allow(held.approvalId))).outcome).toBe('ticket');
    expect(await held.outcome).toEqual({ kind: 'pending' });
  });

  test('Deny is told to the identical retry, once', async () => {
    const { approvals, id } = await pending();
    await approvals.decide(deny(id, 'Use the other account.'));
    expect(approvals.spend(request())).toBeUndefined();
    const other = approvals.ask(request({ argsDigest: 'digest-2' }));
    expect(await now(other)).toBe('waiting');
    const retry = approvals.ask(request());
    expect(retry.approvalId).toBe(id);
    expect(await retry.outcome).toEqual({ kind: 'denied', by: 'window', message: 'Use the other account.' });
    expect(await now(approvals.ask(request()))).toBe('waiting');
  });

  test('a denial that nobody comes back for is forgotten', async () => {
    const { approvals, clock, id } = await pending();
    await approvals.decide(deny(id));
    clock.advance(5 * MINUTE);
    expect(await now(approvals.ask(request()))).toBe('waiting');
  });

  test('the retry waits behind the same prompt and keeps it alive', async () => {
    const { approvals, clock, id } = await pending();
    clock.advance(9 * MINUTE);
    const retry = approvals.ask(request());
    expect(retry.approvalId).toBe(id);
    expect(approvals.list()).toMatchObject([{ count: 1, state: 'holding' }]);
    clock.advance(40_000);
    expect((await approvals.decide(allow(id))).outcome).toBe('ran');
    expect(await retry.outcome).toMatchObject({ kind: 'allowed' });
  });

  test('a caller that can hold for half an hour keeps its prompt that long', async () => {
    const { approvals, clock } = open();
    const held = approvals.ask(request({ holdMs: 30 * MINUTE }));
    clock.advance(29 * MINUTE);
    expect((await approvals.decide(allow(held.approvalId))).outcome).toBe('ran');
    expect(await held.outcome).toMatchObject({ kind: 'allowed' });
  });
});

describe('scopes', () => {
  test('15m covers exactly this call', async () => {
    const { approvals, clock } = open();
    await approvals.decide(allow(approvals.ask(request()).approvalId, '15m'));
    expect(approvals.spend(request())).toEqual({ by: 'window', scope: '15m' });
    expect(approvals.spend(request())).toBeDefined();
    expect(approvals.spend(request({ argsDigest: 'digest-2' }))).toBeUndefined();
    clock.advance(15 * MINUTE);
    expect(approvals.spend(request())).toBeUndefined();
  });

  test('session covers the tool for this client, under the same definition and policy', async () => {
    const { approvals, clock } = open();
    await approvals.decide(allow(approvals.ask(request()).approvalId, 'session'));
    clock.advance(24 * 60 * MINUTE);
    expect(approvals.spend(request({ argsDigest: 'digest-2' }))).toEqual({ by: 'window', scope: 'session' });
    for (const other of [
      { clientId: 'x' },
      { server: 'x' },
      { tool: 'x' },
      { definitionHash: 'x' },
      { policyVersion: 'x' },
    ])
      expect(approvals.spend(request(other))).toBeUndefined();
  });

  test('always writes the rule first, and its own change of policy does not withdraw the call', async () => {
    const written = Promise.withResolvers<string>();
    const { approvals } = open(() => written.promise);
    let policy: Partial<Judged> = {};
    const held = approvals.ask(
      request(),
      callOf(request(), () => policy),
    );
    const decided = approvals.decide(allow(held.approvalId, 'always'));
    await expect(approvals.decide(allow(held.approvalId))).rejects.toMatchObject({ code: 'conflict' });
    policy = { decision: 'allow', rule: '/tools/send_email/allow_if/0', policyVersion: 'policy-2' };
    approvals.recheck(() => true, 'The policy changed.');
    expect(await now(held)).toBe('waiting');
    written.resolve('Cursor may use send_email with to ann@example.com.');
    expect(await decided).toMatchObject({
      outcome: 'ran',
      message: expect.stringContaining('Cursor may use send_email with to ann@example.com.'),
    });
    expect(await held.outcome).toEqual({
      kind: 'allowed',
      by: 'window',
      scope: 'always',
      policyVersion: 'policy-2',
    });
    // Nothing but the rule is remembered.
    expect(approvals.spend(request())).toBeUndefined();
    expect(approvals.spend(request({ policyVersion: 'policy-2' }))).toBeUndefined();
  });

  test('always with a rule that does not let this very call through says so, and the call is judged again', async () => {
    const { approvals } = open();
    const held = approvals.ask(request());
    await expect(approvals.decide(allow(held.approvalId, 'always'))).rejects.toThrow(
      /rule was saved, but the policy does not let this call through/,
    );
    expect(await held.outcome).toEqual({ kind: 'again' });
    expect(approvals.list()).toEqual([]);
  });

  test('always that cannot be written decides nothing', async () => {
    const { approvals } = open(() => Promise.reject(new Error('disk full.')));
    const held = approvals.ask(request());
    await expect(approvals.decide(allow(held.approvalId, 'always'))).rejects.toThrow(
      /could not be saved: disk full/,
    );
    expect(await now(held)).toBe('waiting');
    expect((await approvals.decide(allow(held.approvalId))).outcome).toBe('ran');
  });

  test('everything withdrawn while the rule is written runs nothing', async () => {
    const written = Promise.withResolvers<string>();
    const { approvals } = open(() => written.promise);
    const held = approvals.ask(request());
    const decided = approvals.decide(allow(held.approvalId, 'always'));
    approvals.withdrawAll('The bridge was raised.');
    written.resolve('');
    await expect(decided).rejects.toThrow(/bridge was raised.*rule was saved/);
    expect(await held.outcome).toEqual({ kind: 'withdrawn', reason: 'The bridge was raised.' });
    expect(approvals.spend(request())).toBeUndefined();
  });

  test.each([
    [{ severity: 'Critical', category: 'Destructive' }],
    [{ severity: 'Medium', category: 'Financial' }],
  ] as const)('only once for %j', async (risk) => {
    const { approvals } = open();
    const held = approvals.ask(request({ risk: { ...request().risk, ...risk } }));
    expect(approvals.list()[0]?.scopes).toEqual(['once']);
    for (const scope of ['15m', 'session', 'always'] as const)
      await expect(approvals.decide(allow(held.approvalId, scope))).rejects.toMatchObject({
        code: 'refused',
      });
    expect(await now(held)).toBe('waiting');
  });
});

describe('what ends a prompt from outside', () => {
  test('a changed policy: the same question stays under the new version, any other is judged again', async () => {
    const { approvals } = open();
    const now2 = { policyVersion: 'policy-2' };
    const ask = (tool: string, judged: Partial<Judged>) => {
      const asked = request({ tool });
      return approvals.ask(
        asked,
        callOf(asked, () => judged),
      );
    };
    const same = ask('same', now2);
    const otherRule = ask('other_rule', { ...now2, rule: '/tools/other_rule/ask_if/1' });
    const otherWords = ask('other_words', { ...now2, why: 'Something else.' });
    const definition = ask('definition', { ...now2, definitionHash: 'definition-2' });
    const reviewed = ask('reviewed', { ...now2, reviewed: false });
    const allowed = ask('allowed', { ...now2, decision: 'allow' });
    const denied = ask('denied', { ...now2, decision: 'deny' });
    const elsewhere = approvals.ask(request({ server: 'files' }));
    approvals.recheck(({ server }) => server === 'mail', 'The policy changed.');
    expect(await now(same)).toBe('waiting');
    for (const held of [otherRule, otherWords, definition, reviewed, allowed, denied])
      expect(await now(held)).toEqual({ kind: 'again' });
    expect(await now(elsewhere)).toBe('waiting');
    await expect(approvals.decide(allow(allowed.approvalId))).rejects.toThrow(/withdrawn/);
    await approvals.decide(allow(same.approvalId));
    expect(await same.outcome).toMatchObject({ kind: 'allowed', policyVersion: 'policy-2' });
  });

  test('a ticket of a prompt that stood through a change of policy is of the new policy alone', async () => {
    const { approvals, clock } = open();
    const held = approvals.ask(
      request(),
      callOf(request(), () => ({ policyVersion: 'policy-2' })),
    );
    clock.advance(50_000);
    approvals.recheck(() => true, 'The policy changed.');
    const retry = approvals.ask(request({ policyVersion: 'policy-2' }));
    expect(retry.approvalId).toBe(held.approvalId);
    clock.advance(50_000);
    expect((await approvals.decide(allow(held.approvalId))).outcome).toBe('ticket');
    expect(approvals.spend(request())).toBeUndefined();
    expect(approvals.spend(request({ policyVersion: 'policy-2' }))).toBeDefined();
  });

  test('tickets and lasting grants given before a change of policy are not good after it', async () => {
    const { approvals } = open();
    for (const scope of ['15m', 'session'] as const)
      await approvals.decide(allow(approvals.ask(request({ tool: scope })).approvalId, scope));
    approvals.recheck(() => true, 'The policy changed.');
    for (const tool of ['15m', 'session'])
      expect(approvals.spend(request({ tool, policyVersion: 'policy-2' }))).toBeUndefined();
  });

  test('grants of a paused client are taken back, those of others stay', async () => {
    const { approvals } = open();
    for (const clientId of ['cursor', 'codex'])
      await approvals.decide(allow(approvals.ask(request({ clientId })).approvalId, 'session'));
    approvals.forgetClient('cursor');
    expect(approvals.spend(request())).toBeUndefined();
    expect(approvals.spend(request({ clientId: 'codex' }))).toBeDefined();
  });

  test('a raised bridge answers everybody and takes back every grant', async () => {
    const { approvals, clock } = open();
    await approvals.decide(allow(approvals.ask(request({ tool: 'other' })).approvalId, 'session'));
    const held = approvals.ask(request());
    approvals.withdrawAll('The bridge was raised.');
    expect(await held.outcome).toMatchObject({ kind: 'withdrawn' });
    expect(approvals.list()).toEqual([]);
    expect(approvals.spend(request({ tool: 'other' }))).toBeUndefined();
    expect(clock.waiting).toBe(0);
  });

  test('a restart drops prompts, tickets and grants', async () => {
    const { approvals, clock } = open();
    await approvals.decide(allow(approvals.ask(request()).approvalId, 'session'));
    const again = createApprovals({ clock, randomBytes, onAlways: async () => '', log: noLog });
    expect(again.spend(request())).toBeUndefined();
    expect(again.list()).toEqual([]);
  });
});

describe('answers that do not fit', () => {
  test('a double click: the second one is refused and changes nothing', async () => {
    const { approvals, clock } = open();
    const held = approvals.ask(request());
    clock.advance(50_000);
    const [first, second] = await Promise.allSettled([
      approvals.decide(allow(held.approvalId)),
      approvals.decide(allow(held.approvalId)),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { code: 'conflict', message: expect.stringContaining('already allowed by window') },
    });
    expect(approvals.spend(request())).toBeDefined();
    expect(approvals.spend(request())).toBeUndefined();
  });

  test('an unknown id, and other arguments than those on the screen', async () => {
    const { approvals } = open();
    await expect(approvals.decide(allow('zzzzzz'))).rejects.toMatchObject({ code: 'not_found' });
    const held = approvals.ask(request());
    await expect(
      approvals.decide({ ...allow(held.approvalId), argumentsDigest: 'digest-2' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await now(held)).toBe('waiting');
    await approvals.decide({ ...allow(held.approvalId), argumentsDigest: 'digest-1' });
    expect(await held.outcome).toMatchObject({ kind: 'allowed' });
  });

  test('too many prompts: 50 for one client, 200 in all; identical calls still join', async () => {
    const { approvals } = open();
    const ask = (client: number, n: number) =>
      approvals.ask(request({ clientId: `client-${client}`, argsDigest: `digest-${n}` }));
    for (let n = 0; n < 50; n++) ask(0, n);
    expect(await ask(0, 50).outcome).toEqual({ kind: 'overflow' });
    expect(await now(ask(0, 3))).toBe('waiting');
    for (let client = 1; client < 4; client++) for (let n = 0; n < 50; n++) ask(client, n);
    expect(await ask(5, 0).outcome).toEqual({ kind: 'overflow' });
    expect(approvals.list()).toHaveLength(200);
  });

  test('arguments of all prompts together are bounded; one large call alone is not', async () => {
    const { approvals } = open();
    const large = `"${'x'.repeat(40 * 1024 * 1024)}"`;
    expect(await now(approvals.ask(request({ argumentsText: large })))).toBe('waiting');
    expect(await now(approvals.ask(request({ argsDigest: 'digest-2' })))).toEqual({ kind: 'overflow' });
  });
});
