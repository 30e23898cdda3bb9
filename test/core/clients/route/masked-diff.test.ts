import { applyPatch } from 'diff';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonc } from '../../../../main/core/clients/formats/jsonc.ts';
import { toml } from '../../../../main/core/clients/formats/toml.ts';
import { splice } from '../../../../main/core/clients/formats/types.ts';
import { yaml, yamlList } from '../../../../main/core/clients/formats/yaml.ts';
import { maskedDiff } from '../../../../main/core/clients/route/masked-diff.ts';

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
      // Told which entries they are, it does not read the whole text after them, and says the same.
      const named = edits.map((edit) => ({
        ...edit,
        path: [`entry ${gaps.findIndex((_, at) => doc.find([`entry ${at}`])?.start === edit.start)}`],
      }));
      expect(maskedDiff('file', doc, named, jsonc, 'tolerant')).toBe(patch);
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
    const edit = { start: at.start, end: at.end, text: '{}' };
    const patch = maskedDiff('file', doc, [edit], jsonc, 'tolerant');
    expect(patch).not.toContain('canary');
    expect(patch).toContain(`"${name}": {}`);
    expect(maskedDiff('file', doc, [{ ...edit, path: at.path }], jsonc, 'tolerant')).toBe(patch);
  }
});

test.each([
  [
    'JSON',
    jsonc,
    '{"servers":{"x":{"command":"a"}}}',
    '{"args":["--token","canary-1"],"env":{"ANY":"canary-2"}}',
  ],
  [
    'TOML',
    toml,
    '[servers.x]\ncommand = "a"\n',
    '\nargs = ["--token", "canary-1"]\n\n[servers.x.env]\nANY = "canary-2"',
  ],
  [
    'TOML in braces',
    toml,
    'servers.x = { command = "a" }\n',
    '{ args = ["--token", "canary-1"], env = { ANY = "canary-2" } }',
  ],
  [
    'YAML',
    yaml,
    'servers:\n  x:\n    command: a\n',
    '\n    args: [--token, canary-1]\n    env:\n      ANY: canary-2\n      PIN: 9876543',
  ],
  [
    'a YAML list',
    yamlList,
    'servers:\n- name: x\n',
    '- name: x\n  args: ["--token", canary-1]\n  env: { ANY: canary-2 }',
  ],
])('secrets of a new entry are bullets in %s', (_what, format, text, next) => {
  const parsed = format.parse(text, 'tolerant');
  const at = parsed.ok ? parsed.doc.find(['servers', 'x']) : undefined;
  if (!parsed.ok || !at) throw new Error('fixture');
  // Put in, and as what stands there before it is replaced.
  const edit = { start: at.start, end: at.end, text: next, path: at.path };
  const after = format.parse(splice(text, [edit]), 'tolerant');
  const found = after.ok ? after.doc.find(at.path) : undefined;
  if (!after.ok || !found) throw new Error('fixture');
  const back = { start: found.start, end: found.end, text: at.text, path: at.path };
  for (const patch of [
    maskedDiff('file', parsed.doc, [edit], format, 'tolerant'),
    maskedDiff('file', after.doc, [back], format, 'tolerant'),
  ]) {
    expect(patch).not.toMatch(/canary|9876543/);
    expect(patch).toContain('--token');
  }
});

test('of a line that is very long only what is near the entry is shown, and no half of a secret', () => {
  const text = JSON.stringify({
    history: 'x'.repeat(20_000),
    token: `canary${'y'.repeat(300)}`,
    servers: { x: { command: 'a' } },
    key: `canary${'y'.repeat(20_000)}`,
  });
  const at = docOf(text).find(['servers', 'x']);
  if (!at) throw new Error('fixture');
  const edit = { start: at.start, end: at.end, text: '{"url":"y"}', path: at.path };
  const patch = maskedDiff('file', docOf(text), [edit], jsonc, 'tolerant');
  expect(patch.length).toBeLessThan(1000);
  expect(patch).toContain('"servers":{"x":{"url":"y"}}');
  expect(patch).not.toMatch(/canary|yyy/);
});

test('a string that begins above the lines shown is hidden there as well', () => {
  const text = `a:\n  token: |\n${'    canary\n'.repeat(6)}  x:\n    command: a\n`;
  const parsed = yaml.parse(text, 'tolerant');
  const at = parsed.ok ? parsed.doc.find(['a', 'x']) : undefined;
  if (!parsed.ok || !at) throw new Error('fixture');
  const edit = { start: at.start, end: at.end, text: '\n    url: b', path: at.path };
  const patch = maskedDiff('file', parsed.doc, [edit], yaml, 'tolerant');
  expect(patch).toContain('+    url: b');
  expect(patch).not.toContain('canary');
});
