import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { proxyFor } from '../../../main/core/upstream/http/proxy.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import { deps, request, shellWith } from './helpers.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const pem = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures/tls', name), 'utf8');
const trust = (): void => {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, pem('cert.pem')]);
  closing.push(() => setDefaultCACertificates(before));
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    return closed;
  });
  return (server.address() as AddressInfo).port;
}
/** Answers every message with what it saw of the request. */
const upstream = (secure: boolean): Server => {
  const answer: Parameters<typeof createServer>[1] = (incoming, response) => {
    incoming.resume();
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(`{"jsonrpc":"2.0","id":1,"result":{"url":${JSON.stringify(incoming.url)}}}`);
  };
  return secure ? createSecure({ cert: pem('cert.pem'), key: pem('key.pem') }, answer) : createServer(answer);
};
/** A proxy for which every name is the upstream on this machine; what was asked of it is in `asked`. */
async function proxy(target: () => number, refuse = false): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const { pathname } = new URL(incoming.url ?? '');
    const onward = httpRequest(
      {
        port: target(),
        host: '127.0.0.1',
        path: pathname,
        method: incoming.method,
        headers: incoming.headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      },
    );
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket) => {
    asked.push(`CONNECT ${incoming.url} ${incoming.headers['proxy-authorization'] ?? ''}`.trim());
    if (refuse) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const onward = connect(target(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  return { port: await listen(server), asked };
}
async function ask(
  url: string,
  env: Record<string, string> = {},
  loginShell = shellWith({}),
): Promise<string> {
  const servers = { x: { kind: 'http' as const, url, headers: {} } };
  const upstreams = createUpstreams({ ...deps({ servers, env }), loginShell });
  closing.push(() => upstreams.stop());
  const connection = await upstreams.connect('x');
  const got: string[] = [];
  connection.onMessage((message) => void got.push(message.raw.toString()));
  await connection.send(request(1, 'x'));
  return got.join();
}
const answer = (path: string): string => `{"jsonrpc":"2.0","id":1,"result":{"url":"${path}"}}`;

describe('HTTPS', () => {
  test('with a certificate that is trusted, and one that is not', async () => {
    const port = await listen(upstream(true));
    await expect(ask(`https://127.0.0.1:${port}/mcp`)).rejects.toThrow(
      'its certificate is not valid (DEPTH_ZERO_SELF_SIGNED_CERT)',
    );
    trust();
    expect(await ask(`https://127.0.0.1:${port}/mcp`)).toBe(answer('/mcp'));
  });
});

test('a server that speaks HTTP/2 only is named as that', async () => {
  trust();
  const keys = { cert: pem('cert.pem'), key: pem('key.pem'), ALPNProtocols: ['h2'] };
  const port = await listen(createSecure(keys) as unknown as Server);
  await expect(ask(`https://127.0.0.1:${port}/mcp`)).rejects.toThrow('it speaks HTTP/2 only');
});

describe('a proxy of the machine', () => {
  test('is used for http and https, with its credentials', async () => {
    trust();
    let port = await listen(upstream(false));
    const { port: at, asked } = await proxy(() => port);
    expect(await ask('http://upstream.test/mcp', { http_proxy: `http://127.0.0.1:${at}` })).toBe(
      answer('/mcp'),
    );
    port = await listen(upstream(true));
    expect(await ask('https://upstream.test/mcp', { HTTPS_PROXY: `u:p@127.0.0.1:${at}` })).toBe(
      answer('/mcp'),
    );
    expect(asked).toEqual(['POST http://upstream.test/mcp', 'CONNECT upstream.test:443 Basic dTpw']);
  });
  test('is the one for everything where there is none for the scheme, and may be named by the login shell alone', async () => {
    const port = await listen(upstream(false));
    const { port: at, asked } = await proxy(() => port);
    expect(await ask('http://upstream.test/mcp', { all_proxy: `http://127.0.0.1:${at}` })).toBe(
      answer('/mcp'),
    );
    const shell = (values: Record<string, string>) => shellWith({ variable: (name) => values[name] });
    const theirs = shell({ HTTP_PROXY: `http://127.0.0.1:${at}` });
    expect(await ask('http://upstream.test/b', {}, theirs)).toBe(answer('/b'));
    // A proxy of ours goes before, and this machine is reached directly.
    const dead = shell({ HTTP_PROXY: 'http://127.0.0.1:9', ALL_PROXY: 'http://127.0.0.1:9' });
    expect(await ask('http://upstream.test/c', { HTTP_PROXY: `http://127.0.0.1:${at}` }, dead)).toBe(
      answer('/c'),
    );
    expect(await ask(`http://127.0.0.1:${port}/d`, {}, dead)).toBe(answer('/d'));
    expect(asked).toEqual(['mcp', 'b', 'c'].map((path) => `POST http://upstream.test/${path}`));
  });
  test('is not used for this machine, nor for what NO_PROXY names', async () => {
    const port = await listen(upstream(false));
    const dead = { HTTP_PROXY: 'http://127.0.0.1:9' };
    expect(await ask(`http://127.0.0.1:${port}/mcp`, dead)).toBe(answer('/mcp'));
    expect(await ask(`http://localhost:${port}/mcp`, dead)).toBe(answer('/mcp'));
  });
  test('that refuses, is not there, or is of another kind is named, without its credentials', async () => {
    const { port } = await proxy(() => 0, true);
    const through = (value: string) =>
      expect(ask('https://upstream.test/mcp', { HTTPS_PROXY: value })).rejects;
    await through(`http://127.0.0.1:${port}`).toThrow(
      `https://upstream.test could not be reached through the proxy http://127.0.0.1:${port}: the proxy refuses to connect to it`,
    );
    await through(`http://127.0.0.1:${port}`).toThrow('It wants a name and a password');
    const plain = await listen(createServer((_, response) => response.writeHead(407).end('sign in')));
    await expect(
      ask('http://upstream.test/mcp', { HTTP_PROXY: `http://me:secret@127.0.0.1:${plain}` }),
    ).rejects.toThrow(
      `http://upstream.test could not be reached through the proxy http://127.0.0.1:${plain}: the proxy refuses to connect to it (HTTP 407). It wants a name and a password`,
    );
    await through('http://me:secret@127.0.0.1:1').toThrow(
      /^https:\/\/upstream.test could not be reached through the proxy http:\/\/127.0.0.1:1: .*connection refused/,
    );
    await through('socks5://me:secret@127.0.0.1:1').toThrow(
      'HTTPS_PROXY is set on this machine, but socks5://127.0.0.1:1 is no HTTP proxy',
    );
    await through('http://[').toThrow('is not an address');
  });

  const of = (env: Record<string, string>, url: string, node = '24.21.0') =>
    proxyFor(env, new URL(url), node)?.env;
  test.each([
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://api.example.com', true],
    ['.example.com', 'https://api.example.com', true],
    ['*.example.com', 'https://api.example.com', true],
    ['example.com', 'https://badexample.com', false],
    ['example.com:8443', 'https://example.com', false],
    ['example.com:443', 'https://example.com', true],
    ['a.test, EXAMPLE.com', 'https://example.com', true],
    ['*', 'https://example.com', true],
    ['', 'https://example.com', false],
  ])('NO_PROXY %j and %s', (no, url, excepted) => {
    expect(of({ HTTPS_PROXY: 'p:1', NO_PROXY: no }, url)).toEqual(
      excepted ? undefined : { HTTPS_PROXY: 'http://p:1' },
    );
  });
  test('is the one of the scheme, whatever the case of its name; empty ones do not count', () => {
    expect(of({ HTTP_PROXY: 'http://a:1' }, 'https://example.com')).toBeUndefined();
    expect(of({ Https_Proxy: 'http://a:1' }, 'https://example.com')).toEqual({ HTTPS_PROXY: 'http://a:1' });
    expect(of({ HTTP_PROXY: 'http://a:1', http_proxy: 'http://b:1' }, 'http://example.com')).toEqual({
      HTTP_PROXY: 'http://b:1',
    });
    expect(of({ HTTP_PROXY: '' }, 'http://example.com')).toBeUndefined();
    expect(of({ HTTP_PROXY: 'http://a:1' }, 'http://[::1]:3/')).toBeUndefined();
    expect(() => of({ HTTP_PROXY: 'http://a:1' }, 'http://example.com', '22.13.0')).toThrow('Node 22.13.0');
  });
});
