import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, RawClient, until } from '../../fakes/raw-client.ts';
import { inUse, MB, type Soak, soak, within } from './soak-harness.ts';

/** Servers that break in the middle: every caller hears of it, soon and in words, and the session goes on. */

/** Nobody waits longer than this for the news, ms. */
const SOON = 8000;

let running: Soak | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
async function start(...args: Parameters<typeof soak>): Promise<{ soak: Soak; client: RawClient }> {
  running = await soak(...args);
  const client = new RawClient(running.parts.url());
  await client.initialize();
  await client.call('echo');
  return { soak: running, client };
}
const errorOf = (answer: Answer): string => answer.last.error?.message ?? JSON.stringify(answer.last);
/** The session still works, whatever happened to the server. */
async function goesOn(client: RawClient): Promise<void> {
  expect((await within(SOON, client.call('echo', { a: 1 }))).last.result?.structuredContent).toEqual({
    a: 1,
  });
}

describe('a server that dies in the middle of an answer', () => {
  test('stdio, killed within a line: its caller and all others are told, and the next call finds it again', async () => {
    const { client, soak } = await start('stdio');
    const waiting = [1, 2, 3].map((id) => client.openCall(id, 'never').done);
    await until(() => soak.parts.judged.length === 4);
    const half = await within(SOON, client.call('half'));
    expect(errorOf(half)).toContain('The server "files" ended by signal SIGKILL.');
    for (const answer of await within(SOON, Promise.all(waiting))) {
      expect(errorOf(answer)).toContain('ended by signal SIGKILL');
    }
    expect(soak.parts.records.filter(({ outcome }) => outcome?.status === 'lost')).toHaveLength(4);
    await goesOn(client);
  });

  test.each(['json', 'sse'])('HTTP, cut within %s: only its caller is told', async (as) => {
    const { client, soak } = await start('json');
    const waiting = client.openCall(1, 'slow', { ms: 300 });
    const half = await within(SOON, client.call('half', { as }));
    expect(errorOf(half)).toMatch(/broke off: it closed the connection|broke off: aborted/);
    expect(half.last.id).toEqual(expect.any(Number));
    expect((await waiting.done).last.result).toBeDefined();
    expect(soak.parts.records.find(({ outcome }) => outcome?.status === 'error')).toBeDefined();
    await goesOn(client);
  });
});

describe('an answer without an end', () => {
  const BYTES = 400 * MB;

  test('over stdio, with its id at the beginning: an error as soon as it is too long, and others are not held up for ever', async () => {
    const { client } = await start('stdio');
    const before = await inUse();
    const other = client.openCall(1, 'never').done;
    const endless = await within(SOON, client.call('endless', { bytes: BYTES }));
    expect(errorOf(endless)).toMatch(
      /sent a message of more than 67108864 bytes; at most 67108864 are taken/,
    );
    expect(errorOf(await within(SOON, other))).toContain('without an end');
    expect((await inUse()) - before).toBeLessThan(100 * MB);
    await goesOn(client);
    expect((await inUse()) - before).toBeLessThan(20 * MB);
  });

  test('over stdio, without an id: the server is stopped, and every caller told', async () => {
    const { client } = await start('stdio');
    const other = client.openCall(1, 'never').done;
    const endless = await within(SOON, client.call('endless', { bytes: BYTES, id: false }));
    expect(errorOf(endless)).toContain('without an end and was stopped');
    expect(errorOf(await within(SOON, other))).toContain('without an end');
    await goesOn(client);
  });

  test.each(['json', 'sse'])('over HTTP as %s: an error when it is too long', async (as) => {
    const { client } = await start('json');
    const before = await inUse();
    const endless = await within(SOON, client.call('endless', { bytes: BYTES, as }));
    expect(errorOf(endless)).toMatch(/larger than 67108864 bytes/);
    expect((await inUse()) - before).toBeLessThan(20 * MB);
    await goesOn(client);
  });
});

describe('many at once', () => {
  test('fifty callers of a server that is killed over and over: each is answered, none hangs', async () => {
    const { client, soak } = await start('stdio', { upstream: { quickEndMs: 0 } });
    for (let round = 0; round < 3; round++) {
      const answers = Array.from({ length: 50 }, (_, i) =>
        within(SOON * 2, client.call(i === 25 ? 'half' : i % 2 === 0 ? 'echo' : 'slow', { i, ms: 20 })),
      );
      for (const { last } of await Promise.all(answers)) {
        expect(last.error !== undefined || last.result !== undefined).toBe(true);
      }
    }
    await goesOn(client);
    expect(soak.parts.records.every(({ outcome }) => outcome !== undefined)).toBe(true);
  });
});
