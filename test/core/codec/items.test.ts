import { describe, expect, test } from 'vitest';
import { itemsOf, withKey, withValueAt } from '../../../main/core/codec/items.ts';

const raw = (text: string) => Buffer.from(text);
const texts = (text: string, list = 'tools', key = 'name') =>
  itemsOf(raw(text), list, key).map(({ bytes, key: value }) => [bytes.toString(), value]);

describe('the elements of a list', () => {
  test('are given with their own bytes', () => {
    const text =
      '{"id":1,"result":{"x":[1], "tools" : [ {"name":"a\\u0062", "n":1.0} ,{"n":{"name":"no"}}, 7]}}';
    expect(texts(text)).toEqual([
      ['{"name":"a\\u0062", "n":1.0}', 'ab'],
      ['{"n":{"name":"no"}}', undefined],
      ['7', undefined],
    ]);
  });
  test.each([
    '{"id":1,"error":{"code":1}}',
    '{"result":{}}',
    '{"result":{"tools":{"name":"a"}}}',
    '{"result":null}',
  ])('there is none in %s', (text) => expect(texts(text)).toEqual([]));
  test.each(['{"result":{"tools":[],"tools":[]}}', '{"result":{"tools":[{"name":"a","name":"b"}]}}'])(
    'what can be read in two ways is refused: %s',
    (text) => expect(() => texts(text)).toThrow('ambiguous'),
  );
  test('one member is replaced and nothing else', () => {
    const [item] = itemsOf(raw('{"result":{"tools":[{ "n":1.0,"name" : "a" ,"z":null}]}}'), 'tools', 'name');
    expect(item && withKey(item, 's__"é').toString()).toBe('{ "n":1.0,"name" : "s__\\"é" ,"z":null}');
    const call = '{"params": {"arguments":{"name":"x"}, "name" :"s__a","n":12345678901234567890}}';
    expect(withValueAt(raw(call), ['params', 'name'], '"a"').toString()).toBe(
      '{"params": {"arguments":{"name":"x"}, "name" :"a","n":12345678901234567890}}',
    );
    expect(() => withValueAt(raw('{"params":{}}'), ['params', 'name'], '1')).toThrow('params.name');
  });
});
