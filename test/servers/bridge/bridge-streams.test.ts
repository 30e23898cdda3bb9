import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../core/upstream/helpers.ts';
import {
  type FakeGateway,
  type FakeOptions,
  type Posted,
  startFakeGateway,
} from '../../fakes/fake-gateway.ts';
import { type Bridge, Scene } from './bridge-harness.ts';

let scene: Scene;
const gateways: FakeGateway[] = [];
beforeEach(async () => {
  scene = await Scene.make();
});
afterEach(async () => {
  await scene.clear();
  await Promise.all(gateways.splice(0).map((each) => each.close()));
});

async function running(options: FakeOptions = {}): Promise<FakeGateway> {
  const gateway = await startFakeGateway(options);
  gateways.push(gateway);
  scene.announce(gateway.url);
  return gateway;
}

const note = (n: number): string => `{"jsonrpc":"2.0","method":"notifications/message","params":{"n":${n}}}`;
const result = (id: string): string => `{"jsonrpc":"2.0","id":${id},"result":{}}`;
const eventStream = { 'Content-Type': 'text/event-stream' };
const call = { name: 'x', arguments: {} };

describe('a stream that breaks is taken up after its last event', () => {
  test.each(['end', 'destroy'] as const)('the answer to a call (%s)', async (way) => {
    const resumed: unknown[] = [];
    const { seen } = await running({
      on: {
        'tools/call': ({ stream, response }) => {
          stream();
          response.write(`id: a-0\nretry: 10\ndata: \n\nid: a-1\ndata: ${note(1)}\n\n`, () =>
            response[way](),
          );
        },
      },
      get(request, response) {
        const last = request.headers['last-event-id'];
        response.writeHead(200, eventStream).flushHeaders();
        if (last === undefined) return;
        resumed.push(last);
        if (last === 'a-1') response.end(`id: a-2\ndata: ${note(2)}\n\n`);
        else response.end(`id: a-3\ndata: ${result('2')}\n\n`);
      },
    });
    const bridge = scene.bridge();
    await bridge.initialize();
    expect(await bridge.ask(2, 'tools/call', call)).toBe(result('2'));
    expect(bridge.lines.slice(1)).toEqual([note(1), note(2), result('2')]);
    expect(resumed).toEqual(['a-1', 'a-2']);
    expect(seen.filter(({ body }) => body.includes('tools/call'))).toHaveLength(1);
  });

  test('that cannot be taken up: the call is answered and not run again, a list is asked for again', async () => {
    let broken = 0;
    const breaks = ({ stream, response, json, id }: Posted): void => {
      if (broken++ > 0) json(result(id));
      else {
        stream();
        response.write(': nothing yet\n\n', () => response.destroy());
      }
    };
    const { methods } = await running({ on: { 'tools/call': breaks, 'tools/list': breaks, 'x/y': breaks } });
    const bridge = scene.bridge();
    await bridge.initialize();
    expect(await bridge.ask(2, 'tools/call', call)).toContain('a tool may have run');
    broken = 0;
    expect(await bridge.ask(3, 'x/y')).toContain('a tool may have run');
    broken = 0;
    expect(await bridge.ask(4, 'tools/list')).toBe(result('4'));
    broken = 0;
    // A batch that holds a call is not said again either.
    bridge.send('[{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"x"}}]');
    expect(await bridge.ask(6, 'ping')).toBe(result('6'));
    expect(methods().slice(2)).toEqual([
      'tools/call',
      'x/y',
      'tools/list',
      'tools/list',
      'tools/call',
      'ping',
    ]);
  });

  test('but not for a request that the client cancelled, nor for ever', async () => {
    let gets = 0;
    const ends = ({ stream, response }: Posted): void => {
      stream();
      response.write('id: c-0\nretry: 1\ndata: \n\n', () => setTimeout(() => response.end(), 100));
    };
    const { methods } = await running({
      on: { 'tools/call': ends, 'x/y': ends },
      get(request, response) {
        if (request.headers['last-event-id'] === undefined) return response.writeHead(405).end();
        gets++;
        return response.writeHead(200, eventStream).end();
      },
    });
    const bridge = scene.bridge();
    await bridge.initialize();
    bridge.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: call });
    await until('the call', () => methods().includes('tools/call'));
    bridge.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
    expect(await bridge.ask(3, 'x/y')).toContain('without a result');
    expect(gets).toBe(20);
    expect(bridge.lines.some((line) => line.includes('"id":2'))).toBe(false);
  });

  test('the stream for what belongs to no request', async () => {
    const asked: unknown[] = [];
    await running({
      get(request, response) {
        asked.push(request.headers['last-event-id']);
        response.writeHead(200, eventStream);
        if (asked.length === 1) response.write(`id: g-1\ndata: ${note(1)}\n\n`, () => response.destroy());
        else response.write(`id: g-2\ndata: ${note(2)}\n\n`);
      },
    });
    const bridge = scene.bridge();
    await bridge.initialize();
    await until('the message after the break', () => bridge.lines.includes(note(2)));
    expect(asked).toEqual([undefined, 'g-1']);
    expect(bridge.lines.slice(1)).toEqual([note(1), note(2)]);
  });
});

describe('questions of the server', () => {
  const question = (id: string): string => `{"jsonrpc":"2.0","id":${id},"method":"roots/list"}`;

  test('are answered on the session that asked; one that is gone takes its question back', async () => {
    const streams: ServerResponse[] = [];
    const options: FakeOptions = {
      get: (_request, response) => {
        response.writeHead(200, eventStream).flushHeaders();
        streams.push(response);
      },
    };
    const first = await running(options);
    const bridge = scene.bridge();
    await bridge.initialize();
    await until('the stream', (see) => see(streams.length) === 1);
    streams[0]?.write(`data: ${question('7')}\n\ndata: ${question('"b"')}\n\n`);
    await until('the questions', (see) => see(bridge.lines.length) === 3);
    bridge.send({ jsonrpc: '2.0', id: 7, result: { roots: [] } });
    await until('the answer', () => first.methods().includes('answer'));
    await first.close();
    const second = await running(options);
    await until('the new stream', (see) => see(streams.length) === 2);
    expect(bridge.lines.slice(3)).toEqual([
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"b","reason":"Drawbridge opened a new session."}}',
    ]);
    // Too late: whoever has this id in the new session asked something else.
    bridge.send({ jsonrpc: '2.0', id: 'b', result: { roots: ['old'] } });
    expect(await bridge.ask(8, 'test/echo', { text: 'x' })).toContain('x');
    expect(second.methods()).toEqual(['initialize', 'notifications/initialized', 'test/echo']);
    expect(bridge.stderr).toContain('the session that asked had ended');
  });

  test('may come while a session is opened again, and are answered there', async () => {
    let open: Posted | undefined;
    const first = await running();
    const bridge = scene.bridge();
    await bridge.initialize();
    await bridge.ask(2, 'logging/setLevel', { level: 'debug' });
    await first.close();
    const second = await running({
      on: {
        'logging/setLevel': (posted) => {
          open = posted;
          posted.stream();
          posted.response.write(`data: ${question('9')}\n\n`);
        },
      },
    });
    await until('the question', () => bridge.lines.some((line) => line.includes('roots/list')));
    bridge.send({ jsonrpc: '2.0', id: 9, result: { roots: [] } });
    await until('the answer', () => second.methods().includes('answer'));
    open?.response.end(`data: ${result(open.id)}\n\n`);
    expect(await bridge.ask(3, 'test/echo', { text: 'x' })).toContain('x');
    // The answer to the repeated message was ours, not the client's.
    expect(bridge.lines.filter((line) => line.includes('"id":2,'))).toHaveLength(1);
  });
});

describe('back-pressure', () => {
  const big = (bytes: number): string => `{"jsonrpc":"2.0","id":1,"result":"${'x'.repeat(bytes)}"}`;

  test('a client that writes everything before it reads anything', async () => {
    const text = 'y'.repeat(200_000);
    await running({
      on: { 'x/big': ({ json, id }) => json(`{"jsonrpc":"2.0","id":${id},"result":"${text}"}`) },
    });
    const bridge = scene.bridge();
    await bridge.initialize();
    bridge.child.stdout.pause();
    const count = 60;
    for (let id = 2; id < 2 + count; id++)
      bridge.send({ jsonrpc: '2.0', id, method: 'x/big', params: { text } });
    await until('everything to be taken', () => bridge.child.stdin.writableLength === 0);
    bridge.child.stdout.resume();
    await until('all answers', (see) => see(bridge.lines.length) === count + 1);
    expect(await bridge.end()).toBe(0);
  });

  test('a client that never reads still ends the bridge', async () => {
    const { seen } = await running({ on: { 'x/big': ({ json }) => json(big(5_000_000)) } });
    const bridge = scene.bridge();
    await bridge.initialize();
    bridge.child.stdout.pause();
    bridge.send({ jsonrpc: '2.0', id: 1, method: 'x/big' });
    await until('the call', () => seen.some(({ body }) => body.includes('x/big')));
    bridge.child.kill('SIGTERM');
    await until('the end', () => bridge.child.exitCode !== null);
    expect(bridge.child.exitCode).toBe(0);
    expect(seen.at(-1)?.method).toBe('DELETE');
  });

  test('12 MB and 60 MB pass both ways, whole', async () => {
    const sizes: number[] = [];
    await running({
      on: {
        'x/size': ({ json, params }) => {
          const { text } = params as { text: string };
          sizes.push(text.length);
          json(big(text.length));
        },
      },
    });
    const bridge = scene.bridge();
    for (const bytes of [12_000_000, 60_000_000]) {
      bridge.lines.length = 0;
      bridge.send(`{"jsonrpc":"2.0","id":1,"method":"x/size","params":{"text":"${'z'.repeat(bytes)}"}}`);
      await until(`${bytes} bytes`, (see) => see(bridge.lines.length) === 1);
      expect(bridge.lines[0] === big(bytes)).toBe(true);
    }
    expect(sizes).toEqual([12_000_000, 60_000_000]);
    // Over what is taken: an answer, and the next message passes.
    bridge.send(
      `{"jsonrpc":"2.0","id":3,"method":"x/size","params":{"text":"${'z'.repeat(65 * 1024 * 1024)}"}}`,
    );
    expect(await bridge.answer(3)).toContain('at most 67108864 are taken');
  });

  test('letters cut in half, CRLF, empty lines, and a last line without an end', async () => {
    await running();
    const bridge = scene.bridge();
    await bridge.initialize();
    const bytes = Buffer.from(
      '{"jsonrpc":"2.0","id":2,"method":"test/echo","params":{"text":"🌉ü"}}\r\n\r\n  \n',
    );
    for (const byte of bytes) bridge.child.stdin.write(Buffer.from([byte]));
    expect(await bridge.answer(2)).toBe('{"jsonrpc":"2.0","id":2,"result":"🌉ü"}');
    bridge.child.stdin.end('{"jsonrpc":"2.0","id":3,"method":"ping"}');
    expect(await bridge.answer(3)).toBe(result('3'));
    await until('the end', () => bridge.exit !== undefined);
    expect(bridge.exit).toBe(0);
    expect(bridge.stderr).toBe('');
  });
});

test('a client that goes while its initialize is not answered', async () => {
  const { seen } = await running({ on: { initialize: ({ stream }) => stream() } });
  const bridge: Bridge = scene.bridge();
  bridge.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });
  await until('the initialize', (see) => see(seen.length) === 1);
  expect(await bridge.end()).toBe(0);
  expect(bridge.lines).toHaveLength(1);
  expect(bridge.lines[0]).toContain('closed the connection');
});
