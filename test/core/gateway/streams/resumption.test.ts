import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../fakes/clock.ts';
import { gatewayWithFakes, type Parts } from '../../../fakes/gateway-parts.ts';
import { type Answer, type Open, RawClient, until } from '../../../fakes/raw-client.ts';

/** Streams that a client loses and takes up again (MCP 2025-11-25, transports, resumability and redelivery). */

let parts: Parts;
let clock: FakeClock;
let client: RawClient;

async function begin(version = '2025-11-25', limits = {}): Promise<void> {
  await parts?.stop();
  clock = new FakeClock();
  parts = await gatewayWithFakes({ clock, limits });
  parts.server.handle = (message) => message.call !== undefined;
  client = new RawClient(parts.url());
  await client.initialize(version);
}
beforeEach(() => begin());
afterEach(async () => {
  await parts.stop();
});

interface Event {
  readonly id: string | undefined;
  readonly data: string | undefined;
  readonly retry: string | undefined;
}
function eventsOf(text: string): Event[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((block) => {
      const field = (name: string): string | undefined =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim();
      return { id: field('id'), data: field('data'), retry: field('retry') };
    })
    .filter(({ id, data }) => id !== undefined || data !== undefined);
}
const ids = (stream: Open): string[] => eventsOf(stream.text()).flatMap(({ id }) => id ?? []);
const lastId = (stream: Open): string => ids(stream).at(-1) ?? 'none';
const log = (data: unknown) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { data } });
const dataOf = (message: Answer['messages'][number]): unknown => (message.params as { data?: unknown })?.data;
const answerCall = (id: number, text = 'late') =>
  parts.upstream.say(
    `{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"${text}"}]}}`,
    String(id),
  );
const textOf = (answer: Answer): string | undefined => answer.last.result?.content?.[0]?.text;

/** A call whose answer is a stream, and the server has it. */
async function streaming(id: number, from = client): Promise<Open> {
  const call = from.openCall(id, 'echo');
  await until(() => parts.upstream.of('tools/call').some((message) => message.id === String(id)));
  clock.advance(1000);
  await call.head;
  await until(
    () => call.text().includes('\n\n') || parts.gateway.sessions()[0]?.protocolVersion !== '2025-11-25',
  );
  return call;
}
async function drop(stream: Open): Promise<void> {
  const gone = new Promise((done) => stream.request.on('close', done));
  stream.request.destroy();
  await gone;
  await stream.done.catch(() => {});
  // The gateway hears of it in its own time.
  await new Promise((done) => setTimeout(done, 20));
}
const resume = (id: string, from = client): Open => from.get({ 'last-event-id': id });

describe('a stream begins', () => {
  test('with an id and a time to wait, before there is anything to say', async () => {
    const call = await streaming(1);
    const [first, ...more] = eventsOf(call.text());
    expect(first).toEqual({ id: expect.stringMatching(/^p1\.1\.[\w-]{12}$/), data: '', retry: '1000' });
    expect(more).toEqual([]);
    await answerCall(1);
    expect((await call.done).messages).toHaveLength(1);
  });

  test.each([
    ['2025-06-18', true],
    ['2025-03-26', true],
    ['2024-11-05', false],
  ])('but not for a client of %s, which chokes on an event without data', async (version, withIds) => {
    await begin(version);
    const call = await streaming(1);
    await parts.upstream.say(log('a'), '1');
    await answerCall(1);
    await call.done;
    const events = eventsOf(call.text());
    expect(events.map(({ data }) => data)).toHaveLength(2);
    expect(events.every(({ data }) => data !== '')).toBe(true);
    expect(ids(call)).toHaveLength(withIds ? 2 : 0);
    expect(call.text()).not.toContain('retry');
  });

  test('with ids that name it: no two events of a session share one', async () => {
    const get = client.get();
    const one = await streaming(1);
    const two = await streaming(2);
    await parts.upstream.say(log('a'), '1');
    await parts.upstream.say(log('b'), '2');
    await answerCall(1);
    await answerCall(2);
    await Promise.all([one.done, two.done]);
    await parts.upstream.say(log('c'));
    await until(() => get.text().includes('"c"'));
    const all = [...ids(one), ...ids(two), ...ids(get)];
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(all.map((id) => id.split('.')[0])).size).toBe(3);
    get.request.destroy();
  });

  test('an answer that comes first is plain JSON, without any of this', async () => {
    const call = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    await answerCall(1, 'first');
    const answer = await call.done;
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body).toBe(
      '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"first"}]}}',
    );
  });
});

describe('a server that ends the stream of a call before it answers', () => {
  test('has that done to its client, who comes back for the answer', async () => {
    const call = client.openCall(1, 'echo');
    await until(() => parts.upstream.of('tools/call').length === 1);
    parts.upstream.hangUp('1');
    const { status, messages } = await call.done;
    expect([status, messages]).toEqual([200, []]);
    expect(eventsOf(call.text())).toEqual([{ id: lastId(call), data: '', retry: '1000' }]);
    const back = resume(lastId(call));
    await answerCall(1, 'now');
    expect(textOf(await back.done)).toBe('now');
  });

  test('keeps its client waiting where that knows nothing of it, and where the call is over', async () => {
    await begin('2025-06-18');
    const call = await streaming(1);
    parts.upstream.hangUp('1');
    await answerCall(1, 'at once');
    expect(textOf(await call.done)).toBe('at once');
    parts.upstream.hangUp('1');
    parts.upstream.hangUp('never asked');
  });
});

describe('a client that lost the stream of a call', () => {
  test('gets the answer that came meanwhile, once it is back', async () => {
    const call = await streaming(1);
    await drop(call);
    await answerCall(1, 'kept for you');
    expect(parts.records.at(-1)?.outcome?.status).toBe('ok');
    const back = await resume(lastId(call)).done;
    expect(back.status).toBe(200);
    expect(back.headers['content-type']).toBe('text/event-stream');
    expect(back.messages).toHaveLength(1);
    expect(textOf(back)).toBe('kept for you');
  });

  test('that is under way is told what it missed, and hears the rest live', async () => {
    const call = await streaming(1);
    await parts.upstream.say(log('heard'), '1');
    await until(() => call.text().includes('heard'));
    const from = lastId(call);
    await drop(call);
    await parts.upstream.say(log('missed'), '1');
    const back = resume(from);
    await back.message((message) => dataOf(message) === 'missed');
    await parts.upstream.say(log('live'), '1');
    await back.message((message) => dataOf(message) === 'live');
    await answerCall(1, 'done');
    const answer = await back.done;
    expect(answer.messages.map(dataOf)).toEqual(['missed', 'live', undefined]);
    expect(textOf(answer)).toBe('done');
    expect(parts.records.filter(({ outcome }) => outcome?.status === 'ok')).not.toEqual([]);
  });

  test('can lose it again right after coming back: there is an id to go on from', async () => {
    const call = await streaming(1);
    await drop(call);
    const second = resume(lastId(call));
    await until(() => ids(second).length === 1);
    await drop(second);
    await answerCall(1, 'third time');
    expect(textOf(await resume(lastId(second)).done)).toBe('third time');
  });

  test('comes back while the gateway still holds the old connection: that one ends', async () => {
    const call = await streaming(1);
    const back = resume(lastId(call));
    await back.head;
    expect((await call.done).messages).toEqual([]);
    await answerCall(1, 'here');
    expect(textOf(await back.done)).toBe('here');
  });

  test('gets its progress, and the same again when it asks again', async () => {
    const call = client.openCall(1, 'echo', {}, { progressToken: 'tok' });
    await until(() => parts.upstream.of('tools/call').length === 1);
    clock.advance(1000);
    await until(() => ids(call).length === 1);
    const from = lastId(call);
    await drop(call);
    const progress = (value: number) =>
      parts.upstream.say({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 'tok', progress: value },
      });
    await progress(1);
    await progress(1);
    await progress(2);
    await answerCall(1, 'done');
    for (let again = 0; again < 2; again++) {
      const { messages } = await resume(from).done;
      expect(messages.map(({ params }) => (params as { progress?: number })?.progress)).toEqual([
        1,
        2,
        undefined,
      ]);
    }
  });

  test('has heard everything: 204, the one status at which clients do not come back', async () => {
    const call = await streaming(1);
    await answerCall(1);
    await call.done;
    const back = await resume(lastId(call)).done;
    expect(back.status).toBe(204);
    expect(textOf(await resume(ids(call)[0] as string).done)).toBe('late');
  });

  test('cancelled the call: nothing is waited for', async () => {
    const call = await streaming(1);
    await client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    expect((await call.done).messages).toEqual([]);
    expect((await resume(lastId(call)).done).status).toBe(204);
  });

  test('had its call held for a person: the question is withdrawn, and it is told so', async () => {
    parts.rules.set('echo', { decision: 'ask' });
    const call = client.openCall(1, 'echo');
    await until(() => ids(call).length === 1);
    await drop(call);
    await until(() => parts.approvals.list().length === 0);
    expect(textOf(await resume(lastId(call)).done)).toContain('The client hung up');
    expect(parts.upstream.of('tools/call')).toEqual([]);
    expect(parts.records.at(-1)?.record.decision).toBe('withdrawn');
  });

  test('of a server that died meanwhile is told that', async () => {
    const call = await streaming(1);
    await drop(call);
    parts.upstream.die('The server "files" ended by signal SIGKILL.');
    expect((await resume(lastId(call)).done).last.error?.message).toContain('SIGKILL');
  });

  test('without ids (2024-11-05) has nothing kept for it', async () => {
    await begin('2024-11-05');
    const call = await streaming(1);
    await drop(call);
    await answerCall(1);
    const get = resume('p1.1.whatever');
    await get.head;
    await parts.upstream.say(log('only this'));
    await get.message((message) => dataOf(message) === 'only this');
    expect(get.text()).not.toContain('late');
    get.request.destroy();
  });
});

describe('the GET stream', () => {
  test('goes on where it broke, with what was queued meanwhile', async () => {
    const get = client.get();
    await until(() => ids(get).length === 1);
    await parts.upstream.say(log('one'));
    await parts.upstream.say(log('two'));
    await until(() => get.text().includes('"two"'));
    const [, afterOne] = ids(get);
    await drop(get);
    await parts.upstream.say(log('three'));
    const back = resume(afterOne as string);
    await back.message((message) => dataOf(message) === 'three');
    await parts.upstream.say(log('four'));
    await back.message((message) => dataOf(message) === 'four');
    const data = eventsOf(back.text()).flatMap(({ data }) => (data ? [dataOf(JSON.parse(data))] : []));
    expect(data).toEqual(['two', 'three', 'four']);
    back.request.destroy();
  });

  test('opened again gets only what was queued: nothing is said twice', async () => {
    const get = client.get();
    await until(() => ids(get).length === 1);
    await parts.upstream.say(log('one'));
    await until(() => get.text().includes('"one"'));
    await drop(get);
    await parts.upstream.say(log('two'));
    const fresh = client.get();
    await fresh.message((message) => dataOf(message) === 'two');
    expect(fresh.text()).not.toContain('"one"');
    fresh.request.destroy();
  });

  test('what is queued goes to a call that is taken up again, when no GET stream is open', async () => {
    const call = await streaming(1);
    await drop(call);
    await parts.upstream.say(log('for anyone'));
    const back = resume(lastId(call));
    await back.message((message) => dataOf(message) === 'for anyone');
    await answerCall(1);
    expect((await back.done).messages).toHaveLength(2);
  });
});

describe('an id replays only its own stream', () => {
  test('not another stream of the session', async () => {
    const one = await streaming(1);
    const two = await streaming(2);
    await drop(one);
    await drop(two);
    await answerCall(1, 'first');
    await answerCall(2, 'second');
    const back = await resume(lastId(two)).done;
    expect(back.messages).toHaveLength(1);
    expect(textOf(back)).toBe('second');
  });

  test('not a stream of another session, and nothing for an id of no stream', async () => {
    const call = await streaming(1);
    const from = lastId(call);
    await drop(call);
    await answerCall(1, 'secret of the first');
    const other = new RawClient(parts.url(), 'claude-code');
    await other.initialize();
    for (const id of [from, 'p1.0.x', '../../etc', 'g1.1.1', 'p1.1', `${from}x`, '9'.repeat(4000)]) {
      const get = resume(id, other);
      expect((await get.head).statusCode).toBe(200);
      await parts.upstream.say(log(id));
      await get.message((message) => dataOf(message) === id);
      expect(get.text()).not.toContain('secret');
      await drop(get);
    }
    const thief = new RawClient(parts.url(), 'claude-code');
    thief.session = client.session;
    expect((await resume(from, thief).done).status).toBe(404);
    expect(textOf(await resume(from).done)).toBe('secret of the first');
  });

  test('a stream of a call that is no longer known is an error, not a wait', async () => {
    const call = await streaming(1);
    await answerCall(1);
    await call.done;
    clock.advance(31_000);
    const back = await resume(ids(call)[0] as string).done;
    expect(back.status).toBe(400);
    expect(back.last.error?.message).toContain('no longer kept');
  });
});

describe('what is kept has bounds', () => {
  test('in time: a client that does not come back is forgotten, one whose call runs is not', async () => {
    const call = await streaming(1);
    await drop(call);
    clock.advance(55_000);
    await answerCall(1, 'after a while');
    clock.advance(4 * 60_000);
    expect(textOf(await resume(lastId(call)).done)).toBe('after a while');
    const lost = await streaming(2);
    await drop(lost);
    await answerCall(2);
    clock.advance(5 * 60_000 + 1000);
    expect((await resume(lastId(lost)).done).status).toBe(400);
  });

  test('in bytes: the oldest goes first, and an answer that is gone is an error with its id', async () => {
    await begin('2025-11-25', { resumeBytes: 20_000 });
    const call = await streaming(1);
    await drop(call);
    for (let i = 0; i < 100; i++) void parts.upstream.say(log(`${i} ${'x'.repeat(1000)}`), '1');
    await answerCall(1, 'the answer');
    const from = lastId(call);
    const back = await resume(from).done;
    expect(back.messages.length).toBeGreaterThan(10);
    expect(back.messages.length).toBeLessThan(20);
    expect(textOf(back)).toBe('the answer');
    const big = await streaming(2);
    await drop(big);
    await answerCall(2, 'y'.repeat(30_000));
    const gone = await resume(lastId(big)).done;
    expect(gone.messages).toHaveLength(1);
    expect(gone.last).toMatchObject({ id: 2, error: { code: -32000 } });
    expect(gone.last.error?.message).toContain('too large');
    // The small one beside it is untouched, and an error is not said twice.
    expect(textOf(await resume(from).done)).toBe('the answer');
    expect((await resume(lastId(big)).done).messages).toHaveLength(1);
  });

  test('a large answer goes to a client that is there', async () => {
    await begin('2025-11-25', { resumeBytes: 20_000 });
    const call = await streaming(1);
    await answerCall(1, 'y'.repeat(30_000));
    expect(textOf(await call.done)).toHaveLength(30_000);
  });

  test('all sessions together: within the whole, none pushes out what another keeps', async () => {
    await begin('2025-11-25', { resumeBytes: 20_000, resumeBytesAll: 30_000 });
    const other = new RawClient(parts.url(), 'claude-code');
    const call = await streaming(1);
    await drop(call);
    const first = parts.upstream;
    await other.initialize();
    const theirs = await streaming(1, other);
    await drop(theirs);
    void first.say('{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"mine"}]}}', '1');
    for (let i = 0; i < 100; i++) void parts.upstream.say(log(`${i} ${'x'.repeat(1000)}`), '1');
    await answerCall(1, 'theirs');
    expect(textOf(await resume(lastId(call)).done)).toBe('mine');
    expect(textOf(await resume(lastId(theirs), other).done)).toBe('theirs');
  });

  test('all sessions together: beyond the whole, what came first goes', async () => {
    await begin('2025-11-25', { resumeBytes: 20_000, resumeBytesAll: 10_000 });
    const call = await streaming(1);
    await drop(call);
    const first = parts.upstream;
    const other = new RawClient(parts.url(), 'claude-code');
    await other.initialize();
    const theirs = await streaming(1, other);
    await drop(theirs);
    void first.say('{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"mine"}]}}', '1');
    for (let i = 0; i < 20; i++) void parts.upstream.say(log(`${i} ${'x'.repeat(1000)}`), '1');
    expect((await resume(lastId(call)).done).last.error?.message).toContain('too long ago');
  });

  test("a server's question that a client never saw is answered with an error when there is no room for it", async () => {
    await begin('2025-11-25', { resumeBytes: 20_000 });
    const call = await streaming(1);
    await drop(call);
    await parts.upstream.say({ jsonrpc: '2.0', id: 'q', method: 'elicitation/create', params: {} }, '1');
    const refused = () => parts.upstream.sent.find(({ kind, id }) => kind === 'response' && id === '"q"');
    expect(refused()).toBeUndefined();
    for (let i = 0; i < 100; i++) void parts.upstream.say(log('x'.repeat(1000)), '1');
    await until(() => refused() !== undefined);
    expect(refused()?.isError).toBe(true);
  });

  test('a question that was kept can be answered by the client that came back', async () => {
    const call = await streaming(1);
    await drop(call);
    await parts.upstream.say({ jsonrpc: '2.0', id: 'q', method: 'elicitation/create', params: {} }, '1');
    const back = resume(lastId(call));
    await back.message(({ method }) => method === 'elicitation/create');
    expect((await client.send({ jsonrpc: '2.0', id: 'q', result: { action: 'accept' } })).status).toBe(202);
    await answerCall(1, 'asked');
    expect(textOf(await back.done)).toBe('asked');
  });
});
