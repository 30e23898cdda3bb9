// @module-tag slow
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandOutput } from '../../../main/host/cli/output.ts';

/** What a command says is with its reader before it ends, however much it is and however slow that reader. */

const CLI = join(import.meta.dirname, '../../../main/host/cli.ts');
/** More than any pipe holds. */
const ENTRIES = 3000;
const home = mkdtempSync(join(tmpdir(), 'drawbridge-output-'));
const list = join(home, 'tools.json');
afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeAll(() => {
  const names = Array.from({ length: ENTRIES }, (_, i) => `server-${i}`);
  mkdirSync(join(home, '.cursor'));
  const mcpServers = Object.fromEntries(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the client's own variable
    names.map((name) => [name, { command: 'node', args: [`${name}.js`, '${workspaceFolder}'] }]),
  );
  writeFileSync(join(home, '.cursor/mcp.json'), JSON.stringify({ mcpServers }));
  const description = 'x'.repeat(200);
  const tools = names.map((name) => ({ name, description, inputSchema: { type: 'object' } }));
  writeFileSync(list, JSON.stringify(tools));
});

const start = (args: readonly string[]) => {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { HOME: home, PATH, NODE_COMPILE_CACHE, DRAWBRIDGE_DATA: join(home, 'data'), SHELL: '/bin/sh' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return { child, ended };
};

test.each([
  ['clients', '--json'],
  ['classify', list],
])('%s: a slow reader gets everything', async (...args) => {
  const { child, ended } = start(args);
  const err = text(child.stderr);
  const parts: string[] = [];
  for await (const part of child.stdout.setEncoding('utf8')) {
    parts.push(part as string);
    await new Promise((next) => setImmediate(next));
  }
  const all = parts.join('');
  expect(await err).toBe('');
  expect(await ended).toBe(0);
  expect(all.length).toBeGreaterThan(300_000);
  expect(all.endsWith('\n')).toBe(true);
  const lines = all
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const found =
    args[0] === 'classify' ? lines : lines[0].flatMap((client: { entries: [] }) => client.entries);
  expect(found).toHaveLength(ENTRIES);
});

test.each([
  ['clients', '--json'],
  ['classify', list],
])('%s: a reader that goes away ends it quietly', async (...args) => {
  const { child, ended } = start(args);
  const err = text(child.stderr);
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await err).toBe('');
  expect(await ended).toBe(0);
});

test('a full disk is told, with its error, and what could not be written is not waited for', async () => {
  const full = new Writable({
    highWaterMark: 1,
    write: (_part, _encoding, done) => done(Object.assign(new Error('write'), { code: 'ENOSPC' })),
  });
  const output = new CommandOutput(() => full, new PassThrough());
  expect(await output.write('a long list')).toEqual({ wanted: false });
  await output.gone;
  expect(await output.end()).toMatchObject({ code: 'ENOSPC' });
});

test('with --json every failure is one line of JSON on standard output, wrong usage as well', async () => {
  for (const [args, code, exit] of [
    [['clients', 'nobody', '--json'], 'usage', 2],
    [['nonsense', '--json'], 'usage', 2],
    [['tools', 'nobody', '--json'], 'not_found', 1],
  ] as const) {
    const { child, ended } = start(args);
    const said = await text(child.stdout);
    expect(JSON.parse(said)).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(await ended).toBe(exit);
  }
});
