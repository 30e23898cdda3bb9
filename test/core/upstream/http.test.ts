import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { RpcMessage } from '../../../main/core/codec/types.ts';
import type { CloseReason, UpstreamConnection, Upstreams } from '../../../main/core/upstream/types.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import {
  type HttpCall,
  type HttpUpstream,
  httpUpstream,
  openSse,
  sendJson,
} from '../../fakes/http-upstream.ts';
import { deps, message, request, until } from './helpers.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Session {
  readonly server: HttpUpstream;
  readonly upstreams: Upstreams;
  readonly connection: UpstreamConnection;
  /** What came, as `[raw text, raw id of the request it came for]`. */
  readonly got: [string, string | undefined][];
  readonly closed: CloseReason[];
}

async function listen(answer: (call: HttpCall, response: ServerResponse) => void): Promise<HttpUpstream> {
  const server = await httpUpstream(answer);
  closing.push(() => server.close());
  return server;
}

async function connect(
  server: HttpUpstream,
  headers: Record<string, string> = {},
  kind: 'http' | 'sse' = 'http',
): Promise<Session> {
  const config = { kind, url: server.url, headers };
  const upstreams = createUpstreams(deps({ servers: { x: config }, limits: { messageBytes: 100_000 } }));
  closing.push(() => upstreams.stop());
  const connection = await upstreams.connect('x');
  const got: Session['got'] = [];
  const closed: CloseReason[] = [];
  connection.onMessage((each: RpcMessage, forId) => void got.push([each.raw.toString(), forId]));
  connection.onClose((reason) => void closed.push(reason));
  return { server, upstreams, connection, got, closed };
}

const session = async (answer: (call: HttpCall, response: ServerResponse) => void): Promise<Session> =>
  connect(await listen(answer));
const result = (id: unknown, value: unknown = {}): string =>
  `{"jsonrpc":"2.0","id":${String(id)},"result":${JSON.stringify(value)}}`;
const note = message({ jsonrpc: '2.0', method: 'notifications/initialized' });

describe('messages', () => {
  test('a JSON answer, and a notification that is only taken', async () => {
    const { connection, got, server, upstreams } = await session((call, response) => {
      if (call.message.id === undefined) response.writeHead(202).end();
      else sendJson(response, '{"jsonrpc":"2.0", "id":1,"result":{"n":9007199254740993}}');
    });
    await connection.send(request(1, 'x'));
    await connection.send(note);
    expect(got).toEqual([['{"jsonrpc":"2.0", "id":1,"result":{"n":9007199254740993}}', '1']]);
    expect(upstreams.health('x')).toEqual({ status: 'running', text: null, connections: 1 });
    expect(server.calls[0]?.headers).toMatchObject({
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    });
    expect(server.connections()).toBe(1);
  });

  test('an event stream, with bytes cut anywhere, in order, for its request', async () => {
    const text = `: hi\n\nevent: message\ndata: {"jsonrpc":"2.0","method":"n","params":"ü🌉"}\n\ndata: ${result(1)}\n\n`;
    const { connection, got } = await session((_, response) => {
      openSse(response);
      const bytes = Buffer.from(text);
      let at = 0;
      const next = (): void => {
        response.write(bytes.subarray(at, ++at));
        if (at < bytes.length) setImmediate(next);
        else response.end();
      };
      next();
    });
    await connection.send(request(1, 'x'));
    expect(got).toEqual([
      ['{"jsonrpc":"2.0","method":"n","params":"ü🌉"}', '1'],
      [result(1), '1'],
    ]);
  });

  test('the session, the version, and its end', async () => {
    const { connection, server, closed } = await session((call, response) => {
      if (call.message.method === 'initialize')
        sendJson(response, result(1), 200, { 'Mcp-Session-Id': 's-1' });
      else response.writeHead(call.method === 'POST' ? 202 : 200).end();
    });
    await connection.send(request(1, 'initialize'));
    connection.setProtocolVersion('2025-06-18');
    await connection.send(note);
    await connection.close();
    const seen = server.calls.map(({ method, headers }) => [
      method,
      headers['mcp-session-id'],
      headers['mcp-protocol-version'],
    ]);
    expect(seen).toEqual([
      ['POST', undefined, undefined],
      ['POST', 's-1', '2025-06-18'],
      ['DELETE', 's-1', '2025-06-18'],
    ]);
    expect(closed).toEqual([{ message: 'The connection to "x" was closed.', expected: true }]);
    await expect(connection.send(note)).rejects.toMatchObject({ kind: 'unsent' });
  });

  test("the entry's own headers go along; those of the transport cannot be set", async () => {
    const server = await listen((_, response) => sendJson(response, result(1)));
    const { connection } = await connect(server, {
      Authorization: 'Bearer own',
      'X-Own': '1',
      Host: 'evil',
      'Mcp-Session-Id': 'evil',
      ACCEPT: 'evil',
    });
    await connection.send(request(1, 'x'));
    const headers = server.calls[0]?.headers;
    expect(headers).toMatchObject({
      authorization: 'Bearer own',
      'x-own': '1',
      host: new URL(server.url).host,
    });
    expect(JSON.stringify(headers)).not.toContain('evil');
  });

  test('a stream that breaks off is resumed after the last event', async () => {
    const { connection, got, server } = await session((call, response) => {
      openSse(response);
      if (call.method === 'POST')
        response.end('id: e1\nretry: 10\ndata:\n\nid: e2\ndata: {"jsonrpc":"2.0","method":"n"}\n\n');
      else if (call.headers['last-event-id'] === 'e2')
        response.write('id: e3\ndata:\n\n', () => response.destroy());
      else response.end(`id: e4\ndata: ${result(1)}\n\n`);
    });
    const hungUp: string[] = [];
    connection.onHangUp?.((forId) => hungUp.push(forId));
    await connection.send(request(1, 'x'));
    // The first connection was ended in order; the second broke.
    expect(hungUp).toEqual(['1']);
    expect(server.calls.map((call) => [call.method, call.headers['last-event-id']])).toEqual([
      ['POST', undefined],
      ['GET', 'e2'],
      ['GET', 'e3'],
    ]);
    expect(got).toEqual([
      ['{"jsonrpc":"2.0","method":"n"}', '1'],
      [result(1), '1'],
    ]);
  });

  test('a stream that cannot be resumed is an error; tries are counted', { tags: ['slow'] }, async () => {
    const { connection, server } = await session((call, response) => {
      if (call.method === 'GET') response.writeHead(500).end();
      else {
        openSse(response);
        response.end(call.message.id === 1 ? ': nothing\n\n' : 'id: e1\nretry: 1\ndata:\n\n');
      }
    });
    await expect(connection.send(request(1, 'x'))).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('ended before the answer'),
    });
    await expect(connection.send(request(2, 'x'))).rejects.toMatchObject({ kind: 'failed' });
    expect(server.calls.filter((call) => call.method === 'GET')).toHaveLength(5);
  });

  test('back-pressure: the next message waits for the one before', async () => {
    const server = await listen((_, response) => {
      openSse(response);
      response.end(`data: {"jsonrpc":"2.0","method":"n"}\n\ndata: ${result(1)}\n\n`);
    });
    const { connection } = await connect(server);
    const gate = Promise.withResolvers<void>();
    let received = 0;
    connection.onMessage(() => {
      received++;
      return gate.promise;
    });
    const sending = connection.send(request(1, 'x'));
    await until('the first message', () => received === 1);
    await new Promise((done) => setTimeout(done, 20));
    expect(received).toBe(1);
    gate.resolve();
    await sending;
    expect(received).toBe(2);
  });
});

describe('the stream for what belongs to no request', () => {
  test('brings messages, comes back after its end, and goes on where it was', async () => {
    let opened = 0;
    const { connection, got, server } = await session((call, response) => {
      if (call.method !== 'GET') return sendJson(response, result(1));
      openSse(response);
      opened++;
      if (opened === 1) response.end('retry: 5\nid: a\ndata: {"jsonrpc":"2.0","method":"one"}\n\n');
      else response.write('data: {"jsonrpc":"2.0","method":"two"}\n\n');
    });
    connection.openStream();
    connection.openStream();
    await until('both messages', (see) => see(got.length) === 2);
    expect(got.map(([, forId]) => forId)).toEqual([undefined, undefined]);
    expect(server.calls.map((call) => call.headers['last-event-id'])).toEqual([undefined, 'a']);
  });

  test('may be missing (405)', async () => {
    const { connection, server, upstreams, closed } = await session((_, response) =>
      response.writeHead(405).end(),
    );
    connection.openStream();
    await until('the GET', (see) => see(server.calls.length) === 1);
    await new Promise((done) => setTimeout(done, 30));
    expect(server.calls).toHaveLength(1);
    expect([closed, upstreams.health('x').status]).toEqual([[], 'starting']);
  });

  test('says that the session is lost (404)', async () => {
    const { connection, closed } = await session((call, response) => {
      if (call.method === 'POST') sendJson(response, result(1), 200, { 'Mcp-Session-Id': 's' });
      else response.writeHead(404).end();
    });
    await connection.send(request(1, 'initialize'));
    connection.openStream();
    await until('the close', (see) => see(closed.length) === 1);
    expect(closed[0]).toMatchObject({ expected: false, sessionLost: true });
  });
});

describe('what can go wrong', () => {
  test('401, and 403 with a challenge: sign in', async () => {
    let status = 401;
    const { connection, upstreams } = await session((call, response) => {
      if (call.message.id === 9) sendJson(response, result(9));
      else response.writeHead(status, { 'WWW-Authenticate': 'Bearer' }).end();
    });
    await expect(connection.send(request(1, 'x'))).rejects.toMatchObject({ kind: 'signin', status: 401 });
    status = 403;
    await expect(connection.send(request(2, 'x'))).rejects.toMatchObject({ kind: 'signin', status: 403 });
    expect(upstreams.health('x')).toMatchObject({
      status: 'signin',
      text: expect.stringContaining('sign in'),
    });
    await connection.send(request(9, 'x'));
    expect(upstreams.health('x')).toMatchObject({ status: 'running', text: null });
  });

  test('404 with a session: lost; the next initialize begins another, with a stream of its own', async () => {
    let sessions = 0;
    const { connection, server, closed } = await session((call, response) => {
      if (call.message.method === 'initialize') {
        sendJson(response, result(1), 200, { 'Mcp-Session-Id': `s-${++sessions}` });
      } else if (call.method === 'GET') {
        openSse(response);
        response.write('id: e1\ndata: {"jsonrpc":"2.0","method":"n"}\n\n');
      } else response.writeHead(call.headers['mcp-session-id'] === 's-1' ? 404 : 202).end();
    });
    const streams = (): unknown[] =>
      server.calls
        .filter((call) => call.method === 'GET')
        .map(({ headers }) => [headers['mcp-session-id'], headers['last-event-id']]);
    await connection.send(request(1, 'initialize'));
    connection.openStream();
    await until('the stream', (see) => see(streams().length) === 1);
    await expect(connection.send(request(2, 'x'))).rejects.toMatchObject({
      kind: 'session-lost',
      status: 404,
    });
    await connection.send(request(1, 'initialize'));
    expect(server.calls.at(-1)?.headers['mcp-session-id']).toBeUndefined();
    await connection.send(note);
    expect(server.calls.at(-1)?.headers['mcp-session-id']).toBe('s-2');
    connection.openStream();
    await until('the new stream', (see) => see(streams().length) === 2);
    expect(streams()).toEqual([
      ['s-1', undefined],
      ['s-2', undefined],
    ]);
    expect(closed).toEqual([]);
  });

  test.each([
    [
      400,
      'application/json',
      '{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"no such thing"}}',
      'HTTP 400: no such thing.',
    ],
    [500, 'text/plain', 'database is down', 'HTTP 500: database is down.'],
    [502, 'text/html', '<h1>x</h1>', 'HTTP 502.'],
    [403, 'text/plain', 'not you', 'HTTP 403: not you.'],
    [404, 'text/plain', '', 'HTTP 404.'],
    [200, 'text/html', '<h1>x</h1>', 'text/html instead of JSON'],
    [200, 'application/json', 'nonsense', 'not valid'],
    [200, 'application/json', '', 'nothing (HTTP 200)'],
    [200, 'application/json', `"${'x'.repeat(200_000)}"`, 'larger than 100000 bytes'],
  ])('%i %s: %s', async (status, type, body, text) => {
    const { connection } = await session((_, response) =>
      response.writeHead(status, { 'Content-Type': type }).end(body),
    );
    await expect(connection.send(request(1, 'x'))).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(text),
    });
  });

  test('an HTTP error whose body answers the request is the answer', async () => {
    const error = '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"bad"}}';
    const { connection, got } = await session((_, response) => sendJson(response, error, 400));
    await connection.send(request(1, 'x'));
    expect(got).toEqual([[error, '1']]);
  });

  test('nobody there: the message was certainly not sent', async () => {
    const server = await listen(() => {});
    await server.close();
    const { connection, upstreams } = await connect(server);
    await expect(connection.send(request(1, 'tools/call'))).rejects.toMatchObject({
      kind: 'unsent',
      message: expect.stringContaining('connection refused'),
    });
    expect(upstreams.health('x').status).toBe('failed');
  });

  test('a connection that breaks before the answer: it may have been received, and a call is not repeated', async () => {
    const { connection, server } = await session((call, response) => {
      if (call.message.id === 1) sendJson(response, result(1));
      else response.destroy();
    });
    await connection.send(request(1, 'x'));
    await expect(connection.send(request(2, 'tools/call'))).rejects.toMatchObject({ kind: 'failed' });
    expect(server.calls.map((call) => call.message.id)).toEqual([1, 2]);
  });

  test('a request that is aborted is gone at the server too', async () => {
    let cut = false;
    const { connection, server } = await session((_, response) => {
      openSse(response);
      response.on('close', () => {
        cut = true;
      });
    });
    const abort = new AbortController();
    const sending = connection.send(request(1, 'x'), { signal: abort.signal });
    await until('the request', (see) => see(server.calls.length) === 1);
    abort.abort();
    await expect(sending).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('cancelled'),
    });
    await until('the server to notice', () => cut);
  });

  test('an error body that never ends does no harm when the connection is closed', async () => {
    const { connection } = await session((call, response) => {
      if (call.message.method === 'initialize')
        return sendJson(response, result(1), 200, { 'Mcp-Session-Id': 's' });
      return response.writeHead(404).write('and');
    });
    await connection.send(request(1, 'initialize'));
    await expect(connection.send(request(2, 'x'))).rejects.toMatchObject({ kind: 'session-lost' });
    await connection.close();
  });

  test('redirects are followed within the origin only, and credentials go nowhere else', async () => {
    const other = await listen((_, response) => sendJson(response, result(1)));
    const server = await listen((call, response) => {
      const to =
        call.url === '/mcp' ? (call.message.id === 1 ? '/new' : `${other.origin}/steal?x=1`) : undefined;
      if (to)
        response
          .writeHead(call.message.id === 3 ? 302 : 307, { Location: call.message.id === 3 ? '/new' : to })
          .end();
      else sendJson(response, result(call.message.id));
    });
    const { connection, got } = await connect(server, { Authorization: 'Bearer own' });
    await connection.send(request(1, 'x'));
    expect(got).toEqual([[result(1), '1']]);
    expect(server.calls[1]).toMatchObject({
      url: '/new',
      method: 'POST',
      headers: { authorization: 'Bearer own' },
    });
    await expect(connection.send(request(2, 'x'))).rejects.toThrow(`redirects to ${other.origin}/steal.`);
    await expect(connection.send(request(3, 'x'))).rejects.toThrow('drops the message');
    expect(other.calls).toEqual([]);
  });
});

describe('HTTP+SSE', () => {
  test('posts to the address the stream names and receives on the stream', async () => {
    let stream: ServerResponse | undefined;
    const server = await listen((call, response) => {
      if (call.method === 'GET') {
        openSse(response);
        stream = response;
        return response.write('event: endpoint\ndata: /post?session=1\n\n');
      }
      response.writeHead(202).end('Accepted');
      return stream?.write(`event: message\ndata: ${result(call.message.id)}\n\n`);
    });
    const { connection, got, upstreams, closed } = await connect(server, { 'X-Own': '1' }, 'sse');
    await connection.send(request(1, 'x'));
    await until('the answer', (see) => see(got.length) === 1);
    expect(got).toEqual([[result(1), undefined]]);
    expect(server.calls[1]).toMatchObject({
      method: 'POST',
      url: '/post?session=1',
      headers: { 'x-own': '1' },
    });
    expect(upstreams.health('x').status).toBe('running');
    stream?.end();
    await until('the close', (see) => see(closed.length) === 1);
    expect(closed[0]).toEqual({ message: 'The server "x" ended its stream.', expected: false });
    await expect(connection.send(note)).rejects.toMatchObject({ kind: 'unsent' });
  });

  test('an address of another origin, and a server that speaks something else, are refused', async () => {
    const evil = await listen((_, response) => {
      openSse(response);
      response.write('event: endpoint\ndata: http://127.0.0.1:9/post\n\n');
    });
    await expect(connect(evil, {}, 'sse')).rejects.toThrow('another origin');
    const plain = await listen((_, response) => response.writeHead(405).end());
    await expect(connect(plain, {}, 'sse')).rejects.toThrow('change the kind of the server "x" to http');
  });
});
