import { beforeEach, describe, expect, test } from 'vitest';
import { parseFromClient, parseFromServer } from '../../../main/core/codec/index.ts';
import type { RpcMessage } from '../../../main/core/codec/types.ts';
import { OpenRequests } from '../../../main/core/upstream/open-requests.ts';

let notes: string[];
let dropped: string[];
let open: OpenRequests;
beforeEach(() => {
  notes = [];
  dropped = [];
  open = new OpenRequests({ note: (text) => notes.push(text), dropped: (text) => dropped.push(text) });
});
const sent = (id: string): void => {
  const parsed = parseFromClient(Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":"tools/list"}`), {
    maxBytes: 1000,
    allowBatch: false,
  });
  if (!parsed.ok || !('message' in parsed)) throw new Error('not a request');
  open.add(parsed.message);
};
const answer = (text: string): RpcMessage => {
  const parsed = parseFromServer(Buffer.from(text));
  if (!parsed.ok || !('message' in parsed)) throw new Error(JSON.stringify(parsed));
  return parsed.message;
};
const result = (id: string): RpcMessage => answer(`{"jsonrpc":"2.0","id":${id},"result":{"n":1.0}}`);
const raw = (message: RpcMessage | undefined) => message?.raw.toString();

test('the id as it was sent: the very same bytes, and nothing to say', () => {
  sent('1');
  const came = result('1');
  expect(open.match(came)).toBe(came);
  expect([notes, open.ids]).toEqual([[], []]);
});

describe('another form of the same id', () => {
  test.each([
    ['1', '"1"'],
    ['1', '" 1 "'],
    ['1', '"1.0"'],
    ['"1"', '1'],
    ['-7', '"-7"'],
    ['"abc"', '" abc"'],
    ['9007199254740993', '"9007199254740993"'],
  ])('%s answered as %s', (asked, given) => {
    sent(asked);
    sent('"other"');
    const message = open.match(result(given));
    expect([message.id, raw(message)]).toEqual([asked, `{"jsonrpc":"2.0","id":${asked},"result":{"n":1.0}}`]);
    expect(message.value()).toMatchObject({ id: JSON.parse(asked), result: { n: 1 } });
    expect(open.ids).toEqual(['"other"']);
    expect(dropped).toEqual([]);
  });

  test('where two could be meant, it is for none', () => {
    sent('1');
    sent('" 1"');
    expect(open.match(result('"1"')).id).toBe('"1"');
    expect(dropped[0]).toBe(
      'It sent an answer with the id "1", which no open request has. The answer was dropped.',
    );
  });

  test('the request whose id is the very same goes before', () => {
    sent('1');
    sent('"1"');
    expect(open.match(result('"1"')).id).toBe('"1"');
    expect(open.ids).toEqual(['1']);
  });

  test('is told once', () => {
    for (const id of ['1', '2', '3']) sent(id);
    for (const id of ['"1"', '"2"', '"3"']) open.match(result(id));
    expect(notes).toEqual([
      'It answered the request 1 with the id "1". That is taken for the answer, now and later.',
    ]);
  });
});

test('the asker gets the bytes of its own id, where the server used another', () => {
  for (const [own, given] of [
    ['1.0', '"1"'],
    ['1e2', '"100"'],
  ] as const) {
    sent(own);
    expect(raw(open.match(result(given)))).toBe(`{"jsonrpc":"2.0","id":${own},"result":{"n":1.0}}`);
  }
});

test('another spelling of the same id passes as the server wrote it', () => {
  sent('1.0');
  const came = result('1');
  expect(open.match(came)).toBe(came);
  expect(notes).toEqual([]);
});

describe('an error without an id', () => {
  const error = answer('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}');
  test('fails the request that is open', () => {
    sent('5');
    expect(raw(open.match(error))).toBe('{"jsonrpc":"2.0","id":5,"error":{"code":-32700,"message":"no"}}');
  });
  test('and none where there are two, or none', () => {
    expect(open.match(error).id).toBe('null');
    sent('5');
    sent('6');
    expect(open.match(error).id).toBe('null');
    expect(dropped).toHaveLength(2);
  });
  test('cancelled requests do not count; their own answers are no news', () => {
    sent('5');
    sent('6');
    open.lapse('5');
    expect(open.match(error).id).toBe('6');
    expect(open.match(result('5')).id).toBe('5');
    expect(dropped).toEqual([]);
  });
  test('a result without one is for none', () => {
    sent('5');
    expect(open.match(result('null')).id).toBe('null');
  });
});

describe('in the body or stream of a request', () => {
  test.each(['"x"', 'null', '99', '"5"'])('the id %s', (given) => {
    sent('5');
    sent('6');
    expect(raw(open.match(result(given), '5'))).toBe('{"jsonrpc":"2.0","id":5,"result":{"n":1.0}}');
  });
  test('an answer to another open request is that', () => {
    sent('5');
    sent('6');
    expect(open.match(result('6'), '5').id).toBe('6');
  });
  test('of several the one with the right id counts', () => {
    sent('5');
    const [first, second] = open.matchAll([result('8'), result('5')], '5');
    expect([first?.id, second?.id]).toEqual(['8', '5']);
  });
  test.each([
    '{"jsonrpc":"2.0","result":{"n":1.0}}',
    '{"jsonrpc":"2.0","id":{"a":1},"result":{"n":1.0}}',
    '{"jsonrpc":"2.0","id":true,"result":{"n":1.0}}',
    ' {"result":{"n":1.0},"jsonrpc":"2.0"}',
  ])('%s, which is not valid for its id', (text) => {
    sent('5');
    const rescued = open.rescue(Buffer.from(text), parseFromServer, '5');
    expect([rescued?.id, rescued?.value().result]).toEqual(['5', { n: 1 }]);
  });
  test.each([
    '{}',
    '[]',
    'no',
    '{"jsonrpc":"2.0","method":"x"}',
    '{"jsonrpc":"2.0","id":1,"id":2,"result":{}}',
  ])('%s is no answer in any way', (text) => {
    sent('5');
    expect(open.rescue(Buffer.from(text), parseFromServer, '5')).toBeUndefined();
    expect(open.ids).toEqual(['5']);
  });
});

test('outside of one, only an error is rescued', () => {
  sent('5');
  expect(open.rescue(Buffer.from('{"jsonrpc":"2.0","result":{}}'), parseFromServer)).toBeUndefined();
  const error = '{"jsonrpc":"2.0","error":{"code":1,"message":"no"}}';
  expect(open.rescue(Buffer.from(error), parseFromServer)?.id).toBe('5');
});
