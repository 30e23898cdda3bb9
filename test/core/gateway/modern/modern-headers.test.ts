import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../main/core/codec/types.ts';
import { decodeHeader, encodeHeader } from '../../../../main/core/codec/wire/header-value.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { ModernClient, VERSION } from '../../../fakes/modern-client.ts';
import { MCP_HEADERS } from '../../../fakes/raw-client.ts';

/** MCP 2026-07-28, transports: headers repeat the body, and what they say must be what it says. */

let parts: Parts;
let client: ModernClient;
beforeAll(async () => {
  parts = await gatewayWithFakes({ era: 'modern' });
});
afterAll(async () => {
  await parts.stop();
});
const param = (type: string, header?: string): JsonObject => ({
  type,
  ...(header === undefined ? {} : { 'x-mcp-header': header }),
});
const schema = {
  type: 'object',
  properties: {
    region: param('string', 'Region'),
    count: param('integer', 'Count'),
    dry: param('boolean', 'Dry'),
    free: param('string'),
    where: { type: 'object', properties: { tenant: param('string', 'Tenant') } },
  },
};
beforeEach(async () => {
  parts.server.tools = [tool('echo'), tool('sql', { inputSchema: schema })];
  parts.rules.clear();
  client = new ModernClient(parts.url());
  await client.ask('tools/list');
});
const calls = (): number => parts.upstream.of('tools/call').length;
const upstreamHeaders = () => {
  const last = parts.upstream.sent.at(-1);
  return last && parts.upstream.options.get(last)?.headers;
};

describe('values', () => {
  test.each([
    ['us-west1', 'us-west1'],
    ['', ''],
    ['two words', 'two words'],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
    ['\ufeffmark', '=?base64?77u/bWFyaw==?='],
  ])('%j goes as %s and comes back', (value, header) => {
    expect(encodeHeader(value)).toBe(header);
    expect(decodeHeader(header)).toBe(value);
  });
  test.each(['=?base64?SGVsbG8?=', '=?base64?SGVs!!!bG8=?=', '=?base64?/w==?=', 'ÿ', ' x', 'a\u0001b'])(
    '%j is not a value',
    (header) => {
      expect(decodeHeader(header)).toBeUndefined();
    },
  );
  test.each(['SGVsbG8=', '=?base64?SGVsbG8=', '=?BASE64?SGVsbG8=?='])(
    '%s is no more than it says',
    (header) => {
      expect(decodeHeader(header)).toBe(header);
    },
  );
});

describe('what is wrong is refused with 400, -32020 and the id of the request', () => {
  const refused = async (
    how: Promise<{ status: number; last: { id?: unknown; error?: { code: number } } }>,
  ) => {
    const before = calls();
    const { status, last } = await how;
    expect([status, last.error?.code]).toEqual([400, -32020]);
    expect(last.id).toBeDefined();
    expect(calls()).toBe(before);
  };
  test.each([
    ['mcp-protocol-version', '2025-11-25'],
    ['mcp-protocol-version', undefined],
    ['mcp-method', 'tools/list'],
    ['mcp-method', 'TOOLS/CALL'],
    ['mcp-method', undefined],
    ['mcp-name', 'other'],
    ['mcp-name', 'Echo'],
    ['mcp-name', undefined],
    ['mcp-name', '=?base64?ZWNobw?='],
  ])('%s: %s', async (name, value) => {
    await refused(client.tool('echo', {}, {}, { headers: { [name]: value } }));
  });

  test('names of prompts, resources and tasks count as well', async () => {
    for (const [method, params] of [
      ['prompts/get', { name: 'p' }],
      ['resources/read', { uri: 'file:///p' }],
      ['tasks/get', { taskId: 't' }],
      ['tasks/update', { taskId: 't' }],
      ['tasks/cancel', { taskId: 't' }],
    ] as const) {
      await refused(client.ask(method, params, { headers: { 'mcp-name': 'other' } }));
      await refused(client.ask(method, params, { headers: { 'mcp-name': undefined } }));
    }
    expect((await client.ask('resources/read', { uri: 'file:///p' })).status).toBe(200);
  });

  test('arguments that the tool wants repeated', async () => {
    const args = { region: 'us', count: 42, dry: true, where: { tenant: 'a' }, free: 'x' };
    const right = {
      'mcp-param-region': 'us',
      'mcp-param-count': '42',
      'mcp-param-dry': 'true',
      'mcp-param-tenant': 'a',
    };
    const call = (headers: Record<string, string | undefined>) =>
      client.tool('sql', args, {}, { headers: { ...right, ...headers } });
    expect((await call({})).status).toBe(200);
    expect((await call({ 'mcp-param-count': '42.0' })).status).toBe(200);
    expect((await call({ 'mcp-param-region': '=?base64?dXM=?=' })).status).toBe(200);
    expect((await call({ 'mcp-param-unknown': 'anything' })).status).toBe(200);
    await refused(call({ 'mcp-param-region': 'eu' }));
    await refused(call({ 'mcp-param-region': undefined }));
    await refused(call({ 'mcp-param-region': '=?base64?dXM?=' }));
    await refused(call({ 'mcp-param-count': '43' }));
    await refused(call({ 'mcp-param-dry': 'True' }));
    await refused(call({ 'mcp-param-tenant': undefined }));
    const absent = await client.tool('sql', { region: null }, {}, {});
    expect(absent.status).toBe(200);
  });

  test('a header that is there twice', async () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'echo',
        _meta: {
          'io.modelcontextprotocol/protocolVersion': VERSION,
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    });
    const send = (headers: string[]) =>
      new Promise<number>((done, fail) => {
        const all = { ...MCP_HEADERS, authorization: 'Bearer token-cursor' };
        const raw = [...Object.entries(all).flat(), 'Host', `127.0.0.1:${parts.port}`, ...headers];
        const request = httpRequest(client.url, { method: 'POST', headers: raw as never, agent: false });
        request.on('response', (answer) => {
          answer.resume();
          done(answer.statusCode ?? 0);
        });
        request.on('error', fail);
        request.end(body);
      });
    const right = ['MCP-Protocol-Version', VERSION, 'Mcp-Method', 'tools/call', 'Mcp-Name', 'echo'];
    expect(await send(right)).toBe(200);
    for (const [name, value] of [right.slice(0, 2), right.slice(2, 4), right.slice(4, 6)] as [
      string,
      string,
    ][])
      expect(await send([...right, name, value])).toBe(400);
  });
});

describe('what a server over HTTP gets', () => {
  test('is made from the body and the definition, whatever the client sent', async () => {
    await client.tool(
      'sql',
      { region: 'Köln', count: -7, dry: false },
      {},
      {
        headers: {
          'mcp-param-region': '=?base64?S8O2bG4=?=',
          'mcp-param-count': '-7',
          'mcp-param-dry': 'false',
          'mcp-param-tenant': 'not there',
        },
      },
    );
    expect(upstreamHeaders()).toEqual({
      'MCP-Protocol-Version': VERSION,
      'Mcp-Method': 'tools/call',
      'Mcp-Name': 'sql',
      'Mcp-Param-Region': '=?base64?S8O2bG4=?=',
      'Mcp-Param-Count': '-7',
      'Mcp-Param-Dry': 'false',
    });
    await client.ask(
      'resources/read',
      { uri: 'file:///ö' },
      { headers: { 'mcp-name': encodeHeader('file:///ö') } },
    );
    expect(upstreamHeaders()).toMatchObject({ 'Mcp-Name': '=?base64?ZmlsZTovLy/Dtg==?=' });
  });

  test('also for the bridge, which knows no schemas', async () => {
    const headers = { 'drawbridge-bridge': '1' };
    expect((await client.tool('sql', { region: 'us' }, {}, { headers })).status).toBe(200);
    expect(upstreamHeaders()).toMatchObject({ 'Mcp-Param-Region': 'us' });
    const wrong = await client.tool(
      'sql',
      { region: 'us' },
      {},
      { headers: { ...headers, 'mcp-param-region': 'eu' } },
    );
    expect(wrong.status).toBe(400);
  });

  test.each([
    ['twice', { a: param('string', 'X'), b: param('string', 'x') }],
    ['no name', { a: param('string', '') }],
    ['no token', { a: param('string', 'a b') }],
    ['a number', { a: param('number', 'X') }],
    ['an object', { a: { ...param('object', 'X'), properties: {} } }],
  ] as [string, JsonObject][])(
    'an annotation that is not valid asks for nothing: %s',
    async (_, properties) => {
      parts.server.tools = [tool('odd', { inputSchema: { type: 'object', properties } })];
      await client.ask('tools/list');
      expect((await client.tool('odd', { a: 'v' })).status).toBe(200);
      expect(Object.keys(upstreamHeaders() ?? {})).toEqual([
        'Mcp-Method',
        'MCP-Protocol-Version',
        'Mcp-Name',
      ]);
    },
  );

  test('what is refused leaves a record, and tells nothing of a hidden tool', async () => {
    parts.rules.set('sql', { decision: 'hide' });
    const hidden = await client.tool('sql', { region: 'us' });
    expect(hidden.last.error?.message).toBe('Unknown tool: sql');
    parts.rules.clear();
    await client.tool('sql', { region: 'us' });
    expect(parts.records.at(-1)).toMatchObject({
      record: { tool: 'sql', decision: 'deny', rule: 'gateway:headers' },
      outcome: { status: 'not-run' },
    });
  });
});
