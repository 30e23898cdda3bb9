import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AmbiguousList,
  advertiseListChanged,
  canonicalJson,
  canonicalValue,
  errorMessage,
  parseFromServer,
  readToolList,
  resultIsToolError,
  withId,
} from '../../../main/core/codec/index.ts';
import type { Json } from '../../../main/core/codec/types.ts';

describe('canonical JSON', () => {
  test('the example of RFC 8785', () => {
    const text =
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
    // 333333333.33333329 is not what a double prints; its digits are kept.
    expect(canonicalJson(text.replace('333333333.33333329', '333333333.3333333'))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });
  test('sorts by UTF-16 units', () => {
    expect(
      canonicalJson('{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\u{1f600}":5,"\\u0080":6,"\\u00f6":7}'),
    ).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1f600}":5,"\ufb33":3}');
  });
  test('numbers: one value, one text; nothing is lost', () => {
    const of = (literal: string) => canonicalJson(literal);
    for (const same of [
      ['1', '1.0', '1e0', '10E-1', '0.1e1'],
      ['0', '-0', '0.0', '0e5'],
      ['9007199254740993', '9007199254740993.0', '9007199254740.993e3'],
      ['1e400', '10e399', '0.1E401'],
    ]) {
      expect(new Set(same.map(of)).size, same.join(' ')).toBe(1);
    }
    const different = [
      '9007199254740991',
      '9007199254740992',
      '9007199254740993',
      '9007199254740994',
      '1e400',
      '1e401',
      '1e-400',
      '0',
      '0.1',
      '0.1000000000000000055511151231257827',
    ];
    expect(new Set(different.map(of)).size).toBe(different.length);
  });
  test('agrees with the canonical form of the parsed value, whatever the spelling', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = JSON.parse(text) as Json;
        expect(canonicalJson(text)).toBe(canonicalValue(value));
        expect(canonicalJson(JSON.stringify(value, null, 2))).toBe(canonicalJson(text));
      }),
    );
  });
});

describe('edits', () => {
  const b = (text: string) => Buffer.from(text);
  test('nothing to change: the same bytes', () => {
    const raw = b('{"result":{"tools":[{"name":"a"}]}}');
    expect(readToolList(raw, () => true).raw).toBe(raw);
    expect(advertiseListChanged(raw)).toBe(raw);
    const promised = b('{"result":{"capabilities":{"tools":{"listChanged":true}}}}');
    expect(advertiseListChanged(promised)).toBe(promised);
  });
  test('tools go; first, last, all; escaped names; deep look-alikes stay', () => {
    const drop = (text: string, ...names: string[]) =>
      readToolList(b(text), (name) => !names.includes(name)).raw.toString();
    expect(drop('{"result":{"tools":[ {"name":"a"} ,{"name":"b"}]}}', 'a')).toBe(
      '{"result":{"tools":[{"name":"b"}]}}',
    );
    expect(drop('{"result":{"tools":[{"name":"a"}, {"name":"b"} ]}}', 'b')).toBe(
      '{"result":{"tools":[{"name":"a"}]}}',
    );
    expect(drop('{"result":{"tools":[{"name":"a"},{"name":"b"}]},"z":1}', 'a', 'b')).toBe(
      '{"result":{"tools":[]},"z":1}',
    );
    expect(drop('{"result":{"tools":[{"name":"\\u0061"}]}}', 'a')).toBe('{"result":{"tools":[]}}');
    expect(
      drop('{"result":{"tools":[{"x":{"name":"a"},"name":"c"}],"tools2":[{"name":"a"}]}}', 'a'),
    ).toContain('"x":{"name":"a"}');
  });
  test.each([
    ['a list that is there twice', '{"result":{"tools":[],"tools":[]}}'],
    ['a look-alike of the list', '{"result":{"tools":[],"Tools":[{"name":"a"}]}}'],
    ['a name that is there twice', '{"result":{"tools":[{"name":"ok","name":"a"}]}}'],
    ['a look-alike of a name', '{"result":{"tools":[{"name":"ok","Name":"a"}]}}'],
    ['a name by look-alike only', '{"result":{"tools":[{"NAME":"a"}]}}'],
    ['a name with a NUL', '{"result":{"tools":[{"name":"a\\u0000"}]}}'],
    ['two descriptions', '{"result":{"tools":[{"name":"b","description":"x","description":"y"}]}}'],
    [
      'a key twice, deep in a schema',
      '{"result":{"tools":[{"name":"b","inputSchema":{"x":[{"a":1,"a":2}]}}]}}',
    ],
    ['cursors that are there twice', '{"result":{"tools":[],"nextCursor":"1","nextCursor":"2"}}'],
  ])('what could be read in two ways is refused: %s', (_what, text) => {
    expect(() => readToolList(b(text), () => true)).toThrow(AmbiguousList);
  });
  test('a page that is not UTF-8 is refused', () => {
    expect(() =>
      readToolList(Buffer.from('{"result":{"tools":[{"name":"\xe9"}]}}', 'latin1'), () => true),
    ).toThrow(AmbiguousList);
  });
  test('definitions and cursor of a page, also of tools that are taken out', () => {
    const list = readToolList(
      b(
        '{"result":{"tools":[{"name":"a","inputSchema":{"properties":{"ID":1,"id":2}}},7,{"x":1}],"nextCursor":"\\u0031"}}',
      ),
      () => false,
    );
    expect(JSON.parse(JSON.stringify(list.tools))).toEqual([
      { name: 'a', inputSchema: { properties: { ID: 1, id: 2 } } },
      { x: 1 },
    ]);
    expect(list.nextCursor).toBe('1');
    expect(list.raw.toString()).toBe('{"result":{"tools":[7,{"x":1}],"nextCursor":"\\u0031"}}');
  });
  test('filtering leaves what JSON readers see of the others', () => {
    const entry = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), more: fc.jsonValue() });
    fc.assert(
      fc.property(fc.array(entry), fc.constantFrom(undefined, 1, 2), (tools, indent) => {
        const raw = b(JSON.stringify({ id: 1, result: { tools, nextCursor: 'n' } }, null, indent));
        const { result } = JSON.parse(readToolList(raw, (name) => name < 'c').raw.toString());
        expect(result).toEqual(
          JSON.parse(JSON.stringify({ tools: tools.filter(({ name }) => name < 'c'), nextCursor: 'n' })),
        );
      }),
    );
  });
  test('a promise of list changes, ids, errors, failed tools', () => {
    expect(advertiseListChanged(b('{"result":{"capabilities":{"tools":{"x":1}}}}')).toString()).toBe(
      '{"result":{"capabilities":{"tools":{"listChanged":true,"x":1}}}}',
    );
    expect(
      advertiseListChanged(b('{"result":{"capabilities":{"tools":{"listChanged":false}}}}')).toString(),
    ).toContain('{"listChanged":true}');
    expect(withId(b('{ "id" : 1.0, "params":{"id":2}}'), '"x"').toString()).toBe(
      '{ "id" : "x", "params":{"id":2}}',
    );
    expect(errorMessage(undefined, -1, 'no "x"').toString()).toBe(
      '{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"no \\"x\\""}}',
    );
    const failed = (result: string) => {
      const parsed = parseFromServer(b(`{"jsonrpc":"2.0","id":1,"result":${result}}`));
      return parsed.ok && 'message' in parsed && resultIsToolError(parsed.message);
    };
    expect(failed('{"isError":true}')).toBe(true);
    expect(failed('{"isError":false,"x":{"isError":true}}')).toBe(false);
  });
});
