import { applyPatch } from 'diff';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonc } from '../../../main/core/clients/formats/jsonc.ts';
import { splice } from '../../../main/core/clients/formats/types.ts';
import { maskedDiff } from '../../../main/core/clients/masked-diff.ts';

function docOf(text: string) {
  const parsed = jsonc.parse(text, 'tolerant');
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.doc;
}

test('a diff of a few entries of a long file is a diff of the file', () => {
  const lengths = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lengths, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (gaps, chosen) => {
      const map: Record<string, unknown> = {};
      for (const [i, gap] of gaps.entries()) {
        for (let n = 0; n < gap; n++) map[`filler ${i} ${n}`] = n;
        map[`entry ${i}`] = { command: 'x', args: ['a', 'b'].slice(0, gap % 3) };
      }
      const text = `${JSON.stringify(map, null, 2)}\n`;
      const doc = docOf(text);
      const edits = gaps.flatMap((gap, i) => {
        const at = doc.find([`entry ${i}`]);
        return at && chosen[i]
          ? [{ start: at.start, end: at.end, text: gap % 2 ? '{}' : '{\n    "url": "y",\n    "n": 1\n  }' }]
          : [];
      });
      const patch = maskedDiff('file', doc, edits, jsonc, 'tolerant');
      expect(patch === '').toBe(edits.length === 0);
      expect(applyPatch(text, patch || '--- file\n+++ file\n')).toBe(splice(text, edits));
    }),
  );
});

test('secrets in the lines around are bullets, also in comments and in halves of lists', () => {
  const text = `{
  "apiKey": "canary-1",
  "history": ["curl -H 'Authorization: Bearer canary-2'"],
  // token: canary-3
  "mcpServers": {
    "other": {
      "args": [
        "--token",
        "canary-4",
        "a",
        "b"
      ]
    },
    "one": { "command": "x", "env": { "ANYTHING": "canary-5" }, "headers": { "X-Any": "canary-6" } },
    "two": { "env": { "ANYTHING": "\${env:SHOWN}" } }, /* password=canary-7 */
    "three": { "url": "https://me:canary-8@example.com/" }
  }
}
`;
  const doc = docOf(text);
  for (const name of ['other', 'one', 'two', 'three']) {
    const at = doc.find(['mcpServers', name]);
    if (!at) throw new Error(name);
    const patch = maskedDiff('file', doc, [{ start: at.start, end: at.end, text: '{}' }], jsonc, 'tolerant');
    expect(patch).not.toContain('canary');
    expect(patch).toContain(`"${name}": {}`);
  }
});
