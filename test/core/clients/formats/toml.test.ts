import { describe, expect, test } from 'vitest';
import { toml } from '../../../../main/core/clients/formats/toml.ts';
import { type Doc, splice } from '../../../../main/core/clients/formats/types.ts';

function docOf(text: string): Doc {
  const parsed = toml.parse(text, 'tolerant');
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.doc;
}
const PATH = ['servers', 'x'];

describe('finding an entry', () => {
  test.each([
    ['a table', '[servers.x] # c\na = 1\n', ' # c', '\na = 1'],
    ['a table at the end of the file', '[servers.x]\na = 1', '', '\na = 1'],
    ['an empty table', '[servers.x]\n\n[other]\n', '', ''],
    ['a header with spaces and quotes', '[ servers . "x" ]\na = 1 # last\n', '', '\na = 1 # last'],
    [
      'a table with tables below',
      '[servers.x]\n[servers.x.b]\nc = 2\n[servers.y]\n',
      '',
      '\n[servers.x.b]\nc = 2',
    ],
    ['an inline table', 'servers.x = { a = 1 } # c\n', '', '{ a = 1 }'],
    ['an inline table in a table', '[servers]\nx = {a=1}\n', '', '{a=1}'],
    ['an inline table in an inline table', 'servers = { y = {}, x = { a = 1 } }', '', '{ a = 1 }'],
  ])('%s', (_, text, kept, own) => {
    const found = docOf(text).find(PATH);
    expect(found).toMatchObject({ path: PATH, text: own, copies: 1 });
    expect(found?.problem).toBeUndefined();
    expect(text.slice(0, found?.start).endsWith(kept)).toBe(true);
  });

  test.each([
    ['dotted keys', 'servers.x.a = 1\nservers.x.b = 2\n'],
    ['dotted keys inside that a table goes on with', '[servers.x]\na.b = 1\n[servers.x.a.c]\nd = 1\n'],
    ['dotted keys with another entry between', '[servers]\nx.a = 1\ny.a = 1\nx.b = 1\n'],
    ['a table that says its own after the one below', '[servers.x.env]\na = "b"\n[servers.x]\nc = 1\n'],
    ['a part after another table', '[servers.x]\na = 1\n[other]\n[servers.x.b]\nc = 1\n'],
    ['only a table below it', '[servers.x.env]\na = "b"\n'],
    ['a list of tables', '[[servers.x]]\na = 1\n'],
  ])('%s is seen, and not edited', (_, text) => {
    const doc = docOf(text);
    expect(doc.keys(['servers'])).toContain('x');
    expect(doc.find(PATH)).toMatchObject({
      members: null,
      problem: expect.stringContaining('several pieces'),
    });
  });

  test('a number of one digit at the end of the file is all there', () => {
    expect(docOf('[servers.x]\na = 0').find(PATH)).toMatchObject({
      text: '\na = 0',
      members: [{ key: 'a', text: '0' }],
    });
    expect(docOf('servers.x = { a = [0]}').find(PATH)?.text).toBe('{ a = [0]}');
  });

  test('what is not there', () => {
    expect(docOf('[servers.y]\na = 1').find(PATH)).toBeUndefined();
    expect(docOf('').keys(['servers'])).toEqual([]);
  });

  test('a text that is not TOML, with its place', () => {
    expect(toml.parse('a = 1\nb = = 2\n', 'tolerant')).toMatchObject({
      ok: false,
      problem: { line: 2, column: 5 },
    });
    expect(toml.parse('a = 1\na = 2\n', 'tolerant')).toMatchObject({ ok: false, problem: { line: 2 } });
    expect(toml.entry('{ a = ')).toBeUndefined();
  });
});

describe('dotted keys', () => {
  const fields = [{ key: 'url', value: 'http://127.0.0.1/' }];
  test.each([
    [
      'below the entry',
      '[servers.x] # c\ncommand = "a"\nenv.A = "1" # d\nenv."b c".d = 12345678901234567890\n\n[other]\n',
      '[servers.x] # c\nurl = "http://127.0.0.1/"\nenv = { A = "1", "b c".d = 12345678901234567890 }\n\n[other]\n',
    ],
    [
      'of the entry in the table of all',
      '[servers]\ny.a = 1\n"x".command = "a" # c\nx.env.A = "1"\nx.env."b c" = { d = 12345678901234567890 } # e\nz.a = 1\n',
      '[servers]\ny.a = 1\nx.url = "http://127.0.0.1/"\nx.env = { A = "1", "b c" = { d = 12345678901234567890 } }\nz.a = 1\n',
    ],
  ])('%s are edited in place', (_, text, after) => {
    const doc = docOf(text);
    const at = doc.find(PATH);
    if (!at) throw new Error('not found');
    expect(at.problem).toBeUndefined();
    expect(at.value).toEqual({ command: 'a', env: { A: '1', 'b c': { d: '12345678901234567890' } } });
    expect(toml.entry(at.text)?.value).toEqual(at.value);
    expect(
      toml
        .entry(at.text)
        ?.strings()
        .map(({ path, value }) => [path.join('.'), value]),
    ).toEqual([
      ['command', 'a'],
      ['env.A', '1'],
    ]);
    const kept = at.members?.filter(({ key }) => key !== 'command') ?? [];
    const next = splice(text, [{ start: at.start, end: at.end, text: doc.render(at, [...fields, ...kept]) }]);
    expect(next).toBe(after);
    const now = docOf(next).find(PATH);
    if (!now) throw new Error('lost');
    expect(docOf(next).layout(now)).toBe(doc.layout(at));
    expect(docOf(next).find(PATH)?.value).toMatchObject({ url: 'http://127.0.0.1/', env: { A: '1' } });
    expect(splice(next, [{ start: now.start, end: now.end, text: at.text }])).toBe(text);
    const table = docOf('[servers.x]\nz = 0\n');
    const like = table.find(PATH);
    if (!like) throw new Error('not found');
    expect(toml.entry(table.relayout(like, at.text))?.value).toEqual(at.value);
    expect(toml.entry(doc.relayout(at, '\na = 1\n\n[servers.x.b]\nc = 2'))?.value).toEqual({
      a: 1,
      b: { c: 2 },
    });
    const removed = splice(text, [doc.remove(PATH)]);
    expect(docOf(removed).find(PATH)).toBeUndefined();
    expect(docOf(removed).find(['servers', 'y'])?.value).toEqual(doc.find(['servers', 'y'])?.value);
  });
});

describe('the text of an entry', () => {
  const table = '\na = 1\n\n[servers.x.env]\nB = "c"';

  test('means the same by itself as in its file', () => {
    const found = docOf(`[servers.x]${table}\n`).find(PATH);
    expect(toml.entry(table)?.value).toEqual(found?.value);
    expect(found?.value).toEqual({ a: 1, env: { B: 'c' } });
    expect(toml.entry('{ a = 1, env = { B = "c" } }')?.value).toEqual(found?.value);
  });

  test('is laid out as the entry whose place it takes', () => {
    const inline = docOf('servers.x = { z = 0 }\n');
    const like = inline.find(PATH);
    if (!like) throw new Error('not found');
    expect(inline.relayout(like, table)).toBe('{ a = 1, env = { B = "c" } }');
    const doc = docOf('[servers.x]\r\nz = 0\r\n');
    const other = doc.find(PATH);
    if (!other) throw new Error('not found');
    expect(doc.relayout(other, '{ a = 1, env = { B = "c" } }')).toBe('\r\na = 1\r\nenv = { B = "c" }');
    expect(doc.layout(other)).not.toBe(inline.layout(like));
  });

  test('is added at the end, whatever the file ends with, and taken out again', () => {
    for (const before of ['', 'a = 1', 'a = 1\n', '[t]\nb = 2\n\n', 'a = 1\r\n']) {
      const doc = docOf(before);
      const after = splice(before, [doc.add(PATH, table)]);
      expect(docOf(after).find(PATH)?.value).toEqual({ a: 1, env: { B: 'c' } });
      const removed = splice(after, [docOf(after).remove(PATH)]);
      expect(docOf(removed).keys(['servers'])).toEqual([]);
    }
  });

  test('values of every kind are written so that they are read back', () => {
    const value = { s: 'a"\\\n\u007f\u0001é🌉', 'k ey': [1, true, 'x'], m: { n: 'o' } };
    const doc = docOf('[servers.x]\nz = 0\n');
    const like = doc.find(PATH);
    if (!like) throw new Error('not found');
    const fields = Object.entries(value).map(([key, each]) => ({ key, value: each }));
    expect(toml.entry(doc.render(like, fields))?.value).toEqual(value);
  });
});
