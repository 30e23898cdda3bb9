import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { createApprovalHistory } from '../../../main/core/approvals/index.ts';
import type { ApprovalRequest } from '../../../main/core/approvals/types.ts';
import type { Database } from '../../../main/core/ports.ts';
import { ApprovalHealth, MissedCall } from '../../../shared/schemas/health.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { allow, deny, MINUTE, open, request } from './helpers.ts';

const DAY = 24 * 60 * MINUTE;

/** A queue that is written down, with a way to look at the same database again. */
function kept() {
  const database = new DatabaseSync(':memory:') as Database;
  const errors: string[] = [];
  const clock = new FakeClock();
  const start = () =>
    createApprovalHistory({ database, clock, log: (_level, message) => void errors.push(message) });
  const history = start();
  const { approvals } = open(undefined, history, clock);
  const all = (): string => JSON.stringify(database.prepare('SELECT * FROM approval_prompts').all());
  return { approvals, history, clock, database, errors, start, all };
}

describe('missed calls', () => {
  test('expired and given up, newest first, with record and count; answered ones are not among them', async () => {
    const { approvals, history, clock, errors } = kept();
    approvals.ask(request({ argsDigest: 'a' })).recorded(7);
    approvals.ask(request({ argsDigest: 'a' })).recorded(8);
    clock.advance(11 * MINUTE);
    approvals.list();
    const given = approvals.ask(request({ argsDigest: 'b', tool: 'other' }));
    given.withdraw('The client hung up.');
    await approvals.decide(allow(approvals.ask(request({ argsDigest: 'c' })).approvalId));
    await approvals.decide(deny(approvals.ask(request({ argsDigest: 'd' })).approvalId));
    const missed = history.missed(100).map((each) => MissedCall.parse(each));
    expect(missed).toMatchObject([
      { id: given.approvalId, tool: 'other', how: 'gave-up', seq: null, count: 1 },
      { tool: 'send_email', how: 'expired', seq: 7, count: 2, argumentsText: expect.stringContaining('ann') },
    ]);
    expect(history.missed(1)).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  test('what a person answers later is not missed any more', async () => {
    const { approvals, history, clock } = kept();
    approvals.ask(request());
    clock.advance(11 * MINUTE);
    approvals.list();
    expect(history.missed(10)).toHaveLength(1);
    await approvals.decide(allow(approvals.ask(request()).approvalId));
    expect(history.missed(10)).toEqual([]);
  });

  test('what the policy took away is not missed; an end of Drawbridge is', () => {
    const { approvals, history } = kept();
    approvals.ask(request());
    approvals.withdrawAll('The bridge was raised.');
    expect(history.missed(10)).toEqual([]);
    approvals.ask(request());
    approvals.withdrawAll('Drawbridge is stopping.', 'stopped');
    expect(history.missed(10)).toMatchObject([{ how: 'stopped' }]);
  });

  test('one is taken off the list, or all', () => {
    const { approvals, history } = kept();
    const ids = ['a', 'b', 'c'].map((argsDigest) => {
      const held = approvals.ask(request({ argsDigest }));
      held.withdraw('gone');
      return held.approvalId;
    });
    history.dismiss(ids[1]);
    expect(history.missed(10).map(({ id }) => id)).toEqual([ids[2], ids[0]]);
    history.dismiss('nothing');
    history.dismiss();
    expect(history.missed(10)).toEqual([]);
  });

  test('500 of them for 30 days', () => {
    const { approvals, history, clock, start, all } = kept();
    for (let n = 0; n < 620; n++) approvals.ask(request({ argsDigest: `n-${n}` })).withdraw('gone');
    expect(history.missed(500)).toHaveLength(500);
    clock.advance(31 * DAY);
    expect(history.missed(500)).toEqual([]);
    // What is not shown any more is not kept either.
    start();
    expect(all()).not.toContain('ann@example.com');
  });

  test('secrets never reach the disk, nor do the arguments of answered calls stay on it', async () => {
    const { approvals, all } = kept();
    const secret = 'sk-ant-api03-canary-canary-canary-canary';
    const held = approvals.ask(
      request({
        argumentsText: `{"password":"hunter2hunter2","note":"${secret}"}`,
        why: `It holds ${secret}.`,
      }),
    );
    expect(all()).toContain('note');
    for (const canary of ['hunter2', 'canary-canary']) expect(all()).not.toContain(canary);
    await approvals.decide(allow(held.approvalId));
    expect(all()).not.toContain('note');
  });

  test('a disk that is full is said in the log, and the prompts go on', async () => {
    const { approvals, database, errors } = kept();
    database.exec('DROP TABLE approval_prompts');
    const held = approvals.ask(request());
    expect((await approvals.decide(allow(held.approvalId))).outcome).toBe('ran');
    expect(errors.length).toBeGreaterThan(0);
  });

  test('what stood at a kill is recorded and listed once; a record that fails is tried at the next start', () => {
    const { approvals, start } = kept();
    const held = approvals.ask(request());
    approvals.ask(request());
    const next = start();
    expect(() =>
      next.settleInterrupted(() => {
        throw new Error('disk full');
      }),
    ).not.toThrow();
    expect(next.missed(10)).toEqual([]);
    const recorded: object[] = [];
    start().settleInterrupted((prompt) => recorded.push(prompt) + 40);
    expect(recorded).toMatchObject([
      { id: held.approvalId, count: 2, policyVersion: 'policy-1', argumentsDigest: 'digest-1' },
    ]);
    expect(start().missed(10)).toMatchObject([{ id: held.approvalId, how: 'stopped', seq: 41 }]);
    start().settleInterrupted((prompt) => recorded.push(prompt));
    expect(recorded).toHaveLength(1);
  });
});

describe('health', () => {
  const answer = async (
    all: ReturnType<typeof kept>,
    over: Partial<ApprovalRequest>,
    ms: number,
    decision: 'allow' | 'deny' = 'allow',
    scope: 'once' | 'always' = 'once',
  ) => {
    const held = all.approvals.ask(request(over));
    held.recorded(900);
    all.clock.advance(ms);
    await all.approvals.decide(decision === 'allow' ? allow(held.approvalId, scope) : deny(held.approvalId));
  };

  test('counts, median, haste, days and tools', async () => {
    const all = kept();
    for (const ms of [1000, 1999, 2000, 9000]) await answer(all, { argsDigest: `${ms}` }, ms);
    await answer(all, { argsDigest: 'no' }, 5000, 'deny');
    all.clock.advance(DAY);
    all.approvals.ask(request({ tool: 'other' })).withdraw('gone');
    all.approvals.ask(request({ tool: 'taken' }));
    all.approvals.withdrawAll('The bridge was raised.');
    all.approvals.ask(request({ tool: 'stands' }));
    const health = ApprovalHealth.parse(all.history.health(7));
    expect(health).toMatchObject({
      days: 7,
      prompts: 7,
      allowed: 4,
      denied: 1,
      missed: 1,
      medianMs: 2000,
      hasty: 2,
      perDay: 3.5,
    });
    expect(health.byDay).toHaveLength(7);
    expect(health.byDay.slice(-2).map(({ prompts }) => prompts)).toEqual([5, 2]);
    expect(health.byTool[0]).toEqual({
      server: 'mail',
      tool: 'send_email',
      prompts: 5,
      allowed: 4,
      denied: 1,
      missed: 0,
    });
    expect(all.history.health(1).prompts).toBe(2);
  });

  test('without prompts there is nothing to tell', () => {
    expect(kept().history.health(30)).toMatchObject({
      prompts: 0,
      perDay: 0,
      medianMs: null,
      suggestions: [],
    });
  });

  test('what is always answered alike is suggested as a rule, with a call to make it from', async () => {
    const all = kept();
    for (let n = 0; n < 5; n++) {
      await answer(all, { argsDigest: `a${n}` }, 100);
      await answer(all, { argsDigest: `b${n}`, tool: 'delete_email' }, 100, 'deny');
      await answer(all, { argsDigest: `c${n}`, tool: 'mixed' }, 100, n === 2 ? 'deny' : 'allow');
      await answer(
        all,
        { argsDigest: `d${n}`, tool: 'pay', risk: { ...request().risk, category: 'Financial' } },
        100,
      );
      if (n < 4) await answer(all, { argsDigest: `e${n}`, tool: 'seldom' }, 100);
    }
    expect(all.history.health(30).suggestions).toEqual([
      {
        server: 'mail',
        tool: 'send_email',
        clientId: 'cursor',
        clientName: 'Cursor',
        answer: 'allow',
        times: 5,
        sentence: 'You allowed all 5 calls of send_email from Cursor in the last 30 days.',
        seq: 900,
      },
      expect.objectContaining({ tool: 'delete_email', answer: 'deny', times: 5 }),
    ]);
  });
});
