import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseFromServer } from '../../main/core/codec/index.ts';
import { createUpstreams } from '../../main/core/upstream/index.ts';
import type { ResolvedServer, Upstreams } from '../../main/core/upstream/types.ts';
import { nodePorts } from '../../main/host/node/node-ports.ts';
import { gatewayWithFakes, type Parts, tool } from '../fakes/gateway-parts.ts';
import { open, RawClient, until } from '../fakes/raw-client.ts';

/** The gateway before real servers: children over stdio, and Streamable HTTP answered with JSON and with streams. */

const servers = join(import.meta.dirname, '../fixtures/servers');
const TOOLS = [
  'echo',
  'slow',
  'never',
  'progress',
  'ask',
  'log',
  'stderr',
  'crash',
  'big',
  'raw',
  'pid',
  'list_changed',
  'delete_repository',
  'secret',
];

let dir: string;
let parts: Parts;
let upstreams: Upstreams;
let http: ChildProcess | undefined;
let config: ResolvedServer;
const record = () => join(dir, 'received');
const received = () =>
  existsSync(record()) ? readFileSync(record(), 'utf8').split('\n').filter(Boolean) : [];

async function startHttp(answer: 'json' | 'sse'): Promise<number> {
  http = spawn(process.execPath, [join(servers, 'kit-http.ts'), join(dir, 'tools.json')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, KIT_RECORD: record(), KIT_ANSWER: answer, KIT_HEADERS: join(dir, 'headers') },
  });
  const line = await new Promise<string>((resolve) =>
    http?.stdout?.once('data', (part) => resolve(String(part))),
  );
  return (JSON.parse(line) as { port: number }).port;
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'drawbridge-gateway-'));
  writeFileSync(join(dir, 'tools.json'), JSON.stringify(TOOLS.map((name) => tool(name))));
  const ports = nodePorts({ bridge: { command: 'node', args: [] }, log: () => {} });
  upstreams = createUpstreams({
    ports,
    parse: parseFromServer,
    config: async () => config,
    limits: { stopStepMs: 300 },
  });
  parts = await gatewayWithFakes({ upstreams });
  parts.maxMessageBytes = 64 * 1024 * 1024;
  parts.rules.set('delete_repository', { decision: 'deny' });
  parts.rules.set('secret', { decision: 'hide' });
});
afterEach(async () => {
  await parts.stop();
  await upstreams.stop();
  expect(upstreams.childPids()).toEqual([]);
  http?.kill();
  http = undefined;
  rmSync(dir, { recursive: true });
});

async function use(kind: 'stdio' | 'json' | 'sse'): Promise<void> {
  if (kind === 'stdio') {
    config = {
      kind: 'stdio',
      command: process.execPath,
      args: [join(servers, 'kit.ts'), join(dir, 'tools.json')],
      env: { KIT_RECORD: record() },
    };
  } else config = { kind: 'http', url: `http://127.0.0.1:${await startHttp(kind)}/mcp`, headers: {} };
}

describe.each(['stdio', 'json', 'sse'] as const)('over %s', (kind) => {
  beforeEach(() => use(kind));

  test('the official SDK client does everything it does without a gateway', async () => {
    const client = new Client({ name: 'sdk', version: '1' }, { capabilities: { elicitation: {} } });
    const heard: string[] = [];
    client.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'accept', content: { yes: true } }));
    client.setNotificationHandler(
      LoggingMessageNotificationSchema,
      ({ params }) => void heard.push(String(params.data)),
    );
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void heard.push('list changed'));
    const transport = new StreamableHTTPClientTransport(new URL(parts.url()), {
      requestInit: { headers: { Authorization: 'Bearer token-cursor' } },
    });
    await client.connect(transport);
    expect(client.getServerCapabilities()?.tools).toEqual({ listChanged: true });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS.filter((name) => name !== 'secret'));

    const echoed = await client.callTool({ name: 'echo', arguments: { text: 'grüße \u{1F600}', n: 1.5 } });
    expect(echoed.structuredContent).toEqual({ text: 'grüße \u{1F600}', n: 1.5 });
    const steps: number[] = [];
    await client.callTool({ name: 'progress', arguments: { steps: 3 } }, undefined, {
      onprogress: ({ progress }) => void steps.push(progress),
    });
    expect(steps).toEqual([1, 2, 3]);
    const asked = await client.callTool({ name: 'ask', arguments: {} });
    expect(asked.content).toEqual([{ type: 'text', text: '{"action":"accept","content":{"yes":true}}' }]);
    await client.callTool({ name: 'log', arguments: { data: 'a line' } });
    expect(heard).toEqual(['a line']);
    const big = (await client.callTool({ name: 'big', arguments: { bytes: 3_000_000 } })) as {
      content: { text: string }[];
    };
    expect(big.content[0]?.text).toHaveLength(3_000_000);
    const denied = await client.callTool({ name: 'delete_repository', arguments: {} });
    expect(denied.isError).toBe(true);
    await expect(client.callTool({ name: 'secret', arguments: {} })).rejects.toThrow('Unknown tool: secret');
    await until(() => parts.gateway.sessions()[0]?.connected === true);
    parts.gateway.notifyToolsChanged('files');
    await until(() => heard.includes('list changed'));

    const sent = received().map((line) => JSON.parse(line) as { method: string; params: { name: string } });
    expect(
      sent.filter(({ params }) => params?.name === 'delete_repository' || params?.name === 'secret'),
    ).toEqual([]);
    await transport.terminateSession();
    await client.close();
    expect(parts.gateway.sessions()).toEqual([]);
  });

  test('bytes pass unchanged in both directions', async () => {
    const client = new RawClient(parts.url());
    await client.initialize();
    const args =
      '{"n":9007199254740993,"d":1.0,"e":1E5,"u":"\\u00e9\u{10FFFF}\u2028\\u0000","o":{"\\u0062":[ ]}}';
    const call = `{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo","arguments":${args},"future":{"a":1.0}},"more":true}`;
    await client.send(call);
    expect(received()).toContain(call);
    const result =
      '{"content":[{"type":"hologram","n":12345678901234567890}], "structuredContent":{"d":1.0,"u":"\\u00e9\u{1F600}"},"resultType":"task"}';
    const answer = await client.call('raw', { result });
    expect(answer.body).toContain(
      `{"jsonrpc":"2.0","id":${JSON.stringify(answer.last.id)},"result":${result}}`,
    );
    const unknown =
      '{"jsonrpc":"2.0","id":"x","method":"kit/whatever","params":{"big":18446744073709551615,"n":1.0}}';
    await client.send(unknown);
    expect(received()).toContain(unknown);
  });
});

test('line breaks between tokens cannot smuggle a second message to the server', async () => {
  await use('stdio');
  const client = new RawClient(parts.url());
  await client.initialize();
  const hidden =
    '{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"delete_repository","arguments":{}}}';
  for (const newline of ['\n', '\r', '\r\n']) {
    const text = `{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"echo","arguments":{"x":${newline}${hidden}${newline}}}}`;
    expect((await client.send(text)).last.result?.isError).toBeUndefined();
  }
  const calls = received()
    .map(
      (line) =>
        JSON.parse(line.replaceAll('\r', ' ')) as { id: number; method: string; params: { name: string } },
    )
    .filter(({ method }) => method === 'tools/call');
  expect(calls.map(({ params }) => params.name)).toEqual(['echo', 'echo', 'echo']);
});

describe('servers that fail', () => {
  test('a child that crashes during a call, and the next request', async () => {
    await use('stdio');
    const client = new RawClient(parts.url());
    await client.initialize();
    const first = (await client.call('pid')).last.result?.content?.[0]?.text;
    const crashed = await client.call('crash', { code: 7 });
    expect(crashed.last.error?.message).toContain('The server "files" ended with exit code 7.');
    expect(parts.records.at(-1)?.outcome?.status).toBe('lost');
    const second = (await client.call('pid')).last.result?.content?.[0]?.text;
    expect(second).toMatch(/^\d+$/);
    expect(second).not.toBe(first);
    process.kill(Number(second), 'SIGKILL');
    await until(() => parts.gateway.sessions()[0]?.connected === false);
    const third = (await client.call('pid')).last.result?.content?.[0]?.text;
    expect(third).toMatch(/^\d+$/);
    expect(third).not.toBe(second);
  });

  test('a program that is not there', async () => {
    config = { kind: 'stdio', command: join(dir, 'nothing'), args: [], env: {} };
    const client = new RawClient(parts.url());
    const answer = await client.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    });
    expect(answer.status).toBe(200);
    expect(answer.last.error?.message).toContain('could not be started');
    expect(parts.gateway.sessions()).toEqual([]);
  });

  test('an HTTP server that forgot its sessions is told again who is there', async () => {
    await use('json');
    const client = new RawClient(parts.url());
    await client.initialize();
    await client.call('echo');
    const url = new URL('/kit/sessions', config.kind === 'stdio' ? 'http://x' : String(config.url));
    await open(url.href, { method: 'DELETE' }).done;
    const answers = await Promise.all([client.call('echo', { a: 1 }), client.call('echo', { a: 2 })]);
    expect(answers.map(({ last }) => last.result?.structuredContent)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(received().filter((line) => line.includes('"initialize"'))).toHaveLength(2);
  });

  test('neither token nor cookie of the client goes to the server', async () => {
    await use('json');
    const client = new RawClient(parts.url());
    await client.initialize();
    await client.send({ jsonrpc: '2.0', id: 1, method: 'ping' }, { cookie: 'canary-cookie' });
    const headers = readFileSync(join(dir, 'headers'), 'utf8');
    expect(headers).not.toContain('token-cursor');
    expect(headers).not.toContain('canary');
    expect(headers).toContain('"mcp-protocol-version":"2025-11-25"');
    expect(headers).not.toContain(client.session as string);
  });

  test('a list that the server changed reaches the client, and the next call is judged by it', async () => {
    await use('stdio');
    const client = new RawClient(parts.url());
    await client.initialize();
    await client.request('tools/list');
    const stream = client.get();
    await stream.head;
    await client.call('list_changed', { tools: [tool('echo', { description: 'new' })] });
    const before = parts.catalogue.find('files', 'echo')?.hash;
    expect((await client.call('pid')).last.error?.message).toBe('Unknown tool: pid');
    await client.call('echo');
    expect(parts.catalogue.find('files', 'echo')?.hash).not.toBe(before);
    stream.request.destroy();
  });
});

test('three hundred calls at once all come back to their own callers', async () => {
  await use('stdio');
  const client = new RawClient(parts.url());
  await client.initialize();
  const numbers = Array.from({ length: 300 }, (_, i) => i);
  const answers = await Promise.all(
    numbers.map((i) => client.call(i % 3 === 0 ? 'slow' : 'echo', { i, ms: 20 })),
  );
  expect(answers.map(({ last }) => last.result?.structuredContent)).toMatchObject(
    numbers.map((i) => ({ i })),
  );
  expect(parts.records.every(({ outcome }) => outcome?.status === 'ok')).toBe(true);
});
