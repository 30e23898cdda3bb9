import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseFromServer } from '../../main/core/codec/index.ts';
import { createUpstreams } from '../../main/core/upstream/index.ts';
import type { ResolvedServer, Upstreams } from '../../main/core/upstream/types.ts';
import { nodePorts } from '../../main/host/node/node-ports.ts';
import { gatewayWithFakes, type Parts } from '../fakes/gateway-parts.ts';
import { until } from '../fakes/raw-client.ts';

/** Real servers and real clients of revision 2026-07-28, with the gateway between them. */

const FIXTURE = join(import.meta.dirname, '../fixtures/servers/sdk-modern.ts');

describe.each(['stdio', 'http'])('a server over %s', (kind) => {
  let config: ResolvedServer;
  let child: ChildProcess | undefined;
  let upstreams: Upstreams;
  let parts: Parts;
  const clients: Client[] = [];
  beforeAll(async () => {
    config = { kind: 'stdio', command: process.execPath, args: [FIXTURE, 'stdio'], env: {} };
    if (kind === 'stdio') return;
    child = spawn(process.execPath, [FIXTURE, 'http'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = await new Promise<string>((done) =>
      child?.stdout?.once('data', (part) => done(String(part))),
    );
    const { port } = JSON.parse(line) as { port: number };
    config = { kind: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: {} };
  });
  afterAll(() => {
    child?.stdin?.end();
  });
  beforeEach(async () => {
    upstreams = createUpstreams({
      ports: nodePorts({ bridge: { command: 'node', args: [] }, log: () => {} }),
      parse: parseFromServer,
      config: async () => config,
      limits: { stopStepMs: 300 },
    });
    parts = await gatewayWithFakes({ upstreams });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await parts.stop();
    await upstreams.stop();
    expect(upstreams.childPids()).toEqual([]);
  });
  const connect = async (mode: 'auto' | 'legacy' = 'auto', name = 'cursor'): Promise<Client> => {
    const client = new Client(
      { name: 'sdk-client', version: '2' },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
    );
    client.setRequestHandler('elicitation/create', async () => ({
      action: 'accept',
      content: { name: 'Ada' },
    }));
    clients.push(client);
    const requestInit = { headers: { authorization: `Bearer token-${name}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(parts.url()), { requestInit }));
    return client;
  };
  const said = (result: unknown): string | undefined =>
    (result as { content?: { text?: string }[] }).content?.[0]?.text;

  test('is found to be of the newer era, and calls run', async () => {
    const client = await connect();
    expect(client.getProtocolEra()).toBe('modern');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('echo');
    expect(said(await client.callTool({ name: 'echo', arguments: { text: 'höre' } }))).toBe('höre');
    expect(said(await client.callTool({ name: 'region', arguments: { region: 'Köln' } }))).toBe('in Köln');
    expect(parts.handshakes.at(-1)).toEqual([
      'cursor',
      { software: 'sdk-client 2', protocolVersion: '2026-07-28' },
    ]);
  });

  test('clients of the older era find their own beside it', async () => {
    const [old, young] = [await connect('legacy'), await connect()];
    expect(old.getProtocolEra()).toBe('legacy');
    expect(said(await old.callTool({ name: 'echo', arguments: { text: 'old' } }))).toBe('old');
    expect(said(await young.callTool({ name: 'echo', arguments: { text: 'young' } }))).toBe('young');
  });

  test('progress comes while a call runs', async () => {
    const client = await connect();
    const seen: number[] = [];
    const result = await client.callTool(
      { name: 'steps', arguments: {} },
      { onprogress: ({ progress }) => void seen.push(progress) },
    );
    expect(said(result)).toBe('done');
    expect(seen).toEqual([1, 2, 3]);
  });

  test('questions of the server reach the client, and one approval covers the rounds of its call', async () => {
    parts.rules.set('greet', { decision: 'ask' });
    const client = await connect();
    const call = client.callTool({ name: 'greet', arguments: {} });
    await until(() => parts.approvals.list().length === 1);
    const [prompt] = parts.approvals.list();
    await parts.approvals.decide({ id: prompt?.id as string, decision: 'allow', scope: 'once', by: 'me' });
    expect(said(await call)).toBe('hello Ada, state 1');
    const calls = parts.records.filter(({ record }) => record.tool === 'greet');
    expect(calls.map(({ record }) => record.decision)).toEqual(['approved', 'approved']);
  });

  test('subscriptions hear of changes of the server and of the policy', async () => {
    const [client, other] = [await connect(), await connect()];
    let heard = 0;
    let others = 0;
    client.setNotificationHandler('notifications/tools/list_changed', () => void heard++);
    other.setNotificationHandler('notifications/tools/list_changed', () => void others++);
    const subscription = await client.listen({ toolsListChanged: true });
    await other.listen({ toolsListChanged: true });
    await client.callTool({ name: 'change', arguments: {} });
    await until(() => heard === 1 && others === 1);
    parts.gateway.notifyToolsChanged('files');
    await until(() => heard === 2 && others === 2);
    await subscription.close();
    await until(() => parts.gateway.sessions()[0]?.inFlight === 1);
    parts.gateway.notifyToolsChanged('files');
    await until(() => others === 3);
    expect(heard).toBe(2);
  });

  test('a call that is given up ends in the server too', async () => {
    const client = await connect();
    const before = Number(said(await client.callTool({ name: 'aborted', arguments: {} })));
    const gone = new AbortController();
    const call = client.callTool({ name: 'wait', arguments: {} }, { signal: gone.signal });
    call.catch(() => {});
    await until(() => parts.records.some(({ record }) => record.tool === 'wait'));
    await new Promise((done) => setTimeout(done, 50));
    gone.abort();
    await expect(call).rejects.toThrow();
    const after = await until('one more call that ended', async (see) => {
      const count = see(Number(said(await client.callTool({ name: 'aborted', arguments: {} }))));
      return count !== before && count;
    });
    expect(after).toBe(before + 1);
  });

  test('a denied call is one the client understands, a hidden tool is none', async () => {
    parts.rules.set('echo', { decision: 'deny', reason: 'no echoes' }).set('steps', { decision: 'hide' });
    const client = await connect();
    const denied = await client.callTool({ name: 'echo', arguments: { text: 'x' } });
    expect(denied.isError).toBe(true);
    expect(said(denied)).toContain('no echoes');
    expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('steps');
    await expect(client.callTool({ name: 'steps', arguments: {} })).rejects.toThrow('Unknown tool: steps');
  });
});
