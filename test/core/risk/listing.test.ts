// @module-tag slow
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classify } from '../../../main/core/risk/classify.ts';
import { classifyList } from '../../../main/core/risk/listing.ts';

const KEYS = ['name', 'category', 'severity', 'flags', 'confidence', 'reasons'];

describe('a list of tools', () => {
  const bare = { name: 'delete_x' };
  it.each([
    ['nothing but a name', bare],
    [
      'nulls',
      { ...bare, description: null, inputSchema: null, annotations: null, title: null, server: null },
    ],
    [
      'members of other types',
      { ...bare, description: 3, inputSchema: [], annotations: 'no', title: {}, server: 1 },
    ],
    ['an empty schema', { ...bare, inputSchema: {} }],
    ['a schema that is true', { ...bare, inputSchema: true }],
    ['properties that are null', { ...bare, inputSchema: { properties: null } }],
    ['a property that is null', { ...bare, inputSchema: { properties: { a: null } } }],
    ['a category of its own', { ...bare, category: 'Read', confidence: 1, extra: true }],
  ])('with %s', (_, tool) => {
    const [classified] = classifyList([tool]) as readonly object[];
    expect(Object.keys(classified ?? {})).toEqual(KEYS);
    expect(classified).toMatchObject({ name: 'delete_x', category: 'Destructive', severity: 'Critical' });
  });
  it('may be the result of tools/list, and may be empty', () => {
    expect(classifyList({ tools: [bare] })).toEqual([{ name: 'delete_x', ...classify(bare) }]);
    expect(classifyList([])).toEqual([]);
  });
  it.each([
    [null, 'a list of tools is expected, but there is nothing (null)'],
    [{}, 'a list of tools is expected, but there is an object without tools'],
    ['x', 'a list of tools is expected, but there is a text'],
    [[bare, 3], 'item 1 is a number'],
    [[bare, null], 'item 1 is nothing (null)'],
    [[bare, []], 'item 1 is a list'],
    [[bare, {}], 'item 1 has no name'],
    [[{ name: 7 }], 'item 0 has a number as its name'],
    [[{ name: null }], 'item 0 has nothing (null) as its name'],
  ])('%j: %s', (value, problem) => {
    expect(classifyList(value)).toEqual({ problem, fix: expect.stringMatching(/name|tools\/list/) });
  });
});

describe('drawbridge classify FILE', { timeout: 30_000 }, () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'classify-'));
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));
  const run = async (content: string) => {
    const file = join(folder, 'tools.json');
    await writeFile(file, content);
    const cli = join(import.meta.dirname, '../../../main/host/cli.ts');
    return promisify(execFile)(process.execPath, [cli, '--data', folder, 'classify', file]).catch(
      (error: { stdout: string; stderr: string; code: number }) => error,
    );
  };

  it('prints one line of JSON for each tool, and nothing else', async () => {
    const { stdout } = await run(
      '\uFEFF[{"name":"get_x","description":"Get\\nx"},{"name":"bash","description":null}]',
    );
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object))).toEqual([KEYS, KEYS]);
    expect(lines.map((line) => (JSON.parse(line) as { category: string }).category)).toEqual([
      'Read',
      'Execute',
    ]);
  });
  it('names the item and the fix', async () => {
    const result = await run('[{"name":"a"},{"description":"b"}]');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/item 1 has no name\.\s+Each item needs a name/);
  });
});
