// @module-tag slow
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalDigest, canonicalJson } from '../../../main/core/codec/index.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const PADDING = 'p'.repeat(40_000);

/** A JSON text, with white space anywhere and keys sorted or not, large enough for the other way of digesting. */
const large = fc
  .tuple(fc.json({ stringUnit: 'binary' }), fc.boolean(), fc.integer({ min: 0, max: 2 }))
  .map(([json, first, space]) => {
    const value = JSON.parse(json) as unknown;
    return JSON.stringify(first ? { a: PADDING, z: value } : { z: value, a: PADDING }, null, space);
  });

test('a large text has the digest of its canonical text, whatever is in it', () => {
  fc.assert(
    fc.property(large, (text) => {
      expect(canonicalDigest(text)).toBe(digestOf(canonicalJson(text)));
      expect(canonicalDigest(Buffer.from(text))).toBe(digestOf(canonicalJson(text)));
    }),
    { numRuns: 300 },
  );
});

test.each([
  `{"a":"${PADDING}","a":"x"}`,
  `{"b":1,"a":"${PADDING}"}`,
  `{"a":{"y":1,"x":2},"b":"${PADDING}"}`,
  `{"a":[{"y":1,"x":2},3],"b":"${PADDING}"}`,
  `{"a":9007199254740993,"b":1.0,"c":1e400,"d":-0,"e":"${PADDING}\\u00e9é"}`,
  `["${PADDING}\\"", "${PADDING}é€😀", true, null, 1e2]`,
])('keys out of order or there twice, exact numbers, escapes: %#', (text) => {
  expect(canonicalDigest(text)).toBe(digestOf(canonicalJson(text)));
});

test('what is not JSON has no digest', () => {
  for (const text of [
    `{"a":"${PADDING}"`,
    `{"a":"${PADDING}"}x`,
    `["${PADDING}",]`,
    `{"b":1,"a":"${PADDING}",}`,
  ])
    expect(() => canonicalDigest(text)).toThrow();
});
