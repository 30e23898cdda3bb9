import { describe, expect, test } from 'vitest';
import { argumentsFault } from '../../../main/core/codec/arguments.ts';
import { parseFromClient, parseFromServer } from '../../../main/core/codec/index.ts';
import type { RpcMessage } from '../../../main/core/codec/types.ts';

const options = { maxBytes: 1024 * 1024, allowBatch: false };
const client = (text: string | Buffer) => parseFromClient(Buffer.from(text), options);
const good = (text: string): RpcMessage => {
  const parsed = client(text);
  if (!parsed.ok || !('message' in parsed)) throw new Error(`refused: ${JSON.stringify(parsed)}`);
  return parsed.message;
};
const bad = (text: string | Buffer) => {
  const parsed = client(text);
  if (parsed.ok) throw new Error(`taken: ${text}`);
  return parsed.fault;
};
const call = (args: string, more = '') =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":${args}${more}}}`;

describe('from a client', () => {
  test('kinds, ids, tokens', () => {
    expect(good('{"jsonrpc":"2.0","id":"a\\u0062","method":"x"}')).toMatchObject({
      kind: 'request',
      id: '"ab"',
      method: 'x',
    });
    expect(good('{"jsonrpc":"2.0","id":1.0,"method":"x"}').id).toBe('1');
    expect(good('{"jsonrpc":"2.0","id":9007199254740993,"method":"x"}').id).toBe('9007199254740993');
    expect(good('{"jsonrpc":"2.0","method":"x"}').kind).toBe('notification');
    expect(good('{"jsonrpc":"2.0","id":1,"result":{}}')).toMatchObject({ kind: 'response', isError: false });
    expect(good('{"jsonrpc":"2.0","id":1,"error":{}}')).toMatchObject({ kind: 'response', isError: true });
    expect(good(call('{}', ',"_meta":{"progressToken":7,"other":{"a":1}}')).progressToken).toBe('7');
    expect(
      good('{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}')
        .progressToken,
    ).toBe('"p"');
    expect(
      good('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"r"}}').cancels,
    ).toBe('"r"');
  });

  test('params before the method are read as strictly', () => {
    const text = (args: string) =>
      `{"params":{"arguments":${args},"name":"t"},"id":1,"method":"tools/call","jsonrpc":"2.0"}`;
    expect(good(text('{"a":{"b":[1]}}')).call?.arguments).toEqual(
      Object.assign(Object.create(null), { a: Object.assign(Object.create(null), { b: [1] }) }),
    );
    expect(bad(text('{"a":{"b":1,"b":2}}')).message).toContain('twice');
    expect(
      bad('{"x":[{"b":1,"b":2}],"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}').message,
    ).toContain('twice');
  });

  test.each([
    ['a byte order mark', '\ufeff{"jsonrpc":"2.0","id":1,"method":"x"}'],
    ['invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    [
      'overlong UTF-8',
      Buffer.concat([
        Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'),
        Buffer.from([0xc0, 0xaf]),
        Buffer.from('"}'),
      ]),
    ],
    ['nothing', ''],
    ['white space', '  '],
    ['a number', '1'],
    ['a wrong version', '{"jsonrpc":"1.0","id":1,"method":"x"}'],
    ['no version', '{"id":1,"method":"x"}'],
    ['a null id', '{"jsonrpc":"2.0","id":null,"method":"x"}'],
    ['an object id', '{"jsonrpc":"2.0","id":{},"method":"x"}'],
    ['request and response at once', '{"jsonrpc":"2.0","id":1,"method":"x","result":{}}'],
    ['result and error at once', '{"jsonrpc":"2.0","id":1,"error":{},"result":{}}'],
    ['neither', '{"jsonrpc":"2.0","id":1}'],
    ['a response without id', '{"jsonrpc":"2.0","result":{}}'],
    ['an empty method', '{"jsonrpc":"2.0","id":1,"method":""}'],
    ['positional params', '{"jsonrpc":"2.0","id":1,"method":"x","params":[1]}'],
    ['null params', '{"jsonrpc":"2.0","id":1,"method":"x","params":null}'],
    ['a call without id', '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"t"}}'],
    ['a call without params', '{"jsonrpc":"2.0","id":1,"method":"tools/call"}'],
    ['null arguments', call('null')],
    ['a number for arguments', call('1')],
    ['_meta that is no object', call('{}', ',"_meta":[]')],
    ['a twin with a NUL', call('{}', ',"name\\u0000":"x"')],
    ['a twin with a long s', call('{}', ',"argument\u017f":{}')],
    [
      'a twin with a Kelvin sign',
      '{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressTo\u212aen":1}}}',
    ],
    ['a twin in upper case', '{"jsonrpc":"2.0","ID":1,"id":2,"method":"x"}'],
    ['a key twice by an escape', call('{}', ',"n\\u0061me":"x"')],
    ['a key twice in params of any method', '{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":1,"a":2}}'],
    [
      'a key twice in _meta of any method',
      '{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"a":1,"a":2}}}',
    ],
    ['a key twice in a call`s _meta, deep', call('{}', ',"_meta":{"x":{"a":1,"a":2}}')],
    ['twins among arguments, deep', call('{"l":[{"amount":1,"AMOUNT":2}]}')],
    ['twins among arguments, composed and not', call('{"\u00e9":1,"e\u0301":2}')],
    ['twins among arguments, a dotted capital I', call('{"id":1,"\u0130d":2}')],
    ['a twin with a dotted capital I', '{"jsonrpc":"2.0","id":1,"\u0130D":2,"method":"x"}'],
    ['a NUL in an argument`s key', call('{"a\\u0000":1}')],
    ['half a pair, high', call('{"a":"\\udbff"}')],
    ['half a pair, low', call('{"a":"\\udc00x"}')],
    ['half a pair before another escape', call('{"a":"\\ud800\\n"}')],
    ['a pair the wrong way round', call('{"a":"\\udc00\\ud800"}')],
    ['infinity', call('{"a":Infinity}')],
    ['a number beyond a double', call('{"a":-1e400}')],
    ['a leading zero', call('{"a":01}')],
    ['a bare dot', call('{"a":1.}')],
    ['an id with too many digits', `{"jsonrpc":"2.0","id":${'9'.repeat(4097)},"method":"x"}`],
    ['a token with too many digits', call('{}', `,"_meta":{"progressToken":1e${'9'.repeat(4097)}}`)],
    ['a plus', call('{"a":+1}')],
    ['hexadecimal', call('{"a":0x1}')],
    ['a trailing comma', call('{"a":1,}')],
    ['a comment', call('{/**/}')],
    ['single quotes', call("{'a':1}")],
    ['an unknown escape', call('{"a":"\\x"}')],
    ['a short escape', call('{"a":"\\u12"}')],
    ['a line break in a string', call('{"a":"\n"}')],
    ['a string without end', call('{"a":"')],
    ['a method in other letters', '{"jsonrpc":"2.0","id":1,"method":"TOOLS/call","params":{"name":"t"}}'],
    ['a method with a space', '{"jsonrpc":"2.0","id":1,"method":"tools/call ","params":{"name":"t"}}'],
    ['a method with a NUL', '{"jsonrpc":"2.0","id":1,"method":"tools/call\\u0000","params":{"name":"t"}}'],
    ['a method with two slashes', '{"jsonrpc":"2.0","id":1,"method":"tools//call","params":{"name":"t"}}'],
    ['a method in wide letters', '{"jsonrpc":"2.0","id":1,"method":"tools/\uff43all","params":{"name":"t"}}'],
    ['something after the end', '{"jsonrpc":"2.0","id":1,"method":"x"} 1'],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"x"}]'],
  ])('refuses %s', (_what, text) => {
    expect(bad(text).code).toBeLessThan(-32599);
  });

  test('takes what is only unusual', () => {
    good('{"jsonrpc":"2.0","id":1,"method":"vendor/Call","params":{"Name":1,"a":{"x":1,"x":2}}}');
    good(call('{"__proto__":{"polluted":1},"constructor":1,"a\u{10FFFF}":"\\ud83d\\ude00"}'));
    good(call('{"a":1e-400,"b":123456789012345678901234567890}'));
    good('\t\r\n {"jsonrpc":"2.0","id":1,"method":"x"} \n');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('nests up to 100 levels', () => {
    const nested = (levels: number) => call(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    expect(good(nested(97)).call?.name).toBe('t');
    expect(bad(nested(98)).message).toContain('nested too deeply');
    expect(bad(nested(100_000)).message).toContain('nested too deeply');
    const elsewhere = (levels: number) =>
      `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
    good(elsewhere(98));
    expect(bad(elsewhere(99)).message).toContain('nested too deeply');
  });

  test('holds up to 100 000 values, whatever shape they have and wherever they stand', {
    tags: ['slow'],
  }, () => {
    const list = (one: string, count: number) => new Array<string>(count).fill(one).join(',');
    const keys = (count: number) =>
      Array.from({ length: count }, (_, at) => `"k${at.toString(36)}":1`).join(',');
    // The call's own name, arguments and list of values count as well.
    good(call(`{"a":[${list('0', 99_000)}]}`));
    good(call(`{${keys(99_000)}}`));
    const tooMany = [
      call(`{"a":[${list('0', 100_001)}]}`),
      call(`{"a":[${list('[]', 100_001)}]}`),
      call(`{"a":[${list('{"b":1}', 50_001)}]}`),
      call(`{${keys(100_001)}}`),
      `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{${keys(100_001)}}}`,
      `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"a:b","_meta":{${keys(100_001)}}}}`,
      `{"jsonrpc":"2.0","id":1,"result":{"roots":[${list('""', 100_001)}]}}`,
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"},${keys(100_001)}}`,
      `{"jsonrpc":"2.0","params":{"name":"t","arguments":{${keys(100_001)}}},"id":1,"method":"tools/call"}`,
    ];
    for (const text of tooMany) expect(bad(text).message).toContain('more than 100000 values');
    expect(argumentsFault(`{${keys(100_001)}}`)).toContain('more than 100000 values');
  });

  test('a fault names the id when it is certain, and never when it is not', () => {
    expect(bad(call('[]')).id).toBe('1');
    expect(bad('{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}').id).toBeUndefined();
    expect(parseFromClient(Buffer.alloc(20), { ...options, maxBytes: 10 })).toMatchObject({ ok: false });
  });

  test('a call gives its arguments as text and as a digest that spelling does not change', () => {
    const digest = (args: string) => good(call(args)).call?.argumentsDigest();
    expect(good(call('{ "b":1.0 }')).call?.argumentsText()).toBe('{ "b":1.0 }');
    expect(digest('{"a":1,"b":"\\u00e9"}')).toBe(digest(' { "b" : "é" , "a" : 1.0 } '));
    expect(digest('{"a":9007199254740992}')).not.toBe(digest('{"a":9007199254740993}'));
    expect(
      good('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}').call?.argumentsDigest(),
    ).toBe(digest('{}'));
  });
});

describe('from a server', () => {
  const server = (text: string) => parseFromServer(Buffer.from(text));
  test('takes whatever is JSON below a clear envelope', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    for (const result of ['{"a":1,"a":2}', '"\\ud800"', '1e400', deep, '{"Result":{"X":1,"x":2}}']) {
      expect(server(`{"jsonrpc":"2.0","id":1,"result":${result}}`)).toMatchObject({ ok: true });
    }
    expect(server('{"jsonrpc":"2.0","id":null,"error":{"code":1}}')).toMatchObject({
      message: { id: 'null', isError: true },
    });
    expect(server('[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","method":"x"}]')).toMatchObject({
      batch: [{ id: '1' }, { method: 'x' }],
    });
  });
  test('an answer with bytes that are not UTF-8 is taken; nothing else with them is', () => {
    const latin = (text: string) => parseFromServer(Buffer.from(text, 'latin1'));
    expect(latin('{"jsonrpc":"2.0","id":1,"result":"caf\u00e9"}')).toMatchObject({
      ok: true,
      message: { id: '1' },
    });
    for (const text of [
      '{"jsonrpc":"2.0","id":"\u00e9","result":1}',
      '{"jsonrpc":"2.0","method":"n","params":"\u00e9"}',
      '{"jsonrpc":"2.0","id":1,"method":"n","params":"\u00e9"}',
      '[{"jsonrpc":"2.0","id":1,"result":"\u00e9"}]',
    ]) {
      expect(latin(text).ok, text).toBe(false);
    }
  });
  test('refuses an envelope that could be read in two ways', () => {
    for (const text of [
      `{"jsonrpc":"2.0","id":1e${'9'.repeat(5_000_000)},"result":{}}`,
      '{"jsonrpc":"2.0","id":1,"id":2,"result":{}}',
      '{"jsonrpc":"2.0","id":1,"result":{},"Result":{}}',
      '{"jsonrpc":"2.0","id":1,"result":{},"error":{}}',
      'Server started',
    ]) {
      expect(server(text).ok, text).toBe(false);
    }
  });
});
