import { beforeEach, describe, expect, test } from 'vitest';
import { parseFromServer } from '../../../../main/core/codec/index.ts';
import type { JsonObject, RpcMessage } from '../../../../main/core/codec/types.ts';
import { ToolListing, type ToolListingDeps } from '../../../../main/core/gateway/upstream/tool-listing.ts';
import type { ToolCatalogue, ToolEntry } from '../../../../main/core/tools/types.ts';
import { FakeClock } from '../../../fakes/clock.ts';

/** What a session reads of its server's tools when a call comes before the client has listed them. */

let clock: FakeClock;
let tools: Map<string, JsonObject> | undefined;
let notes: string[];
let asked: JsonObject[];
beforeEach(() => {
  clock = new FakeClock();
  tools = undefined;
  notes = [];
  asked = [];
});

const catalogue: ToolCatalogue = {
  replace(_server, definitions) {
    const all = typeof definitions === 'function' ? definitions() : definitions;
    tools = new Map(all.map((each) => [String(each.name), each]));
  },
  page: () => {},
  list: () => (tools ? [] : null),
  find: (_server, tool) => (tools?.has(tool) ? ({ name: tool } as ToolEntry) : undefined),
  forget: () => {},
  onChange: () => {},
};

function listing(answer: (params: JsonObject, count: number) => JsonObject | Error): ToolListing {
  const upstreams = { note: (_server: string, text: string) => void notes.push(text) };
  // What the policy says of the tools is not used here.
  const deps = { catalogue, clock, upstreams } as unknown as ToolListingDeps;
  const ask = async (_method: string, params: JsonObject): Promise<RpcMessage> => {
    asked.push(params);
    const result = answer(params, asked.length);
    if (result instanceof Error) throw result;
    const parsed = parseFromServer(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, ...result })));
    if (!parsed.ok || !('message' in parsed)) throw new Error('not a message');
    return parsed.message;
  };
  return new ToolListing(deps, { clientId: 'client', server: 'x', ask });
}
/** Calls a tool: undefined when it may be judged, else why not. */
const called = (of: ToolListing, tool: string): Promise<string | undefined> =>
  new Promise((done) => of.whenRead(tool, (error) => done(error?.message)));

describe('the end of a list', () => {
  test.each([
    ['an empty cursor', { nextCursor: '' }],
    ['null', { nextCursor: null }],
    ['a number', { nextCursor: 0 }],
    ['a cursor that was there', { nextCursor: 'same' }],
  ])('%s: calls work, and the walk is done once', async (_name, more) => {
    const one = listing(() => ({ result: { tools: [{ name: 'a' }], ...more } }));
    for (let i = 0; i < 5; i++) expect(await called(one, 'a')).toBeUndefined();
    // One that is not there is for the policy to refuse, not for the walk.
    expect(await called(one, 'b')).toBeUndefined();
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(notes).toHaveLength(1);
  });

  test('a circle of several pages', async () => {
    const next: Record<string, string> = { '': 'b', b: 'c', c: 'b' };
    const one = listing(({ cursor = '' }) => ({
      result: { tools: [{ name: `tool ${String(cursor)}` }], nextCursor: next[String(cursor)] ?? '' },
    }));
    expect(await called(one, 'tool c')).toBeUndefined();
    expect([...(tools?.keys() ?? [])]).toEqual(['tool ', 'tool b', 'tool c']);
    expect(notes[0]).toContain('page 3 has the nextCursor "b", which was there before');
  });

  test('without one: what was read can be called, the rest is refused with the reason, and it is read once', async () => {
    const one = listing((_params, count) => ({
      result: { tools: [{ name: `tool ${count}` }], nextCursor: `${count}` },
    }));
    expect(await called(one, 'tool 7')).toBeUndefined();
    for (let i = 0; i < 3; i++)
      expect(await called(one, 'other')).toBe(
        'The list of tools of the server "x" does not end after 200 pages. The tool other is not on them.',
      );
    expect(asked).toHaveLength(200);
    expect(notes).toHaveLength(1);
  });
  test('a later page that fails: what is before it can be called, and the rest is looked for again, more and more seldom', async () => {
    let failing = true;
    const one = listing(({ cursor }): JsonObject => {
      if (cursor === undefined) return { result: { tools: [{ name: 'a' }], nextCursor: 'x' } };
      return failing
        ? { error: { code: -32602, message: 'Invalid cursor' } }
        : { result: { tools: [{ name: 'b' }] } };
    });
    for (let i = 0; i < 50; i++) {
      expect(await called(one, 'a')).toBeUndefined();
      expect(await called(one, 'b')).toContain('Invalid cursor. The tool b is not on them.');
      clock.advance(100);
    }
    expect(asked.length).toBeLessThanOrEqual(14);
    failing = false;
    clock.advance(60_000);
    expect(await called(one, 'b')).toBeUndefined();
  });
});

test('a list that cannot be read is not asked for with every call, and is when it may have changed', async () => {
  const one = listing(() => new Error('The server is ill.'));
  for (let i = 0; i < 50; i++) {
    expect(await called(one, 'a')).toBe('The server is ill.');
    clock.advance(100);
  }
  // Three at once, then after 1 and 2 seconds.
  expect(asked.length).toBe(5);
  one.changed();
  await called(one, 'a');
  expect(asked.length).toBe(6);
});

test('a server that says after each reading that its list changed is read more and more seldom while a call waits', async () => {
  const one = listing(() => ({ result: { tools: [{ name: 'a' }] } }));
  await called(one, 'a');
  const release = one.held();
  for (let second = 0; second < 600; second++) {
    one.changed();
    await new Promise((done) => setImmediate(done));
    clock.advance(1000);
    await new Promise((done) => setImmediate(done));
  }
  release();
  expect(asked.length).toBeGreaterThan(30);
  expect(asked.length).toBeLessThan(120);
  expect(clock.waiting).toBe(0);
});
