import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { UpstreamConnection } from '../../../main/core/upstream/types.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import { type HttpCall, httpUpstream, openSse, sendJson } from '../../fakes/http-upstream.ts';
import { deps, message, request, until } from './helpers.ts';

/** What clients take from servers over HTTP although the specification has it otherwise. */

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Open {
  readonly connection: UpstreamConnection;
  /** What came, read. */
  readonly got: Record<string, unknown>[];
  /** The session ids it was sent, in their order. */
  readonly sessions: (string | undefined)[];
}
async function open(answer: (call: HttpCall, response: ServerResponse) => void): Promise<Open> {
  const sessions: Open['sessions'] = [];
  const server = await httpUpstream((call, response) => {
    const session = call.headers['mcp-session-id'];
    if (call.method === 'POST') sessions.push(typeof session === 'string' ? session : undefined);
    answer(call, response);
  });
  closing.push(() => server.close());
  const upstreams = createUpstreams(deps({ servers: { x: { kind: 'http', url: server.url, headers: {} } } }));
  closing.push(() => upstreams.stop());
  const connection = await upstreams.connect('x');
  const got: Open['got'] = [];
  connection.onMessage((each) => void got.push(JSON.parse(each.raw.toString())));
  return { connection, got, sessions };
}
const result = (id: unknown, value: object = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id, result: value });
const note = message({ jsonrpc: '2.0', method: 'notifications/initialized' });

test('a session has the id that was given last, whatever characters it has', async () => {
  const ids = ['first one', 'z\u00fc, 2', 'a'.repeat(5000)];
  const { connection, sessions } = await open((call, response) => {
    sendJson(response, result(call.message.id), 200, { 'Mcp-Session-Id': ids.shift() ?? 'last' });
  });
  await connection.send(request(1, 'initialize'));
  for (const id of [2, 3, 4]) await connection.send(request(id, 'ping'));
  expect(sessions).toEqual([undefined, 'first one', 'z\u00fc, 2', 'a'.repeat(5000)]);
});

test('the answer to a message of another session does not change the session', async () => {
  const held: (() => void)[] = [];
  const { connection, sessions } = await open((call, response) => {
    const give = (id: string) => (): void =>
      sendJson(response, result(call.message.id), 200, { 'Mcp-Session-Id': id });
    if (call.message.id === 2) held.push(give('old'));
    else give(call.message.id === 1 ? 'one' : 'two')();
  });
  await connection.send(request(1, 'initialize'));
  const slow = connection.send(request(2, 'tools/call'));
  await until('the call', (see) => see(held.length) === 1);
  await connection.send(request(3, 'initialize'));
  held[0]?.();
  await slow;
  await connection.send(request(4, 'ping'));
  expect(sessions.at(-1)).toBe('two');
});

test('a request that is accepted (202) is answered on the GET stream', async () => {
  const { connection, got } = await open((call, response) => {
    if (call.method !== 'GET') return void response.writeHead(202).end();
    openSse(response);
    return void response.write(`data: ${result(1, { late: true })}\n\n`);
  });
  await connection.send(request(1, 'tools/call'));
  await until('the answer', (see) => see(got.length) === 1);
  expect(got).toEqual([{ jsonrpc: '2.0', id: 1, result: { late: true } }]);
});

test('without such a stream it is an error at once', async () => {
  const { connection, got } = await open((call, response) => {
    response.writeHead(call.method === 'GET' ? 405 : 202).end();
  });
  await connection.send(request(1, 'tools/call'));
  await until('the answer', (see) => see(got.length) === 1);
  expect(JSON.stringify(got)).toContain('with nothing (HTTP 202), and no stream brought the answer');
});

test('what answers a notification is not waited for', async () => {
  const { connection } = await open((_call, response) => {
    openSse(response);
    response.write(': I stay\n\n');
  });
  await connection.send(note);
});

test.each([
  [
    'the right one follows',
    `data: ${result('other')}\n\ndata: ${result(1, { right: true })}\n\n`,
    { right: true },
  ],
  ['nothing follows', `data: ${result('other', { only: true })}\n\n`, { only: true }],
])('an answer with the id of no request on the stream of one: %s', async (_name, text, expected) => {
  const { connection, got } = await open((_call, response) => {
    openSse(response);
    response.end(text);
  });
  await connection.send(request(1, 'tools/list'));
  expect(got.filter(({ id }) => id === 1)).toEqual([{ jsonrpc: '2.0', id: 1, result: expected }]);
});
