import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../fakes/raw-client.ts';
import { type Soak, sleep, soak } from '../soak/soak-harness.ts';

/** The official client loses its connections, and takes up its streams again by itself. */

let server: Soak;
afterEach(() => server.stop());

/** A fetch whose event streams can be broken off, as a network would. */
function breakable(): {
  fetch: typeof fetch;
  /** Streams that are open and brought something already. */
  begun(): number;
  breakAll(): number;
  requests: { method: string; last: string | null }[];
} {
  const open = new Map<() => void, { begun: boolean }>();
  const requests: { method: string; last: string | null }[] = [];
  return {
    requests,
    begun: () => [...open.values()].filter(({ begun }) => begun).length,
    breakAll() {
      const count = open.size;
      for (const stop of [...open.keys()]) stop();
      return count;
    },
    async fetch(input, init) {
      const headers = new Headers(init?.headers);
      requests.push({ method: init?.method ?? 'GET', last: headers.get('last-event-id') });
      const abort = new AbortController();
      const signals = init?.signal ? [init.signal, abort.signal] : [abort.signal];
      const answer = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
      if (answer.headers.get('content-type') !== 'text/event-stream' || !answer.body) return answer;
      const stop = (): void => {
        open.delete(stop);
        abort.abort(new Error('the network is gone'));
      };
      const stream = { begun: false };
      open.set(stop, stream);
      const watched = answer.body.pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          transform(chunk, to) {
            stream.begun = true;
            to.enqueue(chunk);
          },
          flush: () => void open.delete(stop),
        }),
      );
      return new Response(watched, { status: answer.status, headers: answer.headers });
    },
  };
}

describe.each(['stdio', 'sse'] as const)('before a server over %s', (kind) => {
  beforeEach(async () => {
    server = await soak(kind);
  });

  test('the answer to a call comes, though every connection broke while it ran', async () => {
    const net = breakable();
    const client = new Client1({ name: 'sdk', version: '1' });
    const heard: unknown[] = [];
    client.setNotificationHandler(
      LoggingMessageNotificationSchema,
      ({ params }) => void heard.push(params.data),
    );
    const transport = new Transport1(new URL(server.parts.url()), {
      requestInit: { headers: { Authorization: 'Bearer token-cursor' } },
      fetch: net.fetch,
      reconnectionOptions: {
        initialReconnectionDelay: 50,
        maxReconnectionDelay: 100,
        reconnectionDelayGrowFactor: 1,
        maxRetries: 5,
      },
    });
    await client.connect(transport);
    const call = client.callTool({ name: 'slow', arguments: { ms: 3000, a: 1 } });
    await until(
      'the streams of the call and of the session to begin',
      () => net.requests.length > 3 && net.begun() === 2,
    );
    // The client reads what they brought, and so knows where to go on.
    await sleep(50);
    expect(net.breakAll()).toBe(2);
    const answer = await call;
    expect(answer.structuredContent).toEqual({ ms: 3000, a: 1 });
    expect(net.requests.filter(({ last }) => last?.startsWith('p'))).toHaveLength(1);
    expect(net.requests.filter(({ last }) => last?.startsWith('g'))).toHaveLength(1);
    // The GET stream is whole as well, and the call ran once.
    server.parts.gateway.notifyToolsChanged();
    expect(server.parts.records.filter(({ record }) => record.method === 'tools/call')).toHaveLength(1);
    await transport.terminateSession();
    await client.close();
  });

  test('a cancelled call is not asked for again and again', async () => {
    const net = breakable();
    const client = new Client1({ name: 'sdk', version: '1' });
    const transport = new Transport1(new URL(server.parts.url()), {
      requestInit: { headers: { Authorization: 'Bearer token-cursor' } },
      fetch: net.fetch,
    });
    await client.connect(transport);
    const abort = new AbortController();
    const call = client.callTool({ name: 'never', arguments: {} }, undefined, { signal: abort.signal });
    await sleep(900);
    abort.abort();
    await expect(call).rejects.toThrow();
    await sleep(2500);
    expect(net.requests.filter(({ last }) => last?.startsWith('p')).length).toBeLessThanOrEqual(1);
    await client.close();
  });
});
