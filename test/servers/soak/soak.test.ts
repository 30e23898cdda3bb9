import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Open, open, RawClient, until } from '../../fakes/raw-client.ts';
import { handles, inUse, MB, NIGHTLY, type Soak, sleep, soak, within } from './soak-harness.ts';

/** What hundreds of sessions and hundreds of megabytes leave behind, and how much they take while they pass. */

if (NIGHTLY) vi.setConfig({ testTimeout: 900_000 });

let running: Soak | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
async function start(...args: Parameters<typeof soak>): Promise<Soak> {
  running = await soak(...args);
  return running;
}
const closed = (stream: Open): Promise<unknown> => stream.done.catch(() => {});

/** One client's life: it listens, calls, is streamed to, and leaves in one of four ways. */
async function live(url: string, n: number): Promise<void> {
  const client = new RawClient(url);
  expect((await client.initialize()).last).toMatchObject({ result: { serverInfo: { name: 'kit' } } });
  const get = client.get();
  await get.head;
  expect((await client.call('echo', { n })).last).toMatchObject({ result: { structuredContent: { n } } });
  const streamed = await client.call('progress', { n, steps: 2 }, { progressToken: n });
  expect(streamed.messages).toHaveLength(3);
  if (n % 4 === 0) {
    await open(client.url, {
      method: 'DELETE',
      headers: { ...client.headers, 'mcp-session-id': client.session as string },
    }).done;
    await closed(get);
    return;
  }
  if (n % 4 === 1) {
    // Leaves in the middle of a call.
    const call = client.openCall(1, 'slow', { ms: 50 });
    await sleep(5);
    call.request.destroy();
    await closed(call);
  }
  if (n % 4 === 2) {
    const call = client.openCall(1, 'never');
    await sleep(5);
    await client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await closed(call);
  }
  get.request.destroy();
  await closed(get);
}

async function waves(url: string, sessions: number, atOnce: number): Promise<void> {
  for (let begun = 0; begun < sessions; begun += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, i) => live(url, begun + i)));
  }
}

describe('sessions that were opened and dropped', () => {
  test('a thousand over HTTP leave nothing: no session, socket, timer or memory', async () => {
    const { parts, counts } = await start('sse', {
      gateway: { sessionIdleMs: 3000, upstreamIdleMs: 200, upstreamGoneMs: 100 },
    });
    const gone = (): Promise<true> => until(() => parts.gateway.sessions().length === 0);
    await waves(parts.url(), 100, 25);
    await gone();
    await sleep(500);
    parts.records.length = 0;
    parts.judged.length = 0;
    parts.handshakes.length = 0;
    const before = handles();
    const memory = await inUse();
    await waves(parts.url(), NIGHTLY ? 10_000 : 1000, 25);
    await gone();
    let left = await counts();
    for (let i = 0; i < 100 && left.sessions > 0; i++) {
      await sleep(50);
      left = await counts();
    }
    expect(left).toEqual({ sessions: 0, streams: 0 });
    // Kept connections close after some seconds of rest.
    const sockets = (): number => handles().TCPSocketWrap ?? 0;
    await until(() => sockets() <= (before.TCPSocketWrap ?? 0) + 2);
    expect(handles().Timeout ?? 0).toBeLessThanOrEqual((before.Timeout ?? 0) + 2);
    // The doubles of the audit and the policy remember every call.
    parts.records.length = 0;
    parts.judged.length = 0;
    parts.handshakes.length = 0;
    expect((await inUse()) - memory).toBeLessThan(6 * MB);
  });

  test('children end with their sessions', async () => {
    const { parts, upstreams } = await start('stdio', {
      gateway: { sessionIdleMs: 3000, upstreamIdleMs: 200, upstreamGoneMs: 100 },
    });
    await waves(parts.url(), NIGHTLY ? 200 : 12, 4);
    await until(() => parts.gateway.sessions().length === 0 && upstreams.childPids().length === 0);
    await until(() => (handles().ProcessWrap ?? 0) <= 1);
  });
});

describe.each(['stdio', 'sse'] as const)('a server that floods a slow reader (%s)', (kind) => {
  const COUNT = NIGHTLY ? 20_000 : 1000;
  const BYTES = 64 * 1024;

  test('is paused: the gateway holds a little, and nothing is lost', async () => {
    const { parts } = await start(kind);
    const client = new RawClient(parts.url());
    await client.initialize();
    const before = await inUse();
    const call = open(client.url, {
      headers: { ...client.headers, 'mcp-session-id': client.session as string },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'flood', arguments: { count: COUNT, bytes: BYTES } },
      }),
      raw: true,
    });
    const head = await call.head;
    await sleep(1000);
    // Somebody else is not held up by that.
    const other = new RawClient(parts.url(), 'claude-code');
    await within(5000, other.initialize());
    expect((await inUse()) - before).toBeLessThan(16 * MB);
    let events = 0;
    let bytes = 0;
    let most = 0;
    let next = 0;
    for await (const chunk of head as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > next) {
        most = Math.max(most, (await inUse()) - before);
        next += 20 * MB;
      }
      for (let at = chunk.indexOf('\n\n'); at >= 0; at = chunk.indexOf('\n\n', at + 2)) events++;
    }
    expect(bytes).toBeGreaterThan(COUNT * BYTES);
    // Two line feeds may come in two pieces; almost all come in one.
    expect(events).toBeGreaterThan(COUNT * 0.98);
    // What is kept for resumption has its own bound of 8 MB.
    expect(most).toBeLessThan(32 * MB);
  });
});

test('a child that does not read makes large calls wait on the line', async () => {
  const { parts } = await start('stdio', { gateway: { maxInFlightBytes: 6 * MB } });
  const client = new RawClient(parts.url());
  await client.initialize();
  await client.call('echo');
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-deaf-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const hears = join(dir, 'hears');
  const deaf = client.call('deaf', { until: hears });
  await until(() => parts.judged.length === 2);
  const x = 'y'.repeat(1.75 * MB);
  const calls = Array.from({ length: NIGHTLY ? 60 : 24 }, (_, i) => client.call('length', { i, x }));
  await until(() => parts.judged.length === 5);
  await sleep(1000);
  expect(parts.judged).toHaveLength(5);
  writeFileSync(hears, '');
  await deaf;
  const answers = await Promise.all(calls);
  expect(answers.every(({ last }) => Number(last.result?.content?.[0]?.text) > 1.75 * MB)).toBe(true);
});
