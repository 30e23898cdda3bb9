import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { type Open, open as probe, RawClient, until } from '../../../fakes/raw-client.ts';

/** A connection to a server lives as long as those of the client that use it. */

const MINUTE = 60_000;

let parts: Parts;
let clock: FakeClock;
let client: RawClient;
beforeEach(async () => {
  clock = new FakeClock();
  parts = await gatewayWithFakes({ clock });
  parts.server.tools = [tool('echo')];
  client = new RawClient(parts.url());
});
afterEach(async () => {
  await parts.stop();
});
const open = (): number => parts.connections.filter(({ closed }) => !closed).length;
const unanswered = (...methods: string[]): void => {
  parts.server.handle = ({ method = '' }) => methods.includes(method);
};
const initialize = (url = client.url): Open =>
  new RawClient(url).open({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
  });
/** Cuts it as the end of a process would, and waits until the gateway has seen that. */
async function cut(...requests: Open[]): Promise<void> {
  for (const { request } of requests) request.destroy();
  await Promise.all(requests.map(({ done }) => done.catch(() => {})));
  // The end of a connection arrives in order with those before it; a new one is taken after it.
  await probe(`http://127.0.0.1:${parts.port}/`, { method: 'GET' }).done;
}
const outcomes = (): unknown[] => parts.records.map(({ outcome }) => outcome?.status);
const settled = (): Promise<true> => until(() => open() === 0);

describe('initialize that is not answered', () => {
  test('ends with its connection, and each try leaves nothing', async () => {
    unanswered('initialize');
    for (let n = 1; n <= 4; n++) {
      const waiting = initialize();
      await until(() => parts.connections.length === n);
      clock.advance(1000);
      await cut(waiting);
      await settled();
      expect(parts.gateway.sessions()).toEqual([]);
    }
    await until(() => outcomes().every((status) => status === 'lost'));
    expect(outcomes()).toHaveLength(4);
  });

  test('goes on for hours while its client is on the line', async () => {
    unanswered('initialize');
    const waiting = initialize();
    await until(() => parts.connections.length === 1);
    clock.advance(3 * 60 * MINUTE);
    expect(open()).toBe(1);
    await parts.upstream.say({
      jsonrpc: '2.0',
      id: 0,
      result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'slow', version: '1' } },
    });
    expect((await waiting.done).last.result).toBeDefined();
  });
});

describe('a client that is gone', () => {
  test.each(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'])(
    'killed while a call runs (%s): within about a minute the connection is closed and the record has an end',
    async (version) => {
      await client.initialize(version);
      const get = client.get();
      await get.head;
      unanswered('tools/call');
      const call = client.openCall(1, 'echo');
      await until(() => parts.upstream.of('tools/call').length === 1);
      clock.advance(20 * MINUTE);
      expect(open()).toBe(1);
      await cut(get, call);
      clock.advance(55_000);
      expect(open()).toBe(1);
      clock.advance(10_000);
      await settled();
      expect(parts.records.at(-1)).toMatchObject({
        record: { method: 'tools/call' },
        outcome: { status: 'lost', error: expect.stringContaining('not connected for too long') },
      });
      expect(parts.gateway.sessions()).toMatchObject([{ inFlight: 0, connected: false }]);
      // Should it live after all, it goes on without noticing.
      parts.server.handle = () => false;
      expect((await client.call('echo')).last.result?.content?.[0]?.text).toBe('ran');
    },
  );

  test('that comes back for its call in time gets the answer', async () => {
    await client.initialize();
    unanswered('tools/call');
    const call = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    clock.advance(1000);
    await call.head;
    await until(() => call.text().includes('id: '));
    await cut(call);
    clock.advance(50_000);
    const id = /id: (\S+)/.exec(call.text())?.[1] as string;
    const back = client.get({ 'last-event-id': id });
    await back.head;
    clock.advance(30 * MINUTE);
    await parts.upstream.say('{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"late"}]}}');
    expect((await back.done).last.result?.content?.[0]?.text).toBe('late');
  });

  test('while its server is started again and says nothing: that process ends too', async () => {
    await client.initialize();
    await parts.upstream.close();
    unanswered('initialize');
    const call = client.openCall(1, 'echo');
    await until(() => parts.connections.length === 2);
    clock.advance(1000);
    await cut(call);
    clock.advance(MINUTE + 1000);
    await settled();
    await until(() => parts.gateway.sessions().every(({ inFlight }) => inFlight === 0));
  });

  test('after it refused what was agreed on: it never says that it is initialized', async () => {
    expect((await initialize().done).status).toBe(200);
    clock.advance(MINUTE + 1000);
    await settled();
  });

  test('that closed its stream and makes no request', async () => {
    await client.initialize();
    const get = client.get();
    await get.head;
    clock.advance(60 * MINUTE);
    expect(open()).toBe(1);
    await cut(get);
    clock.advance(MINUTE + 1000);
    await settled();
  });

  test('is made room for, whatever it left unanswered', async () => {
    await parts.stop();
    parts = await gatewayWithFakes({ clock, limits: { maxSessions: 2 } });
    client = new RawClient(parts.url());
    const other = new RawClient(parts.url());
    await client.initialize();
    await other.initialize();
    unanswered('tools/call');
    const mine = client.openCall(1, 'echo');
    const theirs = other.openCall(1, 'echo');
    await until(() => parts.connections.every((each) => each.of('tools/call').length === 1));
    expect((await initialize(parts.url()).done).status).toBe(503);
    await cut(mine);
    expect((await initialize(parts.url()).done).status).toBe(200);
    theirs.request.destroy();
  });

  test('a call that nobody is on the line for is given up in minutes, though its client listens', async () => {
    await client.initialize();
    const get = client.get();
    await get.head;
    unanswered('tools/call');
    const call = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    await cut(call);
    clock.advance(4 * MINUTE);
    expect(outcomes().at(-1)).toBeUndefined();
    clock.advance(MINUTE + 1000);
    expect(outcomes().at(-1)).toBe('lost');
    expect(parts.upstream.of('notifications/cancelled')).toHaveLength(1);
    expect(open()).toBe(1);
    get.request.destroy();
  });
});

describe('a client that is there', () => {
  test('without a stream: its server rests after ten minutes without a request, and not before', async () => {
    await client.initialize();
    await client.call('echo');
    clock.advance(9 * MINUTE);
    expect(open()).toBe(1);
    clock.advance(2 * MINUTE);
    await settled();
    expect((await client.call('echo')).last.result?.content?.[0]?.text).toBe('ran');
  });
});

describe('all servers joined in one', () => {
  beforeEach(() => {
    client = new RawClient(`http://127.0.0.1:${parts.port}/mcp`);
  });

  test('one that never answers initialize ends when the client is gone', async () => {
    await client.initialize();
    const get = client.get();
    await get.head;
    unanswered('initialize');
    const list = client.open({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    await until(() => parts.connections.length === 2);
    clock.advance(30 * MINUTE);
    expect(open()).toBe(2);
    await cut(get, list);
    clock.advance(MINUTE + 1000);
    await settled();
    await until(() => parts.gateway.sessions().length === 1);
  });

  test('a call under way ends in about a minute', async () => {
    await client.initialize();
    const get = client.get();
    await get.head;
    const { result } = (await client.request('tools/list')).last;
    unanswered('tools/call');
    const call = client.openCall(1, result?.tools?.[0]?.name as string);
    await until(() => parts.connections.some((each) => each.of('tools/call').length === 1));
    clock.advance(30 * MINUTE);
    expect(open()).toBe(2);
    await cut(get, call);
    clock.advance(MINUTE + 1000);
    await settled();
    expect(parts.records.every(({ outcome }) => outcome !== undefined)).toBe(true);
  });
});
