import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../../../main/core/upstream/types.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { RawClient, until } from '../../../fakes/raw-client.ts';

let parts: Parts;
let clock: FakeClock;
let client: RawClient;
beforeEach(async () => {
  clock = new FakeClock();
  parts = await gatewayWithFakes({ clock });
  client = new RawClient(parts.url());
});
afterEach(async () => {
  await parts.stop();
});
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
/** The server keeps its calls; the test answers. */
const keepCalls = () => {
  parts.server.handle = (message) => message.call !== undefined;
};
const answerCall = (id: string, text = 'late') =>
  parts.upstream.say(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"${text}"}]}}`);

describe('a session', () => {
  test('begins with initialize, under an id of ours, and a new list is promised', async () => {
    const answer = await client.initialize();
    expect(client.session).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(answer.last.result).toMatchObject({
      protocolVersion: '2025-11-25',
      capabilities: { tools: { listChanged: true } },
    });
    expect(parts.upstream.version).toBe('2025-11-25');
    expect(parts.upstream.of('notifications/initialized')).toHaveLength(1);
    expect(parts.handshakes).toEqual([['cursor', { software: 'raw 1', protocolVersion: '2025-11-25' }]]);
    expect(parts.gateway.sessions()).toMatchObject([
      { clientId: 'cursor', server: 'files', connected: true, inFlight: 0 },
    ]);
  });

  test('is needed: missing 400, unknown 404, another client 404, another server 404', async () => {
    expect((await client.send(ping)).status).toBe(400);
    expect((await client.get().done).status).toBe(400);
    client.session = 'nobody';
    expect((await client.send(ping)).status).toBe(404);
    expect((await client.get().done).status).toBe(404);
    client.session = undefined;
    await client.initialize();
    const other = new RawClient(parts.url(), 'claude-code');
    other.session = client.session;
    expect((await other.send(ping)).status).toBe(404);
    const elsewhere = new RawClient(parts.url('other'));
    elsewhere.session = client.session;
    expect((await elsewhere.send(ping)).status).toBe(404);
    expect((await client.send(ping)).status).toBe(200);
  });

  test('server/discover is answered at once, in the old way, without starting anything', async () => {
    const answer = await client.request('server/discover');
    expect(answer.status).toBe(400);
    expect(answer.last.error?.code).toBe(-32601);
    expect(parts.connections).toEqual([]);
    expect((await client.initialize()).status).toBe(200);
  });

  test('is not begun twice, and not with a version that is unknown', async () => {
    await client.initialize();
    const again = await client.request('initialize', { protocolVersion: '2025-11-25' });
    expect(again.status).toBe(400);
    expect((await client.send(ping, { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
    expect((await client.send(ping, { 'mcp-protocol-version': '2025-11-25' })).status).toBe(200);
  });

  test('DELETE ends it and its upstream connection', async () => {
    await client.initialize();
    const { open } = await import('../../../fakes/raw-client.ts');
    const ended = await open(client.url, {
      method: 'DELETE',
      headers: { authorization: 'Bearer token-cursor', 'mcp-session-id': client.session as string },
    }).done;
    expect(ended.status).toBe(200);
    await until(() => parts.upstream.closed);
    expect((await client.send(ping)).status).toBe(404);
  });

  test('does not exist when the server refuses initialize, or cannot be started', async () => {
    parts.server.handle = (message, connection) => {
      void connection.say({
        jsonrpc: '2.0',
        id: JSON.parse(message.id ?? ''),
        error: { code: -32602, message: 'no' },
      });
      return true;
    };
    const refused = await client.request('initialize', { protocolVersion: '2025-11-25' });
    expect(refused.last.error?.message).toBe('no');
    expect(refused.headers['mcp-session-id']).toBeUndefined();
    parts.connectError = new UpstreamError('unsent', 'The program "nowhere" was not found.');
    const missing = await client.request('initialize', { protocolVersion: '2025-11-25' });
    expect(missing.last.error?.message).toBe('The program "nowhere" was not found.');
    await until(() => parts.gateway.sessions().length === 0);
  });

  test('rests when idle, keeps its id, and is forgotten much later', { tags: ['slow'] }, async () => {
    await client.initialize();
    clock.advance(30 * 60_000 + 1000);
    await until(() => parts.upstream.closed);
    expect((await client.send(ping)).status).toBe(200);
    expect(parts.connections).toHaveLength(2);
    expect(parts.upstream.sent.map(({ method }) => method)).toEqual([
      'initialize',
      'notifications/initialized',
      'ping',
    ]);
    clock.advance(24 * 3_600_000 + 1000);
    expect(parts.gateway.sessions()).toEqual([]);
  });

  test('ends for a client that is disconnected', async () => {
    await client.initialize();
    await parts.gateway.endClient('someone-else');
    expect(parts.gateway.sessions()).toHaveLength(1);
    await parts.gateway.endClient('cursor');
    expect(parts.gateway.sessions()).toEqual([]);
    expect(parts.upstream.closed).toBe(true);
  });
});

describe('batches', () => {
  const batch = (...ids: number[]) => JSON.stringify(ids.map((id) => ({ ...ping, id })));
  test('only 2025-03-26 has them', async () => {
    await client.initialize('2025-06-18');
    expect((await client.send(batch(1))).status).toBe(400);
  });
  test('each message is judged, and each answered', async () => {
    parts.server.tools = [tool('echo'), tool('delete_repository')];
    parts.rules.set('delete_repository', { decision: 'deny' });
    await client.initialize('2025-03-26');
    const call = (id: number, name: string) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name },
    });
    const answer = await client.send(
      JSON.stringify([
        ping,
        call(2, 'delete_repository'),
        call(3, 'echo'),
        { jsonrpc: '2.0', method: 'notifications/x' },
      ]),
    );
    expect(answer.messages.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    expect(answer.messages.find(({ id }) => id === 2)?.result?.isError).toBe(true);
    expect(parts.upstream.of('tools/call').map(({ id }) => id)).toEqual(['3']);
    expect((await client.send(batch(...Array.from({ length: 101 }, (_, i) => i + 10)))).status).toBe(400);
    expect((await client.send('[]')).status).toBe(400);
    expect(
      (
        await client.send(
          '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"id":3,"method":"ping"}]',
        )
      ).status,
    ).toBe(400);
  });
});

describe('what the server says of its own', () => {
  beforeEach(async () => {
    keepCalls();
    await client.initialize();
  });
  const log = { jsonrpc: '2.0', method: 'notifications/message', params: { data: 1 } };

  test('goes to the newest request under way, which becomes a stream', async () => {
    const first = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    const second = client.openCall(2, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 2);
    void parts.upstream.say(log);
    void parts.upstream.say({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 'x', progress: 1 },
    });
    await answerCall('2');
    await answerCall('1');
    expect((await second.done).messages).toHaveLength(2);
    const plain = await first.done;
    expect(plain.headers['content-type']).toBe('application/json');
  });

  test('progress only goes to the request with its token', async () => {
    const first = client.openCall(1, 'echo', {}, { progressToken: 'a' });
    await until(() => parts.upstream.of('tools/call').length === 1);
    const second = client.openCall(2, 'echo', {}, { progressToken: 'b' });
    await until(() => parts.upstream.of('tools/call').length === 2);
    const progress = (token: string) =>
      parts.upstream.say({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: token, progress: 0 },
      });
    await progress('a');
    await progress('stolen');
    await answerCall('1');
    await progress('a');
    await answerCall('2');
    expect((await first.done).messages.map(({ method }) => method)).toEqual([
      'notifications/progress',
      undefined,
    ]);
    expect((await second.done).messages).toHaveLength(1);
  });

  test('waits for a stream when none is open, up to a bound', async () => {
    await parts.upstream.say(log);
    const stream = client.get();
    expect(await stream.message(({ method }) => method === 'notifications/message')).toMatchObject(log);
    expect(parts.upstream.streams).toBe(1);
    await parts.upstream.say({ ...log, params: { data: 2 } });
    await stream.message(({ params }) => (params as { data: number }).data === 2);
    stream.request.destroy();
    await until(() => {
      clock.advance(1);
      void parts.upstream.say({ jsonrpc: '2.0', id: 'q', method: 'sampling/createMessage' });
      for (let i = 0; i < 1000; i++) void parts.upstream.say(log);
      return parts.upstream.sent.some(({ kind, isError }) => kind === 'response' && isError);
    });
  });

  test('what waited goes with the next request of a client that never opens a stream', async () => {
    await parts.upstream.say(log);
    const answer = await client.request('resources/list');
    expect(answer.messages).toHaveLength(2);
  });

  test('only answers to what it asked go back to it, once', async () => {
    const call = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    await parts.upstream.say({ jsonrpc: '2.0', id: 'q1', method: 'elicitation/create', params: {} });
    await call.message(({ method }) => method === 'elicitation/create');
    const respond = (id: unknown) => client.send({ jsonrpc: '2.0', id, result: { action: 'accept' } });
    expect((await respond(1)).status).toBe(400);
    expect((await respond('other')).status).toBe(400);
    expect((await respond('q1')).status).toBe(202);
    expect((await respond('q1')).status).toBe(400);
    const responses = parts.upstream.sent.filter(({ kind }) => kind === 'response');
    expect(responses.map(({ id }) => id)).toEqual(['"q1"']);
    await answerCall('1', 'done');
    expect((await call.done).last.result?.content?.[0]?.text).toBe('done');
  });

  test('headers go out within a second when nothing is said', async () => {
    const call = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    clock.advance(1000);
    expect((await call.head).headers['content-type']).toBe('text/event-stream');
    await answerCall('1');
    expect((await call.done).last.result).toBeDefined();
  });

  test('a client that only takes JSON gets only JSON', async () => {
    const call = client.open(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } },
      { accept: 'application/json' },
    );
    await until(() => parts.upstream.of('tools/call').length === 1);
    await parts.upstream.say(log);
    clock.advance(2000);
    await answerCall('1');
    expect((await call.done).headers['content-type']).toBe('application/json');
  });

  test('a client that hangs up does not cancel what was forwarded', async () => {
    const call = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    call.request.destroy();
    await call.done.catch(() => {});
    await answerCall('1');
    expect(parts.upstream.of('notifications/cancelled')).toEqual([]);
    expect(parts.records.at(-1)?.outcome?.status).toBe('ok');
  });

  test('a cancellation of a forwarded call is passed on, and its answer is not waited for', async () => {
    const call = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    await client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    expect((await call.done).messages).toEqual([]);
    expect(parts.upstream.of('notifications/cancelled')).toHaveLength(1);
    expect(parts.records.at(-1)?.outcome?.status).toBe('cancelled');
  });
});

describe('an upstream that goes away', () => {
  test('while a call runs: an error that names it and why; the next request finds it again', async () => {
    keepCalls();
    await client.initialize();
    await client.request('logging/setLevel', { level: 'debug' });
    await client.request('resources/subscribe', { uri: 'file:///a' });
    const call = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    await new Promise((done) => setImmediate(done));
    parts.upstream.die('The server "files" ended by signal SIGKILL.');
    const { error } = (await call.done).last;
    expect(error?.message).toContain('The server "files" ended by signal SIGKILL.');
    expect(error?.message).toContain('may or may not');
    expect(parts.records.at(-1)?.outcome?.status).toBe('lost');
    expect(parts.counts.released).toBe(0);
    expect((await client.send(ping)).last.result).toEqual({});
    expect(parts.connections).toHaveLength(2);
    expect(parts.upstream.sent.map(({ method }) => method)).toEqual([
      'initialize',
      'notifications/initialized',
      'logging/setLevel',
      'resources/subscribe',
      'ping',
    ]);
    const [first, second] = parts.connections.map(
      (connection) => connection.of('initialize')[0]?.value().params,
    );
    expect(second).toEqual(first);
    expect(parts.upstream.version).toBe('2025-11-25');
  });

  test('that lost the session hears initialize again, and the call is sent once more', async () => {
    await client.initialize();
    await client.call('echo');
    parts.upstream.failNext = new UpstreamError('session-lost', 'gone', 404);
    const answer = await client.call('echo', { again: true });
    expect(answer.last.result?.content?.[0]?.text).toBe('ran');
    expect(parts.connections).toHaveLength(1);
    expect(parts.upstream.of('initialize')).toHaveLength(2);
    expect(parts.upstream.of('tools/call')).toHaveLength(2);
    expect(parts.records.at(-1)?.outcome?.status).toBe('ok');
  });

  test('that comes back speaking another version ends in a clear error', async () => {
    await client.initialize();
    parts.upstream.die('it died');
    parts.server.protocolVersion = '2024-11-05';
    const answer = await client.send(ping);
    expect(answer.last.error?.message).toContain('answers initialize differently');
  });
});

describe('tools/list', () => {
  const names = (answer: { last: { result?: { tools?: { name: string }[] } } }) =>
    answer.last.result?.tools?.map(({ name }) => name);
  beforeEach(async () => {
    parts.server.tools = [tool('a'), tool('secret', { x: 1 }), tool('b')];
    parts.rules.set('secret', { decision: 'hide' });
    await client.initialize();
  });

  test('leaves hidden tools out and every other byte in', async () => {
    parts.server.handle = (message, connection) => {
      if (message.method !== 'tools/list') return false;
      void connection.say(
        `{"jsonrpc":"2.0","id":${message.id},"result":{"tools":[ {"name":"a","n":1.0,"new":{"k":12345678901234567890}},{"name":"secret"} ,{"annotations":{"z":null},"name":"b"}],"nextCursor":"c\\u0031","ttlMs":5}}`,
      );
      return true;
    };
    const answer = await client.request('tools/list');
    expect(answer.body).toBe(
      '{"jsonrpc":"2.0","id":101,"result":{"tools":[ {"name":"a","n":1.0,"new":{"k":12345678901234567890}},{"annotations":{"z":null},"name":"b"}],"nextCursor":"c\\u0031","ttlMs":5}}',
    );
  });

  test('feeds the catalogue with what the server really lists, when all pages are read', async () => {
    parts.server.handle = (message, connection) => {
      if (message.method !== 'tools/list') return false;
      const { params } = message.value();
      const second = JSON.stringify(params ?? {}).includes('p2');
      const result = second
        ? { tools: [tool('z')] }
        : { tools: [tool('a'), tool('secret')], nextCursor: 'p2' };
      void connection.say({ jsonrpc: '2.0', id: JSON.parse(message.id ?? ''), result });
      return true;
    };
    expect(names(await client.request('tools/list'))).toEqual(['a']);
    expect(parts.catalogue.list('files')).toBeNull();
    expect(names(await client.request('tools/list', { cursor: 'p2' }))).toEqual(['z']);
    expect(parts.catalogue.list('files')?.map(({ name }) => name)).toEqual(['a', 'secret', 'z']);
    await client.request('tools/list', { cursor: 'p2' });
    expect(parts.catalogue.list('files')).toHaveLength(3);
  });

  test('an ambiguous list is an error, not a guess', async () => {
    parts.server.handle = (message, connection) => {
      if (message.method !== 'tools/list') return false;
      void connection.say(
        `{"jsonrpc":"2.0","id":${message.id},"result":{"tools":[],"tools":[{"name":"secret"}]}}`,
      );
      return true;
    };
    expect((await client.request('tools/list')).last.error?.message).toContain('ambiguous');
  });

  test('a changed policy is told on the GET stream; without one it is told later, once', async () => {
    parts.gateway.notifyToolsChanged('other');
    parts.gateway.notifyToolsChanged('files');
    parts.gateway.notifyToolsChanged();
    const stream = client.get();
    await stream.message(({ method }) => method === 'notifications/tools/list_changed');
    expect(stream.text().split('list_changed')).toHaveLength(2);
    parts.gateway.notifyToolsChanged('files');
    await until(() => stream.text().split('list_changed').length === 3);
    stream.request.destroy();
  });

  test('a list that the server changed is read again before the next call, and pages do not end for ever', async () => {
    await client.request('tools/list');
    parts.server.tools = [tool('a', { description: 'new' })];
    await parts.upstream.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    const before = parts.catalogue.find('files', 'a')?.hash;
    await client.call('a');
    expect(parts.catalogue.find('files', 'a')?.hash).not.toBe(before);
    expect((await client.call('b')).last.error?.message).toBe('Unknown tool: b');
    let pages = 0;
    parts.server.handle = (message, connection) => {
      if (message.method !== 'tools/list') return false;
      void connection.say({
        jsonrpc: '2.0',
        id: JSON.parse(message.id ?? ''),
        result: { tools: [], nextCursor: `more ${++pages}` },
      });
      return true;
    };
    await parts.upstream.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    const endless = await client.call('a');
    expect(endless.last.result?.content?.[0]?.text).toContain('does not end after 200 pages');
    expect(endless.last.result?.content?.[0]?.text).toContain('The tool a is not on them.');
    await client.call('a');
    expect(pages).toBe(200);
  });
});

test('a slow reader makes the server wait, and holds nobody else up', async () => {
  await parts.stop();
  parts = await gatewayWithFakes();
  client = new RawClient(parts.url());
  const other = new RawClient(parts.url(), 'claude-code');
  keepCalls();
  await client.initialize();
  const slow = parts.upstream;
  await other.initialize();
  const { open } = await import('../../../fakes/raw-client.ts');
  const call = open(client.url, {
    headers: { ...client.headers, 'mcp-session-id': client.session as string },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } }),
    raw: true,
  });
  await until(() => slow.of('tools/call').length === 1);
  const big = { jsonrpc: '2.0', method: 'notifications/message', params: { data: 'x'.repeat(512 * 1024) } };
  const waits: (void | Promise<void>)[] = [];
  while (waits.length < 100 && !waits.at(-1)) waits.push(slow.say(big));
  expect(waits.at(-1)).toBeInstanceOf(Promise);
  expect((await other.send(ping)).status).toBe(200);
  (await call.head).resume();
  await waits.at(-1);
  call.request.destroy();
});
