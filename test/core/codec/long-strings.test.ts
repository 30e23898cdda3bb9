import { expect, test } from 'vitest';
import { parseFromClient } from '../../../main/core/codec/index.ts';

/** A call whose text lies at another alignment for each `shift`. */
function parse(text: Buffer, shift: number): unknown {
  const head = Buffer.from(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"a":"',
  );
  const bytes = Buffer.concat([Buffer.alloc(shift, ' '), head, text, Buffer.from('"}}}')]);
  const parsed = parseFromClient(bytes, { maxBytes: 1 << 20, allowBatch: false });
  if (!parsed.ok) return parsed.fault.message;
  return 'message' in parsed ? parsed.message.call?.arguments.a : undefined;
}

test('a byte that may not stand in a string is found wherever it is in a long one', () => {
  for (let shift = 0; shift < 4; shift++) {
    for (let at = 0; at < 90; at++) {
      for (const byte of [0x00, 0x01, 0x0a, 0x1f]) {
        const text = Buffer.alloc(100, 'x');
        text[at] = byte;
        expect(parse(text, shift), `${byte} at ${at}`).toMatch(/control character/);
      }
    }
  }
});

test('every other byte stays what it is: next to the special ones, beyond ASCII, escapes anywhere', () => {
  const near = [0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7f].map((byte) => String.fromCharCode(byte)).join('');
  for (let shift = 0; shift < 4; shift++) {
    for (let at = 0; at < 90; at++) {
      for (const piece of [near, 'é', '€', '😀', '\u0080', '\u{10ffff}', '"', '\\', '\n']) {
        const text = `${'x'.repeat(at)}${piece}${'y'.repeat(95 - at)}`;
        const raw = Buffer.from(JSON.stringify(text).slice(1, -1));
        expect(parse(raw, shift)).toBe(text);
      }
    }
  }
});

test('a long string ends at its first quote, and must end', () => {
  for (let length = 60; length < 80; length++) {
    const text = Buffer.from(`${'x'.repeat(length)}","b":"${'y'.repeat(length)}`);
    expect(parse(text, 0)).toBe('x'.repeat(length));
    const raw = Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(length)}`);
    expect(parseFromClient(raw, { maxBytes: 1 << 20, allowBatch: false })).toMatchObject({ ok: false });
  }
});
