import { expect, test } from 'vitest';
import { readToolList } from '../../../main/core/codec/index.ts';

const page = (id: number, tools: string, rest = ''): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"tools":${tools}${rest}}}`);

test('the same list again, elsewhere in its answer, is shown and read the same way', () => {
  const tools = '[{"name":"a","n":1.0}, 7 ,{"name":"b"},{"x":"no name"},{"name":"c\\u00e9"}]';
  const keep = (name: string): boolean => name !== 'b';
  const first = readToolList(page(1, tools), keep);
  const again = readToolList(page(123456, tools, ',"nextCursor":"more"'), keep);
  const kept = '[{"name":"a","n":1.0}, 7 ,{"x":"no name"},{"name":"c\\u00e9"}]';
  expect(first.raw.toString()).toBe(page(1, kept).toString());
  expect(again.raw.toString()).toBe(page(123456, kept, ',"nextCursor":"more"').toString());
  expect(again.nextCursor).toBe('more');
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(JSON.stringify(again.tools)).toBe(JSON.stringify(first.tools));
  expect(again.tools).toHaveLength(4);
});

test('which client sees which tool is asked each time', () => {
  const tools = '[{"name":"one"},{"name":"two"}]';
  const asked: string[] = [];
  for (const hidden of ['one', 'two', 'none']) {
    const { raw } = readToolList(page(1, tools), (name) => {
      asked.push(name);
      return name !== hidden;
    });
    expect(raw.includes(`"${hidden}"`)).toBe(false);
  }
  expect(asked).toEqual(['one', 'two', 'one', 'two', 'one', 'two']);
});

test('a list that is ambiguous is refused every time', () => {
  const raw = page(1, '[{"name":"a","Name":"b"}]');
  for (let i = 0; i < 3; i++) expect(() => readToolList(raw, () => true)).toThrow(/ambiguous/);
  const twice = page(1, '[{"name":"a"}],"tools":[{"name":"a"}]');
  for (let i = 0; i < 3; i++) expect(() => readToolList(twice, () => true)).toThrow(/ambiguous/);
});
