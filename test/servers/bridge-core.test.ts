import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, readCoreFile } from '../../main/host/core-file.ts';
import { until } from '../core/upstream/helpers.ts';
import { type Bridge, Scene } from './bridge-harness.ts';

const CLI = resolve('main/host/cli.ts');
const run = promisify(execFile);
const schema = { type: 'object' };
const tools = ['echo', 'never', 'ask'].map((name) => ({ name, inputSchema: schema }));

let scene: Scene;
let received: string;
let token: string;
const cores = new Set<number>();

/** The command line of Drawbridge, as the person runs it. */
async function drawbridge(...args: string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: scene.dataDir,
    SHELL: '/bin/sh',
    DRAWBRIDGE_DATA: scene.dataDir,
  };
  const { stdout } = await run(process.execPath, [CLI, ...args], { env });
  return stdout.trim();
}

beforeEach(async () => {
  scene = await Scene.make();
  received = join(scene.dataDir, 'received.jsonl');
  const kit = join(scene.dataDir, 'kit.json');
  writeFileSync(
    kit,
    JSON.stringify({ tools, capabilities: { tools: {}, logging: {}, resources: { subscribe: true } } }),
  );
  writeFileSync(received, '');
  const server = [
    'env',
    `KIT_RECORD=${received}`,
    process.execPath,
    resolve('test/fixtures/servers/kit.ts'),
    kit,
  ];
  token = JSON.parse(await drawbridge('token', 'tester', '--json')).token;
  await drawbridge('servers', 'add', 'files', '--', ...server);
});
afterEach(async () => {
  for (const pid of cores) if (isAlive(pid)) process.kill(pid, 'SIGTERM');
  await until(() => [...cores].every((pid) => !isAlive(pid)), 'the cores to end', 10_000);
  cores.clear();
  await scene.clear();
});

/** The program itself, which starts the core itself. */
function bridge(): Bridge {
  return scene.bridge(
    { DRAWBRIDGE_TOKEN: token, HOME: scene.dataDir, SHELL: '/bin/sh' },
    'main/host/bridge.ts',
  );
}

function core(): number {
  const pid = readCoreFile(scene.dataDir)?.pid as number;
  cores.add(pid);
  return pid;
}

/** Methods that the server itself has received. */
function methods(): string[] {
  const lines = readFileSync(received, 'utf8').trim().split('\n').filter(Boolean);
  return lines.map((line) => (JSON.parse(line) as { method?: string }).method ?? 'answer');
}

test('a core that is killed while a call runs: one clear answer, no second run, and the session goes on', async () => {
  const client = bridge();
  expect(await client.initialize()).toContain('"name":"kit"');
  await client.ask(2, 'logging/setLevel', { level: 'debug' });
  await client.ask(3, 'resources/subscribe', { uri: 'file:///a' });
  const first = core();
  client.send({ jsonrpc: '2.0', id: 4, method: 'tools/call', params: { name: 'never', arguments: {} } });
  await until(() => methods().includes('tools/call'), 'the call at the server');
  process.kill(first, 'SIGKILL');
  expect(await client.answer(4)).toContain('a tool may have run');
  // The next message starts a core again.
  expect(await client.ask(5, 'tools/list')).toContain('"never"');
  const second = core();
  expect(second).not.toBe(first);
  // Drawbridge lists the tools for itself as well, at times of its own.
  expect(methods().filter((method) => method !== 'tools/list')).toEqual([
    'initialize',
    'notifications/initialized',
    'logging/setLevel',
    'resources/subscribe',
    'tools/call',
    'initialize',
    'notifications/initialized',
    'logging/setLevel',
    'resources/subscribe',
  ]);
  const echoed = await client.ask(6, 'tools/call', { name: 'echo', arguments: { text: 'after' } });
  expect(echoed).toContain('after');
  const ids = client.lines.map((line) => (JSON.parse(line) as { id?: number }).id);
  expect(ids.filter((id) => id !== undefined)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await client.end()).toBe(0);
});

test('a core that restarts in order while the client is silent, and questions of the server after it', async () => {
  const client = bridge();
  await client.initialize();
  const first = core();
  process.kill(first, 'SIGTERM');
  await until(() => !isAlive(first), 'the end of the core', 10_000);
  // Nobody has asked for anything: a core that a person ended stays ended.
  expect(readCoreFile(scene.dataDir)).toBeUndefined();
  await drawbridge('servers');
  client.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'ask', arguments: {} } });
  const asked = (): string | undefined => client.lines.find((line) => line.includes('elicitation/create'));
  await until(() => asked() !== undefined, 'the question', 20_000);
  core();
  const { id } = JSON.parse(asked() as string) as { id: string };
  client.send({ jsonrpc: '2.0', id, result: { action: 'accept', content: {} } });
  expect(await client.answer(2)).toContain('accept');
  expect(client.lines.filter((line) => line.includes('protocolVersion'))).toHaveLength(1);
  expect(await client.end()).toBe(0);
});

test('a client that asks for the newer era first falls back at once', async () => {
  const client = bridge();
  const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  const answer = JSON.parse(await client.ask(1, 'server/discover', { _meta: meta }));
  core();
  expect(answer).toMatchObject({ id: 1, error: { code: -32601 } });
  expect(await client.ask(2, 'initialize', { protocolVersion: '2025-06-18', capabilities: {} })).toContain(
    'kit',
  );
  client.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  expect(await client.ask(3, 'tools/list')).toContain('echo');
  expect(await client.end()).toBe(0);
});
