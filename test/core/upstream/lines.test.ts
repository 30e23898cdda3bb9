import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asOneLine, idOf, LineSplitter, TooLong } from '../../../main/core/codec/wire/lines.ts';

const pieces = (bytes: Buffer, cuts: number[]): Buffer[] => {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

describe('LineSplitter', () => {
  test('gives the same lines wherever the bytes are cut, also within a character', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
        const splitter = new LineSplitter(1_000_000);
        const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''));
        const got = pieces(bytes, cuts).flatMap((piece) => splitter.push(piece));
        expect(got.map(String)).toEqual(lines);
        expect(splitter.end()).toEqual([]);
      }),
    );
  });

  test('takes a 5 MB line in small pieces', () => {
    const splitter = new LineSplitter(64 * 1024 * 1024);
    const long = Buffer.alloc(5 * 1024 * 1024, 'x');
    const got = [];
    for (let at = 0; at < long.length; at += 65_536)
      got.push(...splitter.push(long.subarray(at, at + 65_536)));
    expect(got).toEqual([]);
    const [line] = splitter.push(Buffer.from('\r\nnext'));
    expect((line as Buffer).equals(long)).toBe(true);
    expect(splitter.end().map(String)).toEqual(['next']);
  });

  test('keeps only the ends of a line over the limit, and goes on with the next', () => {
    const splitter = new LineSplitter(10_000);
    const big = Buffer.from(`{"result":"${'y'.repeat(20_000)}","jsonrpc":"2.0","id":7}\nok\n`);
    const lines = [big.subarray(0, 9000), big.subarray(9000, 15_000), big.subarray(15_000)].flatMap((piece) =>
      splitter.push(piece),
    );
    const [first, second] = lines as [TooLong, Buffer];
    expect(first).toBeInstanceOf(TooLong);
    expect(first.bytes).toBe(big.length - 4);
    expect(first.head.length).toBe(4096);
    expect(idOf(first)).toBe('7');
    expect(second.toString()).toBe('ok');
  });
});

test.each([
  ['{"jsonrpc":"2.0","id":"a\\"b","result":"', '"}', '"a\\"b"'],
  ['{"result":"', '","jsonrpc":"2.0","id":9007199254740993}', '9007199254740993'],
  ['{"result":{"id":5,"x":"', '"},"jsonrpc":"2.0"}', undefined],
])('the id of an oversized message is read from an end: %s', (head, tail, id) => {
  expect(idOf(new TooLong(99_999, Buffer.from(head), Buffer.from(tail)))).toBe(id);
});

test('a message with line breaks between its tokens becomes one line with the same meaning', () => {
  const pretty = Buffer.from('{\r\n  "a": "x\\ny",\n  "b": 12345678901234567890\n}');
  const line = asOneLine(pretty).toString();
  expect(line).toBe('{    "a": "x\\ny",   "b": 12345678901234567890 }');
  expect(pretty.includes(10)).toBe(true);
});
