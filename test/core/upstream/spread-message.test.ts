import { expect, test } from 'vitest';
import { type Line, TooLong } from '../../../main/core/codec/wire/lines.ts';
import { SpreadMessage } from '../../../main/core/upstream/stdio/spread-message.ts';

/** Messages over several lines, as pretty printers write them, and what only looks like one. */

function read(lines: readonly (string | Line)[], max = 1000): string[] {
  const spread = new SpreadMessage(max);
  const text = (line: Line): string => (line instanceof TooLong ? 'too long' : line.toString());
  const got = lines.flatMap((line) => spread.push(typeof line === 'string' ? Buffer.from(line) : line));
  return [...got, ...spread.flush().map((line) => Buffer.concat([Buffer.from('left: '), line]))].map(text);
}
const pretty = (value: unknown, by: string | number = 2): string[] =>
  JSON.stringify(value, null, by).split('\n');

test('a message over several lines is one, whatever it is indented with', () => {
  const message = { jsonrpc: '2.0', id: 1, result: { list: [{}, { a: 'é {' }], empty: {} } };
  for (const by of [1, 4, '\t']) {
    const [text, ...more] = read(pretty(message, by));
    expect(JSON.parse(text ?? '')).toEqual(message);
    expect(more).toEqual([]);
  }
  const crlf = read(pretty([message]).map((line) => `${line}\r`));
  expect(JSON.parse(crlf[0] ?? '')).toEqual([message]);
  expect(read([...pretty({ a: 1 }), '{"b":2}', '', ...pretty({ c: 3 })]).length).toBe(4);
});

test('a line of its own ends what is not whole, and nothing is lost or read as something else', () => {
  expect(read(['{"a":1}', 'log', '{}'])).toEqual(['{"a":1}', 'log', '{}']);
  expect(read(['{', '  "a": 1', '{"id":1}', '}'])).toEqual(['{', '  "a": 1', '{"id":1}', '}']);
  expect(read(['{', '  {"id":1}', '  "x"'])).toEqual(['left: {', 'left:   {"id":1}', 'left:   "x"']);
  const long = new TooLong(5000, Buffer.from('{'), Buffer.from('}'));
  expect(read(['{', ' "a"', long])).toEqual(['{', ' "a"', 'too long']);
  expect(read(['{', ` ${'x'.repeat(50)}`, '}'], 40)).toEqual(['{', ` ${'x'.repeat(50)}`, '}']);
});
