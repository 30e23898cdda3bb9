import { expect, test } from 'vitest';
import type { JsonObject, RpcMessage } from '../../../main/core/codec/types.ts';
import { listTools } from '../../../main/core/upstream/list-tools.ts';
import {
  type CloseReason,
  type UpstreamConnection,
  UpstreamError,
} from '../../../main/core/upstream/types.ts';
import { message } from './helpers.ts';

type Answer = { [key: string]: unknown } | undefined;

/** A connection whose server answers each request as given; undefined leaves it without an answer. */
class Fake implements UpstreamConnection {
  readonly server = 'x';
  readonly sent: JsonObject[] = [];
  version: string | undefined;
  end: (reason: CloseReason) => void = () => {};
  readonly #answer: (request: JsonObject, fake: Fake) => Answer;
  #receive: (message: RpcMessage, forId: string | undefined) => void | Promise<void> = () => {};

  constructor(answer: (request: JsonObject, fake: Fake) => Answer) {
    this.#answer = answer;
  }
  async send(sent: RpcMessage): Promise<void> {
    const value = JSON.parse(sent.raw.toString()) as JsonObject;
    expect(sent.value()).toEqual(value);
    this.sent.push(value);
    if (sent.kind !== 'request') return;
    const answer = this.#answer(value, this);
    if (answer) this.say({ jsonrpc: '2.0', id: value.id, ...answer } as JsonObject);
  }
  say(value: JsonObject): void {
    void this.#receive(message(value), undefined);
  }
  onMessage(receive: (message: RpcMessage, forId: string | undefined) => void | Promise<void>): void {
    this.#receive = receive;
  }
  onClose(closed: (reason: CloseReason) => void): void {
    this.end = closed;
  }
  openStream(): void {}
  setProtocolVersion(version: string): void {
    this.version = version;
  }
  async close(): Promise<void> {}
}

const hello: Answer = { result: { protocolVersion: '2025-06-18', capabilities: { tools: {} } } };
const never = new AbortController().signal;

test('says hello, asks for every page, and answers what the server asks meanwhile', async () => {
  const fake = new Fake(({ method, params }, self) => {
    if (method === 'initialize') {
      self.say({ jsonrpc: '2.0', id: 'p', method: 'ping' });
      self.say({ jsonrpc: '2.0', id: 7, method: 'roots/list' });
      return hello;
    }
    const cursor = (params as JsonObject).cursor;
    return cursor === 'two'
      ? { result: { tools: [{ name: 'b', x: 1 }] } }
      : { result: { tools: [{ name: 'a' }], nextCursor: 'two' } };
  });
  expect(await listTools(fake, never)).toEqual([{ name: 'a' }, { name: 'b', x: 1 }]);
  expect(fake.version).toBe('2025-06-18');
  expect(fake.sent).toEqual([
    expect.objectContaining({ id: 'drawbridge-1', method: 'initialize' }),
    { jsonrpc: '2.0', id: 'p', result: {} },
    { jsonrpc: '2.0', id: 7, error: { code: -32601, message: 'Method not found' } },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 'drawbridge-2', method: 'tools/list', params: {} },
    { jsonrpc: '2.0', id: 'drawbridge-3', method: 'tools/list', params: { cursor: 'two' } },
  ]);
});

test('a server without tools has none; any other error is reported', async () => {
  const refusing = (code: number): Fake =>
    new Fake(({ method }) => (method === 'initialize' ? hello : { error: { code, message: 'no' } }));
  expect(await listTools(refusing(-32601), never)).toEqual([]);
  await expect(listTools(refusing(-32000), never)).rejects.toThrow(
    'The server "x" answered tools/list with: no (-32000)',
  );
});

test('a list that has no last page is given up', async () => {
  let page = 0;
  const fake = new Fake(({ method }) =>
    method === 'initialize' ? hello : { result: { tools: [], nextCursor: `${++page}` } },
  );
  await expect(listTools(fake, never)).rejects.toThrow(
    'The list of tools of the server "x" does not end after 200 pages.',
  );
  expect(page).toBe(200);
});

const ends: [string, JsonObject, number, RegExp][] = [
  ['is empty', { nextCursor: '' }, 1, /Page 1 .* the nextCursor "", which names no page/],
  ['is null', { nextCursor: null }, 1, /the nextCursor null,/],
  ['is a number', { nextCursor: 7 }, 1, /the nextCursor 7,/],
  ['is an object', { nextCursor: { page: 2 } }, 1, /the nextCursor \{"page":2\},/],
  ['repeats', { nextCursor: 'same' }, 2, /in a circle: page 2 has the nextCursor "same"/],
];
test.each(ends)(
  'a list whose next cursor %s ends there, with a line in the log',
  async (_, more, pages, line) => {
    let page = 0;
    const fake = new Fake(({ method }) => {
      if (method === 'initialize') return hello;
      page++;
      return { result: { tools: [{ name: `tool-${page}` }], ...more } };
    });
    const notes: string[] = [];
    const tools = await listTools(fake, never, 1000, 'legacy', (text) => notes.push(text));
    expect([tools.length, page, notes.length]).toEqual([pages, pages, 1]);
    expect(notes[0]).toMatch(line);
  },
);

test('a list that two readers could read in two ways is refused, as it is to clients', async () => {
  const fake = new Fake(({ method }) =>
    method === 'initialize' ? hello : { result: { tools: [{ name: 'read', Name: 'delete' }] } },
  );
  await expect(listTools(fake, never)).rejects.toThrow(/"x" cannot be read: .*ambiguous/);
});

test('ends with the server, with the asker, and with its time', async () => {
  const silent = new Fake(() => undefined);
  const asking = listTools(silent, never);
  silent.end({ message: 'The server "x" ended with exit code 1.', expected: false });
  await expect(asking).rejects.toEqual(new UpstreamError('failed', 'The server "x" ended with exit code 1.'));
  const abort = new AbortController();
  const cancelled = listTools(new Fake(() => undefined), abort.signal);
  abort.abort();
  await expect(cancelled).rejects.toThrow('cancelled');
  await expect(listTools(new Fake(() => undefined), never, 20)).rejects.toThrow(
    'did not answer within 0.02 seconds',
  );
});
