// @module-tag slow
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bridgeToken } from '../../../../main/host/bridge/token.ts';
import { memory, memoryClients, type Scratch, scratch } from '../kit.ts';
import { sample } from '../steps-kit.ts';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const git = (folder: string, ...args: string[]): void =>
  void execFileSync(
    'git',
    ['-C', join(home.dir, folder), '-c', 'user.name=a', '-c', 'user.email=a@b', ...args],
    {
      stdio: 'pipe',
    },
  );
/** A client's file that is a link into a folder of dotfiles, as people have it who keep theirs under version control. */
const linked = (place: string, text: string): string => {
  const file = home.write(`dotfiles/${place}`, text);
  mkdirSync(dirname(join(home.dir, place)), { recursive: true });
  symlinkSync(file, join(home.dir, place));
  return file;
};
const bridge = { command: process.execPath, args: [import.meta.filename] };
const tokens = (text: string): RegExpMatchArray | null => text.match(/db_[\w-]+/g);

/** Every shape in which clients write a program. */
const SHAPES = [
  'cursor',
  'claude-desktop',
  'vscode',
  'codex',
  'gemini-cli',
  'opencode',
  'goose',
  'continue',
  'cline',
];
const MORE = [
  'kimi-code',
  'jan',
  'zed',
  'windsurf',
  'copilot-cli',
  'augment',
  'droid',
  'anythingllm',
  'claude-code',
];

test.each([...SHAPES, ...MORE])(
  '%s: no token in a file that git tracks; said before, and undone',
  async (id) => {
    const { place, before } = sample(id);
    const file = linked(place, before);
    git('dotfiles', 'init', '-q');
    git('dotfiles', 'add', '-A');
    git('dotfiles', 'commit', '-qm', 'dotfiles');
    const kept = memory();
    const clients = memoryClients(home, kept, { bridge });
    const [plan] = await clients.plan([id], 'connect');
    expect(plan?.warnings).toContainEqual(expect.stringContaining('under version control (git'));
    const [result] = await clients.apply([id], 'connect', { [id]: plan?.digest ?? '' });
    expect(result).toMatchObject({ ok: true, message: expect.stringContaining('no token is written') });
    expect(result?.routed.length).toBeGreaterThan(0);
    const routed = readFileSync(file, 'utf8');
    expect(tokens(routed)).toBeNull();
    expect(routed).toContain('DRAWBRIDGE_CLIENT');
    // The bridge finds it, and nobody else may read it.
    expect(bridgeToken({ DRAWBRIDGE_CLIENT: id }, home.data, () => undefined)).toBe(`db_token-of-${id}`);
    expect(statSync(join(home.data, 'tokens', id)).mode & 0o077).toBe(0);
    // It is ours, and as it should be.
    const again = memoryClients(home, kept, { bridge });
    expect(await again.apply([id], 'connect')).toMatchObject([{ ok: true, routed: [] }]);
    expect((await again.diagnose()).filter((each) => each.client === id && !each.ok)).toEqual([]);
    expect(await again.apply([id], 'disconnect')).toMatchObject([{ ok: true, restored: result?.routed }]);
    expect(readFileSync(file, 'utf8')).toBe(before);
  },
);

describe('what goes into version control', () => {
  const ENTRY = '{"mcpServers":{"one":{"command":"/usr/bin/one"}}}';
  const noted = async (): Promise<boolean> => {
    const [plan] = await memoryClients(home, memory()).plan(['cursor'], 'connect');
    return (plan?.warnings ?? []).some((warning) => warning.includes('version control'));
  };

  test('a file that would be added, but none that is ignored', async () => {
    home.write('.cursor/mcp.json', ENTRY);
    expect(await noted()).toBe(false);
    git('', 'init', '-q');
    expect(await noted()).toBe(true);
    home.write('.gitignore', '/.cursor/\n');
    expect(await noted()).toBe(false);
    // Tracked in spite of that.
    git('', 'add', '-f', '.cursor/mcp.json');
    expect(await noted()).toBe(true);
  });

  test('a link whose own place is versioned, and a folder of the way that is a link', async () => {
    home.write('dotfiles/cursor/mcp.json', ENTRY);
    git('dotfiles', 'init', '-q');
    symlinkSync(join(home.dir, 'dotfiles/cursor'), join(home.dir, '.cursor'));
    expect(await noted()).toBe(true);
  });

  test('a repository without a work tree that holds the home folder', async () => {
    home.write('.cursor/mcp.json', ENTRY);
    mkdirSync(join(home.dir, '.cfg'));
    git('.cfg', 'init', '-q', '--bare');
    expect(await noted()).toBe(false);
    git(
      '',
      `--git-dir=${home.dir}/.cfg`,
      `--work-tree=${home.dir}`,
      'add',
      '-f',
      `${home.dir}/.cursor/mcp.json`,
    );
    expect(await noted()).toBe(true);
  });

  test.each(['.hg', '.jj', '.svn'])('a work tree of another kind (%s)', async (mark) => {
    linked('.cursor/mcp.json', ENTRY);
    mkdirSync(join(home.dir, 'dotfiles', mark));
    expect(await noted()).toBe(true);
  });

  test('nothing that the repository’s own settings name is started', async () => {
    linked('.cursor/mcp.json', ENTRY);
    git('dotfiles', 'init', '-q');
    const trace = join(home.dir, 'started');
    const hook = join(home.dir, 'hook');
    writeFileSync(hook, `#!/bin/sh\necho x > ${trace}\n`, { mode: 0o755 });
    git('dotfiles', 'config', 'core.fsmonitor', hook);
    expect(await noted()).toBe(true);
    expect(statSync(trace, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('routed before its file was versioned: the doctor says so, and connecting takes the token out', async () => {
    home.write('.cursor/mcp.json', ENTRY);
    const kept = memory();
    await memoryClients(home, kept, { bridge }).apply(['cursor'], 'connect');
    expect(tokens(home.read('.cursor/mcp.json'))).not.toBeNull();
    git('', 'init', '-q');
    expect(await memoryClients(home, kept, { bridge }).diagnose()).toContainEqual(
      expect.objectContaining({ ok: false, detail: expect.stringContaining('holds a token') }),
    );
    await memoryClients(home, kept, { bridge }).apply(['cursor'], 'connect');
    expect(tokens(home.read('.cursor/mcp.json'))).toBeNull();
    await memoryClients(home, kept, { bridge }).restoreAll();
    expect(home.read('.cursor/mcp.json')).toBe(ENTRY);
  });
});

test('a bridge without a token says what to do', () => {
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  expect(bridgeToken({ DRAWBRIDGE_CLIENT: 'cursor' }, home.data, note)).toBeUndefined();
  expect(bridgeToken({ DRAWBRIDGE_CLIENT: '../../etc/passwd' }, home.data, note)).toBeUndefined();
  expect(bridgeToken({}, home.data, note)).toBeUndefined();
  expect(notes).toEqual([
    expect.stringContaining('drawbridge connect cursor'),
    expect.stringContaining('no token'),
    expect.stringContaining('DRAWBRIDGE_TOKEN is not set'),
  ]);
});
