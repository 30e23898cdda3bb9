import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boundedFetch } from '../../../../main/core/upstream/auth/bounded-fetch.ts';
import { realClock } from '../../../fakes/gateway-parts.ts';

const asked: { method: string; url: string; type: string | undefined; body: string }[] = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const { method = '', url = '', headers } = request;
  asked.push({ method, url, type: headers['content-type'], body });
  if (url.endsWith('/large')) response.end('x'.repeat(2 * 1024 * 1024));
  else if (url.endsWith('/away')) response.writeHead(302, { Location: 'http://127.0.0.2:1/' }).end();
  else
    response
      .writeHead(201, { 'WWW-Authenticate': 'Bearer', 'Content-Type': 'application/json' })
      .end('{"a":1}');
});
const at = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
beforeEach(async () => {
  asked.length = 0;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => new Promise((done) => server.close(done)));

describe('asking for metadata and tokens', () => {
  test('a form is sent as one, and the answer comes whole', async () => {
    const ask = boundedFetch(realClock, {}, () => {});
    const answer = await ask(at('/token'), { method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toEqual({ a: 1 });
    expect(asked[0]).toMatchObject({ method: 'POST', url: '/token', body: 'a=b+c' });
    expect(asked[0]?.type).toMatch(/^application\/x-www-form-urlencoded/);
  });

  test('goes through the proxy of the machine, where there is one', async () => {
    const ask = boundedFetch(realClock, { HTTP_PROXY: at('') }, () => {});
    expect((await ask('http://issuer.example/metadata')).status).toBe(201);
    expect(asked.map(({ url }) => url)).toEqual(['http://issuer.example/metadata']);
  });

  test('asks nothing of an address that is not allowed', async () => {
    const ask = boundedFetch(realClock, {}, () => {
      throw new Error('not there');
    });
    await expect(ask(at('/'))).rejects.toThrow('not there');
    expect(asked).toEqual([]);
  });

  test.each([
    ['/large', 'larger than 1048576 bytes'],
    ['/away', 'Redirects to another origin are not followed'],
  ])('%s: %s', async (path, why) => {
    const ask = boundedFetch(realClock, {}, () => {});
    await expect(ask(at(path))).rejects.toMatchObject({
      name: 'SignInError',
      message: expect.stringContaining(why),
    });
  });
});
