import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject, RpcMessage } from '../../../../main/core/codec/types.ts';
import { exposedName } from '../../../../main/core/gateway/aggregate/names.ts';
import type { FakeConnection } from '../../../fakes/fake-server.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { RawClient, until } from '../../../fakes/raw-client.ts';

let parts: Parts;
let client: RawClient;
/** What each server answers to a method, as JSON text of the result; none where it is the usual. */
const answers = new Map<string, (params: JsonObject) => string | undefined>();
const on = (server: string, method: string, answer: (params: JsonObject) => string | undefined): void =>
  void answers.set(`${server} ${method}`, answer);
/** The newest connection to a server. */
const to = (server: string): FakeConnection =>
  parts.connections.findLast((connection) => connection.server === server) as FakeConnection;
const paramsOf = (message: RpcMessage): JsonObject => (message.value().params ?? {}) as JsonObject;

beforeEach(async () => {
  answers.clear();
  parts = await gatewayWithFakes({ limits: { memberMs: 300 } });
  parts.server.capabilities = { tools: {}, prompts: {}, resources: {} };
  parts.server.handle = (message, connection) => {
    const answer = message.method && answers.get(`${connection.server} ${message.method}`);
    const text = answer && message.kind === 'request' ? answer(paramsOf(message)) : undefined;
    if (text === undefined) return answer !== undefined && message.kind === 'request';
    queueMicrotask(
      () => void connection.say(`{"jsonrpc":"2.0","id":${message.id},"result":${text}}`, message.id),
    );
    return true;
  };
  on('files', 'tools/list', () => '{"tools":[{"name":"read", "x":1.0},{"name":"write"}]}');
  on('other', 'tools/list', () => '{"tools":[{"name":"read","inputSchema":{"type":"object"}}]}');
  client = new RawClient(`http://127.0.0.1:${parts.port}/mcp`);
});
afterEach(() => parts.stop());

describe('the aggregated endpoint', () => {
  test('begins before any server is started, and says so of clients', async () => {
    const answer = await client.initialize('2025-06-18');
    expect(answer.last.result).toMatchObject({
      protocolVersion: '2025-06-18',
      serverInfo: { name: 'drawbridge' },
      capabilities: { tools: { listChanged: true } },
    });
    expect(parts.connections).toHaveLength(0);
    expect(parts.handshakes).toEqual([['cursor', { software: 'raw 1', protocolVersion: '2025-06-18' }]]);
    expect((await client.request('ping')).last.result).toEqual({});
    expect((await client.request('what/ever')).last.error?.code).toBe(-32601);
  });

  test('joins the lists of tools; elements keep their bytes but for the name', async () => {
    await client.initialize();
    const { body, last } = await client.request('tools/list');
    expect(last.result?.tools?.map(({ name }) => name)).toEqual([
      'files__read',
      'files__write',
      'other__read',
    ]);
    expect(body).toContain('{"name":"files__read", "x":1.0}');
  });

  test('shows no tool the policy hides, and refuses its call under every name', async () => {
    parts.rules.set('write', { decision: 'hide' });
    await client.initialize();
    const { last } = await client.request('tools/list');
    expect(last.result?.tools?.map(({ name }) => name)).toEqual(['files__read', 'other__read']);
    for (const name of [
      'files__write',
      'write',
      'files_write',
      'Files__write',
      'files__write ',
      'nobody__read',
    ]) {
      expect((await client.call(name)).last.error?.code, name).toBe(-32602);
    }
    expect(to('files').of('tools/call')).toEqual([]);
  });

  test("a call goes to its server, under the tool's own name, with its own bytes, and is judged there", async () => {
    await client.initialize();
    const body =
      '{"jsonrpc":"2.0","id":7, "method":"tools/call","params":{"arguments":{"name":"files__read","n":12345678901234567890},"name":"other__read"}}';
    const { last } = await client.send(body);
    expect(last).toMatchObject({ id: 7, result: { content: [{ text: 'ran' }] } });
    expect(to('other').of('tools/call')[0]?.raw.toString()).toBe(body.replace('"other__read"', '"read"'));
    expect(parts.judged.at(-1)).toMatchObject({ server: 'other', tool: 'read', clientId: 'cursor' });
    expect(
      parts.records.filter(({ record }) => record.tool !== null).map(({ record }) => record.server),
    ).toEqual(['other']);
  });

  test('a call that no server could take is recorded', async () => {
    await client.initialize();
    await client.call('files__nothing');
    await client.call('nobody__x');
    const refused = parts.records
      .filter(({ record }) => record.decision === 'hide' || record.decision === 'deny')
      .map(({ record }) => record);
    expect(refused.map(({ server }) => server)).toEqual(['files', '/mcp']);
  });

  test('finds a tool with a long name, also one that this session has not listed', async () => {
    const long = `${'deep_'.repeat(20)}end`;
    on('files', 'tools/list', () => JSON.stringify({ tools: [tool(long), tool('read')] }));
    await client.initialize();
    const answer = await client.call(exposedName('files', long));
    expect(answer.last.result?.content).toEqual([{ type: 'text', text: 'ran' }]);
    expect(paramsOf(to('files').of('tools/call')[0] as RpcMessage).name).toBe(long);
  });

  test('goes on where each list goes on, and refuses a cursor that is not its own', async () => {
    on('files', 'tools/list', ({ cursor }) =>
      cursor === undefined
        ? '{"tools":[{"name":"a"}],"nextCursor":"two"}'
        : cursor === 'two'
          ? '{"tools":[{"name":"b"}]}'
          : '{"tools":[]}',
    );
    await client.initialize();
    const first = await client.request('tools/list');
    expect(first.last.result?.tools?.map(({ name }) => name)).toEqual(['files__a', 'other__read']);
    const second = await client.request('tools/list', { cursor: first.last.result?.nextCursor });
    expect(second.last.result?.tools?.map(({ name }) => name)).toEqual(['files__b']);
    expect(second.last.result?.nextCursor).toBeUndefined();
    expect((await client.request('tools/list', { cursor: 'two' })).last.error?.code).toBe(-32602);
  });

  test('a server that is slow is left out with the reason, and announced when it comes', async () => {
    on('other', 'tools/list', () => undefined);
    await client.initialize();
    const stream = client.get();
    await stream.head;
    const { last } = await client.request('tools/list');
    expect(last.result?.tools?.map(({ name }) => name)).toEqual(['files__read', 'files__write']);
    expect(last.result?._meta?.['drawbridge/missing']?.other).toMatch(/did not answer/);
    const asked = to('other').of('tools/list')[0] as RpcMessage;
    const told = stream.message(({ method }) => method === 'notifications/tools/list_changed');
    void to('other').say(`{"jsonrpc":"2.0","id":${asked.id},"result":{"tools":[]}}`, asked.id);
    await told;
    stream.request.destroy();
  });

  test('a server that does not start takes nothing from the others', async () => {
    on('other', 'initialize', () => undefined);
    parts.server.handle = ((usual) => (message: RpcMessage, connection: FakeConnection) => {
      if (connection.server !== 'other' || message.method !== 'initialize')
        return usual?.(message, connection) ?? false;
      void connection.say(
        `{"jsonrpc":"2.0","id":${message.id},"error":{"code":-32000,"message":"no licence"}}`,
      );
      return true;
    })(parts.server.handle);
    await client.initialize();
    const { last } = await client.request('tools/list');
    expect(last.result?.tools?.map(({ name }) => name)).toEqual(['files__read', 'files__write']);
    expect(last.result?._meta?.['drawbridge/missing']?.other).toMatch(/no licence/);
    expect((await client.call('other__read')).last.error?.message).toMatch(/no licence/);
    expect((await client.call('files__read')).last.result?.content).toBeDefined();
  });

  test('its end also ends a session whose server has not answered initialize', async () => {
    on('other', 'initialize', () => undefined);
    await client.initialize();
    void client.openCall(9, 'other__read').done;
    await until(() => parts.connections.some((each) => each.of('initialize').length > 0));
    await fetch(client.url, {
      method: 'DELETE',
      headers: { ...client.headers, 'mcp-session-id': client.session as string },
    });
    await until(() => parts.connections.every(({ closed }) => closed));
    expect(parts.gateway.sessions()).toEqual([]);
  });

  test('questions of two servers with one id reach the client as two, and each answer its server', async () => {
    await client.initialize();
    await client.request('tools/list');
    const stream = client.get();
    await stream.head;
    await until(() => to('files').streams > 0);
    const ids: unknown[] = [];
    for (const server of ['files', 'other']) {
      const seen = stream.message(({ method, id }) => method === 'roots/list' && !ids.includes(id));
      void to(server).say('{"jsonrpc":"2.0","id":1,"method":"roots/list"}');
      ids.push((await seen).id);
    }
    expect(new Set(ids).size).toBe(2);
    await client.send({ jsonrpc: '2.0', id: ids[1] as string, result: { roots: [] } });
    const answered = (server: string) => to(server).sent.filter(({ kind }) => kind === 'response');
    expect(answered('other').map(({ raw }) => raw.toString())).toEqual([
      '{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}',
    ]);
    expect(answered('files')).toEqual([]);
    const again = await client.send({ jsonrpc: '2.0', id: ids[1] as string, result: {} });
    expect(again.status).toBe(400);
    stream.request.destroy();
  });

  test('cancelling reaches the server that has the call', async () => {
    on('other', 'tools/call', () => undefined);
    await client.initialize();
    const call = client.openCall(9, 'other__read');
    await until(() =>
      parts.connections.some((each) => each.server === 'other' && each.of('tools/call').length > 0),
    );
    await client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 9 } });
    expect(to('other').of('notifications/cancelled')).toHaveLength(1);
    expect((await call.done).messages).toEqual([]);
  });

  test('prompts and resources find their server', async () => {
    on('files', 'prompts/list', () => '{"prompts":[{"name":"sum up"}]}');
    on('files', 'prompts/get', ({ name }) => JSON.stringify({ description: name as string, messages: [] }));
    on('files', 'resources/list', () => '{"resources":[{"uri":"file:///a","name":"a"}]}');
    on('other', 'resources/list', () => '{"resources":[{"uri":"db://x","name":"x"}]}');
    on(
      'other',
      'resources/templates/list',
      () => '{"resourceTemplates":[{"uriTemplate":"db://row/{id}","name":"r"}]}',
    );
    for (const server of ['files', 'other'])
      on(server, 'resources/read', ({ uri }) =>
        JSON.stringify({ contents: [{ uri: uri as string, text: server }] }),
      );
    await client.initialize();
    const got = await client.request('prompts/get', { name: exposedName('files', 'sum up') });
    expect(got.last.result?.description).toBe('sum up');
    for (const [uri, server] of [
      ['file:///a', 'files'],
      ['db://x', 'other'],
      ['db://row/7', 'other'],
    ]) {
      const read = await client.request('resources/read', { uri });
      expect(read.last.result?.contents).toEqual([{ uri, text: server }]);
    }
    expect((await client.request('resources/read', { uri: 'mail://1' })).last.error?.message).toMatch(
      /mail:\/\/1/,
    );
  });

  test("sessions are their client's own, end with DELETE, and know no modern revision", async () => {
    await client.initialize();
    await client.call('files__read');
    const stranger = new RawClient(client.url, 'claude-code');
    stranger.session = client.session;
    expect((await stranger.request('ping')).status).toBe(404);
    expect((await new RawClient(parts.url()).send('{}')).status).not.toBe(200);
    const modern = await new RawClient(client.url).send(
      { jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: {} } },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' },
    );
    expect(modern).toMatchObject({ status: 400, last: { error: { code: -32601 } } });
    const { status } = await fetch(client.url, {
      method: 'DELETE',
      headers: { ...client.headers, 'mcp-session-id': client.session as string },
    });
    expect(status).toBe(200);
    await until(() => parts.connections.every(({ closed }) => closed));
    expect((await client.request('ping')).status).toBe(404);
  });
});
