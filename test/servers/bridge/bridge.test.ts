import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../../main/host/data-folder/core-file.ts';
import { until } from '../../core/upstream/helpers.ts';
import { FAKE_TOKEN, type FakeGateway, startFakeGateway } from '../../fakes/fake-gateway.ts';
import { Scene } from './bridge-harness.ts';

let scene: Scene;
let gateway: FakeGateway | undefined;
beforeEach(async () => {
  scene = await Scene.make();
});
afterEach(async () => {
  await scene.clear();
  await gateway?.close();
  gateway = undefined;
});

/** A gateway that runs already. */
async function running(): Promise<FakeGateway> {
  gateway = await startFakeGateway();
  scene.announce(gateway.url);
  return gateway;
}

describe('with a core that runs', () => {
  test('relays a session: answers, streams, notifications, and its end', async () => {
    const { seen, push, methods } = await running();
    const bridge = scene.bridge();
    expect(await bridge.initialize()).toContain('"protocolVersion":"2025-06-18"');
    expect(await bridge.ask(2, 'test/echo', { text: 'grüße 🌉' })).toBe(
      '{"jsonrpc":"2.0","id":2,"result":"grüße 🌉"}',
    );
    // The bytes of an answer are the server's: a number beyond a double, spaces and unknown members stay.
    expect(await bridge.ask(3, 'test/stream')).toBe(
      '{"jsonrpc":"2.0","id":3,"result":{"n":9007199254740993,  "unknown":"kept"}}',
    );
    expect(bridge.lines).toContain('{"jsonrpc":"2.0","method":"notifications/message"}');
    await until('the GET stream', () => seen.some((each) => each.method === 'GET'));
    push('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
    await until('the pushed message', () => bridge.lines.some((line) => line.includes('list_changed')));
    expect(await bridge.end()).toBe(0);
    expect(methods()).toEqual(['initialize', 'notifications/initialized', 'test/echo', 'test/stream']);
    const [first, second] = seen;
    expect(first).toMatchObject({ url: '/s/files/mcp', headers: { authorization: `Bearer ${FAKE_TOKEN}` } });
    expect(first?.headers['mcp-session-id']).toBeUndefined();
    expect(second?.headers['mcp-session-id']).toMatch(/./);
    expect(second?.headers['mcp-protocol-version']).toBe('2025-06-18');
    expect(seen.at(-1)).toMatchObject({ method: 'DELETE' });
    expect(scene.starts()).toEqual([]);
  });

  test('reaches all servers of the client joined in one', async () => {
    const { seen } = await running();
    const bridge = scene.bridge({}, 'main/host/bridge.ts', ['--all']);
    await bridge.initialize();
    expect(seen[0]?.url).toBe('/mcp');
    expect(await bridge.end()).toBe(0);
  });

  test.each([[['-x']], [['a', 'b']], [[]]])('says how it is used: %j', async (words) => {
    const bridge = scene.bridge({}, 'main/host/bridge.ts', words);
    await until('the end', () => bridge.exit !== undefined);
    expect(bridge.exit).toBe(2);
    expect(bridge.stderr).toContain('usage: drawbridge bridge SERVER|--all');
    expect(bridge.lines).toEqual([]);
  });

  test('runs requests side by side, and answers what hangs when the client goes', async () => {
    const { seen } = await running();
    const bridge = scene.bridge();
    await bridge.initialize();
    bridge.send({ jsonrpc: '2.0', id: 2, method: 'test/hang' });
    expect(await bridge.ask(3, 'test/echo', { text: 'meanwhile' })).toContain('meanwhile');
    expect(await bridge.end()).toBe(0);
    expect(seen.at(-1)?.method).toBe('DELETE');
    expect(await bridge.answer(2)).toContain('closed the connection');
  });

  test('a script may write everything at once, close, and then read', async () => {
    const { methods } = await running();
    const bridge = scene.bridge();
    bridge.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });
    bridge.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    bridge.send({ jsonrpc: '2.0', id: 2, method: 'test/echo', params: { text: 'piped' } });
    expect(await bridge.end()).toBe(0);
    expect(await bridge.answer(2)).toContain('piped');
    expect(methods()).toEqual(['initialize', 'notifications/initialized', 'test/echo']);
  });

  test('one message is one line, and large ones pass', async () => {
    await running();
    const bridge = scene.bridge();
    await bridge.initialize();
    expect(JSON.parse(await bridge.ask(2, 'test/pretty'))).toEqual({ jsonrpc: '2.0', id: 2, result: {} });
    const text = 'ä'.repeat(2_500_000);
    expect(JSON.parse(await bridge.ask(3, 'test/echo', { text }))).toEqual({
      jsonrpc: '2.0',
      id: 3,
      result: text,
    });
  });

  test('HTTP errors become answers under the id of the request', async () => {
    await running();
    const bridge = scene.bridge();
    // Before initialize: the body answers with id null, which no client could tell apart.
    expect(JSON.parse(await bridge.ask(7, 'server/discover'))).toEqual({
      jsonrpc: '2.0',
      id: 7,
      error: { code: -32601, message: 'Method not found' },
    });
    await bridge.initialize();
    expect(await bridge.ask(8, 'test/html')).toContain('HTTP 502');
    expect(await bridge.ask(9, 'test/no-answer')).toContain('without a result');
    bridge.send('this is not JSON');
    await until('a parse error', () => bridge.lines.some((line) => line.includes('-32700')));
    expect(await bridge.ask(10, 'test/echo', { text: 'still there' })).toContain('still there');
  });

  test('a wrong token is said plainly, for each request', async () => {
    await running();
    const bridge = scene.bridge({ DRAWBRIDGE_TOKEN: 'wrong' });
    expect(await bridge.ask(1, 'initialize')).toContain('does not accept this client');
    expect(await bridge.ask(2, 'tools/list')).toContain('connect this client again');
    expect(await bridge.end()).toBe(0);
  });

  test('opens a new session when the old one is unknown, and sends the message again', async () => {
    const { forgetSessions, methods } = await running();
    const bridge = scene.bridge();
    await bridge.initialize();
    await bridge.ask(2, 'logging/setLevel', { level: 'debug' });
    forgetSessions();
    expect(await bridge.ask(3, 'test/echo', { text: 'again' })).toContain('again');
    expect(methods().slice(3)).toEqual([
      'test/echo',
      'initialize',
      'notifications/initialized',
      'logging/setLevel',
      'test/echo',
    ]);
    const ids = bridge.lines.map((line) => (JSON.parse(line) as { id?: number }).id);
    expect(ids.toSorted()).toEqual([1, 2, 3]);
  });
});

describe('its own end', () => {
  test('the program itself, as a client starts it, ends its session when it is told to', async () => {
    const { seen } = await running();
    const bridge = scene.bridge({}, 'main/host/bridge.ts');
    await bridge.initialize();
    bridge.send({ jsonrpc: '2.0', id: 2, method: 'test/hang' });
    await until('the call', () => seen.some((each) => each.body.includes('test/hang')));
    bridge.child.kill('SIGTERM');
    await until('the end', () => bridge.exit !== undefined);
    expect(bridge.exit).toBe(0);
    expect(seen.at(-1)?.method).toBe('DELETE');
    expect(await bridge.answer(2)).toContain('closed the connection');
    expect(bridge.stderr).toBe('');
  });

  test('a client that no longer reads', async () => {
    const { seen } = await running();
    const bridge = scene.bridge();
    await bridge.initialize();
    bridge.child.stdout.destroy();
    bridge.send({ jsonrpc: '2.0', id: 2, method: 'test/echo', params: { text: 'x' } });
    await until('the end', () => bridge.exit !== undefined);
    expect(seen.at(-1)?.method).toBe('DELETE');
  });

  test('a client that is gone while a core is waited for', async () => {
    const bridge = scene.bridge({ FAKE_CORE: 'hang' });
    bridge.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });
    await until('the start', (see) => see(scene.starts().length) === 1);
    bridge.child.kill('SIGTERM');
    await until('the end', () => bridge.exit !== undefined);
    expect(bridge.lines).toHaveLength(1);
  });
});

describe('when the core is not there', () => {
  test('a core that never gets ready is given up', async () => {
    const bridge = scene.bridge({ FAKE_CORE: 'hang', TEST_START_MS: '600' });
    expect(await bridge.ask(1, 'initialize')).toContain('was not ready after 0.6 seconds');
    // It says that it started when it runs, which may take longer than the bridge waited for it.
    await until('the start', (see) => see(scene.starts()).length > 0);
    expect(scene.starts()).toHaveLength(1);
  });

  test('several bridges start one core, and it outlives them', async () => {
    const bridges = [scene.bridge(), scene.bridge(), scene.bridge()];
    const answers = await Promise.all(bridges.map((bridge) => bridge.initialize()));
    for (const answer of answers) expect(answer).toContain('protocolVersion');
    expect(scene.starts()).toEqual([scene.corePid()]);
    for (const bridge of bridges) expect(await bridge.end()).toBe(0);
    expect(isAlive(scene.corePid())).toBe(true);
    expect(existsSync(join(scene.dataDir, 'core.starting'))).toBe(false);
  });

  test('a core file of a dead process, and one of a foreign process, are seen through', async () => {
    const gone = await startFakeGateway();
    await gone.close();
    scene.announce(gone.url, process.pid);
    const bridge = scene.bridge();
    expect(await bridge.initialize()).toContain('protocolVersion');
    expect(scene.corePid()).not.toBe(process.pid);
  });

  test('a core that does not start: each request gets its reason and what to do', async () => {
    const bridge = scene.bridge({ FAKE_CORE: 'fail' });
    const answer = await bridge.ask(1, 'initialize');
    expect(answer).toContain('could not be started');
    expect(answer).toContain('port 1 is taken');
    expect(answer).toContain('drawbridge serve');
    expect(await bridge.ask(2, 'tools/list')).toContain('could not be started');
    bridge.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    expect(await bridge.end()).toBe(0);
    expect(scene.starts()).toHaveLength(1);
  });

  test('a core that is killed: calls under way are answered, the next one goes to a new core', async () => {
    const bridge = scene.bridge();
    await bridge.initialize();
    const first = scene.corePid();
    expect(await bridge.ask(2, 'test/pid')).toContain(`"result":${first}`);
    bridge.send({ jsonrpc: '2.0', id: 3, method: 'test/hang' });
    await bridge.ask(4, 'test/echo', { text: 'the call before has been sent' });
    process.kill(first, 'SIGKILL');
    expect(await bridge.answer(3)).toContain('stopped while this request was running');
    const next = await bridge.ask(5, 'test/pid');
    const second = scene.corePid();
    expect(second, `${next}; stderr: ${bridge.stderr}`).not.toBe(first);
    expect(next).toContain(`"result":${second}`);
    expect(scene.starts()).toEqual([first, second]);
    // The client saw one initialize answer: the second one was the bridge's own.
    expect(bridge.lines.filter((line) => line.includes('protocolVersion'))).toHaveLength(1);
  });

  test('a core that comes back elsewhere is found while the client is silent', async () => {
    const first = await running();
    const bridge = scene.bridge();
    await bridge.initialize();
    await until('the GET stream', () => first.seen.some((each) => each.method === 'GET'));
    await first.close();
    const second = await running();
    await until('the new GET stream', () => second.seen.some((each) => each.method === 'GET'));
    expect(second.methods()).toEqual(['initialize', 'notifications/initialized']);
    second.push('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
    await until('the pushed message', () => bridge.lines.some((line) => line.includes('list_changed')));
    expect(scene.starts()).toEqual([]);
  });
});
