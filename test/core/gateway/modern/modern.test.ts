import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../../../main/core/upstream/types.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { ModernClient, VERSION } from '../../../fakes/modern-client.ts';
import { open, RawClient, until } from '../../../fakes/raw-client.ts';

let parts: Parts;
let clock: FakeClock;
let client: ModernClient;
const begin = async (era: 'legacy' | 'modern' = 'modern'): Promise<void> => {
  clock = new FakeClock();
  parts = await gatewayWithFakes({ clock, era });
  client = new ModernClient(parts.url());
};
beforeEach(() => begin());
afterEach(async () => {
  await parts.stop();
});
/** Answers with this result, or error, instead of the usual. */
const answering = (method: string, body: object, status?: number) => {
  parts.server.handle = (message, connection) => {
    if (message.method !== method) return false;
    const { id } = message;
    const text = JSON.stringify(body).slice(1, -1);
    const forId = parts.server.stdio ? undefined : id;
    queueMicrotask(() => void connection.say(`{"jsonrpc":"2.0","id":${id},${text}}`, forId, status));
    return true;
  };
};
const keep = () => {
  parts.server.handle = (message) => message.kind === 'request' && message.method !== 'tools/list';
};

describe('eras', () => {
  test('a modern request needs no session, gets none, and goes on as it came', async () => {
    const answer = await client.tool('echo', { a: 1 });
    expect(answer.status).toBe(200);
    expect(answer.last.result?.content?.[0]?.text).toBe('ran');
    expect(answer.headers['mcp-session-id']).toBeUndefined();
    const [call] = parts.upstream.of('tools/call');
    expect(JSON.parse(String(call?.raw))).toMatchObject({
      id: 1,
      params: { name: 'echo', arguments: { a: 1 } },
    });
    expect(parts.upstream.of('initialize')).toEqual([]);
    await client.tool('echo');
    expect(parts.connections).toHaveLength(1);
  });

  test('before a server of the old era every one is answered 400, so that the client initializes', async () => {
    await parts.stop();
    await begin('legacy');
    for (const method of ['server/discover', 'tools/list', 'tools/call']) {
      const answer = await client.ask(method, method === 'tools/call' ? { name: 'echo' } : {});
      expect(answer.status).toBe(400);
      expect(answer.last.error?.code).toBe(-32601);
    }
    expect(parts.connections).toEqual([]);
    expect((await new RawClient(parts.url()).initialize()).status).toBe(200);
  });

  test('both eras live on one endpoint', async () => {
    const legacy = new RawClient(parts.url());
    await legacy.initialize();
    expect((await legacy.call('echo')).last.result?.resultType).toBeUndefined();
    expect((await client.tool('echo')).status).toBe(200);
    expect(parts.connections).toHaveLength(2);
  });

  test('GET and DELETE without a session are not for such a server', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await open(client.url, { method, headers: { authorization: 'Bearer token-cursor' } })
        .done;
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('POST');
    }
  });

  test('a server that cannot be asked for its era is an answer an agent can read', async () => {
    parts.eraError = new UpstreamError('unsent', 'The program "nowhere" was not found.');
    const listed = await client.ask('tools/list');
    expect(listed.last.error?.message).toBe('The program "nowhere" was not found.');
    const called = await client.tool('echo');
    expect(called.last.result).toMatchObject({ resultType: 'complete', isError: true });
    expect(parts.records.map(({ outcome }) => outcome?.status)).toEqual(['not-run', 'not-run']);
    parts.eraError = new UpstreamError('signin', 'Sign in to files first.');
    expect((await client.tool('echo')).last.result?._meta?.['drawbridge/decision']).toMatchObject({
      rule: 'gateway:signin',
    });
  });

  test('an old session id means nothing to it, and initialize is not one of its methods', async () => {
    const answer = await client.tool('echo', {}, {}, { headers: { 'mcp-session-id': 'old' } });
    expect(answer.status).toBe(200);
    const initialize = await client.ask('initialize');
    expect(initialize.status).toBe(404);
    expect(initialize.last.error?.code).toBe(-32601);
    expect(parts.upstream.of('initialize')).toEqual([]);
  });

  test('a response and a batch are refused', async () => {
    const headers = { 'mcp-protocol-version': VERSION };
    expect((await client.send('{"jsonrpc":"2.0","id":1,"result":{}}', headers)).status).toBe(400);
    const batch = await client.send('[{"jsonrpc":"2.0","id":1,"method":"ping"}]', headers);
    expect(batch.status).toBe(400);
  });

  test('notifications are accepted and passed on; those of sessions and cancelling by id are not', async () => {
    const say = (method: string) =>
      client.send({ jsonrpc: '2.0', method, params: { requestId: 1 } }, { 'mcp-protocol-version': VERSION });
    await client.tool('echo');
    expect((await say('notifications/vendor')).status).toBe(202);
    expect((await say('notifications/cancelled')).status).toBe(202);
    expect((await say('notifications/initialized')).status).toBe(202);
    expect(parts.upstream.sent.map(({ method }) => method)).toEqual([
      'tools/list',
      'tools/call',
      'notifications/vendor',
    ]);
  });
});

describe('what each request must carry', () => {
  test('without its version or capabilities it is malformed; its client info is its own affair', async () => {
    const version = 'io.modelcontextprotocol/protocolVersion';
    const capabilities = 'io.modelcontextprotocol/clientCapabilities';
    for (const meta of [{ [version]: undefined }, { [version]: 7 }, { [capabilities]: undefined }]) {
      const answer = await client.ask('tools/list', {}, { meta, id: 'x' });
      expect([answer.status, answer.last.error?.code, answer.last.id]).toEqual([400, -32602, 'x']);
    }
    const bare = await client.send(
      { jsonrpc: '2.0', id: 4, method: 'tools/list', params: {} },
      { 'mcp-protocol-version': VERSION, 'mcp-method': 'tools/list' },
    );
    expect([bare.status, bare.last.error?.code]).toEqual([400, -32602]);
    const info = { 'io.modelcontextprotocol/clientInfo': undefined };
    expect((await client.ask('tools/list', {}, { meta: info })).status).toBe(200);
    expect(parts.records.filter(({ record }) => record.method === 'unreadable')).toHaveLength(4);
  });

  test('a version nobody knows is for the server to refuse', async () => {
    const error = { code: -32022, message: 'Unsupported protocol version', data: { supported: [VERSION] } };
    answering('tools/list', { error }, 400);
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' };
    const answer = await client.ask(
      'tools/list',
      {},
      { meta, headers: { 'mcp-protocol-version': '2099-01-01' } },
    );
    expect(answer.status).toBe(400);
    expect(answer.last.error).toEqual(error);
  });

  test('clients are noted as connected, at most once a minute, by what they say of themselves', async () => {
    await client.tool('echo');
    await client.tool('echo');
    clock.advance(10_000);
    await client.tool('echo');
    expect(parts.handshakes).toEqual([['cursor', { software: 'modern 1', protocolVersion: VERSION }]]);
    const other = { 'io.modelcontextprotocol/clientInfo': { name: 'other', version: '2' } };
    await client.tool('echo', {}, {}, { meta: other });
    clock.advance(61_000);
    await client.tool('echo', {}, {}, { meta: other });
    expect(parts.handshakes.map(([, { software }]) => software)).toEqual(['modern 1', 'other 2', 'other 2']);
    expect(parts.gateway.sessions()).toMatchObject([
      { clientId: 'cursor', server: 'files', software: 'other 2', protocolVersion: VERSION, connected: true },
    ]);
  });
});

describe('answers', () => {
  test('keep the HTTP status the server gave an error', async () => {
    answering('tools/list', { error: { code: -32601, message: 'no' } }, 404);
    expect((await client.ask('tools/list')).status).toBe(404);
    answering('vendor/x', { error: { code: -32601, message: 'in its own way' } });
    expect((await client.ask('vendor/x')).status).toBe(200);
  });

  test('of a server on stdio get the status their error has', async () => {
    parts.server.stdio = true;
    for (const [code, status] of [
      [-32601, 404],
      [-32020, 400],
      [-32021, 400],
      [-32022, 400],
      [-32602, 200],
      [-1, 200],
    ] as const) {
      answering('vendor/x', { error: { code, message: 'no' } });
      expect((await client.ask('vendor/x')).status).toBe(status);
    }
  });

  test('come as a stream when something comes before them, without event ids', async () => {
    keep();
    const call = client.post('tools/call', { name: 'echo' }, { meta: { progressToken: 'p' } });
    await until(() => parts.connections[0]?.of('tools/call').length === 1);
    const params = { progressToken: 'p', progress: 1 };
    void parts.upstream.say({ jsonrpc: '2.0', method: 'notifications/progress', params }, '1');
    await call.message(({ method }) => method === 'notifications/progress');
    void parts.upstream.say('{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[]}}', '1');
    const { headers, body, messages } = await call.done;
    expect(headers['x-accel-buffering']).toBe('no');
    expect(messages).toHaveLength(2);
    expect(body).not.toMatch(/^(id|retry):/m);
  });

  test('headers go out in time, but not before the server could have answered', async () => {
    let ready: () => void = () => {};
    const slow = new Promise<void>((done) => {
      ready = done;
    });
    await parts.stop();
    await begin();
    keep();
    const { connect } = parts.upstreams;
    parts.upstreams.connect = async (...args) => {
      await slow;
      return connect(...args);
    };
    const asked = client.post('vendor/x');
    let head = false;
    void asked.head.then(() => {
      head = true;
    });
    await until(() => parts.gateway.sessions()[0]?.inFlight === 1);
    clock.advance(5000);
    await new Promise((done) => setTimeout(done, 20));
    expect(head).toBe(false);
    ready();
    await until(() => parts.connections[0]?.of('vendor/x').length === 1);
    clock.advance(1000);
    expect((await asked.head).headers['content-type']).toBe('text/event-stream');
    asked.request.destroy();
  });

  test('lists are filtered, fresh for 5 s at most and private; every other byte stays', async () => {
    parts.server.tools = [tool('echo'), tool('secret')];
    parts.rules.set('secret', { decision: 'hide' });
    const list = `{"tools" : [ ${JSON.stringify(tool('echo'))} , {"name":"secret"}],"x":1.0,"ttlMs":3600000,"cacheScope":"public","resultType":"complete"}`;
    parts.server.handle = (message, connection) => {
      if (message.method !== 'tools/list') return false;
      queueMicrotask(
        () => void connection.say(`{"jsonrpc":"2.0","id":${message.id},"result":${list}}`, message.id),
      );
      return true;
    };
    const answer = await client.ask('tools/list', {}, { id: 7 });
    expect(answer.body).toBe(
      `{"jsonrpc":"2.0","id":7,"result":{"tools" : [ ${JSON.stringify(tool('echo'))} ],"x":1.0,"ttlMs":5000,"cacheScope":"private","resultType":"complete"}}`,
    );
  });

  test('discovery promises news of the tools, and is as fresh as they are', async () => {
    answering('server/discover', {
      result: {
        resultType: 'complete',
        supportedVersions: [VERSION],
        capabilities: { tools: {}, prompts: { listChanged: false } },
        ttlMs: -1,
        cacheScope: 'public',
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'fake', version: '1' } },
      },
    });
    const answer = await client.ask('server/discover');
    expect(answer.last.result).toMatchObject({
      capabilities: { tools: { listChanged: true }, prompts: { listChanged: false } },
      ttlMs: 0,
      cacheScope: 'private',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'fake' } },
    });
  });

  test('a denied call has a result type; a hidden tool is unknown', async () => {
    parts.server.tools = [tool('echo'), tool('pay'), tool('secret')];
    parts.rules.set('pay', { decision: 'deny' }).set('secret', { decision: 'hide' });
    const denied = await client.tool('pay');
    expect(denied.last.result).toMatchObject({ resultType: 'complete', isError: true });
    const hidden = await client.tool('secret');
    expect(hidden.last.error).toEqual({ code: -32602, message: 'Unknown tool: secret' });
    const missing = await client.tool('nothing');
    expect({ ...missing.last, id: 0 }).toEqual({
      ...hidden.last,
      id: 0,
      error: { code: -32602, message: 'Unknown tool: nothing' },
    });
    expect(parts.upstream.of('tools/call')).toEqual([]);
  });

  test('the list is read in the words of the era before the first call', async () => {
    await client.tool('echo');
    const [list] = parts.upstream.of('tools/list');
    expect(JSON.parse(String(list?.raw)).params).toEqual({
      _meta: {
        'io.modelcontextprotocol/protocolVersion': VERSION,
        'io.modelcontextprotocol/clientInfo': { name: 'drawbridge', title: 'Drawbridge', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    });
    expect(list && parts.upstream.options.get(list)?.headers).toEqual({
      'MCP-Protocol-Version': VERSION,
      'Mcp-Method': 'tools/list',
    });
  });

  test('a request of the server is not one of this era: it goes nowhere', async () => {
    keep();
    const call = client.post('tools/call', { name: 'echo' });
    await until(() => parts.connections[0]?.of('tools/call').length === 1);
    void parts.upstream.say({ jsonrpc: '2.0', id: 9, method: 'sampling/createMessage', params: {} }, '1');
    void parts.upstream.say('{"jsonrpc":"2.0","id":1,"result":{"content":[]}}', '1');
    expect((await call.done).messages).toEqual([{ jsonrpc: '2.0', id: 1, result: { content: [] } }]);
  });
});

describe('one connection for a client and a server', () => {
  test('rests when idle, and is forgotten much later', { tags: ['slow'] }, async () => {
    await client.tool('echo');
    clock.advance(31 * 60_000);
    await until(() => parts.upstream.closed);
    expect(parts.gateway.sessions()).toMatchObject([{ connected: false }]);
    await client.tool('echo');
    expect(parts.connections).toHaveLength(2);
    clock.advance(25 * 3_600_000);
    expect(parts.gateway.sessions()).toEqual([]);
  });

  test('is closed about a minute after its client broke off, unless it comes back', async () => {
    keep();
    const call = client.post('tools/call', { name: 'echo' });
    await until(() => parts.connections[0]?.of('tools/call').length === 1);
    clock.advance(30 * 60_000);
    expect(parts.upstream.closed).toBe(false);
    call.request.destroy();
    await until(() => parts.records.at(-1)?.outcome?.status === 'cancelled');
    clock.advance(50_000);
    expect(parts.upstream.closed).toBe(false);
    parts.server.handle = () => false;
    await client.tool('echo');
    clock.advance(5 * 60_000);
    expect(parts.upstream.closed).toBe(false);
    keep();
    const stream = client.post('subscriptions/listen', { notifications: {} });
    await until(() => parts.connections[0]?.of('subscriptions/listen').length === 1);
    stream.request.destroy();
    await until(() => parts.gateway.sessions()[0]?.inFlight === 0);
    clock.advance(61_000);
    await until(() => parts.upstream.closed);
  });

  test('ends for a client that is disconnected, and its calls are answered', async () => {
    keep();
    const call = client.post('tools/call', { name: 'echo' });
    await until(() => parts.connections[0]?.of('tools/call').length === 1);
    await parts.gateway.endClient('cursor');
    expect((await call.done).last.error?.message).toMatch(/disconnected/);
    expect(parts.upstream.closed).toBe(true);
  });

  test('two requests of one id share it, each with its own names on the way back', async () => {
    parts.server.stdio = true;
    keep();
    const meta = { progressToken: 'same' };
    const one = client.post('tools/call', { name: 'echo', arguments: { n: 1 } }, { id: 5, meta });
    await until(() => parts.connections[0]?.of('tools/call').length === 1);
    const two = client.post('tools/call', { name: 'echo', arguments: { n: 2 } }, { id: 5, meta });
    await until(() => parts.upstream.of('tools/call').length === 2);
    const [first, second] = parts.upstream.of('tools/call');
    expect(first?.id).toBe('5');
    expect(second?.id).toMatch(/^"drawbridge-/);
    expect(second?.progressToken).not.toBe('"same"');
    const progress = (token: string | undefined, value: number) =>
      parts.upstream.say(
        `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":${value}}}`,
      );
    void progress(second?.progressToken, 22);
    void progress(first?.progressToken, 11);
    const say = (id: string | undefined, text: string) =>
      parts.upstream.say(
        `{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"${text}"}]}}`,
      );
    void say(second?.id, 'second');
    void say(first?.id, 'first');
    for (const [asked, value, text] of [
      [one, 11, 'first'],
      [two, 22, 'second'],
    ] as const) {
      const { messages } = await asked.done;
      expect(messages).toMatchObject([
        { method: 'notifications/progress', params: { progressToken: 'same', progress: value } },
        { id: 5, result: { content: [{ text }] } },
      ]);
    }
    expect(parts.connections).toHaveLength(1);
  });

  test('a server that dies answers what it had, and the next request starts it again', async () => {
    parts.server.stdio = true;
    keep();
    const call = client.post('tools/call', { name: 'echo' });
    await until(() => parts.connections[0]?.of('tools/call').length === 1);
    parts.upstream.die('The server ended.');
    expect((await call.done).last.error?.message).toMatch(/^The server ended\. It had not answered/);
    delete parts.server.handle;
    expect((await client.tool('echo')).last.result?.content?.[0]?.text).toBe('ran');
    expect(parts.connections).toHaveLength(2);
  });
});

describe('a client that hangs up cancels', () => {
  test('over HTTP the request is aborted', async () => {
    keep();
    const call = client.post('tools/call', { name: 'echo' });
    call.done.catch(() => {});
    await until(() => parts.connections[0]?.of('tools/call').length === 1);
    call.head.catch(() => {});
    call.request.destroy();
    const [sent] = parts.upstream.of('tools/call');
    await until(() => sent !== undefined && parts.upstream.options.get(sent)?.signal?.aborted === true);
    expect(parts.upstream.of('notifications/cancelled')).toEqual([]);
    expect(parts.records.at(-1)?.outcome?.status).toBe('cancelled');
  });

  test('on stdio the server is told, and a late answer reaches nobody else', async () => {
    parts.server.stdio = true;
    keep();
    const call = client.post('tools/call', { name: 'echo' }, { id: 3 });
    call.head.catch(() => {});
    await until(() => parts.connections[0]?.of('tools/call').length === 1);
    call.request.destroy();
    await until(() => parts.upstream.of('notifications/cancelled').length === 1);
    expect(parts.upstream.of('notifications/cancelled')[0]?.cancels).toBe('3');
    const next = client.post('tools/call', { name: 'echo' }, { id: 3 });
    await until(() => parts.upstream.of('tools/call').length === 2);
    void parts.upstream.say('{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"late"}]}}');
    const second = parts.upstream.of('tools/call')[1];
    void parts.upstream.say(
      `{"jsonrpc":"2.0","id":${second?.id},"result":{"content":[{"type":"text","text":"own"}]}}`,
    );
    const { last } = await next.done;
    expect(last.id).toBe(3);
    expect(last.result?.content?.[0]?.text).toBe('own');
  });

  test('a held call is withdrawn, and nothing runs when the person allows it after all', async () => {
    parts.rules.set('echo', { decision: 'ask' });
    const call = client.post('tools/call', { name: 'echo' });
    call.head.catch(() => {});
    await until(() => parts.approvals.list().length === 1);
    const id = parts.approvals.list()[0]?.id as string;
    call.request.destroy();
    await until(() => parts.approvals.list().length === 0);
    await parts.approvals.decide({ id, decision: 'allow', scope: 'once', by: 'me' }).catch(() => {});
    expect(parts.upstream.of('tools/call')).toEqual([]);
    expect(parts.records.at(-1)).toMatchObject({
      record: { decision: 'withdrawn' },
      outcome: { status: 'cancelled' },
    });
  });
});
