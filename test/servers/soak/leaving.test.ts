// @module-tag slow
import { readdirSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { type Open, open, RawClient, until } from '../../fakes/raw-client.ts';
import { handles, type Soak, soak } from './soak-harness.ts';

/** Two hundred clients that leave in every way, over servers that answer, hang, die and flood: nothing of them stays. */

const CLIENTS = 200;
const AT_ONCE = 8;
const CALLS = ['echo', 'never', 'half', 'flood'] as const;

let running: Soak | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
const descriptors = (): number =>
  process.platform === 'linux' ? readdirSync('/proc/self/fd').length : (handles().TCPSocketWrap ?? 0);
const gone = (request: Open): Promise<unknown> => request.done.catch(() => {});

async function live(soaked: Soak, n: number): Promise<void> {
  const { parts } = soaked;
  const client = new RawClient(parts.url(), `client-${n % 7}`);
  if (n % 10 === 9) {
    // Gives up before initialize is answered.
    const version = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    };
    const begun = client.open({ jsonrpc: '2.0', id: 0, method: 'initialize', params: version });
    begun.request.once('socket', (socket) => socket.once('connect', () => begun.request.destroy()));
    await gone(begun);
    return;
  }
  await client.initialize(n % 3 === 0 ? '2025-11-25' : '2025-06-18');
  const get = n % 2 === 0 ? client.get() : undefined;
  await get?.head;
  const before = parts.judged.length;
  const kind = CALLS[n % CALLS.length] as string;
  const call = client.openCall(1, kind, kind === 'flood' ? { count: 2000, bytes: 4096 } : { n });
  await until(() => parts.judged.length > before);
  const leave = n % 5;
  if (leave === 0) {
    if (kind === 'echo' || kind === 'half') await gone(call);
    await open(client.url, {
      method: 'DELETE',
      headers: { ...client.headers, 'mcp-session-id': client.session as string },
    }).done;
  } else if (leave === 1) {
    await client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  } else if (leave === 2 && kind !== 'never') {
    // Says nothing any more, with no connection open.
    await gone(call);
  }
  call.request.destroy();
  get?.request.destroy();
  await Promise.all([gone(call), get && gone(get)]);
}

test('no child, descriptor or session more than before, and an outcome for each call', {
  timeout: 300_000,
}, async () => {
  const soaked = await soak('stdio', {
    gateway: { upstreamGoneMs: 300, upstreamIdleMs: 1000, sessionIdleMs: 2000, resumeMs: 1000 },
    upstream: { quickEndMs: 0 },
  });
  running = soaked;
  const { parts, upstreams } = soaked;
  const left = () => ({ sessions: parts.gateway.sessions().length, children: upstreams.childPids().length });
  const nothing = (): Promise<true> =>
    until(() => {
      const { sessions, children } = left();
      return sessions === 0 && children === 0;
    });
  // What is opened once (the keeper's pipe, the listening socket) is there before it is counted.
  await live(soaked, 0);
  await nothing();
  await until(() => (handles().ProcessWrap ?? 0) <= 1);
  const before = descriptors();
  for (let begun = 0; begun < CLIENTS; begun += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, CLIENTS - begun) }, (_, i) => live(soaked, begun + i)),
    );
  await nothing();
  await until(() => descriptors() <= before + 2);
  await until(() => (handles().ProcessWrap ?? 0) <= 1);
  const calls = parts.records.filter(({ record }) => record.method === 'tools/call');
  expect(calls.length).toBeGreaterThan(CLIENTS / 2);
  expect(parts.records.filter(({ outcome }) => outcome === undefined)).toEqual([]);
});
