import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts } from '../../../fakes/gateway-parts.ts';
import { ModernClient } from '../../../fakes/modern-client.ts';
import { type Open, until } from '../../../fakes/raw-client.ts';

/** MCP 2026-07-28, subscriptions. */

let parts: Parts;
let clock: FakeClock;
let client: ModernClient;
beforeEach(async () => {
  clock = new FakeClock();
  parts = await gatewayWithFakes({ clock, era: 'modern' });
  parts.server.stdio = true;
  parts.server.handle = (message) => message.method === 'subscriptions/listen';
  client = new ModernClient(parts.url());
  await client.ask('tools/list', {}, { id: 'first' });
});
afterEach(async () => {
  await parts.stop();
});
const ID = 'io.modelcontextprotocol/subscriptionId';
const listen = async (
  id: number | string,
  notifications: object = { toolsListChanged: true },
): Promise<Open> => {
  const before = parts.connections[0]?.of('subscriptions/listen').length ?? 0;
  const asked = client.post('subscriptions/listen', { notifications }, { id });
  await until(() => parts.connections[0]?.of('subscriptions/listen').length === before + 1);
  return asked;
};
const say = (method: string, id: unknown, params: object = {}) =>
  parts.upstream.say({ jsonrpc: '2.0', method, params: { _meta: { [ID]: id }, ...params } });
const acknowledge = (id: unknown, notifications: object = {}) =>
  say('notifications/subscriptions/acknowledged', id, { notifications });
const CHANGED = 'notifications/tools/list_changed';
const methods = (open: Open): (string | undefined)[] =>
  [...open.text().matchAll(/"method":"([^"]+)"/g)].map(([, method]) => method);
/** Whatever was on its way has come. */
const settled = async (open: Open): Promise<void> => {
  clock.advance(16_000);
  await until(() => open.text().includes(': keep-alive'));
};

test('it is a stream that stays open, begins with what is promised, and shows signs of life', async () => {
  const asked = await listen(1);
  void acknowledge(1, { promptsListChanged: true });
  const first = await asked.message(() => true);
  expect(first).toEqual({
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: { _meta: { [ID]: 1 }, notifications: { toolsListChanged: true, promptsListChanged: true } },
  });
  expect((await asked.head).headers['content-type']).toBe('text/event-stream');
  await settled(asked);
  asked.request.destroy();
});

test('a change of the policy is told on those that asked for it, once they are acknowledged', async () => {
  const tools = await listen(1);
  const prompts = await listen('two', { promptsListChanged: true });
  parts.gateway.notifyToolsChanged('files');
  void acknowledge(1);
  void acknowledge('two');
  await tools.message(() => true);
  await prompts.message(() => true);
  parts.gateway.notifyToolsChanged('other');
  parts.gateway.notifyToolsChanged('files');
  const told = await tools.message(({ method }) => method === CHANGED);
  expect(told).toEqual({ jsonrpc: '2.0', method: CHANGED, params: { _meta: { [ID]: 1 } } });
  await settled(prompts);
  expect(methods(tools)).toEqual(['notifications/subscriptions/acknowledged', CHANGED]);
  expect(methods(prompts)).toEqual(['notifications/subscriptions/acknowledged']);
  tools.request.destroy();
  prompts.request.destroy();
});

test('what the server says goes to the subscription it names, of the types asked for', async () => {
  const one = await listen(1);
  const two = await listen(2, { promptsListChanged: true, resourceSubscriptions: ['file:///a'] });
  void acknowledge(1);
  void acknowledge(2);
  void say(CHANGED, 1);
  void say(CHANGED, 2);
  void say('notifications/resources/updated', 2, { uri: 'file:///a' });
  await two.message(({ method }) => method === 'notifications/resources/updated');
  await settled(one);
  expect(methods(one)).toEqual(['notifications/subscriptions/acknowledged', CHANGED]);
  expect(methods(two)).toEqual([
    'notifications/subscriptions/acknowledged',
    'notifications/resources/updated',
  ]);
  one.request.destroy();
  two.request.destroy();
});

test('logs and progress are never told there', async () => {
  const asked = await listen(1);
  void acknowledge(1);
  void parts.upstream.say({
    jsonrpc: '2.0',
    method: 'notifications/message',
    params: { level: 'info', data: 1 },
  });
  void parts.upstream.say({ jsonrpc: '2.0', method: CHANGED });
  await settled(asked);
  expect(methods(asked)).toEqual(['notifications/subscriptions/acknowledged']);
  asked.request.destroy();
});

test('two of one id are kept apart, under the id their client gave', async () => {
  const one = await listen(1);
  const two = await listen(1);
  const wire = JSON.parse(parts.upstream.of('subscriptions/listen')[1]?.id ?? '') as string;
  expect(wire).not.toBe(1);
  void acknowledge(1);
  void acknowledge(wire);
  void say(CHANGED, wire);
  const told = await two.message(({ method }) => method === CHANGED);
  expect(told.params).toEqual({ _meta: { [ID]: 1 } });
  void parts.upstream.say({
    jsonrpc: '2.0',
    id: wire,
    result: { resultType: 'complete', _meta: { [ID]: wire } },
  });
  const { last } = await two.done;
  expect(last).toMatchObject({ id: 1, result: { _meta: { [ID]: 1 } } });
  await settled(one);
  expect(methods(one)).toEqual(['notifications/subscriptions/acknowledged']);
  one.request.destroy();
});

test('the client ends it by closing the stream: the server is told', async () => {
  const asked = await listen(7);
  void acknowledge(7);
  await asked.message(() => true);
  asked.request.destroy();
  await until(() => parts.upstream.of('notifications/cancelled').length === 1);
  expect(parts.upstream.of('notifications/cancelled')[0]?.cancels).toBe('7');
  expect(parts.gateway.sessions()[0]?.inFlight).toBe(0);
});

test('the server ends it with a result, with a cancellation, or by dying', async () => {
  const result = await listen(1);
  const cancelled = await listen(2);
  const died = await listen(3);
  for (const id of [1, 2, 3]) void acknowledge(id);
  void parts.upstream.say({ jsonrpc: '2.0', id: 1, result: { resultType: 'complete', _meta: { [ID]: 1 } } });
  expect((await result.done).last).toMatchObject({ id: 1, result: { resultType: 'complete' } });
  void parts.upstream.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
  expect((await cancelled.done).messages).toHaveLength(1);
  parts.upstream.die('The server ended.');
  expect((await died.done).messages).toHaveLength(1);
  expect(parts.gateway.sessions()[0]?.inFlight).toBe(0);
});

test('a client that takes no streams cannot have one', async () => {
  const headers = { accept: 'application/json' };
  const answer = await client.ask('subscriptions/listen', { notifications: {} }, { headers });
  expect(answer.status).toBe(406);
});

test('only a subscription can be cancelled by the server', async () => {
  parts.server.handle = (message) => message.call !== undefined;
  const call = client.post('tools/call', { name: 'echo' }, { id: 5 });
  await until(() => parts.upstream.of('tools/call').length === 1);
  void parts.upstream.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 5 } });
  void parts.upstream.say('{"jsonrpc":"2.0","id":5,"result":{"content":[]}}');
  expect((await call.done).last.result).toEqual({ content: [] });
});

test('when Drawbridge stops it ends in good order', async () => {
  const asked = await listen(4);
  void acknowledge(4);
  await asked.message(() => true);
  await parts.gateway.endClient('cursor');
  expect((await asked.done).last).toEqual({
    jsonrpc: '2.0',
    id: 4,
    result: { resultType: 'complete', _meta: { [ID]: 4 } },
  });
});

test('for a server without subscriptions the gateway tells of its own changes', async () => {
  parts.server.handle = (message, connection) => {
    if (message.method !== 'subscriptions/listen') return false;
    const error = { code: -32601, message: 'no' };
    queueMicrotask(() => void connection.say({ jsonrpc: '2.0', id: JSON.parse(message.id ?? ''), error }));
    return true;
  };
  const asked = await listen(1);
  const first = await asked.message(() => true);
  expect(first.params).toEqual({ _meta: { [ID]: 1 }, notifications: { toolsListChanged: true } });
  parts.gateway.notifyToolsChanged();
  await asked.message(({ method }) => method === CHANGED);
  parts.upstream.die('gone');
  parts.gateway.notifyToolsChanged();
  await until(() => methods(asked).length === 3);
  asked.request.destroy();
  const other = await client.ask('subscriptions/listen', { notifications: { promptsListChanged: true } });
  expect([other.status, other.last.error?.code]).toEqual([404, -32601]);
});

test('s26-08: a server speaks on its own subscriptions only, and on none that is not there', async () => {
  const asked = await listen(1);
  void acknowledge(1);
  await asked.message(() => true);
  const elsewhere = new ModernClient(parts.url('other'));
  await elsewhere.ask('tools/list', {}, { id: 'x' });
  const stranger = parts.connections.find(({ server }) => server === 'other');
  expect(stranger).toBeDefined();
  const forged = { jsonrpc: '2.0', method: CHANGED, params: { _meta: { [ID]: 1 } } };
  void stranger?.say(forged);
  void say(CHANGED, 99);
  void parts.connections[0]?.say({ ...forged, params: { _meta: { [ID]: '1' } } });
  await settled(asked);
  expect(methods(asked)).toEqual(['notifications/subscriptions/acknowledged']);
  asked.request.destroy();
});

test('over HTTP only the subscription on whose stream it came', async () => {
  await parts.stop();
  parts = await gatewayWithFakes({ clock, era: 'modern' });
  parts.server.handle = (message) => message.method === 'subscriptions/listen';
  client = new ModernClient(parts.url());
  const one = await listen(1);
  const two = await listen(2);
  const on = (stream: string, id: number, method: string) =>
    parts.upstream.say(
      { jsonrpc: '2.0', method, params: { _meta: { [ID]: id }, notifications: {} } },
      stream,
    );
  void on('1', 1, 'notifications/subscriptions/acknowledged');
  void on('2', 2, 'notifications/subscriptions/acknowledged');
  void on('1', 2, CHANGED);
  void on('2', 2, CHANGED);
  await two.message(({ method }) => method === CHANGED);
  await settled(one);
  expect(methods(one)).toHaveLength(1);
  expect(methods(two)).toHaveLength(2);
  one.request.destroy();
  two.request.destroy();
});
