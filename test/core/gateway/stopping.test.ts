import { expect, test } from 'vitest';
import { doneWithin } from '../../../main/core/base/bounded.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { gatewayWithFakes, tool } from '../../fakes/gateway-parts.ts';
import { type Open, RawClient, until } from '../../fakes/raw-client.ts';

/** The gateway stops within a bound, whatever its clients and servers do, and leaves no timer. */

test('with hundreds of calls held, clients gone, and servers that do not end', async () => {
  const clock = new FakeClock();
  const parts = await gatewayWithFakes({ clock });
  parts.server.tools = [tool('echo'), tool('ask_me')];
  parts.rules.set('ask_me', { decision: 'ask' });
  const calls: Open[] = [];
  for (let n = 0; n < 4; n++) {
    const client = new RawClient(parts.url(), ['cursor', 'codex'][n % 2]);
    await client.initialize();
    for (let id = 1; id <= 50; id++)
      calls.push(client.openCall(id, n === 3 ? 'echo' : 'ask_me', { id }, { progressToken: id }));
  }
  await until(() => parts.approvals.list().reduce((sum, { count }) => sum + count, 0) === 150);
  for (const call of calls.slice(0, 40)) call.request.destroy();
  // A child that no signal ends.
  for (const connection of parts.connections) connection.close = () => new Promise(() => {});
  const stopped = parts.stop();
  const late = new RawClient(parts.url());
  await late.initialize().catch(() => {});
  expect(late.session).toBeUndefined();
  let over = false;
  void stopped.then(() => {
    over = true;
  });
  await until(() => {
    clock.advance(1000);
    return over;
  });
  await Promise.all(calls.map(({ done }) => done.catch(() => {})));
  expect(parts.gateway.sessions()).toEqual([]);
  parts.approvals.withdrawAll('Drawbridge is stopping.', 'stopped');
  await until(() => parts.approvals.list().length === 0);
  expect(parts.records.filter(({ outcome }) => outcome === undefined)).toEqual([]);
  await until(() => clock.waiting === 0);
});

test('work that hangs, or fails, is not waited for without end', async () => {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const failed = (error: unknown): void => void errors.push(error);
  const hangs = doneWithin(clock, 1000, new Promise(() => {}), failed);
  clock.advance(1000);
  expect(await hangs).toBe(false);
  expect(await doneWithin(clock, 1000, Promise.reject(new Error('broken')), failed)).toBe(true);
  expect(await doneWithin(clock, 1000, Promise.resolve(), failed)).toBe(true);
  expect(errors).toEqual([new Error('broken')]);
  expect(clock.waiting).toBe(0);
});
