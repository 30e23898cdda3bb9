import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseFromClient, parseJson } from '../../../main/core/codec/index.ts';

/**
 * JSON.parse of the V8 in Node 24 takes a name that begins with an escape for one it has read before. An agent that sends
 * the first of these calls could so hide an argument of the second from a rule, if anything here relied on it.
 */
const PRIMES = ['{"\\\\u0061":1}', '{"x":1,"\\\\u0061":1}', '{"\\\\":1}', '{"x":1,"\\\\":1}'];
const HIDDEN: [text: string, value: object][] = [
  ['{"\\u0061mount":900}', { amount: 900 }],
  ['{"x":1,"\\u0061mount":900}', { x: 1, amount: 900 }],
  ['{"\\u0061":900}', { a: 900 }],
  ['{"x":1,"\\u0061":900}', { x: 1, a: 900 }],
  ['{"x":1,"\\t":{"\\u0061mount":[{"\\u0061mount":2}]}}', { x: 1, '\t': { amount: [{ amount: 2 }] } }],
];
const call = (args: string) =>
  parseFromClient(
    Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":${args}}}`),
    { maxBytes: 10_000, allowBatch: false },
  );

beforeAll(() => {
  for (const text of PRIMES) {
    JSON.parse(text);
    parseJson(text);
    call(text);
  }
});

describe('names that begin with an escape', () => {
  test.each(HIDDEN)('%s, in the arguments of a call', (text, value) => {
    const parsed = call(text);
    if (!parsed.ok || !('message' in parsed)) throw new Error('It was refused.');
    expect(Object.keys(parsed.message.call?.arguments ?? {})).toEqual(Object.keys(value));
    expect(parsed.message.call?.arguments).toEqual(value);
  });
  test.each(HIDDEN)('%s, by itself', (text, value) => {
    expect(parseJson(text)).toEqual(value);
    expect(Object.keys(parseJson(text) as object)).toEqual(Object.keys(value));
  });
});

/** As JSON.stringify writes it, with every character of every string as an escape. */
function escaped(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"(?:[^"\\]|\\.)*"/gu, (string) => {
    const text = JSON.parse(string) as string;
    const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
    return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
  });
}

test('any value comes back, however its strings are written', { tags: ['slow'] }, () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2), escaped(value)])
        expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(value));
    }),
    { numRuns: 500 },
  );
});

test.each(['', '{', '{"a":1,}', "{'a':1}", '[1] 2', '\uFEFF{}', '{"a":01}', '"\\x"', '"\n"'])(
  '%j is no JSON',
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  },
);
