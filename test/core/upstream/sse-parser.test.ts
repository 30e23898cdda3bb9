import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SseEvent, SseParser } from '../../../main/core/codec/wire/sse-parser.ts';

const read = (text: string, cut = 0): { events: [string, string][]; parser: SseParser } => {
  const parser = new SseParser(1000);
  const bytes = Buffer.from(text);
  const found: SseEvent[] = [...parser.push(bytes.subarray(0, cut)), ...parser.push(bytes.subarray(cut))];
  return { events: found.map(({ event, data }) => [event, data.toString()]), parser };
};

test('events, ids, retry, comments and every kind of line end', () => {
  const text =
    '\ufeff: hello\n\nid: 1\r\nevent: message\r\ndata: {"a":1}\r\n\r\ndata:x\rdata: y\r\rretry: 250\nid:2\ndata\n\nevent: endpoint\ndata: /post\n\ndata: unfinished';
  const { events, parser } = read(text);
  expect(events).toEqual([
    ['message', '{"a":1}'],
    ['message', 'x\ny'],
    ['message', ''],
    ['endpoint', '/post'],
  ]);
  expect(parser.lastId).toBe('2');
  expect(parser.retry).toBe(250);
});

test('gives the same wherever the bytes are cut', () => {
  const text = 'id: ä\r\ndata: grüße 🌉\r\ndata: 2\r\n\r\nevent: x\rdata: 3\r\r';
  const whole = read(text).events;
  expect(whole).toEqual([
    ['message', 'grüße 🌉\n2'],
    ['x', '3'],
  ]);
  fc.assert(
    fc.property(fc.nat(Buffer.byteLength(text)), (cut) => {
      expect(read(text, cut).events).toEqual(whole);
    }),
  );
});

test('an id with a NUL and a retry that is not a number are ignored', () => {
  const { parser } = read('id: a\0b\nretry: soon\ndata: x\n\n');
  expect(parser.lastId).toBeUndefined();
  expect(parser.retry).toBeUndefined();
});

test('an event over the limit is refused before it is whole', () => {
  const parser = new SseParser(100);
  expect(parser.push(Buffer.from(`data: ${'x'.repeat(80)}\n\n`))).toHaveLength(1);
  expect(() => parser.push(Buffer.from(`data: ${'x'.repeat(120)}`))).toThrow(RangeError);
});
