import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ServerConfig } from '../../../shared/schemas/server.ts';
import { until } from '../../core/upstream/helpers.ts';
import { startFixture } from './bridge-fixture.ts';
import type { Bridge } from './bridge-harness.ts';
import { RealCore } from './bridge-real-core.ts';

const _meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const STDIO: ServerConfig = {
  kind: 'stdio',
  command: process.execPath,
  args: [resolve('test/fixtures/servers/conformance/stdio.ts')],
  env: {},
};

let core: RealCore;
const after: (() => Promise<void>)[] = [];
afterEach(async () => {
  await core.clear();
  for (const end of after.splice(0)) await end();
});

function ask(bridge: Bridge, id: number, method: string, params: object = {}): Promise<string> {
  return bridge.ask(id, method, { ...params, _meta });
}

test('a session of the newer era from end to end, and the older one beside it on the same pipe', async () => {
  core = await RealCore.make(() => STDIO);
  const client = core.bridge();
  expect(await ask(client, 1, 'server/discover')).toContain('"2026-07-28"');
  expect(await ask(client, 2, 'tools/call', { name: 'test_simple_text', arguments: {} })).toContain(
    '"resultType":"complete"',
  );
  expect(await ask(client, 3, 'tools/call', { name: 'gibt es nicht: ü', arguments: {} })).toContain(
    '"error"',
  );
  expect(await ask(client, 4, 'no/such')).toContain('-32601');
  const initialized = await client.ask(5, 'initialize', { protocolVersion: '2025-11-25', capabilities: {} });
  expect(initialized).toContain('2025-11-25');
  client.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  expect(await client.ask(6, 'tools/call', { name: 'test_simple_text', arguments: {} })).not.toContain(
    'resultType',
  );
  expect(await client.end()).toBe(0);
  expect(client.stderr).not.toContain('failed');
});

test('a subscription outlives a core that was killed', async () => {
  core = await RealCore.make(() => STDIO);
  const client = core.bridge();
  const changed = (): number => client.lines.filter((line) => line.includes('tools/list_changed')).length;
  const notifications = { toolsListChanged: true };
  client.send({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: { notifications, _meta } });
  await until('the acknowledgement', (see) =>
    see(client.lines).some((line) => line.includes('acknowledged')),
  );
  const trigger = (id: number): Promise<string> =>
    ask(client, id, 'tools/call', { name: 'test_trigger_tool_change', arguments: {} });
  await trigger(2);
  await until('the change', () => changed() > 0);
  process.kill(core.pid, 'SIGKILL');
  // The next message starts a core, and the subscription finds it.
  expect(await ask(client, 3, 'tools/list')).toContain('test_simple_text');
  const before = changed();
  for (let id = 4; changed() === before && id < 50; id++) await trigger(id);
  expect(changed()).toBeGreaterThan(before);
  expect(client.lines.filter((line) => line.includes('acknowledged'))).toHaveLength(1);
  expect(await client.end()).toBe(0);
});

test('headers of arguments, which stdio does not have, are made for a server over HTTP', async () => {
  const fixture = await startFixture();
  after.push(fixture.end);
  core = await RealCore.make(() => ({ kind: 'http', url: fixture.url, headers: {} }));
  const client = core.bridge();
  const args = { region: 'Zürich', rows: 3 };
  const answer = await ask(client, 1, 'tools/call', { name: 'test_mirrored_arguments', arguments: args });
  expect(answer).not.toContain('"error"');
  expect(await client.end()).toBe(0);
});
