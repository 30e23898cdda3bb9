// @module-tag slow
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jsonc } from '../../../../main/core/clients/formats/jsonc.ts';
import { splice } from '../../../../main/core/clients/formats/types.ts';
import { memory, memoryClients, type Scratch, scratch, unflushed } from '../kit.ts';

const CURSOR = '.cursor/mcp.json';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

/** A document of the kind people write: any order, white space, comments, line endings. Marks show where entries are. */
const OPEN = '\u0001';
const CLOSE = '\u0002';

const eol = fc.constantFrom('\n', '\r\n');
const gap = (end: string) =>
  fc.constantFrom('', ' ', '\t', end, `${end}  `, `${end}\t\t`, ` // it's a "comment" {${end}`, ' /* } */ ');
const name = fc.oneof(
  fc.constantFrom('a', 'b', 'server', 'é', '🌊', 'with space', 'x.y', '__proto__', 'constructor', '"', '\\'),
  fc.string({ minLength: 1, maxLength: 8 }),
);
const junk = fc.json({ maxDepth: 2 });
const entry = fc.oneof(
  fc.record(
    {
      command: fc.constantFrom('/usr/bin/x', 'npx'),
      args: fc.array(fc.constantFrom('-y', '--token', 'canary', 'é\n'), { maxLength: 3 }),
      env: fc.dictionary(
        fc.constantFrom('A_KEY', 'B'),
        fc.string({ maxLength: 6 }).filter((text) => !text.includes('${')),
      ),
      disabled: fc.boolean(),
      other: fc.jsonValue({ maxDepth: 1 }),
    },
    { requiredKeys: ['command'] },
  ),
  fc.record(
    { url: fc.constantFrom('https://x.example.com/mcp', 'https://x.example.com/sse'), timeout: fc.integer() },
    { requiredKeys: ['url'] },
  ),
);

interface Doc {
  readonly text: string;
  readonly entries: number;
}
const document: fc.Arbitrary<Doc> = eol.chain((end) =>
  fc
    .record({
      bom: fc.constantFrom('', '\uFEFF'),
      gaps: fc.array(gap(end), { minLength: 12, maxLength: 12 }),
      before: fc.array(fc.tuple(name, junk), { maxLength: 2 }),
      entries: fc.array(fc.tuple(name, entry, fc.constantFrom(undefined, 1, '\t', '    ')), {
        minLength: 1,
        maxLength: 4,
      }),
      after: fc.array(fc.tuple(name, junk), { maxLength: 2 }),
      trailing: fc.boolean(),
    })
    .map(({ bom, gaps, before, entries, after, trailing }) => {
      let at = 0;
      const space = (): string => gaps[at++ % gaps.length] ?? '';
      const key = (text: string): string => `${JSON.stringify(text)}${space()}:${space()}`;
      const other = (members: [string, string][]): string[] =>
        members.filter(([text]) => text !== 'mcpServers').map(([text, value]) => key(text) + value);
      const unique = [...new Map(entries.map((each) => [each[0], each])).values()];
      const map = unique.map(
        ([text, value, indent]) =>
          `${key(text)}${OPEN}${JSON.stringify(value, null, indent).replaceAll('\n', end)}${CLOSE}`,
      );
      const comma = (members: string[]): string =>
        members.join(`${space()},${space()}`) + (trailing ? `${space()},` : '');
      const servers = `${key('mcpServers')}{${space()}${comma(map)}${space()}}`;
      const whole = [...other(before), servers, ...other(after)];
      return {
        text: `${bom}${space()}{${space()}${comma(whole)}${space()}}${space()}`,
        entries: unique.length,
      };
    }),
);

test('whatever is outside the entries is the same byte for byte, and undo gives the original', {
  timeout: 60_000,
}, async () => {
  let routed = 0;
  await fc.assert(
    fc.asyncProperty(document, async ({ text: marked, entries }) => {
      const text = marked.replaceAll(OPEN, '').replaceAll(CLOSE, '');
      home.write(CURSOR, text);
      const kept = memory();
      const clients = memoryClients(home, kept, { files: unflushed });
      const [plan] = await clients.plan(['cursor'], 'connect');
      const [result] = await clients.apply(['cursor'], 'connect', { cursor: plan?.digest ?? '' });
      expect(result).toMatchObject({ ok: true });
      routed += result?.routed.length ?? 0;
      expect(result?.routed.length, result?.message).toBe(entries);

      const outside = marked.split(new RegExp(`${OPEN}[^${CLOSE}]*${CLOSE}`));
      let rest = home.read(CURSOR);
      for (const [i, part] of outside.entries()) {
        expect(rest.startsWith(part)).toBe(true);
        rest = rest.slice(part.length);
        const next = outside[i + 1];
        if (next === undefined) break;
        const length = entryLength(rest);
        const ours = parse(rest.slice(0, length)) as { url: string };
        expect(ours.url).toMatch(/^http:\/\/127\.0\.0\.1:7717\/s\/[^/]+\/mcp$/);
        rest = rest.slice(length);
      }
      expect(rest).toBe('');
      expect([...kept.servers.keys()].length).toBeGreaterThan(0);

      expect(await memoryClients(home, kept, { files: unflushed }).restoreAll()).toMatchObject([
        { ok: true },
      ]);
      expect(home.read(CURSOR)).toBe(text);
    }),
    // Through files and journal; random files of every format without those are in property-formats.test.ts.
    { numRuns: 100 },
  );
  expect(routed).toBeGreaterThan(100);
});

/** Length of the object at the start of a text, found without the code under test. */
function entryLength(text: string): number {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return i + 1;
  }
  throw new Error('no object here');
}

test('an entry that is added and removed again leaves the text as it was', () => {
  fc.assert(
    fc.property(document, ({ text: marked }) => {
      const text = marked.replaceAll(OPEN, '').replaceAll(CLOSE, '');
      const path = ['mcpServers', 'added by this test'];
      const before = jsonc.parse(text, 'tolerant');
      if (!before.ok) throw new Error(before.problem.message);
      const added = splice(text, [before.doc.add(path, '{"command":"x"}')]);
      const after = jsonc.parse(added, 'tolerant');
      if (!after.ok) throw new Error(after.problem.message);
      expect(after.doc.find(path)?.value).toEqual({ command: 'x' });
      expect(splice(added, [after.doc.remove(path)])).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['an empty file', ''],
  ['an empty object', '{}'],
  ['an empty map', '{\n  "mcpServers": {}\n}\n'],
  ['a comment alone in the map', '{\n  "mcpServers": {\n    // none yet\n  }\n}\n'],
])('an entry added to %s', (_what, text) => {
  const parsed = jsonc.parse(text, 'tolerant');
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const added = splice(text, [parsed.doc.add(['mcpServers', 'one'], '{ "command": "x" }')]);
  expect(parse(added)).toEqual({ mcpServers: { one: { command: 'x' } } });
  expect(added.includes('// none yet')).toBe(text.includes('// none yet'));
});
