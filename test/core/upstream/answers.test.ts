import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { parseFromServer } from '../../../main/core/codec/index.ts';
import type { RpcMessage } from '../../../main/core/codec/types.ts';
import type { ResolvedServer, UpstreamConnection, Upstreams } from '../../../main/core/upstream/types.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import { deps, request, script, until } from './helpers.ts';

/** Answers whose id is not the one of the request, on every transport. */

let upstreams: Upstreams;
let http: Server | undefined;
afterEach(async () => {
  await upstreams.stop();
  http?.closeAllConnections();
  http?.close();
  http = undefined;
});

async function connect(
  server: ResolvedServer,
  era?: 'modern',
): Promise<{ connection: UpstreamConnection; got: string[] }> {
  upstreams = createUpstreams({ ...deps({ servers: { x: server } }), parse: parseFromServer });
  const connection = await upstreams.connect('x', era);
  const got: string[] = [];
  connection.onMessage((message: RpcMessage) => void got.push(message.raw.toString()));
  return { connection, got };
}

async function answering(type: string, body: string): Promise<ResolvedServer> {
  http = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.writeHead(200, { 'Content-Type': type }).end(body));
  });
  await new Promise<void>((done) => http?.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  return { kind: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: {} };
}

const forms = [
  '{"jsonrpc":"2.0","id":"1","result":{}}',
  '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no"}}',
  '{"jsonrpc":"2.0","result":{}}',
  '{"jsonrpc":"2.0","id":"something else","result":{}}',
];
const own = (text: string): string => {
  const { id: _id, jsonrpc: _version, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(rest);
};
const shown = (text: string | undefined): [unknown, string] => [
  (JSON.parse(text ?? '{}') as { id?: unknown }).id,
  own(text ?? '{}'),
];

for (const era of [undefined, 'modern'] as const) {
  test.each(forms)(`${era ?? 'legacy'}, a JSON body: %s`, async (text) => {
    const { connection, got } = await connect(await answering('application/json', text), era);
    await connection.send(request(1, 'tools/list'));
    expect(got.map(shown)).toEqual([[1, own(text)]]);
    expect(upstreams.logs('x').map(({ line }) => line)).toEqual([
      expect.stringMatching(/^It answered the request 1 with/),
    ]);
  });

  test.each(forms)(`${era ?? 'legacy'}, an event stream: %s`, async (text) => {
    const stream = `event: message\ndata: ${text}\n\n`;
    const { connection, got } = await connect(await answering('text/event-stream', stream), era);
    await connection.send(request(1, 'tools/list'));
    expect(got.map(shown)).toEqual([[1, own(text)]]);
  });
}

const LINES = `require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id } = JSON.parse(line);
  console.log(process.argv[1].replace('ID', id));
});`;

test.each([
  ['"ID"', '"result":{}'],
  ['null', '"error":{"code":-32000,"message":"no"}'],
])('stdio: the id as %s with %s', async (id, rest) => {
  const { connection, got } = await connect(
    script(LINES, { args: [`{"jsonrpc":"2.0","id":${id},${rest}}`] }),
  );
  await connection.send(request(1, 'tools/list'));
  await until('an answer', () => got.length > 0);
  expect(got).toEqual([`{"jsonrpc":"2.0","id":1,${rest}}`]);
});

test('what is for no request is told in the log and in the state, while the server runs', async () => {
  const { connection } = await connect(
    script(LINES, { args: ['{"jsonrpc":"2.0","id":"nobody","result":{}}'] }),
  );
  await connection.send(request(1, 'tools/list'));
  const text = 'It sent an answer with the id "nobody", which no open request has. The answer was dropped.';
  await until('the state', () => upstreams.health('x').text === text);
  expect(upstreams.health('x').status).toBe('running');
  expect(upstreams.logs('x').map(({ line }) => line)).toContain(text);
});
