import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Core, createCore } from '../../main/core/create-core.ts';
import { nodePorts } from '../../main/host/node/node-ports.ts';
import { type Contract, contract } from '../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../shared/rpc/client.ts';
import { memoryPair } from '../../shared/rpc/transport.ts';
import type { ServerView } from '../../shared/schemas/server.ts';
import type { StateEvent } from '../../shared/schemas/state.ts';
import { browse } from '../core/upstream/auth/kit.ts';
import { until } from '../fakes/raw-client.ts';
import { type AuthServer, startAuthServer } from '../fixtures/servers/auth-server.ts';
import { type ProtectedServer, startProtectedServer } from '../fixtures/servers/protected-server.ts';

/** A client, a whole core with its gateway, a server that wants OAuth tokens, and an authorization server. */

let dir: string;
let authority: AuthServer;
let server: ProtectedServer;
let core: Core;
let rpc: RpcClient<Contract>;
let gateway: string;
const logged: string[] = [];
const shown: StateEvent[] = [];
const clients: Client[] = [];
/** How far the core's clock is ahead of the machine's, ms. */
let ahead = 0;
const pass = (ms: number): void => {
  ahead += ms;
};

async function startCore(): Promise<void> {
  const ports = nodePorts({
    bridge: { command: 'node', args: [] },
    log: (level, message, detail) =>
      void logged.push(
        `${level} ${message} ${detail instanceof Error ? detail.stack : JSON.stringify(detail)}`,
      ),
  });
  core = await createCore({
    ports: {
      ...ports,
      clock: { ...ports.clock, now: () => Date.now() + ahead },
      machine: { ...ports.machine, home: dir, env: { HOME: dir } },
    },
    dataDir: join(dir, 'data'),
    version: '0',
    host: 'headless',
    pid: process.pid,
    onStopRequest: () => {},
  });
  ({ gateway } = await core.start(0));
  const [ours, theirs] = memoryPair();
  core.attach(theirs, 'manager');
  rpc = createRpcClient(contract, ours);
  rpc.open('state', (event) => void shown.push(event));
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'drawbridge-oauth-'));
  logged.length = shown.length = ahead = 0;
  authority = await startAuthServer();
  server = await startProtectedServer(authority);
  await startCore();
  await rpc.call('servers.add', { name: 'api', config: { kind: 'http', url: server.url, headers: {} } });
  await rpc.call('mode.set', { mode: 'observe' });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await core.stop();
  await Promise.all([authority.stop(), server.stop()]);
  rmSync(dir, { recursive: true });
});

const view = async (): Promise<ServerView> => {
  const { servers } = await rpc.call('core.state', {});
  return servers.find(({ name }) => name === 'api') as ServerView;
};
const signIn = async (): Promise<void> => {
  const { url } = await rpc.call('servers.signIn', { name: 'api' });
  expect((await browse(url)).text).toContain('You can close this page');
};
async function connect(): Promise<Client> {
  const { token } = await rpc.call('clients.token', { client: 'tests' });
  const client = new Client({ name: 'tests', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${gateway}/s/api/mcp`), {
      requestInit: { headers: { Authorization: `Bearer ${token}`, Cookie: 'canary-cookie=1' } },
    }),
  );
  clients.push(client);
  return client;
}
const textOf = async (client: Client, name = 'echo'): Promise<string> => {
  const result = await client.callTool({ name, arguments: { text: 'hello' } });
  const [first] = result.content as { text: string }[];
  return `${result.isError ? 'error: ' : ''}${first?.text}`;
};

test('from 401 to a call that works, with no restart of anything', async () => {
  await expect(connect()).rejects.toThrow(/"api" wants you to sign in/);
  expect(await view()).toMatchObject({ status: 'signin', signIn: { state: 'needed' } });
  const { problems } = await rpc.call('core.state', {});
  expect(problems.map(({ title }) => title)).toContain('api wants you to sign in');

  await signIn();
  expect(await view()).toMatchObject({
    status: 'idle',
    statusText: null,
    signIn: { state: 'signed-in', issuer: authority.issuer, renews: true },
  });
  const client = await connect();
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo', 'write']);
  expect(await textOf(client)).toBe('hello');
  expect((await view()).status).toBe('running');
});

test('the token ends: 50 calls of 10 clients, one renewal, all work', async () => {
  await signIn();
  const all = await Promise.all(Array.from({ length: 10 }, connect));
  pass(10_000);
  authority.expireAll();
  const texts = await Promise.all(all.flatMap((client) => Array.from({ length: 5 }, () => textOf(client))));
  expect(new Set(texts)).toEqual(new Set(['hello']));
  const renewals = authority.tokenRequests.filter(
    ({ params }) => params.get('grant_type') === 'refresh_token',
  );
  expect(renewals).toHaveLength(1);
  expect(server.ran).toHaveLength(50);
});

test('a refused renewal is a sign-in state and an error text; after signing in the same session goes on', async () => {
  await signIn();
  const client = await connect();
  expect(await textOf(client)).toBe('hello');
  authority.endAll();
  pass(10_000);
  const told = await textOf(client);
  expect(told).toMatch(/^error: .*"api" wants you to sign in/s);
  expect(await view()).toMatchObject({
    status: 'signin',
    signIn: { state: 'needed', text: expect.stringContaining('the sign-in is no longer valid') },
  });
  await signIn();
  expect(await textOf(client)).toBe('hello');
  expect((await view()).status).toBe('running');
});

test('a call that needs more: an error for that call only, then granted', async () => {
  await signIn();
  const client = await connect();
  expect(await textOf(client, 'write')).toMatch(/^error: /);
  expect(await textOf(client)).toBe('hello');
  expect(await view()).toMatchObject({
    status: 'running',
    signIn: { state: 'signed-in', text: expect.stringContaining('files:write') },
  });
  await signIn();
  expect(await textOf(client, 'write')).toBe('hello');
  expect(authority.authorizations[1]?.get('scope')).toBe('files:read files:write');
});

describe('credentials', () => {
  test('of the client never go to the server; tokens never go elsewhere', async () => {
    await signIn();
    const client = await connect();
    await textOf(client);
    const { token } = await rpc.call('clients.token', { client: 'tests' });
    for (const { path, headers } of server.requests) {
      const sent = JSON.stringify(headers);
      expect(sent).not.toContain(token);
      expect(sent).not.toContain('canary-cookie');
      if (path !== '/mcp') expect(headers.authorization).toBeUndefined();
    }
    const authorized = server.requests.filter(({ rpc: method }) => method === 'tools/call');
    expect(authorized[0]?.headers.authorization).toBe(`Bearer ${authority.tokens[0]?.access}`);
  });

  test('are in no file, log line, state, audit record or server log', async () => {
    await signIn();
    const client = await connect();
    await textOf(client);
    authority.expireAll();
    pass(10_000);
    await textOf(client);
    await textOf(client, 'write');
    server.echoesToken = true;
    await expect(textOf(client)).rejects.toThrow('HTTP 500: you sent Authorization: [redacted]');
    authority.endAll();
    await textOf(client);
    const state = JSON.stringify([shown, await rpc.call('core.state', {})]);
    const logs = JSON.stringify(await rpc.call('servers.logs', { name: 'api' }));
    const { text: audit } = await rpc.call('audit.export', { format: 'jsonl' });
    expect(audit).toContain('server-signed-in');
    await core.stop();
    const files = filesIn(dir).map((path) => readFileSync(path, 'latin1'));
    const everywhere = [state, logs, audit, logged.join('\n'), ...files];
    expect(authority.secrets.length).toBeGreaterThan(4);
    for (const secret of authority.secrets)
      expect(everywhere.findIndex((text) => text.includes(secret))).toBe(-1);
    await startCore();
  });
});

test('after a restart of the core nobody signs in again', async () => {
  await signIn();
  for (const client of clients.splice(0)) await client.close();
  await core.stop();
  await startCore();
  expect((await view()).signIn?.state).toBe('signed-in');
  expect(await textOf(await connect())).toBe('hello');
  expect(authority.authorizations).toHaveLength(1);
});

test('signing out ends it; a removed server leaves no secret', async () => {
  await signIn();
  const client = await connect();
  expect(await textOf(client)).toBe('hello');
  await rpc.call('servers.signOut', { name: 'api' });
  expect(await view()).toMatchObject({ signIn: { state: 'needed', issuer: authority.issuer } });
  expect(authority.revocations).toHaveLength(1);
  await expect(connect()).rejects.toThrow(/sign in/);
  await rpc.call('servers.remove', { name: 'api' });
  const names = await core.parts.secrets.names();
  expect(names.filter((name) => name.includes('api'))).toEqual([]);
});

test('HTTP+SSE of 2024-11-05 the same', async () => {
  await rpc.call('servers.remove', { name: 'api' });
  await rpc.call('servers.add', { name: 'api', config: { kind: 'sse', url: server.sseUrl, headers: {} } });
  await expect(connect()).rejects.toThrow(/sign in/);
  await signIn();
  const client = await connect();
  expect(await textOf(client)).toBe('hello');
  pass(10_000);
  authority.expireAll();
  expect(await textOf(client)).toBe('hello');
  const posts = server.requests.filter(({ path }) => path === '/messages');
  expect(posts.at(-1)?.headers.authorization).toBe(`Bearer ${authority.tokens.at(-1)?.access}`);
});

test('a client registered by hand is asked for, used and kept; its secret is encrypted', async () => {
  authority.behaviour.registration = 'absent';
  await expect(rpc.call('servers.signIn', { name: 'api' })).rejects.toMatchObject({
    code: 'needs_client',
    fix: expect.stringMatching(/redirect address http:\/\/127\.0\.0\.1:\d+\/callback/),
  });
  const client = { id: 'by-hand-1', secret: 'canary-by-hand' };
  const { url } = await rpc.call('servers.signIn', { name: 'api', client });
  authority.addClient(new URL(url).searchParams.get('redirect_uri') ?? '', client.secret);
  expect((await browse(url)).status).toBe(200);
  expect(await textOf(await connect())).toBe('hello');
  const files = filesIn(dir).map((path) => readFileSync(path, 'latin1'));
  expect(files.some((text) => text.includes('by-hand-1'))).toBe(true);
  expect(files.some((text) => text.includes('canary-by-hand'))).toBe(false);
});

test('what the windows see follows: needed, waiting with the address, given up', async () => {
  const { url } = await rpc.call('servers.signIn', { name: 'api' });
  expect((await view()).signIn).toMatchObject({ state: 'waiting', url, issuer: authority.issuer });
  const seen = (): boolean => JSON.stringify(shown).includes('"waiting"');
  await until(seen);
  await rpc.call('servers.cancelSignIn', { name: 'api' });
  expect((await view()).signIn?.state ?? null).not.toBe('waiting');
  await expect(browse(new URL(url).searchParams.get('redirect_uri') ?? '')).rejects.toThrow('fetch failed');
});

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}
