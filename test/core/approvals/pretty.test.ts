import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prettyJson } from '../../../main/core/approvals/index.ts';

describe('arguments for people', () => {
  test('any JSON looks as JSON.stringify would lay it out', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(4), (json, spaces) => {
        // Numbers apart: theirs is the literal, here the one that JSON.stringify writes.
        const value: unknown = JSON.parse(json);
        expect(prettyJson(JSON.stringify(value, null, spaces))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  test('numbers are as sent', () => {
    expect(prettyJson('{"a":12345678901234567890,"b":[1.10,1E+400,-0.0]}')).toBe(
      '{\n  "a": 12345678901234567890,\n  "b": [\n    1.10,\n    1E+400,\n    -0.0\n  ]\n}',
    );
  });

  test('escapes hide nothing: text is shown as the tool will see it', () => {
    expect(prettyJson('{"c\\u006dd":"\\u0072\\u006d -rf \\/"}')).toBe('{\n  "cmd": "rm -rf /"\n}');
    expect(prettyJson('"\\u0007\\ud800"')).toBe('"\\u0007\\ud800"');
  });

  test('nothing is cut, and deep nesting does not multiply it', () => {
    const long = JSON.stringify({ text: 'word '.repeat(200_000) });
    expect(prettyJson(long)).toHaveLength(long.length + '\n  '.length + ' '.length + '\n'.length);
    const deep = `${'['.repeat(100)}${Array(50_000).fill('1').join(',')}${']'.repeat(100)}`;
    const shown = prettyJson(deep);
    expect(shown.length).toBeLessThan(deep.length * 3);
    expect(JSON.parse(shown)).toEqual(JSON.parse(deep));
  });

  test('text that is not JSON is kept', () => {
    for (const text of ['', '{', '"open', '{"a":"open', ']', 'a b'])
      expect(prettyJson(text).replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
  });
});
