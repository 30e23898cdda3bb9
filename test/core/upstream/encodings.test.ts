import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import * as zlib from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { parseFromServer } from '../../../main/core/codec/index.ts';
import type { UpstreamConnection, Upstreams } from '../../../main/core/upstream/types.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import { deps, message, request, until } from './helpers.ts';

/** What fetch, and so every client, undoes or overlooks in an HTTP answer. */

type Answer = (
  response: ServerResponse,
  body: { id?: number; method?: string },
  headers: IncomingHttpHeaders,
) => void;
let upstreams: Upstreams;
let http: Server;
afterEach(async () => {
  await upstreams.stop();
  http.closeAllConnections();
  http.close();
});

async function connect(answer: Answer): Promise<{ connection: UpstreamConnection; got: string[] }> {
  http = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const text = Buffer.concat(parts).toString();
      answer(response, text === '' ? {} : JSON.parse(text), incoming.headers);
    });
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  const server = { kind: 'http', url, headers: {} } as const;
  upstreams = createUpstreams({ ...deps({ servers: { x: server } }), parse: parseFromServer });
  const connection = await upstreams.connect('x');
  const got: string[] = [];
  connection.onMessage((each) => void got.push(each.raw.toString()));
  return { connection, got };
}

const text = '{"jsonrpc":"2.0","id":1,"result":{"text":"grüße 🌉"}}';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const sending =
  (body: Buffer | string, headers: OutgoingHttpHeaders = JSON_TYPE, status = 200): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body);
const asked = async (answer: Answer): Promise<string[]> => {
  const { connection, got } = await connect(answer);
  await connection.send(request(1, 'tools/call'));
  return got;
};

const bytes = Buffer.from(text);
const packed: [string, Buffer][] = [
  ['gzip', zlib.gzipSync(bytes)],
  ['GZIP', zlib.gzipSync(bytes)],
  ['x-gzip', zlib.gzipSync(bytes)],
  ['deflate', zlib.deflateSync(bytes)],
  ['deflate', zlib.deflateRawSync(bytes)],
  ['br', zlib.brotliCompressSync(bytes)],
  ['zstd', zlib.zstdCompressSync(bytes)],
  ['identity', bytes],
  ['', bytes],
  ['deflate, gzip', zlib.gzipSync(zlib.deflateSync(bytes))],
  ['identity, br , gzip', zlib.gzipSync(zlib.brotliCompressSync(bytes))],
];

describe('a packed answer', () => {
  test.each(packed)('%s', async (encoding, body) => {
    expect(await asked(sending(body, { ...JSON_TYPE, 'Content-Encoding': encoding }))).toEqual([text]);
  });

  test.each(packed)('%s, of an event stream, piece by piece', async (encoding) => {
    const make: Record<string, () => zlib.Gzip | zlib.Deflate | zlib.BrotliCompress> = {
      gzip: zlib.createGzip,
      deflate: zlib.createDeflate,
      br: zlib.createBrotliCompress,
    };
    const pack = make[encoding];
    if (!pack) return;
    let end: () => void = () => {};
    const { connection, got } = await connect((response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Content-Encoding': encoding });
      const stream = pack();
      stream.pipe(response);
      stream.write('data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n');
      stream.flush();
      end = () => stream.end(`data: ${text}\n\n`);
    });
    const sent = connection.send(request(1, 'tools/call'));
    await until('the first event while the stream goes on', () => got.length === 1);
    end();
    await sent;
    expect(got[1]).toBe(text);
  });

  test('an HTTP error is readable, too', async () => {
    const body = zlib.gzipSync('the database is down');
    const { connection } = await connect(
      sending(body, { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' }, 503),
    );
    await expect(connection.send(request(1, 'x'))).rejects.toThrow('HTTP 503: the database is down.');
  });

  test('nothing at all may name an encoding', async () => {
    const { connection } = await connect(sending('', { 'Content-Encoding': 'br' }, 202));
    await connection.send(message({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  });

  test.each([
    [
      'an encoding that is not known',
      'compress',
      bytes,
      /it has the content encoding "compress", which is not known here/,
    ],
    ['what is not packed', 'gzip', bytes, /broke off: its compressed answer is damaged/],
    ['too many', 'gzip,gzip,gzip,gzip,gzip,gzip', bytes, /it is packed 6 times/],
  ])('%s is an error in words', async (_name, encoding, body, why) => {
    await expect(asked(sending(body, { ...JSON_TYPE, 'Content-Encoding': encoding }))).rejects.toThrow(why);
  });

  test('a bomb is stopped, and told', { tags: ['slow'] }, async () => {
    let bomb = Buffer.alloc(200 * 1024 * 1024, ' ');
    bomb = zlib.gzipSync(zlib.gzipSync(bomb));
    const answer = asked(
      sending(bomb, { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'gzip, gzip' }),
    );
    await expect(answer).rejects.toThrow(/grows more than 100 times|larger than \d+ bytes/);
  });
});

describe('other forms of an answer', () => {
  test.each<[string, Answer]>([
    ['a byte order mark', sending(`\ufeff${text}`)],
    [
      'upper case and parameters in the type',
      sending(text, { 'Content-Type': 'Application/JSON; Charset="utf-8"; x=y' }),
    ],
    ['a sloppy type', sending(text, { 'Content-Type': 'application/json;' })],
    [
      'another charset in the type',
      sending(text, { 'Content-Type': 'application/json; charset=iso-8859-1' }),
    ],
    ['no type', sending(text, {})],
    ['text/plain', sending(text, { 'Content-Type': 'text/plain' })],
    ['a type of its own for JSON', sending(text, { 'Content-Type': 'application/vnd.api+json' })],
    ['white space around it', sending(`\r\n ${text}\n\n`)],
    [
      'trailers after the body',
      (response) => {
        response.writeHead(200, { ...JSON_TYPE, Trailer: 'X-Sum' });
        response.write(text.slice(0, 20));
        response.addTrailers({ 'X-Sum': '1' });
        response.end(text.slice(20));
      },
    ],
    [
      'hints before it',
      (response) => {
        response.writeEarlyHints({ link: '</x>; rel=preload' });
        response.writeHead(200, JSON_TYPE).end(text);
      },
    ],
  ])('%s', async (_name, answer) => {
    expect((await asked(answer)).map((each) => each.trim())).toEqual([text]);
  });

  const stream = { 'Content-Type': 'text/event-stream; charset=utf-8' };
  test.each([
    ['carriage returns only', `event: message\rdata: ${text}\r\r`],
    ['comments before and in it', `: hello\n\n:\ndata: ${text}\n: more\n\n`],
    ['no space after the colon', `data:${text}\n\n`],
    ['no empty line at the end', `data: ${text}\n`],
    ['no line end at all', `data: ${text}`],
    ['several lines of data', `data: ${text.slice(0, 16)}\ndata: ${text.slice(16)}\n\n`],
    ['a byte order mark', `\ufeffdata: ${text}\n\n`],
    ['a time to wait beyond measure', `retry: 99999999999999\ndata: ${text}\n\n`],
    ['unknown fields', `foo: bar\nevent\nid\ndata: ${text}\n\n`],
  ])('an event stream with %s', async (_name, body) => {
    const got = await asked(sending(body, stream));
    expect(got.map((each) => each.replace('\n', ''))).toEqual([text]);
  });

  test('half an event at the end of a stream is no message', async () => {
    await expect(asked(sending(`data: ${text.slice(0, 30)}`, stream))).rejects.toThrow(
      'ended before the answer',
    );
  });

  test.each([200, 202, 204])('nothing, with %i, is enough for a notification', async (status) => {
    const { connection } = await connect((response) => void response.writeHead(status).end());
    await connection.send(message({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  });
  test('a body after 202 is let be', async () => {
    const { connection } = await connect(sending('Accepted', { 'Content-Type': 'text/plain' }, 202));
    await connection.send(message({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  });
});

test('a kept connection that the server closes between requests is no error where repeating does no harm', async () => {
  const { connection, got } = await connect((response, { id }) => {
    response.writeHead(200, JSON_TYPE).end(`{"jsonrpc":"2.0","id":${id},"result":{}}`);
    setTimeout(() => response.socket?.destroy(), 1);
  });
  for (let id = 1; id <= 30; id++) {
    await connection.send(request(id, 'tools/list'));
    if (id % 3 === 0) await new Promise((done) => setTimeout(done, 1));
  }
  expect(got).toHaveLength(30);
});

describe('a session that ends', () => {
  const rpc = (error: object, id: unknown = null) => JSON.stringify({ jsonrpc: '2.0', id, error });
  test.each<[string, number, OutgoingHttpHeaders, string]>([
    ['404', 404, {}, ''],
    ['410', 410, {}, ''],
    [
      '400, in the words of the SDK',
      400,
      JSON_TYPE,
      rpc({ code: -32000, message: 'Bad Request: No valid session ID provided' }),
    ],
    ['400, plain', 400, { 'Content-Type': 'text/plain' }, 'Session not found'],
    ['400, with the id', 400, JSON_TYPE, rpc({ code: -32600, message: 'Invalid session ID' }, 2)],
    [
      '400, not initialized',
      400,
      JSON_TYPE,
      rpc({ code: -32000, message: 'Bad Request: Server not initialized' }),
    ],
    ['401 without a challenge', 401, JSON_TYPE, '{"error":"Session expired"}'],
    ['500', 500, JSON_TYPE, '{"message":"Unknown session: s-1"}'],
    ['200 with an error', 200, JSON_TYPE, rpc({ code: -32001, message: 'Session not found' }, 2)],
    [
      'an event stream with an error',
      200,
      { 'Content-Type': 'text/event-stream' },
      `data: ${rpc({ code: -32001, message: 'Session not found' }, 2)}\n\n`,
    ],
    [
      '200 with an error without an id',
      200,
      JSON_TYPE,
      rpc({ code: -32600, message: 'The session has expired' }),
    ],
  ])('with %s is lost, and may be begun anew', async (_name, status, headers, body) => {
    let sessions = 0;
    const { connection } = await connect((response, { id, method }, { 'mcp-session-id': session }) => {
      if (method === 'initialize') {
        sessions++;
        const more = { ...JSON_TYPE, 'Mcp-Session-Id': `s-${sessions}` };
        response.writeHead(200, more).end(`{"jsonrpc":"2.0","id":${id},"result":{}}`);
      } else if (session === 's-2')
        response.writeHead(200, JSON_TYPE).end(`{"jsonrpc":"2.0","id":${id},"result":{}}`);
      else response.writeHead(status, headers).end(body);
    });
    await connection.send(request(1, 'initialize'));
    await expect(connection.send(request(2, 'tools/call'))).rejects.toMatchObject({ kind: 'session-lost' });
    await connection.send(request(3, 'initialize'));
    await connection.send(request(4, 'tools/call'));
  });

  test.each<[string, number, string]>([
    [
      'an error about something else',
      400,
      rpc({ code: -32600, message: 'The user has no browser session open' }, 2),
    ],
    ['an error of a tool that speaks of sessions', 200, rpc({ code: 1, message: 'Session not found' }, 2)],
    ['another HTTP error', 500, 'the session store failed to write the record, see the log'],
  ])('%s ends none', async (_name, status, body) => {
    const { connection } = await connect((response, { id, method }) => {
      if (method === 'initialize')
        response
          .writeHead(200, { ...JSON_TYPE, 'Mcp-Session-Id': 's-1' })
          .end(`{"jsonrpc":"2.0","id":${id},"result":{}}`);
      else response.writeHead(status, JSON_TYPE).end(body);
    });
    await connection.send(request(1, 'initialize'));
    const outcome = await connection.send(request(2, 'tools/call')).catch((error: unknown) => error);
    expect((outcome as { kind?: string } | undefined)?.kind).not.toBe('session-lost');
  });
});
