import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayWithFakes, type Parts } from '../../../fakes/gateway-parts.ts';

/** Everything a page, a rebound name or another machine could write into the head of a request, on a real socket. */

let parts: Parts;
beforeAll(async () => {
  parts = await gatewayWithFakes({ allowedOrigins: ['https://ok.example'] });
});
afterAll(() => parts.stop());

/** Sends exactly this head and body; gives the status of the answer. */
function status(
  lines: string[],
  body = '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  to = '127.0.0.1',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(parts.port, to);
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)));
    socket.on('error', reject);
    const head = [...lines, 'Connection: close', `Content-Length: ${Buffer.byteLength(body)}`];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}
const POST = 'POST /s/files/mcp HTTP/1.1';
const TYPE = 'Content-Type: application/json';
const TOKEN = 'Authorization: Bearer token-cursor';
const good = () => `Host: 127.0.0.1:${parts.port}`;
const other = (host: string) => status([POST, `Host: ${host}`, TYPE, TOKEN]);

/** The gateway let it in: it only misses a session. */
const LET_IN = 400;

test('the plain request is let in', async () => {
  expect(await status([POST, good(), TYPE, TOKEN])).toBe(LET_IN);
});

describe('Host', () => {
  test.each(['127.0.0.1', 'localhost', 'LocalHost', '[::1]'])('%s is the gateway', async (host) => {
    expect(await other(`${host}:${parts.port}`)).toBe(LET_IN);
  });
  test.each([
    '0.0.0.0',
    '127.1',
    '127.0.0.2',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.0.0.1.',
    'localhost.',
    'localhost.evil.example',
    'evil.example',
    '127.0.0.1.nip.io',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:0:0:1]',
    '[::1%25lo]',
    'user@127.0.0.1',
    '127.0.0.1@evil.example',
    '\u{FF4C}ocalhost',
    'drawbridge.local',
  ])('%s is not', async (host) => {
    expect(await other(`${host}:${parts.port}`)).toBe(403);
  });
  test('another port, no port, no host, two hosts', async () => {
    expect(await other(`127.0.0.1:${parts.port + 1}`)).toBe(403);
    expect(await other(`127.0.0.1:0${parts.port}`)).toBe(403);
    expect(await other('localhost')).toBe(403);
    expect(await other('')).toBe(403);
    expect(await status([POST, TYPE, TOKEN])).toBe(400);
    expect(await status(['POST /s/files/mcp HTTP/1.0', TYPE, TOKEN])).toBe(403);
    for (const hosts of [
      [good(), 'Host: evil.example'],
      ['Host: evil.example', good()],
    ]) {
      expect([400, 403]).toContain(await status([POST, ...hosts, TYPE, TOKEN]));
    }
  });
  test('a whole address in the first line names the host no better', async () => {
    expect(await status(['POST http://evil.example/s/files/mcp HTTP/1.1', good(), TYPE, TOKEN])).toBe(404);
    expect(await status(['POST //evil.example/s/files/mcp HTTP/1.1', good(), TYPE, TOKEN])).toBe(404);
  });
});

describe('Origin and what else a browser says', () => {
  test.each([
    'null',
    '',
    'file://',
    'https://evil.example',
    'http://localhost.evil.example',
    'http://127.0.0.1',
    'https://ok.example.evil.example',
    'https://ok.example:444',
    'http://ok.example',
    'HTTPS://OK.EXAMPLE',
    'chrome-extension://abc',
    'vscode-webview://abc',
  ])('the origin "%s" is not let in', async (origin) => {
    expect(await status([POST, good(), TYPE, TOKEN, `Origin: ${origin}`])).toBe(403);
  });
  test('its own address is an origin that no page of another has', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const own = `Origin: http://${host}:${parts.port}`;
      expect(await status([POST, good(), TYPE, TOKEN, own])).toBe(LET_IN);
      expect(await status([POST, good(), TYPE, own])).toBe(401);
      expect(await status([POST, good(), TYPE, TOKEN, own, 'Sec-Fetch-Site: cross-site'])).toBe(403);
      for (const other of [
        `Origin: https://${host}:${parts.port}`,
        `${own}0`,
        `${own}/`,
        `Origin: http://${host}`,
      ])
        expect(await status([POST, good(), TYPE, TOKEN, other]), other).toBe(403);
    }
  });
  test('two origins', async () => {
    const two = ['Origin: https://ok.example', 'Origin: https://evil.example'];
    expect(await status([POST, good(), TYPE, TOKEN, ...two])).toBe(403);
    expect(await status([POST, good(), TYPE, TOKEN, ...two.reverse()])).toBe(403);
  });
  test('an allowed origin is', async () => {
    expect(await status([POST, good(), TYPE, TOKEN, 'Origin: https://ok.example'])).toBe(LET_IN);
  });
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
    'application/json, text/plain',
    'application/jsonx',
    '',
  ])('a body of type "%s" is refused', async (type) => {
    expect(await status([POST, good(), TOKEN, `Content-Type: ${type}`])).toBe(415);
  });
});

test.each([
  'Bearer',
  'Bearer ',
  'Bearer wrong',
  'Basic token-cursor',
  'token-cursor',
  'Bearer token-cursor, Bearer x',
])('the credentials "%s" are none', async (credentials) => {
  const wanted = credentials.startsWith('Bearer token-') ? [LET_IN, 401] : [401];
  expect(wanted).toContain(await status([POST, good(), TYPE, `Authorization: ${credentials}`]));
});

test('a token in the address or in a cookie is none', async () => {
  expect(
    await status(['POST /s/files/mcp?token=token-cursor&access_token=token-cursor HTTP/1.1', good(), TYPE]),
  ).toBe(401);
  expect(
    await status([POST, good(), TYPE, 'Cookie: token=token-cursor; authorization=Bearer token-cursor']),
  ).toBe(401);
});

describe('two ways to say where a request ends', () => {
  test.each([
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 5']],
    ['two lengths', ['Content-Length: 5', 'Content-Length: 6']],
    ['an encoding that is not known', ['Transfer-Encoding: xchunked']],
    ['chunks in disguise', ['Transfer-Encoding: identity, chunked', 'Content-Length: 3']],
    ['a folded line', ['X: a', ' Content-Length: 3']],
  ])('%s', async (_what, lines) => {
    const answered = await new Promise<string>((resolve, reject) => {
      const socket = connect(parts.port, '127.0.0.1');
      let text = '';
      socket.on('data', (part) => {
        text += part;
        socket.end();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      socket.write(`${[POST, good(), TYPE, TOKEN, ...lines].join('\r\n')}\r\n\r\n0\r\n\r\n`);
    });
    expect(answered).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test('it does not listen on IPv6, nor on other addresses of this machine', async () => {
  for (const address of ['::1', '127.0.0.2']) {
    await expect(status([POST, good(), TYPE, TOKEN], '{}', address)).rejects.toThrow(
      /ECONNREFUSED|EADDRNOTAVAIL|EAFNOSUPPORT/,
    );
  }
});
