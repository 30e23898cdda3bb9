// @module-tag slow
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseFromServer } from '../../../main/core/codec/index.ts';
import type { Clock } from '../../../main/core/ports.ts';
import type { ResolvedServer, Upstreams } from '../../../main/core/upstream/types.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { deps, realClock, request, script, until } from './helpers.ts';

/** What is told of servers that keep somebody waiting. Time is moved; processes and connections are real. */

let time: FakeClock;
let upstreams: Upstreams;
let changes: number;
const ends: (() => void)[] = [];
beforeEach(() => {
  time = new FakeClock();
  changes = 0;
});
afterEach(async () => {
  await upstreams.stop();
  for (const end of ends.splice(0)) end();
});

/** Short waits (ends of processes) are real ones. */
const clock = (): Clock => ({
  now: () => time.now(),
  monotonic: () => time.monotonic(),
  after: (ms, fn) => (ms > 10_000 ? time.after(ms, fn) : realClock.after(ms, fn)),
  every: (ms, fn) => time.every(ms, fn),
});

async function asked(server: ResolvedServer, method = 'initialize') {
  upstreams = createUpstreams({
    ...deps({ servers: { x: server }, clock: clock() }),
    parse: parseFromServer,
  });
  upstreams.onChange(() => changes++);
  const connection = await upstreams.connect('x');
  const got: string[] = [];
  connection.onMessage((message) => void got.push(message.raw.toString()));
  void connection.send(request(1, method)).catch(() => {});
  return { connection, got };
}
const silent = (code: string): ResolvedServer => script(`${code}; setInterval(() => {}, 1000)`);

test('nothing is told in the first minute, then how long, and the last output', async () => {
  await asked(silent(`console.error('Loading model…')`));
  await until('output', () => upstreams.logs('x').some(({ line }) => line.startsWith('Loading')));
  time.advance(59_000);
  expect(upstreams.health('x')).toEqual({ status: 'starting', text: null, connections: 1 });
  const before = changes;
  time.advance(16_000);
  expect(upstreams.health('x')).toEqual({
    status: 'starting',
    text: 'It has not answered initialize for 1 minute. Its last output: "Loading model…".',
    connections: 1,
    lateMs: 60_000,
  });
  expect(changes).toBe(before + 1);
  time.advance(11 * 60_000);
  expect(upstreams.health('x').text).toContain('for 12 minutes');
});

test('output on standard output that is no message is told as that', async () => {
  await asked(silent(`console.log('Server ready'); console.log('on port 3000')`));
  await until('output', () => upstreams.logs('x').filter(({ stream }) => stream === 'stdout').length === 2);
  time.advance(75_000);
  expect(upstreams.health('x').text).toBe(
    'It has not answered initialize for 1 minute. It wrote to its standard output what is no message: "Server ready", "on port 3000".',
  );
});

test('a line without an end is told, too', async () => {
  const { connection } = await asked(silent(`process.stdout.write('Welcome! ')`));
  await until('output', () => connection.begun !== '');
  time.advance(75_000);
  expect(upstreams.health('x').text).toContain(
    'a line without an end, which is no message so far: "Welcome!"',
  );
});

test('a server over HTTP that never answers', async () => {
  const http = createServer(() => {});
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  ends.push(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  await asked({ kind: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: {} });
  time.advance(75_000);
  expect(upstreams.health('x')).toMatchObject({
    status: 'starting',
    text: 'It has not answered initialize for 1 minute. It has written nothing.',
    lateMs: 60_000,
  });
});

const ECHO = `require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (method === 'initialize') console.log(JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
})`;

test('a running server that does not answer a list is late; one whose tool works long is not', async () => {
  const { connection, got } = await asked(script(ECHO));
  await until('the answer to initialize', () => got.length === 1);
  await connection.send(request(2, 'tools/call'));
  time.advance(10 * 60_000);
  expect(upstreams.health('x')).toEqual({ status: 'running', text: null, connections: 1 });
  await connection.send(request(3, 'tools/list'));
  time.advance(75_000);
  expect(upstreams.health('x')).toMatchObject({
    status: 'running',
    text: 'It has not answered tools/list for 1 minute. It has written nothing.',
  });
});
