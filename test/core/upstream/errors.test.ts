import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcp } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemReason } from '../../../main/core/base/system-reason.ts';
import { headerFault, trimmedHeader } from '../../../main/core/upstream/errors/header-check.ts';
import { Reason, reasonOf } from '../../../main/core/upstream/errors/network-errors.ts';
import type { ResolvedServer, Upstreams } from '../../../main/core/upstream/types.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import { deps, request } from './helpers.ts';

/** What people read when something fails: words, never the text of the runtime. */

const ends: (() => unknown)[] = [];
let upstreams: Upstreams | undefined;
afterEach(async () => {
  await upstreams?.stop();
  upstreams = undefined;
  for (const end of ends.splice(0)) await end();
});

async function failure(server: ResolvedServer): Promise<string> {
  upstreams = createUpstreams(deps({ servers: { x: server } }));
  try {
    const connection = await upstreams.connect('x');
    connection.onMessage(() => {});
    await connection.send(request(1, 'initialize'));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}
async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
const at = (url: string, headers: Record<string, string> = {}): ResolvedServer => ({
  kind: 'http',
  url,
  headers,
});

const failed = (code: string, message = 'runtime text') => Object.assign(new Error(message), { code });

describe('the reason of a failed connection', () => {
  test.each([
    ['ECONNREFUSED', /nothing listens there/],
    ['ENOTFOUND', /its name cannot be found/],
    ['EAI_AGAIN', /its name cannot be found/],
    ['ECONNRESET', /it closed the connection/],
    ['EPIPE', /it closed the connection/],
    ['ETIMEDOUT', /it does not answer/],
    ['EHOSTUNREACH', /no network route/],
    ['EPROTO', /does not speak TLS there/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS there/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /not valid \(DEPTH_ZERO_SELF_SIGNED_CERT\)/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /nobody this machine trusts has signed it/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /nobody this machine trusts has signed it/],
    ['CERT_HAS_EXPIRED', /it is out of date/],
    ['CERT_NOT_YET_VALID', /its time has not begun/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /for another name/],
    ['CERT_REVOKED', /not valid \(CERT_REVOKED\)/],
    ['ERR_INVALID_CHAR', /a header in its settings/],
    ['HPE_INVALID_CONSTANT', /does not answer as an HTTP server does/],
    ['Z_DATA_ERROR', /compressed answer is damaged/],
    ['EWHATEVER', /the connection failed \(EWHATEVER\)/],
  ])('%s', (code, clause) => {
    const reason = reasonOf(failed(code));
    expect(reason.clause).toMatch(clause);
    expect(JSON.stringify(reason)).not.toContain('runtime text');
  });
  test('without a code', () => {
    expect(reasonOf(new Error('socket hang up')).clause).toBe('it closed the connection');
    expect(reasonOf(new TypeError('x is not a function')).clause).toBe('the connection failed');
    expect(reasonOf(new Reason('it is closed')).clause).toBe('it is closed');
    expect(reasonOf(new AggregateError([failed('ECONNREFUSED')])).clause).toContain('nothing listens');
  });
  test('how a certificate authority is made known', () => {
    expect(reasonOf(failed('SELF_SIGNED_CERT_IN_CHAIN')).fix).toContain('NODE_EXTRA_CA_CERTS');
  });
});

test('https to an http port', async () => {
  const port = await listen(createServer((_, response) => response.end()));
  expect(await failure(at(`https://127.0.0.1:${port}/mcp`))).toBe(
    `https://127.0.0.1:${port} could not be reached: it does not speak TLS there. If the server has no TLS, its address begins with http:// instead of https://.`,
  );
});

test('a port of something else', async () => {
  const server = createTcp((socket) => void socket.end('SSH-2.0-OpenSSH\r\n'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ends.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  expect(await failure(at(`http://127.0.0.1:${port}/mcp`))).toMatch(
    /broke before it answered: it does not answer as an HTTP server does \(HPE_\w+\)\. Check the port/,
  );
});

describe('headers', () => {
  test.each([
    ['X-Key', 'schlüssel'],
    ['X-Key', ' padded\t'],
    ['Authorization', 'Bearer abc\n'],
    ['X-Key', ''],
  ])('%s: %j can be sent', (name, value) => expect(headerFault(name, value)).toBeUndefined());
  test.each([
    [
      'X-Key',
      '“quoted”',
      /header X-Key holds a character that no header may have \(U\+201C\), at character 1/,
    ],
    ['X-Key', 'a\nb', /a line break, at character 2/],
    ['X-Key', 'a\u0000', /U\+0000/],
    ['X Key', 'a', /"X Key" cannot be the name of a header/],
    ['', 'a', /"" cannot be the name/],
  ])('%j: %j cannot, and its value is not told', (name, value, why) => {
    expect(headerFault(name, value)).toMatch(why);
    expect(headerFault(name, value)).not.toContain(value.slice(0, 3).length > 2 ? value : '\u0001');
  });
  test('one that cannot be sent is told by its name when it is used', async () => {
    expect(await failure(at('http://127.0.0.1:1/mcp', { 'X-Key': 'a…b' }))).toBe(
      'The server "x" cannot be asked. The value of the header X-Key holds a character that no header may have (U+2026), at character 2. Enter it again.',
    );
  });
  test('white space around a value is dropped', () => expect(trimmedHeader(' a b\r\n')).toBe('a b'));
});

test('HTTP+SSE whose address to post to is of another origin is told as that, not as the refusal before', async () => {
  const port = await listen(
    createServer((incoming, response) => {
      if (incoming.method === 'POST') return void response.writeHead(405).end();
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      return void response.write('event: endpoint\ndata: https://internal.example/post?secret=1\n\n');
    }),
  );
  const text = await failure(at(`http://127.0.0.1:${port}/mcp`));
  expect(text).toContain(
    `speaks HTTP+SSE and names https://internal.example/post to post to, which is of another origin than http://127.0.0.1:${port}.`,
  );
  expect(text).not.toContain('405');
});

describe('errors of the system', () => {
  test.each([
    ['ELOOP', 'A link leads in a circle.'],
    ['EACCES', 'The system does not permit it.'],
    ['ENOENT', 'A file or folder that it needs does not exist.'],
    ['EODD', 'The system gives the error EODD; the log has more.'],
  ])('%s', (code, text) => expect(systemReason(failed(code))).toBe(text));
});

test('the folder of a server that does not exist', async () => {
  const text = await failure({
    kind: 'stdio',
    command: process.execPath,
    args: [],
    env: {},
    cwd: '/no/such/folder',
  });
  expect(text).toContain('The server "x" could not be started.');
  expect(text).not.toMatch(/spawn|ENOENT/);
});
