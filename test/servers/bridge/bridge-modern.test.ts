import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeHeader } from '../../../main/core/codec/wire/header-value.ts';
import { until } from '../../core/upstream/helpers.ts';
import { type FakeGateway, type FakeOptions, startFakeGateway } from '../../fakes/fake-gateway.ts';
import { withSlowness } from '../../kit/slowness.ts';
import { type Bridge, Scene } from './bridge-harness.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

let scene: Scene;
const gateways: FakeGateway[] = [];
beforeEach(async () => {
  scene = await Scene.make();
});
afterEach(async () => {
  await scene.clear();
  await Promise.all(gateways.splice(0).map((each) => each.close()));
});

async function running(options: FakeOptions = {}): Promise<FakeGateway> {
  const gateway = await startFakeGateway(options);
  gateways.push(gateway);
  scene.announce(gateway.url);
  return gateway;
}

function ask(bridge: Bridge, id: number, method: string, params: object = {}): Promise<string> {
  return bridge.ask(id, method, { ...params, _meta: META });
}

describe('the headers of a modern request', () => {
  test('repeat the body, and name no session, also beside an older session on the same pipe', async () => {
    const { seen } = await running();
    const bridge = scene.bridge();
    await bridge.initialize();
    await ask(bridge, 2, 'tools/call', { name: 'grüße', arguments: {} });
    await ask(bridge, 3, 'resources/read', { uri: 'file:///a b' });
    await ask(bridge, 4, 'tasks/get', { taskId: ' t ' });
    await ask(bridge, 5, 'tools/list');
    const posts = seen.filter((each) => each.method === 'POST').slice(2);
    const headers = posts.map(({ headers: all }) => [
      all['mcp-method'],
      all['mcp-name'],
      all['mcp-protocol-version'],
      all['mcp-session-id'],
      all['drawbridge-bridge'],
    ]);
    const rest = ['2026-07-28', undefined, '1'];
    expect(headers).toEqual([
      ['tools/call', '=?base64?Z3LDvMOfZQ==?=', ...rest],
      ['resources/read', 'file:///a b', ...rest],
      ['tasks/get', '=?base64?IHQg?=', ...rest],
      ['tools/list', undefined, ...rest],
    ]);
    // The older era goes on in its session.
    await bridge.ask(6, 'tools/list');
    expect(seen.at(-1)?.headers['mcp-session-id']).toMatch(/./);
    expect(seen.at(-1)?.headers['drawbridge-bridge']).toBeUndefined();
  });

  // The examples of the specification.
  test.each([
    ['us-west1', 'us-west1'],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
    ['', ''],
    ['tab\tinside', 'tab\tinside'],
    ['\ttab', '=?base64?CXRhYg==?='],
  ])('a name %j is written %j', (name, written) => {
    expect(encodeHeader(name)).toBe(written);
  });

  test('what the client wrote is what is posted, and what the server says is what it reads', async () => {
    const raw = '{"jsonrpc":"2.0","id":1,"result":{"resultType":"task","n":1.0,  "big":9007199254740993}}';
    const { seen } = await running({ on: { 'tools/call': ({ json }) => json(raw) } });
    const bridge = scene.bridge();
    const meta = JSON.stringify(META);
    const line = `{ "method":"tools/call","id":1, "jsonrpc":"2.0","params":{"name":"x","arguments":{"n":1e400,"s":"\\u00e9"},"_meta":${meta}}, "odd":[1.0] }`;
    bridge.send(`${line}\r`);
    expect(await bridge.answer(1)).toBe(raw);
    expect(seen[0]?.body).toBe(line);
  });
});

describe('which era a server is of', () => {
  const discover = (bridge: Bridge): Promise<string> => ask(bridge, 1, 'server/discover');
  const unsupported = '{"code":-32022,"message":"Unsupported","data":{"supported":["2026-07-28"]}}';

  test.each([
    ['an empty 400', 400, ''],
    [
      'a 400 of another kind',
      400,
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"No session"}}',
    ],
    ['a page', 404, '<html>'],
  ])('%s means the older one, said as stdio says it', async (_, status, body) => {
    await running({ on: { 'server/discover': ({ json }) => json(body, status) } });
    const bridge = scene.bridge();
    expect(JSON.parse(await discover(bridge))).toMatchObject({ id: 1, error: { code: -32601 } });
    expect(await bridge.ask(2, 'initialize', { protocolVersion: '2025-06-18' })).toContain('protocolVersion');
    bridge.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    expect(await bridge.ask(3, 'test/echo', { text: 'on' })).toContain('on');
  });

  test('a modern error is handed on as it is', async () => {
    const body = `{"jsonrpc":"2.0","id":1,"error":${unsupported}}`;
    await running({ on: { 'server/discover': ({ json }) => json(body, 400) } });
    expect(await discover(scene.bridge())).toBe(body);
  });

  test('an unknown method is answered with its own error and no new session', async () => {
    const body = '{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found"}}';
    const { methods } = await running({ on: { 'x/y': ({ json }) => json(body, 404) } });
    const bridge = scene.bridge();
    await bridge.initialize();
    expect(await ask(bridge, 2, 'x/y')).toBe(body);
    expect(methods()).toEqual(['initialize', 'notifications/initialized', 'x/y']);
  });
});

describe('cancelling', () => {
  test('closes the request, says nothing else to the gateway, and nothing to the client', async () => {
    let closed = false;
    const { methods } = await running({
      on: {
        'tools/call': ({ stream, response }) => {
          stream();
          response.on('close', () => {
            closed = true;
          });
        },
      },
    });
    const bridge = scene.bridge();
    bridge.send({ jsonrpc: '2.0', id: 'a/1', method: 'tools/call', params: { name: 'x', _meta: META } });
    await until('the call', (see) => see(methods().length) === 1);
    bridge.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'a/1' } });
    bridge.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'unknown' } });
    await until('the end of the request', () => closed);
    await ask(bridge, 2, 'tools/list');
    expect(await bridge.end()).toBe(0);
    expect(methods()).toEqual(['tools/call', 'tools/list']);
    expect(bridge.lines).toHaveLength(1);
    expect(bridge.stderr).toBe('');
  });

  test('in the older era goes on to the server; an answer that then does not come is not made up', async () => {
    const calls: ServerResponse[] = [];
    const { methods } = await running({
      on: {
        'tools/call': ({ stream, response }) => {
          stream();
          calls.push(response);
        },
        'notifications/cancelled': ({ response }) => {
          response.writeHead(202).end();
          calls[0]?.end();
        },
      },
    });
    const bridge = scene.bridge();
    await bridge.initialize();
    bridge.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'x' } });
    await until('the call', (see) => see(methods().length) === 3);
    bridge.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
    await until('the cancellation', () => methods().includes('notifications/cancelled'));
    expect(await bridge.end()).toBe(0);
    expect(bridge.lines).toHaveLength(1);
  });
});

describe('subscriptions', () => {
  const acknowledged =
    '{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":1}}}';
  const changed = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';
  const on = {
    'subscriptions/listen': ({ stream, response }: { stream(): void; response: NodeJS.WritableStream }) => {
      stream();
      response.write(`data: ${acknowledged}\n\n`);
      response.write(`data: ${changed}\n\n`);
    },
  };

  test('outlive a core, are told once, start none, and end in order', async () => {
    const first = await running({ on });
    const bridge = scene.bridge();
    bridge.send({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: { _meta: META } });
    await until('the acknowledgement and a message', (see) => see(bridge.lines.length) === 2);
    await first.close();
    const second = await running({ on });
    await until('the message of the new core', (see) => see(bridge.lines.length) === 3);
    expect(second.methods()).toEqual(['subscriptions/listen']);
    expect(bridge.lines).toEqual([acknowledged, changed, changed]);
    expect(scene.starts()).toEqual([]);
    const { value, slow } = await withSlowness(async () => {
      const began = performance.now();
      return { code: await bridge.end(), ms: performance.now() - began };
    });
    expect(value.code).toBe(0);
    expect(value.ms).toBeLessThan(450 * slow);
    expect(bridge.lines[3]).toBe(
      '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":1}}}',
    );
  });

  test('that the client cancelled are not begun again', async () => {
    const first = await running({ on });
    const bridge = scene.bridge();
    bridge.send({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: { _meta: META } });
    await until('the acknowledgement and a message', (see) => see(bridge.lines.length) === 2);
    await first.close();
    bridge.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    const second = await running({ on });
    await ask(bridge, 2, 'tools/list');
    expect(await bridge.end()).toBe(0);
    expect(second.methods()).toEqual(['tools/list']);
    expect(bridge.lines).toHaveLength(3);
  });
});
