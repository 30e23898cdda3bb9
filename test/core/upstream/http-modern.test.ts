import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { listServerTools } from '../../../main/core/upstream/index.ts';
import type {
  AuthChallenge,
  ResolvedServer,
  UpstreamAuth,
  UpstreamConnection,
  Upstreams,
} from '../../../main/core/upstream/types.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import {
  type HttpCall,
  type HttpUpstream,
  httpUpstream,
  openSse,
  sendJson,
} from '../../fakes/http-upstream.ts';
import { deps, request, until } from './helpers.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Lane {
  readonly server: HttpUpstream;
  readonly upstreams: Upstreams;
  readonly connection: UpstreamConnection;
  /** What came, as `[raw text, raw id of its request, status]`. */
  readonly got: [string, string | undefined, number | undefined][];
}

type Answer = (call: HttpCall, response: ServerResponse) => void;
async function serve(
  answer: Answer,
  auth?: UpstreamAuth,
  headers = {},
): Promise<Omit<Lane, 'connection' | 'got'>> {
  const server = await httpUpstream(answer);
  closing.push(() => server.close());
  const config: ResolvedServer = { kind: 'http', url: server.url, headers };
  const limits = { messageBytes: 100_000 };
  const upstreams = createUpstreams({
    ...deps({ servers: { x: config }, limits }),
    ...(auth ? { auth } : {}),
  });
  closing.push(() => upstreams.stop());
  return { server, upstreams };
}
async function lane(answer: Answer, auth?: UpstreamAuth, headers = {}): Promise<Lane> {
  const { server, upstreams } = await serve(answer, auth, headers);
  const connection = await upstreams.connect('x', 'modern');
  const got: Lane['got'] = [];
  connection.onMessage((each, forId, status) => void got.push([each.raw.toString(), forId, status]));
  return { server, upstreams, connection, got };
}
const result = (id: unknown, value: unknown = {}): string =>
  `{"jsonrpc":"2.0","id":${String(id)},"result":${JSON.stringify(value)}}`;
const failure = (id: unknown, code: number, data?: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, error: { code, message: 'no', data } });
const call = request(1, 'tools/call', { name: 't' });

describe('a lane of modern requests', () => {
  test('posts each message with its headers, without session, version of its own, or GET', async () => {
    const { connection, got, server, upstreams } = await lane(
      ({ message }, response) => sendJson(response, result(message.id), 200, { 'Mcp-Session-Id': 'never' }),
      undefined,
      { 'X-Own': '1', 'Mcp-Method': 'spoofed', 'Mcp-Param-A': 'spoofed' },
    );
    connection.setProtocolVersion('2025-11-25');
    connection.openStream();
    const headers = { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': 't' };
    await connection.send(call, { headers });
    await connection.send(request(2, 'tools/list'), { headers: { 'Mcp-Method': 'tools/list' } });
    expect(got).toEqual([
      [result(1), '1', undefined],
      [result(2), '2', undefined],
    ]);
    expect(server.calls.map((each) => each.method)).toEqual(['POST', 'POST']);
    expect(server.calls[0]?.headers).toMatchObject({
      'x-own': '1',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 't',
      accept: 'application/json, text/event-stream',
    });
    const second = server.calls[1]?.headers ?? {};
    expect(Object.keys(second).filter((name) => name.startsWith('mcp-'))).toEqual(['mcp-method']);
    expect(upstreams.health('x').status).toBe('running');
    await connection.close();
    expect(server.calls.map((each) => each.method)).toEqual(['POST', 'POST']);
    await expect(connection.send(call)).rejects.toMatchObject({ kind: 'unsent' });
  });

  test('an error answer comes with its status, and with the id where the server left it out', async () => {
    const { connection, got } = await lane(({ message }, response) => {
      if (message.id === 1) sendJson(response, failure(1, -32601), 404);
      else if (message.id === 2) sendJson(response, failure(null, -32020), 400);
      else sendJson(response, '{"jsonrpc":"2.0","error":{"code":-32022,"message":"v"}}', 400);
    });
    for (const id of [1, 2, 3]) await connection.send(request(id, 'x'));
    expect(got).toEqual([
      [failure(1, -32601), '1', 404],
      ['{"jsonrpc":"2.0","id":2,"error":{"code":-32020,"message":"no"}}', '2', 400],
      ['{"jsonrpc":"2.0","id":3,"error":{"code":-32022,"message":"v"}}', '3', 400],
    ]);
  });

  test('a stream of notifications and the answer; one that ends without it is an error and not sent again', async () => {
    const { connection, got, server } = await lane(({ message }, response) => {
      openSse(response);
      response.write(`id: 7\ndata: {"jsonrpc":"2.0","method":"n"}\n\n`);
      if (message.id === 1) response.write(`data: ${result(1)}\n\n`);
      response.end();
    });
    await connection.send(call);
    expect(got).toEqual([
      ['{"jsonrpc":"2.0","method":"n"}', '1', undefined],
      [result(1), '1', undefined],
    ]);
    await expect(connection.send(request(2, 'tools/call'))).rejects.toMatchObject({
      kind: 'failed',
      message: 'The stream of the server "x" broke off: it ended before the answer.',
    });
    await expect(connection.send(request(3, 'subscriptions/listen'))).rejects.toThrow('broke off');
    expect(server.calls.map((each) => each.method)).toEqual(['POST', 'POST', 'POST']);
  });

  test('a listener is open until it is aborted, which the server sees; others go on', async () => {
    let gone = false;
    const { connection, got } = await lane(({ message }, response) => {
      if (message.id !== 1) return sendJson(response, result(message.id));
      response.on('close', () => {
        gone = true;
      });
      openSse(response);
      return void response.write('data: {"jsonrpc":"2.0","method":"ack"}\n\n');
    });
    const abort = new AbortController();
    const listening = connection.send(request(1, 'subscriptions/listen'), { signal: abort.signal });
    const ended = expect(listening).rejects.toThrow('cancelled');
    await until('the acknowledgement', (see) => see(got.length) === 1);
    await connection.send(request(2, 'x'));
    expect(gone).toBe(false);
    abort.abort();
    await ended;
    await until('the end of the stream at the server', () => gone);
  });

  test('what is not an answer is an error in words', async () => {
    const { connection } = await lane(({ message }, response) => {
      if (message.id === 1) response.writeHead(200).end();
      else if (message.id === 2) response.writeHead(502, { 'Content-Type': 'text/plain' }).end('bad gateway');
      else if (message.id === 3)
        sendJson(response, `{"jsonrpc":"2.0","id":3,"result":"${'x'.repeat(100_001)}"}`);
      else {
        openSse(response);
        response.end(`data: ${'x'.repeat(100_001)}\n\n`);
      }
    });
    const says = (id: number) => expect(connection.send(request(id, 'x'))).rejects;
    await says(1).toThrow('answered x with nothing (HTTP 200)');
    await says(2).toMatchObject({
      status: 502,
      message: 'The server "x" answered with HTTP 502: bad gateway.',
    });
    await says(3).toThrow('larger than 100000 bytes');
    await says(4).toThrow('an event is larger than 100000 bytes');
  });

  test('a refusal of the kind legacy servers give makes the era be asked again', async () => {
    let modern = true;
    const { upstreams, server } = await serve(({ message }, response) => {
      if (modern)
        sendJson(response, result(JSON.stringify(message.id), { supportedVersions: ['2026-07-28'] }));
      else sendJson(response, failure(null, -32000), 400);
    });
    expect(await upstreams.era('x')).toBe('modern');
    modern = false;
    const connection = await upstreams.connect('x', 'modern');
    expect(await upstreams.era('x')).toBe('modern');
    expect(server.calls).toHaveLength(1);
    connection.onMessage(() => {});
    await connection.send(request(1, 'tools/list'));
    expect(await upstreams.era('x')).toBe('legacy');
  });

  test('HTTP+SSE has no modern revision', async () => {
    const upstreams = createUpstreams(
      deps({ servers: { x: { kind: 'sse', url: 'http://127.0.0.1:1', headers: {} } } }),
    );
    await expect(upstreams.connect('x', 'modern')).rejects.toThrow('speaks HTTP+SSE');
  });
});

describe('listing tools', () => {
  const modernOnly = (refuse: (id: unknown, response: ServerResponse) => void): Answer => {
    return ({ message, headers }, response) => {
      const id = JSON.stringify(message.id);
      if (headers['mcp-protocol-version'] !== '2026-07-28') return refuse(message.id, response);
      if (message.method === 'server/discover')
        return sendJson(response, result(id, { supportedVersions: ['2026-07-28'] }));
      return sendJson(response, result(id, { tools: [{ name: 'only' }] }));
    };
  };
  test.each<[string, (id: unknown, response: ServerResponse) => void]>([
    [
      'a JSON error',
      (id, response) => sendJson(response, failure(id, -32022, { supported: ['2026-07-28'] }), 400),
    ],
    ['a bare status', (_, response) => void response.writeHead(400).end()],
  ])('of a server that refuses initialize with %s', async (_, refuse) => {
    const { upstreams, server } = await serve(modernOnly(refuse));
    expect(await listServerTools(upstreams, 'x', new AbortController().signal)).toEqual([{ name: 'only' }]);
    expect(upstreams.health('x').connections).toBe(0);
    expect(server.calls.at(-1)?.headers).toMatchObject({ 'mcp-method': 'tools/list' });
  });
  test('of a legacy server that refuses initialize tells its refusal', async () => {
    const { upstreams } = await serve(({ message }, response) =>
      sendJson(response, failure(message.id, -32001)),
    );
    const listing = listServerTools(upstreams, 'x', new AbortController().signal);
    await expect(listing).rejects.toThrow('answered initialize with: no (-32001)');
  });
});

describe('an address of kind http with HTTP+SSE behind it', () => {
  test('is used as such, and remembered', async () => {
    let stream: ServerResponse | undefined;
    const { upstreams, server } = await serve(({ method, url, message }, response) => {
      if (method === 'GET') {
        openSse(response);
        stream = response;
        response.write('event: endpoint\ndata: /post\n\n');
      } else if (url !== '/post') response.writeHead(404).end('Cannot POST /mcp');
      else {
        response.writeHead(202).end();
        stream?.write(`event: message\ndata: ${result(message.id)}\n\n`);
      }
    });
    const greet = async (): Promise<UpstreamConnection> => {
      const connection = await upstreams.connect('x');
      const got: (string | undefined)[] = [];
      connection.onMessage((each) => void got.push(each.id));
      await connection.send(request(1, 'initialize'));
      await until('the answer', () => got.includes('1'));
      return connection;
    };
    const first = await greet();
    expect(server.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /mcp',
      'GET /mcp',
      'POST /post',
    ]);
    const closed: string[] = [];
    first.onClose(({ message }) => void closed.push(message));
    expect(upstreams.health('x')).toMatchObject({ status: 'running', connections: 1 });
    stream?.end();
    await until('the end', (see) => see(closed.length) > 0);
    expect(closed).toEqual(['The server "x" ended its stream.']);
    expect(upstreams.health('x').connections).toBe(0);
    server.calls.length = 0;
    expect(await upstreams.era('x')).toBe('legacy');
    const second = await greet();
    expect(server.calls.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /mcp', 'POST /post']);
    await second.close();
    expect(upstreams.health('x').connections).toBe(0);
  });

  test('is not when the stream is of another kind: the refusal of initialize is reported', async () => {
    const { upstreams, server } = await serve((_, response) => response.writeHead(405).end());
    const connection = await upstreams.connect('x');
    await expect(connection.send(request(1, 'initialize'))).rejects.toThrow('answered with HTTP 405');
    expect(server.calls.map(({ method }) => method)).toEqual(['POST', 'GET']);
    const other = await serve(({ message }, response) =>
      sendJson(response, failure(message.id, -32022), 400),
    );
    const refused = await other.upstreams.connect('x');
    const got: string[] = [];
    refused.onMessage((each) => void got.push(each.raw.toString()));
    await refused.send(request(1, 'initialize'));
    expect(got).toEqual([failure(1, -32022)]);
    expect(other.server.calls).toHaveLength(1);
  });
});

describe('authorization', () => {
  const locked: Answer = ({ headers, message }, response) => {
    if (headers.authorization === 'Bearer new') sendJson(response, result(message.id));
    else response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="x"' }).end();
  };
  const tokens = (again: boolean) => {
    let token: string | undefined = 'Bearer old';
    const challenges: AuthChallenge[] = [];
    const auth: UpstreamAuth = {
      header: async () => token,
      challenged: async (_server, _url, challenge) => {
        challenges.push(challenge);
        token = 'Bearer new';
        return again;
      },
    };
    return { auth, challenges };
  };
  test('a token that is refused is replaced and the request sent once more, a call too', async () => {
    const { auth, challenges } = tokens(true);
    const { connection, got, server } = await lane(locked, auth, { authorization: 'Basic own' });
    await connection.send(call);
    expect(got).toEqual([[result(1), '1', undefined]]);
    expect(server.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
    expect(challenges).toEqual([{ status: 401, wwwAuthenticate: 'Bearer realm="x"', sent: 'Bearer old' }]);
  });
  test('where no token helps, a person must sign in', async () => {
    const { connection, upstreams, server } = await lane(locked, tokens(false).auth);
    await expect(connection.send(call)).rejects.toMatchObject({ kind: 'signin', status: 401 });
    expect(server.calls).toHaveLength(1);
    expect(upstreams.health('x').status).toBe('signin');
    const refusing = await lane((_, response) => response.writeHead(401).end(), tokens(true).auth);
    await expect(refusing.connection.send(call)).rejects.toMatchObject({ kind: 'signin' });
    expect(refusing.server.calls).toHaveLength(2);
  });
});
