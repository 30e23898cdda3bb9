import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ClientPatience } from '../../../../main/core/gateway/call/patience.ts';
import { createPatienceStore } from '../../../../main/core/rpc/patience-store.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { ModernClient } from '../../../fakes/modern-client.ts';
import { type Open, RawClient, until } from '../../../fakes/raw-client.ts';

/** How long a client waits is learned from the calls that it takes back. */

let parts: Parts;
let clock: FakeClock;
let client: RawClient;
const begin = async (era: 'legacy' | 'modern' = 'legacy'): Promise<void> => {
  clock = new FakeClock();
  parts = await gatewayWithFakes({
    clock,
    era,
    limits: { holds: { 'claude-code': { withProgressMs: 30 * 60_000 } } },
  });
  parts.server.tools = [tool('write_file'), tool('echo')];
  parts.rules.set('write_file', { decision: 'ask' });
};
beforeEach(async () => {
  await begin();
  client = new RawClient(parts.url(), 'claude-code');
  await client.initialize();
});
afterEach(async () => {
  await parts.stop();
});
const prompts = () => parts.approvals.list();
const allow = () =>
  parts.approvals.decide({ id: prompts()[0]?.id ?? '', decision: 'allow', scope: 'once', by: 'Ada' });
const held = async (id: number, args: object = { id }): Promise<Open> => {
  const before = prompts().reduce((sum, { count }) => sum + count, 0);
  const call = client.openCall(id, 'write_file', args, { progressToken: id });
  await call.head;
  await until(() => prompts().some(({ state }) => state === 'holding') && prompts().length + before > 0);
  return call;
};
const cancel = (id: number, reason?: string) =>
  client.send({
    jsonrpc: '2.0',
    method: 'notifications/cancelled',
    params: { requestId: id, ...(reason ? { reason } : {}) },
  });
/** How long the prompt that stands is held, ms. */
const holds = (): number => Math.round((prompts()[0]?.holdUntil ?? 0) - clock.now());
const TIMED_OUT = 'McpError: MCP error -32001: Request timed out';

test.each([
  [15_000, undefined],
  [15_200, undefined],
  [60_000, undefined],
  [17_300, TIMED_OUT],
  [6_000, 'The request timeout of 6 s has passed'],
])('a call taken back after %d ms (%s): held shorter next time, then pending', async (ms, reason) => {
  const first = await held(1);
  expect(holds()).toBe(30 * 60_000);
  clock.advance(ms);
  await cancel(1, reason);
  await first.done;
  // The person answers the question that stands, and the identical retry runs without another one.
  expect(prompts()).toMatchObject([{ state: 'pending' }]);
  await until(() => parts.records.at(-1)?.outcome !== undefined);
  expect(parts.records.at(-1)).toMatchObject({
    record: { decision: 'pending' },
    outcome: { status: 'cancelled' },
  });
  expect((await allow()).outcome).toBe('ticket');
  expect((await client.call('write_file', { id: 1 })).last.result?.content?.[0]?.text).toBe('ran');
  const second = await held(2);
  expect(holds()).toBeLessThan(ms);
  expect(holds()).toBeGreaterThan(ms * 0.7);
  clock.advance(holds());
  expect((await second.done).last.result?.content?.[0]?.text).toContain('approval pending');
});

test('the identical retry before the answer is the same prompt', async () => {
  await held(1, { a: 1 });
  const [first] = prompts();
  clock.advance(15_000);
  await cancel(1);
  await held(2, { a: 1 });
  expect(prompts().map(({ id, count }) => [id, count])).toEqual([[first?.id, 1]]);
  await allow();
});

test.each([
  ['early', 3000, undefined],
  ['irregular', 17_300, undefined],
  ['at a round time, with a reason that is another', 15_000, 'AbortError: the user stopped it'],
])('a call that a person took back (%s) teaches nothing, and its question goes', async (_, ms, reason) => {
  const call = await held(1);
  clock.advance(ms);
  await cancel(1, reason);
  await call.done;
  expect(prompts()).toEqual([]);
  await until(() => parts.records.at(-1)?.record.decision === 'withdrawn');
  await held(2);
  expect(holds()).toBe(30 * 60_000);
});

test('the same irregular time twice is a time-out', async () => {
  for (const id of [1, 2]) {
    await held(id);
    clock.advance(17_300);
    await cancel(id);
    await until(() => prompts().length === id - 1);
  }
});

test('a client that disconnects at its limit is learned from as well', async () => {
  const call = await held(1);
  clock.advance(30_000);
  call.request.destroy();
  await until(() => prompts()[0]?.state === 'pending');
  await held(2, { id: 1 });
  expect(holds()).toBe(25_500);
});

test('other clients, and calls without progress, are held as before', async () => {
  await held(1);
  clock.advance(15_000);
  await cancel(1);
  await until(() => prompts()[0]?.state === 'pending');
  await allow();
  client = new RawClient(parts.url(), 'cursor');
  await client.initialize();
  await held(2);
  expect(holds()).toBe(50_000);
});

test('a call that lasts longer than what was learned unlearns it', async () => {
  await held(1);
  clock.advance(15_000);
  await cancel(1);
  await until(() => prompts()[0]?.state === 'pending');
  await allow();
  parts.server.handle = (message) => message.call !== undefined;
  const long = client.openCall(5, 'echo', {}, { progressToken: 5 });
  await until(() => parts.upstream.of('tools/call').length === 1);
  clock.advance(40_000);
  await parts.upstream.say('{"jsonrpc":"2.0","id":5,"result":{"content":[]}}');
  await long.done;
  await held(6);
  expect(holds()).toBe(30 * 60_000);
});

test('in revisions without sessions the closed stream says it', async () => {
  await parts.stop();
  await begin('modern');
  const modern = new ModernClient(parts.url(), 'claude-code');
  const call = modern.post('tools/call', { name: 'write_file', arguments: {} });
  await until(() => prompts().length === 1);
  clock.advance(15_000);
  call.request.destroy();
  await until(() => prompts()[0]?.state === 'pending');
  expect((await allow()).outcome).toBe('ticket');
});

describe('what was learned', () => {
  test('is kept in the data folder', () => {
    const database = new DatabaseSync(':memory:');
    const store = () => createPatienceStore(database as never, clock);
    const taken = { clientId: 'cursor', takesProgress: false, said: undefined };
    expect(new ClientPatience(store()).timedOut({ ...taken, afterMs: 60_000 })).toBe(true);
    const later = new ClientPatience(store());
    expect(later.holdMs('cursor', false)).toBe(51_000);
    expect(later.holdMs('cursor', true)).toBeUndefined();
    later.waited('cursor', false, 61_000);
    expect(new ClientPatience(store()).holdMs('cursor', false)).toBeUndefined();
  });
});
