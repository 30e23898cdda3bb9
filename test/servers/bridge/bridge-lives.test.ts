// @module-tag slow
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { isAlive } from '../../../main/host/data-folder/core-file.ts';
import { until } from '../../core/upstream/helpers.ts';
import { RealCore } from './bridge-real-core.ts';

/** What stays of a client that is killed, and of a call that waits when the core is. Through the bridge, with real processes. */

let core: RealCore;
afterEach(() => core.clear());

test('a client that is killed before its server answers initialize leaves no process of it', async () => {
  let pids = '';
  core = await RealCore.make((dir) => {
    pids = join(dir, 'pids');
    const silent = `require('fs').appendFileSync(${JSON.stringify(pids)}, process.pid + ' '); process.stdin.resume();`;
    return { kind: 'stdio', command: process.execPath, args: ['-e', silent], env: {} };
  });
  const started = (): number[] =>
    existsSync(pids) ? readFileSync(pids, 'utf8').trim().split(' ').map(Number) : [];
  for (let tries = 1; tries <= 3; tries++) {
    const before = started().length;
    const client = core.bridge();
    client.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
    });
    await until('the server to be started', () => started().length > before);
    client.child.kill('SIGKILL');
    await until('the end of the server', () => started().every((pid) => !isAlive(pid)));
  }
});

test('a core that is killed while a person is asked: the agent hears what became of its call, and may repeat it', async () => {
  let received = '';
  core = await RealCore.make((dir) => {
    received = join(dir, 'received.jsonl');
    writeFileSync(received, '');
    writeFileSync(join(dir, 'kit.json'), JSON.stringify([{ name: 'echo', inputSchema: { type: 'object' } }]));
    mkdirSync(join(dir, 'policies'), { recursive: true });
    const policy = { version: '1', default: 'allow', tools: { echo: { action: 'ask' } } };
    writeFileSync(join(dir, 'policies', 'files.json'), JSON.stringify(policy));
    const args = [resolve('test/fixtures/servers/kit.ts'), join(dir, 'kit.json')];
    return { kind: 'stdio', command: process.execPath, args, env: { KIT_RECORD: received } };
  });
  const client = core.bridge();
  await client.initialize();
  const first = core.pid;
  const call = (id: number): void =>
    client.send({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'echo', arguments: { a: 1 }, _meta: { progressToken: id } },
    });
  const waits = (id: number): Promise<unknown> =>
    until('the person to be asked', () =>
      client.lines.some(
        (line) => line.includes(`"progressToken":${id}`) && line.includes('Waiting for the person'),
      ),
    );
  call(2);
  await waits(2);
  process.kill(first, 'SIGKILL');
  expect(await client.answer(2)).toContain(
    'waited for the approval of the person at this machine was not run',
  );
  // Simply asked again.
  call(3);
  await waits(3);
  expect(core.pid).not.toBe(first);
  expect(readFileSync(received, 'utf8')).not.toContain('tools/call');
  client.child.kill('SIGKILL');
});
