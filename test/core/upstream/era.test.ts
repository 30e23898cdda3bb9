// @module-tag slow
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../main/core/codec/types.ts';
import { eraOf, isModernError } from '../../../main/core/upstream/discover.ts';
import { configDigest, createFactStore } from '../../../main/core/upstream/facts.ts';
import { createUpstreams } from '../../../main/core/upstream/index.ts';
import { probeStdio } from '../../../main/core/upstream/stdio/probe.ts';
import type { ResolvedServer, UpstreamDeps, Upstreams } from '../../../main/core/upstream/types.ts';
import { type DepsOptions, deps, FakeClock, realClock, request, script, until } from './helpers.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function make(options: DepsOptions, more: Partial<UpstreamDeps> = {}): Upstreams {
  const upstreams = createUpstreams({ ...deps(options), ...more });
  closing.push(async () => {
    await upstreams.stop();
    expect(upstreams.childPids()).toEqual([]);
  });
  return upstreams;
}

/** A stdio server: `answer` is the body of a function of a message `m`, which may `say` things. */
const server = (answer: string, env: Record<string, string> = {}): ResolvedServer =>
  script(
    `const say = (o) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...o }) + '\\n');
     require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
       const m = JSON.parse(line);
       ${answer}
     });`,
    { env },
  );
const discovered = `{ supportedVersions: ['2026-07-28'], capabilities: {}, resultType: 'complete' }`;
const DISCOVERS = `if (m.method === 'server/discover') say({ id: m.id, result: ${discovered} });`;
const GREETS = `if (m.method === 'initialize') say({ id: m.id, result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: process.env.V ?? '1' } } });`;
const REFUSES = `else if (m.id !== undefined) say({ id: m.id, error: { code: -32601, message: 'Method not found' } });`;

describe('what an answer says', () => {
  const unsupported = (supported: unknown): JsonObject =>
    ({ error: { code: -32022, message: 'no', data: { supported, requested: 'x' } } }) as JsonObject;
  test.each<[string, JsonObject, string]>([
    ['a DiscoverResult', { result: { supportedVersions: ['2025-11-25', '2026-07-28'] } }, 'modern'],
    ['a draft to come', { result: { supportedVersions: ['DRAFT-2027'] } }, 'modern'],
    ['one that names legacy revisions only', { result: { supportedVersions: ['2025-11-25'] } }, 'legacy'],
    ['a result of something else', { result: {} }, 'legacy'],
    ['another modern version', unsupported(['2027-01-01']), 'modern'],
    ['no modern version', unsupported(['2025-06-18']), 'legacy'],
    ['a code of its own', { error: { code: -32022, message: 'rate limit' } }, 'legacy'],
    [
      'a missing capability',
      { error: { code: -32021, message: '', data: { requiredCapabilities: {} } } },
      'modern',
    ],
    ['a header that differs', { error: { code: -32020, message: '' } }, 'modern'],
    ['an unknown method', { error: { code: -32601, message: '' } }, 'legacy'],
    ['invalid params', { error: { code: -32602, message: '' } }, 'legacy'],
  ])('%s', (_, answer, era) => {
    expect(eraOf(answer)).toBe(era);
    expect(isModernError(answer)).toBe(era === 'modern' && 'error' in answer);
  });
});

describe('a stdio server', () => {
  test.each([
    ['that discovers', `${DISCOVERS} ${REFUSES}`, 'modern'],
    ['that speaks both', `${DISCOVERS} else ${GREETS} ${REFUSES}`, 'modern'],
    ['that does not know the method', `${GREETS} ${REFUSES}`, 'legacy'],
    [
      'that answers without an id',
      `say({ id: null, error: { code: -32600, message: 'initialize first' } })`,
      'legacy',
    ],
    ['that ends on a message before initialize', `${GREETS} else process.exit(1);`, 'legacy'],
    [
      'that talks first',
      `say({ method: 'notifications/message', params: {} }); console.log('junk'); ${DISCOVERS}`,
      'modern',
    ],
  ])('%s', async (_, answer, era) => {
    const upstreams = make({ servers: { x: server(answer) } });
    expect(await upstreams.era('x')).toBe(era);
    await until('the end of the processes that were asked', (see) => see(upstreams.childPids().length) === 0);
    expect(upstreams.health('x')).toEqual({ status: 'idle', text: null, connections: 0 });
  });

  const times = { quietMs: 60, graceMs: 60, startMs: 5000 };
  const probe = (upstreams: Upstreams, more: Partial<typeof times> = {}) =>
    probeStdio(() => upstreams.connect('x'), realClock, { ...times, ...more });
  test('that keeps silent is distinguished from one that starts slowly: initialize is sent after it', async () => {
    const silent = make({ servers: { x: server(GREETS) } });
    expect(await probe(silent)).toEqual({ era: 'legacy', firm: true });
    const slow = make({
      servers: {
        x: script(
          `const say = (o) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...o }) + '\\n');
           setTimeout(() => require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
             const m = JSON.parse(line); ${DISCOVERS} else ${GREETS} }), 300);`,
        ),
      },
    });
    expect(await probe(slow)).toEqual({ era: 'modern', firm: true });
    const mute = make({ servers: { x: server('') } });
    expect(await probe(mute, { startMs: 400 })).toEqual({ era: 'legacy', firm: false });
  });

  test('that does not run cannot be asked, says why, and is not asked over and over', async () => {
    const upstreams = make({ servers: { x: script(`console.error('no API key'); process.exit(2)`) } });
    await expect(upstreams.era('x')).rejects.toThrow(/ended with exit code 2 at once.*no API key/);
    await expect(upstreams.era('x')).rejects.toThrow('no API key');
    await expect(upstreams.era('x')).rejects.toThrow(/ended within seconds \d times in a row/);
    // The probes do not stand in the way of a client.
    await (await upstreams.connect('x')).close();
    const missing = make({ servers: { x: { kind: 'stdio', command: 'no-such-thing', args: [], env: {} } } });
    await expect(missing.era('x')).rejects.toMatchObject({ kind: 'unsent' });
    expect(missing.health('x').text).toContain('"no-such-thing" was not found');
    await expect(missing.era('none')).rejects.toThrow('There is no server named "none"');
  });

  test('is asked once by all who ask together, and does not keep a legacy client waiting', async () => {
    const file = `require('fs').appendFileSync(process.env.RECORD, m.method + '\\n');`;
    const record = join(mkdtempSync(join(tmpdir(), 'drawbridge-era-')), 'record');
    const upstreams = make({
      servers: {
        x: server(
          `${file} ${GREETS} if (m.method === 'server/discover') setTimeout(() => say({ id: m.id, result: ${discovered} }), 800);`,
          { RECORD: record },
        ),
      },
    });
    const eras = Promise.all([upstreams.era('x'), upstreams.era('x')]);
    let known = false;
    void eras.then(() => {
      known = true;
    });
    const connection = await upstreams.connect('x');
    const got: (string | undefined)[] = [];
    connection.onMessage((message) => void got.push(message.id));
    await connection.send(request(1, 'initialize'));
    await until('the answer to initialize', () => got.includes('1'));
    expect(known).toBe(false);
    expect(await eras).toEqual(['modern', 'modern']);
    expect(await upstreams.era('x')).toBe('modern');
    expect((await readFile(record, 'utf8')).trim().split('\n').sort()).toEqual([
      'initialize',
      'server/discover',
    ]);
    await rm(dirname(record), { recursive: true });
  });

  test('is ended when it is reset or everything stops while it is asked', async () => {
    const upstreams = make({ servers: { x: server('') } });
    const asked = upstreams.era('x');
    const refused = expect(asked).rejects.toThrow('stopped');
    await until('the process that is asked', (see) => see(upstreams.childPids().length) === 1);
    await upstreams.reset('x');
    await refused;
    expect(upstreams.childPids()).toEqual([]);
  });
});

describe('what was found', () => {
  const store = () => {
    const database = new DatabaseSync(':memory:');
    closing.push(async () => database.close());
    return createFactStore(database);
  };

  test('outlives the process, until it is old, the configuration changes, or the server is reset', async () => {
    const facts = store();
    const clock = Object.assign(new FakeClock(), { after: realClock.after });
    const modern = server(`${DISCOVERS} ${REFUSES}`);
    const legacy = server(`${GREETS} ${REFUSES}`);
    const ask = async (config: ResolvedServer, reset = false): Promise<string> => {
      const upstreams = make({ servers: { x: config }, clock }, { facts });
      if (reset) await upstreams.reset('x');
      return upstreams.era('x');
    };
    // The same configuration, of which only the program behind it is another.
    const as = (config: ResolvedServer, other: ResolvedServer): ResolvedServer => ({ ...config, ...other });
    expect(await ask(modern)).toBe('modern');
    const before = facts.read('x');
    expect(before).toContain('"era":"modern"');
    facts.write('x', before?.replace(configDigest(modern), configDigest(legacy)));
    expect(await ask(as(modern, legacy))).toBe('modern');
    clock.advance(3 * 24 * 60 * 60 * 1000 + 1);
    expect(await ask(legacy)).toBe('legacy');
    expect(await ask(modern)).toBe('modern');
    facts.write('x', before?.replace(configDigest(modern), configDigest(legacy)));
    expect(await ask(legacy, true)).toBe('legacy');
    facts.write('x', '{"broken');
    expect(await ask(modern)).toBe('modern');
  });

  test('is known by the digest of a configuration, which holds no secret', () => {
    const config = (value: string, key = 'K'): ResolvedServer => ({
      kind: 'stdio',
      command: 'c',
      args: [value],
      env: { [key]: value },
      secrets: [value],
    });
    expect(configDigest(config('one'))).toBe(configDigest(config('two')));
    expect(configDigest(config('one'))).not.toBe(configDigest(config('one', 'L')));
  });

  test('is doubted when the server has another version, or shows another era', async () => {
    const facts = store();
    const clock = realClock;
    const greet = async (config: ResolvedServer): Promise<string | undefined> => {
      // The version is in a variable that counts as a secret, so the configuration stays the same.
      const upstreams = make({ servers: { x: config }, clock }, { facts });
      const connection = await upstreams.connect('x');
      const got: string[] = [];
      connection.onMessage((message) => void got.push(String(message.id)));
      await connection.send(request(1, 'initialize'));
      await until('an answer to initialize', () => got.includes('1'));
      return facts.read('x');
    };
    const versioned = (version: string): ResolvedServer => ({
      ...server(
        `${GREETS} ${DISCOVERS} if (process.env.V === 'bad' && m.method === 'initialize') say({ id: m.id, error: { code: -32022, message: 'no', data: { supported: ['2026-07-28'] } } })`,
        { V: version },
      ),
      secrets: [version],
    });
    const upstreams = make({ servers: { x: versioned('1.0.0') }, clock }, { facts });
    expect(await upstreams.era('x')).toBe('modern');
    expect(await greet(versioned('1.0.0'))).toContain('"era":"modern"');
    expect(await greet(versioned('1.0.0'))).toContain('"software":"s 1.0.0"');
    expect(await greet(versioned('2.0.0'))).not.toContain('"era"');
  });
});

describe('an HTTP server', () => {
  type Handle = (body: JsonObject, response: ServerResponse, request: IncomingMessage) => void;
  async function listen(
    handle: Handle,
  ): Promise<{ url: string; server: Server; seen: [string, JsonObject, IncomingMessage][] }> {
    const seen: [string, JsonObject, IncomingMessage][] = [];
    const http = createServer((incoming, response) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const body = text === '' ? {} : (JSON.parse(text) as JsonObject);
        seen.push([incoming.method ?? '', body, incoming]);
        handle(body, response, incoming);
      });
    });
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    closing.unshift(async () => {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    });
    return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, server: http, seen };
  }
  const json = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
  const of = (url: string, kind: 'http' | 'sse' = 'http', headers: Record<string, string> = {}): Upstreams =>
    make({ servers: { x: { kind, url, headers } } });
  const result = { supportedVersions: ['2026-07-28'], capabilities: {} };

  test.each<[string, Handle, string]>([
    ['JSON', ({ id }, response) => json(response, 200, { jsonrpc: '2.0', id, result }), 'modern'],
    [
      'an event stream',
      ({ id }, response) =>
        void response
          .writeHead(200, { 'Content-Type': 'text/event-stream' })
          .write(`: hi\n\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`),
      'modern',
    ],
    [
      '400 with a modern error, without an id',
      (_, response) =>
        json(response, 400, {
          jsonrpc: '2.0',
          error: { code: -32022, message: '', data: { supported: ['2027-01-01'] } },
        }),
      'modern',
    ],
    [
      '400 of a session',
      (_, response) =>
        json(response, 400, {
          jsonrpc: '2.0',
          id: null,
          error: { code: -32000, message: 'Server not initialized' },
        }),
      'legacy',
    ],
    ['400 with nothing', (_, response) => void response.writeHead(400).end(), 'legacy'],
    [
      '404 with a page',
      (_, response) => void response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>'),
      'legacy',
    ],
    ['405', (_, response) => void response.writeHead(405).end(), 'legacy'],
    [
      '200 with unknown method',
      ({ id }, response) => json(response, 200, { jsonrpc: '2.0', id, error: { code: -32601, message: '' } }),
      'legacy',
    ],
  ])('that answers %s', async (_, handle, era) => {
    const { url, seen } = await listen(handle);
    expect(await of(url).era('x')).toBe(era);
    expect(seen).toHaveLength(1);
    const [method, body, { headers }] = seen[0] as (typeof seen)[0];
    expect([method, body.method]).toEqual(['POST', 'server/discover']);
    expect(headers).toMatchObject({ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' });
    expect((body.params as JsonObject)._meta).toMatchObject({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    });
  });

  test('that fails on what it does not know is distinguished from one that always fails', async () => {
    const works = await listen(({ id, method }, response) => {
      if (method === 'initialize')
        json(response, 200, { jsonrpc: '2.0', id, result: {} }, { 'Mcp-Session-Id': 'probe-1' });
      else response.writeHead(method === undefined ? 200 : 500).end();
    });
    expect(await of(works.url).era('x')).toBe('legacy');
    const last = works.seen.at(-1);
    expect([last?.[0], last?.[2].headers['mcp-session-id']]).toEqual(['DELETE', 'probe-1']);
    const fails = await listen((_, response) => void response.writeHead(503).end());
    const upstreams = of(fails.url);
    await expect(upstreams.era('x')).rejects.toThrow('answered server/discover with HTTP 503');
    const asked = fails.seen.length;
    await expect(upstreams.era('x')).rejects.toThrow('HTTP 503');
    expect(fails.seen.length).toBe(2 * asked);
  });

  test('that wants authorization, is not there, or speaks HTTP+SSE', async () => {
    const locked = await listen((_, response) => void response.writeHead(401).end());
    const upstreams = of(locked.url, 'http', { Authorization: 'Bearer old' });
    await expect(upstreams.era('x')).rejects.toMatchObject({ kind: 'signin', status: 401 });
    expect(upstreams.health('x').status).toBe('signin');
    await expect(of('http://127.0.0.1:1/mcp').era('x')).rejects.toMatchObject({ kind: 'unsent' });
    expect(await of(locked.url, 'sse').era('x')).toBe('legacy');
    expect(locked.seen).toHaveLength(1);
  });
});
