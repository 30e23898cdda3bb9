import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts } from '../../../fakes/gateway-parts.ts';
import { type Answer, type Open, open, RawClient, until } from '../../../fakes/raw-client.ts';

/** Which stream a server's message goes on, and in which pace (MCP 2025-11-25, transports; docs/design/gateway.md). */

let parts: Parts;
let clock: FakeClock;
let client: RawClient;
beforeEach(async () => {
  clock = new FakeClock();
  parts = await gatewayWithFakes({ clock });
  parts.server.handle = (message) => message.call !== undefined;
  client = new RawClient(parts.url());
  await client.initialize();
});
afterEach(async () => {
  await parts.stop();
});

const log = (data: unknown) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { data } });
const dataOf = (message: Answer['messages'][number]): unknown => (message.params as { data?: unknown })?.data;
const ask = (id: string) => ({ jsonrpc: '2.0', id, method: 'elicitation/create', params: {} });
const progress = (token: unknown, value: unknown) => ({
  jsonrpc: '2.0',
  method: 'notifications/progress',
  params: { progressToken: token, progress: value },
});
const answerCall = (id: number) =>
  parts.upstream.say(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`, String(id));
async function call(id: number, meta?: object): Promise<Open> {
  const opened = client.openCall(id, 'echo', {}, meta);
  await until(() => parts.upstream.of('tools/call').some((message) => message.id === String(id)));
  return opened;
}
const methods = async (stream: Open): Promise<(string | undefined)[]> =>
  (await stream.done).messages.map(({ method }) => method);

describe('a message of the server goes', () => {
  test('on the stream of the request it came for, also when a newer one is under way', async () => {
    const first = await call(1);
    const second = await call(2);
    await parts.upstream.say(log('for one'), '1');
    await parts.upstream.say(ask('q'), '1');
    await parts.upstream.say(log('for no one'));
    await answerCall(1);
    await answerCall(2);
    expect(await methods(first)).toEqual(['notifications/message', 'elicitation/create', undefined]);
    expect((await second.done).messages.map(dataOf)).toEqual(['for no one', undefined]);
  });

  test('on the newest request under way rather than on a GET stream, and there when none is', async () => {
    const get = client.get();
    await get.head;
    const one = await call(1);
    await parts.upstream.say(ask('q1'));
    await one.message(({ method }) => method === 'elicitation/create');
    await answerCall(1);
    await one.done;
    await parts.upstream.say(ask('q2'));
    await get.message(({ id }) => id === 'q2');
    expect(get.text()).not.toContain('q1');
    get.request.destroy();
  });

  test('into the queue when nobody listens, and with the next request', async () => {
    await parts.upstream.say(ask('q1'));
    const next = await call(1);
    await next.message(({ id }) => id === 'q1');
    expect((await client.send({ jsonrpc: '2.0', id: 'q1', result: {} })).status).toBe(202);
    await answerCall(1);
    await next.done;
  });

  test('not to a request that is held for a person, nor on a client that only takes JSON', async () => {
    parts.rules.set('held', { decision: 'ask' });
    parts.server.tools = [{ name: 'held' }, { name: 'echo' }];
    await parts.upstream.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    await client.get().head;
    const held = client.openCall(1, 'held');
    await until(() => parts.approvals.list().length === 1);
    const json = client.open(
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'echo' } },
      { accept: 'application/json' },
    );
    await until(() => parts.upstream.of('tools/call').length === 1);
    await parts.upstream.say(log('elsewhere'));
    await answerCall(2);
    expect((await json.done).messages).toHaveLength(1);
    expect(held.text()).not.toContain('elsewhere');
    held.request.destroy();
  });
});

describe('progress', () => {
  test('increases: what does not is left out, whoever sent the last', async () => {
    const one = await call(1, { progressToken: 'a' });
    for (const value of [1, 1, 0.5, 2, -1, 2.5]) await parts.upstream.say(progress('a', value));
    await answerCall(1);
    expect(
      (await one.done).messages.map(({ params }) => (params as { progress?: number })?.progress),
    ).toEqual([1, 2, 2.5, undefined]);
  });

  test("of the server comes after the gateway's own, and only beyond it", async () => {
    parts.rules.set('echo', { decision: 'ask' });
    const held = client.openCall(1, 'echo', {}, { progressToken: 7 });
    await until(() => parts.approvals.list().length === 1);
    clock.advance(15_000);
    await held.message(({ method }) => method === 'notifications/progress');
    const [approval] = parts.approvals.list();
    await parts.approvals.decide({ id: approval?.id as string, decision: 'allow', scope: 'once', by: 'Ada' });
    await until(() => parts.upstream.of('tools/call').length === 1);
    await parts.upstream.say(progress(7, 0));
    await parts.upstream.say(progress(7, 0.5));
    await answerCall(1);
    const values = (await held.done).messages.flatMap(({ params }) => {
      const value = (params as { progress?: number })?.progress;
      return value === undefined ? [] : [value];
    });
    expect(values.length).toBe(3);
    expect(values.at(-1)).toBe(0.5);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(new Set(values).size).toBe(values.length);
  });

  test('with a token that nobody gave, or of a request that is answered, goes nowhere', async () => {
    const get = client.get();
    await get.head;
    const one = await call(1, { progressToken: 1 });
    await parts.upstream.say(progress('1', 1));
    await parts.upstream.say(progress(2, 1));
    await answerCall(1);
    await parts.upstream.say(progress(1, 2));
    await parts.upstream.say(log('end'));
    await get.message((message) => dataOf(message) === 'end');
    expect((await one.done).messages).toHaveLength(1);
    expect(get.text()).not.toContain('progress');
    get.request.destroy();
  });
});

describe('cancelling', () => {
  test('by the server: its question is withdrawn, an answer to it refused', async () => {
    const get = client.get();
    await get.head;
    await parts.upstream.say(ask('q'));
    await get.message(({ id }) => id === 'q');
    await parts.upstream.say({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 'q' },
    });
    await get.message(({ method }) => method === 'notifications/cancelled');
    expect((await client.send({ jsonrpc: '2.0', id: 'q', result: {} })).status).toBe(400);
    expect(parts.upstream.sent.filter(({ kind }) => kind === 'response')).toEqual([]);
    get.request.destroy();
  });

  test('a server that dies takes its questions with it: the client is told, and its answer goes to no other', async () => {
    const get = client.get();
    await get.head;
    await parts.upstream.say(ask('q'));
    await get.message(({ id }) => id === 'q');
    parts.upstream.die('The server "files" ended by signal SIGKILL.');
    const cancelled = await get.message(({ method }) => method === 'notifications/cancelled');
    expect(cancelled.params).toEqual({
      requestId: 'q',
      reason: 'The server "files" ended by signal SIGKILL.',
    });
    expect((await client.send({ jsonrpc: '2.0', id: 'q', result: {} })).status).toBe(400);
    expect(parts.connections).toHaveLength(1);
    get.request.destroy();
  });

  test('a question that no client has seen is simply taken back', async () => {
    await parts.upstream.say(ask('q'));
    parts.upstream.die('The server "files" ended.');
    const next = await call(1);
    await answerCall(1);
    expect((await next.done).messages).toHaveLength(1);
  });

  test('by the client: of an unknown id it is passed on, as a direct connection would', async () => {
    await client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 99 } });
    expect(parts.upstream.of('notifications/cancelled')).toHaveLength(1);
  });
});

describe('signs of life', () => {
  test('a comment every 15 seconds on streams that say nothing, of GET and POST', async () => {
    const get = client.get();
    const one = await call(1);
    clock.advance(1000);
    await Promise.all([get.head, one.head]);
    const comments = (stream: Open): number => stream.text().split(': keep-alive').length - 1;
    clock.advance(15_000);
    await until(() => comments(get) === 1 && comments(one) === 1);
    clock.advance(15_000);
    await until(() => comments(get) === 2 && comments(one) === 2);
    clock.advance(12_000);
    await parts.upstream.say(log('a'), '1');
    clock.advance(10_000);
    await until(() => comments(get) === 3);
    expect(comments(one)).toBe(2);
    await answerCall(1);
    await one.done;
    get.request.destroy();
  });
});

describe('a GET stream whose reader is slow', () => {
  const big = (n: number) => log(`${n} ${'x'.repeat(64 * 1024)}`);
  const slowGet = (): Open =>
    open(client.url, {
      method: 'GET',
      headers: {
        accept: 'text/event-stream',
        authorization: 'Bearer token-cursor',
        'mcp-session-id': client.session as string,
      },
      raw: true,
    });

  /** Talks until the server is asked to wait, and nothing changes that: no buffer on the way has room any more. */
  async function fill(): Promise<{ said: number; wait: Promise<void> }> {
    for (let said = 0; said < 2000; ) {
      const wait = parts.upstream.say(big(said++));
      if (!wait) continue;
      const still = Symbol();
      const later = new Promise((done) => setTimeout(() => done(still), 100));
      if ((await Promise.race([wait, later])) === still) return { said, wait };
    }
    throw new Error('The server was never asked to wait.');
  }

  test('makes the server wait, and loses nothing', async () => {
    const get = slowGet();
    const head = await get.head;
    const { said, wait } = await fill();
    const seen: string[] = [];
    let text = '';
    head.setEncoding('utf8');
    head.on('data', (part: string) => {
      text += part;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /"data":"(\d+) /.exec(text.slice(0, end));
        if (data?.[1]) seen.push(data[1]);
        text = text.slice(end + 2);
      }
    });
    await wait;
    await until(() => seen.length === said);
    expect(seen).toEqual(Array.from({ length: said }, (_, i) => String(i)));
    get.request.destroy();
  });

  test('but not for ever: a reader that takes nothing loses the oldest', async () => {
    const get = slowGet();
    await get.head;
    const { wait } = await fill();
    let waited = false;
    void wait.then(() => {
      waited = true;
    });
    clock.advance(4900);
    await new Promise((done) => setImmediate(done));
    expect(waited).toBe(false);
    clock.advance(200);
    await wait;
    for (let i = 0; i < 200; i++) expect(parts.upstream.say(big(i))).toBeUndefined();
    expect((await client.send({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(200);
    get.request.destroy();
  });
});

describe('a message that is too large', () => {
  const oversized = (before: string, after: string): string =>
    `{${before}"method":"tools/call","params":{"name":"echo","arguments":{"x":"${'y'.repeat(2_000_000)}"}}${after}}`;

  test.each([
    ['first', '"jsonrpc":"2.0","id":77,', ''],
    ['last', '', ',"jsonrpc":"2.0","id":77'],
    ['last of all', '"jsonrpc":"2.0",', ',"id":77'],
  ])(
    'is an error with its id, where the id comes %s; the connection lives on',
    async (_where, before, after) => {
      const answer = await client.send(oversized(before, after));
      expect(answer.status).toBe(413);
      expect(answer.last).toMatchObject({ id: 77, error: { code: -32600 } });
      expect(answer.last.error?.message).toContain('larger than the 1048576 bytes');
      expect(parts.upstream.of('tools/call')).toEqual([]);
      expect((await client.send({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(200);
    },
  );

  test('without an id that can be read is an error without one', async () => {
    const answer = await client.send('x'.repeat(2_000_000));
    expect(answer.status).toBe(413);
    expect(answer.last.id).toBeNull();
  });
});

describe('large messages to a server that does not answer', () => {
  test('wait on the line once there are too many, small ones do not, and all are read in the end', async () => {
    await parts.stop();
    parts = await gatewayWithFakes({ limits: { maxInFlightBytes: 2_500_000 } });
    parts.server.handle = (message) => message.call !== undefined;
    client = new RawClient(parts.url());
    await client.initialize();
    const large = Array.from({ length: 5 }, (_, i) =>
      client.openCall(i, 'echo', { x: 'y'.repeat(1_000_000) }),
    );
    const got = () => parts.upstream.of('tools/call').map(({ id }) => Number(id));
    await until(() => got().length === 2);
    const small = client.openCall(50, 'echo');
    await until(() => got().includes(50));
    await new Promise((done) => setTimeout(done, 100));
    expect(got()).toHaveLength(3);
    await answerCall(50);
    await small.done;
    // One that gives up while it waits holds up nobody.
    const leaves = [0, 1, 2, 3, 4].find((id) => !got().includes(id)) as number;
    large[leaves]?.request.destroy();
    const answered = new Set([50, leaves]);
    while (answered.size < 6) {
      const next = (): number | undefined => got().find((id) => !answered.has(id));
      await until(() => next() !== undefined);
      const id = next() as number;
      answered.add(id);
      await answerCall(id);
      await large[id]?.done;
    }
  });
});
