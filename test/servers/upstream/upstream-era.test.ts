import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseFromServer } from '../../../main/core/codec/index.ts';
import { createUpstreams, listServerTools, listTools } from '../../../main/core/upstream/index.ts';
import type { ResolvedServer, Upstreams } from '../../../main/core/upstream/types.ts';
import { deps, script, until } from '../../core/upstream/helpers.ts';
import { gatewayWithFakes } from '../../fakes/gateway-parts.ts';

const require = createRequire(import.meta.url);
const fixture = (name: string): string => join(import.meta.dirname, '../../fixtures/servers', name);
const real = (name: string): string =>
  join(dirname(require.resolve(`@modelcontextprotocol/${name}/package.json`)), 'dist/index.js');
const node = (args: string[], env: Record<string, string> = {}): ResolvedServer => ({
  kind: 'stdio',
  command: process.execPath,
  args,
  env,
});
const signal = new AbortController().signal;

let folder: string;
const closing: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-era-'));
  closing.push(() => rm(folder, { recursive: true }));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function make(config: ResolvedServer): Upstreams {
  const upstreams = createUpstreams({
    ...deps({ servers: { x: config, files: config } }),
    parse: parseFromServer,
  });
  closing.push(async () => {
    await upstreams.stop();
    expect(upstreams.childPids()).toEqual([]);
  });
  return upstreams;
}
/** Starts a server over HTTP, which prints its port and ends with its input. */
async function http(args: string[]): Promise<ResolvedServer> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  closing.push(() => child.kill());
  const line = await new Promise<string>((done) => child.stdout?.once('data', (part) => done(String(part))));
  return { kind: 'http', url: `http://127.0.0.1:${JSON.parse(line).port}/mcp`, headers: {} };
}

describe('real servers are known by what they answer', () => {
  test.each<[string, () => ResolvedServer | Promise<ResolvedServer>, string]>([
    ['everything', () => node([real('server-everything'), 'stdio']), 'legacy'],
    ['filesystem', () => node([real('server-filesystem'), folder]), 'legacy'],
    ['memory', () => node([real('server-memory')], { MEMORY_FILE_PATH: join(folder, 'm') }), 'legacy'],
    ['the newer SDK over stdio', () => node([fixture('sdk-modern.ts'), 'stdio']), 'modern'],
    ['the newer SDK over HTTP', () => http([fixture('sdk-modern.ts'), 'http']), 'modern'],
  ])('%s', async (_, config, era) => {
    const upstreams = make(await config());
    expect(await upstreams.era('x')).toBe(era);
    const tools = await listServerTools(upstreams, 'x', signal);
    expect(tools.length).toBeGreaterThan(0);
    if (era === 'legacy') return;
    const lane = await upstreams.connect('x', 'modern');
    expect((await listTools(lane, signal, 20_000, 'modern')).map(({ name }) => name)).toEqual(
      tools.map(({ name }) => name),
    );
    await lane.close();
  });
});

/** Appends who received what: one line of process and method for each message. */
const RECORDS = `require('fs').appendFileSync(process.env.RECORD, process.pid + ' ' + m.method + '\\n');`;
const GREETS = `if (m.method === 'initialize') say({ id: m.id, result: { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 's', version: '1' } } });`;
const recording = (answer: string): ResolvedServer =>
  script(
    `const say = (o) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...o }) + '\\n');
     require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
       const m = JSON.parse(line); ${RECORDS} ${answer}
     });`,
    { env: { RECORD: join(folder, 'record') } },
  );

describe('a client that sends server/discover and then initialize', () => {
  test.each([
    [
      'refuses what it does not know',
      `${GREETS} else if (m.id !== undefined) say({ id: m.id, error: { code: -32601, message: 'no' } });`,
    ],
    [
      'ends on a message before initialize',
      `${GREETS} else if (!globalThis.greeted && m.method !== 'initialize') process.exit(1); globalThis.greeted = true;`,
    ],
    ['keeps silent on what it does not know', GREETS],
  ])('is served by a server that %s, which sees nothing of the discover', async (_, answer) => {
    const upstreams = make(recording(answer));
    const parts = await gatewayWithFakes({ upstreams });
    closing.push(() => parts.stop());
    const post = (method: string, params: object, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${parts.port}/s/files/mcp`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer token-cursor',
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
    const clientInfo = { name: 'c', version: '1' };
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': clientInfo,
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const discover = await post(
      'server/discover',
      { _meta: meta },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' },
    );
    expect(discover.status).toBe(400);
    expect(await discover.json()).toMatchObject({ id: 1, error: { code: -32601 } });
    await until('the end of what was asked', (see) => see(upstreams.childPids().length) === 0);
    const asked = (await readFile(join(folder, 'record'), 'utf8')).trim().split('\n');
    const initialized = await post('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo,
    });
    expect(await initialized.json()).toMatchObject({ id: 1, result: { serverInfo: { name: 's' } } });
    const all = (await readFile(join(folder, 'record'), 'utf8')).trim().split('\n');
    expect(asked[0]).toContain('server/discover');
    expect(all.slice(asked.length).map((line) => line.split(' ')[1])).toEqual(['initialize']);
  });
});

test('npx without a way to its registry says so', async () => {
  const upstreams = make({
    kind: 'stdio',
    command: 'npx',
    args: ['-y', 'drawbridge-no-such-package'],
    env: {
      npm_config_registry: 'http://127.0.0.1:1',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(folder, 'npm'),
      npm_config_update_notifier: 'false',
    },
  });
  const listing = listServerTools(upstreams, 'x', signal);
  await expect(listing).rejects.toThrow(/npx could not reach the npm registry to fetch the package/);
});
