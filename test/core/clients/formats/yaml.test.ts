import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { type Doc, type FormatDriver, splice } from '../../../../main/core/clients/formats/types.ts';
import { yaml, yamlList } from '../../../../main/core/clients/formats/yaml.ts';

function docOf(text: string, driver: FormatDriver = yaml): Doc {
  const parsed = driver.parse(text, 'tolerant');
  if (!parsed.ok)
    throw new Error(`${parsed.problem.line}:${parsed.problem.column} ${parsed.problem.message}`);
  return parsed.doc;
}
const OURS = [
  { key: 'type', value: 'streamable_http' },
  { key: 'uri', value: 'http://127.0.0.1:7717/s/x/mcp' },
  { key: 'headers', value: { Authorization: 'Bearer db_1' } },
];
const REACHING = ['type', 'cmd', 'command', 'args', 'env', 'envs'];

/** The text with ours in the place of the entry x, as routing does it. */
function routed(text: string, path: string[], driver: FormatDriver): string {
  const doc = docOf(text, driver);
  const at = doc.find(path);
  if (!at) throw new Error('not found');
  expect(at.problem).toBeUndefined();
  expect(driver.entry(at.text)?.value).toEqual(at.value);
  const kept = (at.members ?? []).filter(({ key }) => !REACHING.includes(key));
  const next = splice(text, [{ start: at.start, end: at.end, text: doc.render(at, [...OURS, ...kept]) }]);
  const after = docOf(next, driver).find(path);
  if (!after) throw new Error('lost');
  expect(after.value).toMatchObject({ type: 'streamable_http', headers: { Authorization: 'Bearer db_1' } });
  for (const { key, value } of kept) expect(after.value).toHaveProperty([key], value);
  expect(docOf(next, driver).layout(after)).toBe(doc.layout(at));
  expect(splice(next, [{ start: after.start, end: after.end, text: at.text }])).toBe(text);
  return next;
}

describe('a map of entries', () => {
  const X = ['extensions', 'x'];
  test.each([
    [
      'block style with comments around and inside',
      '# top\nextensions:\n  # about x\n  x: # here\n    # first\n    type: stdio # how\n    cmd: npx\n    # args\n    args:\n      - -y\n    timeout: 300 # s\n    # after x\n\n  y: {}\nGOOSE: a\n',
      '# top\nextensions:\n  # about x\n  x: # here\n    # first\n    type: streamable_http\n    uri: http://127.0.0.1:7717/s/x/mcp\n    headers:\n      Authorization: Bearer db_1\n    timeout: 300\n    # after x\n\n  y: {}\nGOOSE: a\n',
    ],
    [
      'four columns, CRLF and a byte order mark',
      '\uFEFFextensions:\r\n    x:\r\n        cmd: npx\r\n        env_keys:\r\n        - A\r\n',
      '\uFEFFextensions:\r\n    x:\r\n        type: streamable_http\r\n        uri: http://127.0.0.1:7717/s/x/mcp\r\n        headers:\r\n            Authorization: Bearer db_1\r\n        env_keys:\r\n        - A\r\n',
    ],
    [
      'braces',
      'extensions: { "x": { cmd: npx, args: [ a,\tb ], timeout: 1_0 }, y: 1 } # c',
      'extensions: { "x": { type: streamable_http, uri: http://127.0.0.1:7717/s/x/mcp, headers: { Authorization: Bearer db_1 }, timeout: 1_0 }, y: 1 } # c',
    ],
    [
      'JSON',
      '{"extensions": {"x": {"cmd": "npx", "on": true}}}',
      '{"extensions": {"x": { "type": "streamable_http", "uri": "http://127.0.0.1:7717/s/x/mcp", "headers": { "Authorization": "Bearer db_1" }, "on": true }}}',
    ],
    [
      'document markers, quoted keys, an anchor nobody uses and a value below its key',
      '%YAML 1.2\n---\n"extensions":\n  \'x\': &own\n\n      cmd: "n\n        px"\n      description: >-\n        some\n        text\n      note: |+\n        keep\n\n  y: 2\n...\n',
      '%YAML 1.2\n---\n"extensions":\n  \'x\': &own\n\n      type: streamable_http\n      uri: http://127.0.0.1:7717/s/x/mcp\n      headers:\n        Authorization: Bearer db_1\n      description: >-\n        some\n        text\n      note: "keep\\n\\n"\n  y: 2\n...\n',
    ],
    [
      'an end without a line break',
      'extensions:\n x:\n  cmd: npx # c',
      'extensions:\n x:\n  type: streamable_http\n  uri: http://127.0.0.1:7717/s/x/mcp\n  headers:\n   Authorization: Bearer db_1',
    ],
  ])('%s', (_what, text, after) => {
    const next = routed(text, X, yaml);
    expect(next).toBe(after);
    expect(parseDocument(next).errors).toEqual([]);
  });

  test('a block scalar that others followed does not swallow a comment', () => {
    const text = 'extensions:\n  x:\n    description: |\n      one\n    cmd: npx\n      # deep\n  y: 1\n';
    expect(routed(text, X, yaml)).toContain('    description: "one\\n"\n      # deep\n');
  });

  test.each([
    ['an alias', 'a: &a npx\nextensions:\n  x:\n    cmd: *a\n', 'shares text'],
    ['an anchor that is used elsewhere', 'extensions:\n  x: &x\n    cmd: npx\n  y: *x\n', 'shares text'],
    ['an anchor inside that is used elsewhere', 'extensions:\n  x:\n    cmd: &c npx\nb: *c\n', 'shares text'],
    ['a map that is used elsewhere', 'extensions: &e\n  x:\n    cmd: npx\nb: *e\n', 'shares text'],
    ['a map that stands elsewhere', 'b: &e\n  x:\n    cmd: npx\nextensions: *e\n', 'shares text'],
    ['an entry that stands elsewhere', 'b: &e\n  cmd: npx\nextensions:\n  x: *e\n', 'shares text'],
    ['a merge', 'extensions:\n  x:\n    <<: { cmd: npx }\n', '<<'],
    ['a tag', 'extensions:\n  x: !remote\n    cmd: npx\n', 'laid out'],
    ['a value on the line of its colon', 'extensions:\n  ? x\n  : cmd: npx\n', 'laid out'],
    ['a key of several parts', 'extensions:\n  x:\n    cmd: npx\n    ? [a, b]\n    : c\n', 'laid out'],
  ])('%s is seen, and not edited', (_what, text, says) => {
    const doc = docOf(text);
    expect(doc.keys(['extensions'])).toContain('x');
    expect(doc.find(X)?.problem).toContain(says);
    expect(doc.find(X)?.value).toMatchObject(says === '<<' ? {} : { cmd: 'npx' });
  });

  test.each([
    ['a key that stands twice', 'a: 1\nb:\n  c: 1\n  c: 2\n', 4, 3, 'twice'],
    ['a second document', 'a: 1\n---\nb: 1\n', 2, 1, 'second document'],
    ['an alias for nothing', 'a: *b\n', 1, 4, '&b'],
    ['a tab', 'a:\n\tb: 1\n', 2, 1, 'tab'],
    ['a list', '\n- a\n', 2, 1, 'map'],
    ['an open bracket', 'a: [1\n', 2, 1, ''],
    ['an odd indentation', 'a:\n   b: 1\n  c: 2\n', 3, 1, 'indented'],
  ])('%s is a problem with its place', (_what, text, line, column, says) => {
    const parsed = yaml.parse(text, 'strict');
    expect(parsed).toMatchObject({
      ok: false,
      problem: { line, column, message: expect.stringContaining(says) },
    });
  });

  test('nesting without end, and a few lines that stand for millions', { tags: ['slow'] }, () => {
    expect(yaml.parse(`a: ${'['.repeat(100_000)}`, 'strict')).toMatchObject({ ok: false });
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(docOf(`${bomb.join('\n')}\n`).find(['a11'])?.value).toBeInstanceOf(Array);
  });

  test.each([
    ['nothing', ''],
    ['a comment', '# c\n'],
    ['no map', 'a: 1\n'],
    ['an empty map', 'a: 1\nextensions: {} # c\nb: 2\n'],
    ['no value', 'a: 1\nextensions: # c\n# d\nb: 2\n'],
    ['null', 'extensions: ~'],
    ['a map', 'extensions:\n   y: 1 # c\n   # d\nb: 2\n'],
    ['braces', '{ extensions: { y: 1 }, b: 2 }'],
    ['empty braces', '{ extensions: {}, b: 2 }'],
    ['nothing but braces', '{}\n'],
    ['an end marker', 'a: 1\n...\n'],
  ])('an entry is added to %s, and taken out again', (_what, before) => {
    for (const own of ['\n        cmd: npx\n        args:\n        - a # c', '{ cmd: npx, args: [a] }']) {
      const added = splice(before, [docOf(before).add(X, own)]);
      expect(docOf(added).find(X)?.value).toEqual({ cmd: 'npx', args: ['a'] });
      expect(parseDocument(added).errors).toEqual([]);
      for (const other of ['# c', '# d', 'b: 2', 'a: 1'])
        if (before.includes(other)) expect(added).toContain(other);
      const removed = splice(added, [docOf(added).remove(X)]);
      expect(docOf(removed).keys(['extensions'])).toEqual(docOf(before).keys(['extensions']));
      if (docOf(before).keys(['extensions']).length > 0) expect(removed).toBe(before);
    }
  });
});

describe('a list of entries with names', () => {
  const X = ['mcpServers', 'x'];
  test.each([
    [
      'items below their key',
      'mcpServers:\n  # one\n  - name: x # n\n    command: npx\n    args: [a]\n    disabled: true\n  - name: y\n    command: z\nmodels: []\n',
      'mcpServers:\n  # one\n  - name: x\n    type: streamable_http\n    uri: http://127.0.0.1:7717/s/x/mcp\n    headers:\n      Authorization: Bearer db_1\n    disabled: true\n  - name: y\n    command: z\nmodels: []\n',
    ],
    [
      'items in the column of their key, the name last',
      'mcpServers:\n- command: npx\n  env:\n    A: b\n  name: x\n- name: y\n',
      'mcpServers:\n- name: x\n  type: streamable_http\n  uri: http://127.0.0.1:7717/s/x/mcp\n  headers:\n    Authorization: Bearer db_1\n- name: y\n',
    ],
    [
      'an item below its dash',
      'mcpServers:\n -   # c\n     name: x\n     command: npx',
      'mcpServers:\n -   name: x\n     type: streamable_http\n     uri: http://127.0.0.1:7717/s/x/mcp\n     headers:\n       Authorization: Bearer db_1',
    ],
    [
      'braces in items',
      'mcpServers:\n  - { name: x, command: npx } # c\n',
      'mcpServers:\n  - { name: x, type: streamable_http, uri: http://127.0.0.1:7717/s/x/mcp, headers: { Authorization: Bearer db_1 } } # c\n',
    ],
    [
      'brackets',
      'mcpServers: [{name: x, command: npx}, {name: y}]\n',
      'mcpServers: [{ name: x, type: streamable_http, uri: http://127.0.0.1:7717/s/x/mcp, headers: { Authorization: Bearer db_1 } }, {name: y}]\n',
    ],
  ])('%s', (_what, text, after) => {
    expect(docOf(text, yamlList).keys(['mcpServers'])[0]).toBe('x');
    const next = routed(text, X, yamlList);
    expect(next).toBe(after);
    expect(parseDocument(next).errors).toEqual([]);
  });

  test('items without a name are none of ours; of those with the same name the last counts', () => {
    const doc = docOf('mcpServers:\n- uses: a/b\n- name: x\n  a: 1\n- name: x\n  a: 2\n- 5\n', yamlList);
    expect(doc.keys(['mcpServers'])).toEqual(['x']);
    expect(doc.find(X)).toMatchObject({ copies: 2, value: { a: 2 } });
    expect(doc.find(['mcpServers'])).toMatchObject({ copies: 1, members: null });
  });

  test.each([
    ['a bracket without braces', 'mcpServers: [name: x]\n'],
    ['a list in a list', 'mcpServers: \n- &a\n  name: x\n'],
    ['an item that stands elsewhere', 'a: &a {name: x}\nmcpServers:\n- *a\n'],
  ])('%s is seen, and not edited', (_what, text) => {
    expect(docOf(text, yamlList).keys(['mcpServers'])).toEqual(['x']);
    expect(docOf(text, yamlList).find(X)?.problem).toBeDefined();
  });

  test.each([
    ['nothing', ''],
    ['no list', 'name: a\nversion: 1\n'],
    ['an empty list', 'mcpServers: [] # c\nb: 1\n'],
    ['no value', 'mcpServers:\nb: 1\n'],
    ['a list', 'mcpServers:\n- name: y\n  command: z # c\n# d\nb: 1\n'],
    ['an indented list', 'mcpServers:\n    - name: y\n      command: z'],
    ['brackets', '{ mcpServers: [{name: y}], b: 1 }'],
  ])('an item is added to %s, and taken out again with its dash', (_what, before) => {
    for (const own of ['   - name: x\n     command: npx', '{ name: x, command: npx }']) {
      const added = splice(before, [docOf(before, yamlList).add(X, own)]);
      expect(docOf(added, yamlList).find(X)?.value).toEqual({ name: 'x', command: 'npx' });
      const removed = splice(added, [docOf(added, yamlList).remove(X)]);
      expect(docOf(removed, yamlList).keys(['mcpServers'])).toEqual(
        docOf(before, yamlList).keys(['mcpServers']),
      );
      if (before.includes('y')) expect(removed).toBe(before);
    }
  });
});

describe('values', () => {
  test('that readers of YAML 1.1 would take for something else are quoted', () => {
    const doc = docOf('extensions:\n  x:\n    cmd: a\n');
    const at = doc.find(['extensions', 'x']);
    if (!at) throw new Error('not found');
    const values = [
      ...[
        'on',
        'Yes',
        '~',
        'null',
        '',
        ' ',
        '1',
        '1.5',
        '0x1',
        '1e3',
        '.inf',
        '2026-01-01',
        '12:30:45',
        '=',
        '<<',
      ],
      ...[
        'a: b',
        'a #b',
        '#a',
        '*a',
        '&a',
        '!a',
        '%a',
        '@a',
        '`a',
        '- a',
        '? a',
        '|',
        '>',
        '[a',
        '{a',
        'a\nb',
        'a ',
      ],
      ...[
        '\t',
        'é',
        '🌉',
        '\u0085',
        '\u2028',
        '\uFEFF',
        '\u0000',
        '\u007f',
        '"',
        "'",
        '\\',
        'a:',
        'n',
        '---',
        '...',
      ],
    ];
    const text = doc.render(at, [
      { key: 'env', value: Object.fromEntries(values.map((value, i) => [`K${i}`, value])) },
      { key: 'keys', value: Object.fromEntries(values.map((value, i) => [value, i])) },
      { key: 'list', value: values },
    ]);
    const read = yaml.entry(text)?.value as Record<string, Record<string, unknown>>;
    expect(Object.values(read.env ?? {})).toEqual(values);
    expect(read.keys).toEqual(Object.fromEntries(values.map((value, i) => [value, i])));
    expect(read.list).toEqual(values);
    for (const version of ['1.1', '1.2'] as const)
      expect(parseDocument(`x:${text}`, { version }).toJS().x.list).toEqual(values);
  });

  test('of every kind keep their own form when an entry moves', () => {
    const doc = docOf('extensions:\n    x:\n        cmd: a\n');
    const like = doc.find(['extensions', 'x']);
    if (!like) throw new Error('not found');
    const own = '\n  i: 12345678901234567890\n  # c\n  f: 1.50\n  s: |\n    text\n\n    more\n  e:';
    expect(doc.relayout(like, own)).toBe(
      '\n        i: 12345678901234567890\n        # c\n        f: 1.50\n        s: |\n          text\n\n          more\n        e:',
    );
    expect(doc.relayout(like, '{ i: 12345678901234567890, f: 1.50, o: "on" }')).toBe(
      '\n        i: 12345678901234567890\n        f: 1.50\n        o: "on"',
    );
    const braces = docOf('extensions: {"x": {"cmd": "a"}}');
    const flow = braces.find(['extensions', 'x']);
    if (!flow) throw new Error('not found');
    expect(braces.relayout(flow, own)).toBe(
      '{ "i": 12345678901234567890, "f": 1.50, "s": "text\\n\\nmore\\n", "e": null }',
    );
  });

  test('strings are found with their paths, also numbers, which can be secrets', () => {
    const text = 'a: 1\nextensions:\n  x:\n    envs: { TOKEN: canary, PIN: 123456 }\n    args:\n    - "b"\n';
    const at = text.indexOf('canary');
    const found = docOf(text).strings(at, at + 6);
    expect(found.map(({ path, value }) => [path.join('.'), value])).toEqual([
      ['a', '1'],
      ['extensions.x.envs.TOKEN', 'canary'],
      ['extensions.x.envs.PIN', '123456'],
    ]);
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(['1', 'canary', '123456']);
  });
});
