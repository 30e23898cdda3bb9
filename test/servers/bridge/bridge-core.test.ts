import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive } from '../../../main/host/data-folder/core-file.ts';
import { until } from '../../core/upstream/helpers.ts';
import { RealCore } from './bridge-real-core.ts';

const tools = ['echo', 'never', 'ask'].map((name) => ({ name, inputSchema: { type: 'object' } }));
const capabilities = { tools: {}, logging: {}, resources: { subscribe: true } };

let core: RealCore;
let received: string;
beforeEach(async () => {
  core = await RealCore.make((dir) => {
    received = join(dir, 'received.jsonl');
    writeFileSync(received, '');
    writeFileSync(join(dir, 'kit.json'), JSON.stringify({ tools, capabilities }));
    const kit = resolve('test/fixtures/servers/kit.ts');
    const args = [kit, join(dir, 'kit.json')];
    return { kind: 'stdio', command: process.execPath, args, env: { KIT_RECORD: received } };
  });
});
afterEach(() => core.clear());

/** Methods that the server itself has received. */
function methods(): string[] {
  const lines = readFileSync(received, 'utf8').trim().split('\n').filter(Boolean);
  return lines.map((line) => (JSON.parse(line) as { method?: string }).method ?? 'answer');
}

test('a core that is killed while a call runs: one clear answer, no second run, and the session goes on', async () => {
  const client = core.bridge();
  expect(await client.initialize()).toContain('"name":"kit"');
  await client.ask(2, 'logging/setLevel', { level: 'debug' });
  await client.ask(3, 'resources/subscribe', { uri: 'file:///a' });
  const first = core.pid;
  client.send({ jsonrpc: '2.0', id: 4, method: 'tools/call', params: { name: 'never', arguments: {} } });
  await until('the call at the server', () => methods().includes('tools/call'));
  process.kill(first, 'SIGKILL');
  expect(await client.answer(4)).toContain('a tool may have run');
  // The next message starts a core again.
  expect(await client.ask(5, 'tools/list')).toContain('"never"');
  const second = core.pid;
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
  const client = core.bridge();
  await client.initialize();
  const first = core.pid;
  process.kill(first, 'SIGTERM');
  await until('the end of the core', () => !isAlive(first));
  // Nobody has asked for anything: a core that a person ended stays ended.
  expect(core.runs).toBe(false);
  client.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'ask', arguments: {} } });
  const asked = (): string | undefined => client.lines.find((line) => line.includes('elicitation/create'));
  await until('the question', () => asked() !== undefined);
  const { id } = JSON.parse(asked() as string) as { id: string };
  client.send({ jsonrpc: '2.0', id, result: { action: 'accept', content: {} } });
  expect(await client.answer(2)).toContain('accept');
  expect(client.lines.filter((line) => line.includes('protocolVersion'))).toHaveLength(1);
  expect(await client.end()).toBe(0);
});

test('a client that asks for the newer era first falls back at once', async () => {
  const client = core.bridge();
  const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  const answer = JSON.parse(await client.ask(1, 'server/discover', { _meta: meta }));
  expect(answer).toMatchObject({ id: 1, error: { code: -32601 } });
  expect(await client.ask(2, 'initialize', { protocolVersion: '2025-06-18', capabilities: {} })).toContain(
    'kit',
  );
  client.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  expect(await client.ask(3, 'tools/list')).toContain('echo');
  expect(await client.end()).toBe(0);
});
