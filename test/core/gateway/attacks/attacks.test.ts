import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { MCP_HEADERS, open, RawClient, until } from '../../../fakes/raw-client.ts';
import { vectorsOf } from '../../../fixtures/attack-vectors.ts';

let parts: Parts;
beforeAll(async () => {
  parts = await gatewayWithFakes({ allowedOrigins: ['https://ok.example'] });
  parts.server.tools = [
    tool('read_file'),
    tool('delete_repository'),
    tool('guarded_tool'),
    tool('run_command'),
  ];
  parts.rules.set('delete_repository', { decision: 'deny' });
  parts.rules.set('run_command', { decision: 'ask' });
});
afterAll(async () => {
  await parts.stop();
});
const fresh = async (version?: string) => {
  const client = new RawClient(parts.url());
  await client.initialize(version);
  const upstream = parts.upstream;
  return { client, calls: () => upstream.of('tools/call') };
};

describe('frames and names', () => {
  const sendable = [...vectorsOf('framing'), ...vectorsOf('tool_name')].filter(
    ({ raw, frame }) => raw ?? frame,
  );
  test('there are vectors', () => expect(sendable.length).toBeGreaterThan(25));
  test.each(sendable.map((vector) => [vector.id, vector] as const))(
    '%s never reaches the server',
    async (id, vector) => {
      for (const version of ['2025-11-25', '2025-03-26']) {
        const { client, calls } = await fresh(version);
        const answer = await client.send(vector.raw ?? JSON.stringify(vector.frame));
        expect(calls(), `${id}: nothing may be sent`).toEqual([]);
        if (id === 'fr-batch' && version === '2025-03-26') {
          // Two requests with one id: the second is refused before it is judged.
          expect(answer.messages.filter(({ error }) => error)).toHaveLength(1);
        } else expect(answer.status >= 400 || answer.last.error || answer.last.result?.isError).toBeTruthy();
        if (vector.group === 'tool_name') expect(answer.last.error?.code).toBe(-32602);
      }
    },
  );

  test('fr-big is refused before all of it is read, with an answer', { tags: ['slow'] }, async () => {
    const { client, calls } = await fresh();
    const body = Buffer.alloc(64 * 1024 * 1024, 'x');
    const answer = await client.send(body);
    expect(answer.status).toBe(413);
    expect(answer.last.error?.message).toContain('larger than the 1048576 bytes');
    const chunked = client.open(body, { 'transfer-encoding': 'chunked' });
    expect((await chunked.done).status).toBe(413);
    expect(calls()).toEqual([]);
    expect((await client.request('ping')).status).toBe(200);
  });

  test('every refusal of an unreadable frame is in the audit', async () => {
    const { client } = await fresh();
    const before = parts.records.length;
    await client.send('{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}');
    expect(parts.records.slice(before)).toMatchObject([
      {
        record: { decision: 'deny', rule: 'gateway:unreadable', session: client.session },
        outcome: { status: 'not-run' },
      },
    ]);
  });
});

describe('the HTTP surface', () => {
  const attack = (headers: Record<string, string>, body: string) =>
    open(parts.url(), { headers: { ...MCP_HEADERS, authorization: 'Bearer token-cursor', ...headers }, body })
      .done;
  const discover = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

  test.each(
    vectorsOf('http')
      // ht-16 is in attacks-hosts.test.ts: no HTTP client sends it.
      .filter(({ headers }) => !headers?.['Transfer-Encoding'])
      .map((vector) => [vector.id, vector] as const),
  )('%s', async (_id, { headers, expect: wanted }) => {
    const own = Object.fromEntries(
      Object.entries(headers ?? {})
        .filter(([name]) => !name.startsWith('_'))
        .map(([name, value]) => [name.toLowerCase(), value.replace('PORT', String(parts.port))]),
    );
    const before = parts.connections.length;
    const status = Number(wanted.slice(0, 3));
    if (wanted.includes('without token')) {
      const answer = await open(parts.url(), { headers: { ...MCP_HEADERS, ...own }, body: discover }).done;
      expect(answer.status).toBe(status);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect((await open(parts.url(), { headers: own, body: discover }).done).status).toBe(401);
      return;
    }
    const body = headers?._body
      ? `{"jsonrpc":"2.0","id":1,"method":"${headers._body}","params":{"name":"read_file"}}`
      : discover;
    const answer = await attack(own, body);
    expect(answer.status).toBe(status);
    if (wanted.includes('-32020')) expect(answer.last.error?.code).toBe(-32020);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(parts.connections).toHaveLength(before);
  });

  test('hosts and origins that are allowed', async () => {
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      expect((await attack({ host: `${host}:${parts.port}` }, discover)).last.error?.message).toContain(
        'Mcp-Session-Id',
      );
    }
    for (const host of ['127.0.0.1', `127.0.0.1:${parts.port + 1}`, `127.0.0.1.evil.example:${parts.port}`]) {
      expect((await attack({ host }, discover)).status).toBe(403);
    }
    expect(
      (await attack({ origin: 'https://ok.example', 'sec-fetch-site': 'same-site' }, discover)).status,
    ).toBe(400);
    expect((await attack({ origin: `http://127.0.0.1:${parts.port}` }, discover)).status).toBe(400);
    for (const origin of [
      'null',
      'http://127.0.0.1',
      `https://127.0.0.1:${parts.port}`,
      `http://127.0.0.1:${parts.port + 1}`,
      `http://127.0.0.1:${parts.port}.evil.example`,
      `http://evil.example:${parts.port}`,
    ]) {
      expect((await attack({ origin }, discover)).status, origin).toBe(403);
    }
    expect(
      (await attack({ origin: 'https://ok.example', 'sec-fetch-site': 'cross-site' }, discover)).status,
    ).toBe(403);
  });

  test('every route asks for the same: paths, methods, preflights', async () => {
    const get = (path: string, method = 'GET', headers: Record<string, string> = {}) =>
      open(`http://127.0.0.1:${parts.port}${path}`, { method, headers }).done;
    const token = { authorization: 'Bearer token-cursor' };
    expect((await get('/.well-known/oauth-protected-resource')).status).toBe(404);
    expect(
      (await get('/.well-known/oauth-authorization-server/s/files/mcp')).headers['content-type'],
    ).toContain('text/plain');
    expect((await get('/', 'GET', token)).status).toBe(404);
    expect((await get('/s/files/mcp/more', 'GET', token)).status).toBe(404);
    expect((await get('/s/files/mcp', 'OPTIONS', { origin: 'https://ok.example' })).status).toBe(401);
    const preflight = await get('/s/files/mcp', 'OPTIONS', { ...token, origin: 'https://ok.example' });
    expect(preflight.status).toBe(405);
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await get('/s/files/mcp', 'PUT', token)).status).toBe(405);
    expect((await get('/s/files/mcp', 'GET')).status).toBe(401);
    expect((await get('/s/files/mcp', 'GET', { authorization: 'Basic token-cursor' })).status).toBe(401);
    const unknown = await get('/s/nothere/mcp', 'GET', token);
    expect(unknown.status).toBe(404);
    expect(unknown.last.error?.message).toContain('no server named "nothere"');
    expect((await get('/s/__proto__/mcp', 'GET', token)).status).toBe(404);
    expect((await get('/s/%zz/mcp', 'GET', token)).status).toBe(404);
    expect((await get('/.well-known/x', 'GET', { host: 'evil.example' })).status).toBe(403);
  });

  test('doubled slashes are one; a body without a type is refused', async () => {
    const client = new RawClient(`http://127.0.0.1:${parts.port}//s/files//mcp/?x=1`);
    expect((await client.initialize()).status).toBe(200);
    const untyped = open(parts.url(), { headers: { authorization: 'Bearer token-cursor' }, body: discover });
    expect((await untyped.done).status).toBe(415);
    expect((await attack({ 'content-type': 'application/json; charset=utf-8' }, discover)).status).toBe(400);
    expect((await attack({ 'content-type': 'application/jsonp' }, discover)).status).toBe(415);
  });

  test('it listens on 127.0.0.1 only, and says so when the port is taken', async () => {
    const other = await gatewayWithFakes();
    await expect(other.gateway.start(parts.port)).rejects.toThrow(`Port ${parts.port} on 127.0.0.1 is taken`);
    await other.stop();
    const outside = await new Promise<string>((resolve) => {
      const socket = connect(parts.port, '127.0.0.2');
      socket.on('connect', () => resolve('connected'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    });
    expect(outside).toBe('ECONNREFUSED');
  });

  test('a broken-off upload leaves nothing behind', async () => {
    const { client, calls } = await fresh();
    const half = open(client.url, {
      headers: { ...client.headers, 'mcp-session-id': client.session as string, 'content-length': '500' },
      body: undefined as never,
    });
    half.head.catch(() => {});
    half.request.write('{"jsonrpc"');
    half.request.destroy();
    await until(() => half.request.destroyed);
    expect((await client.request('ping')).status).toBe(200);
    expect(calls()).toEqual([]);
  });
});
