import * as files from 'node:fs/promises';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backoff } from '../../../main/core/upstream/backoff.ts';
import { LogRing } from '../../../main/core/upstream/log-ring.ts';
import {
  childEnvironment,
  namedByArguments,
  withShell,
} from '../../../main/core/upstream/stdio/child-env.ts';
import { batchLine, findProgram, type ProgramQuery } from '../../../main/core/upstream/stdio/command.ts';
import { FakeClock } from './helpers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-child-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the environment of a child', () => {
  const ours = {
    PATH: '/usr/bin',
    HOME: '/home/me',
    LC_ALL: 'C.UTF-8',
    XDG_RUNTIME_DIR: '/run/user/1',
    DISPLAY: ':0',
    WAYLAND_DISPLAY: 'wayland-0',
    XAUTHORITY: '/home/me/.Xauthority',
    SSH_AUTH_SOCK: '/run/ssh',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1/bus',
    https_proxy: 'http://proxy:1',
    NO_PROXY: 'localhost',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    NODE_OPTIONS: '--inspect',
    NPM_CONFIG__AUTH: 'secret',
    LD_PRELOAD: '/evil.so',
    ELECTRON_RUN_AS_NODE: '1',
    DRAWBRIDGE_TOKEN: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    TERM: '() { :; }; echo shellshock',
  };
  test('is the allow list, the search path, and the own variables of the entry', () => {
    expect(
      childEnvironment('linux', ours, { NODE_OPTIONS: '--max-old-space-size=64', X: '1' }, '/opt/bin'),
    ).toEqual({
      PATH: '/opt/bin',
      HOME: '/home/me',
      LC_ALL: 'C.UTF-8',
      XDG_RUNTIME_DIR: '/run/user/1',
      DISPLAY: ':0',
      WAYLAND_DISPLAY: 'wayland-0',
      XAUTHORITY: '/home/me/.Xauthority',
      SSH_AUTH_SOCK: '/run/ssh',
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1/bus',
      https_proxy: 'http://proxy:1',
      NO_PROXY: 'localhost',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      NODE_OPTIONS: '--max-old-space-size=64',
      X: '1',
    });
  });
  test('on Windows names are the same in any case', () => {
    const windows = {
      Path: 'C:\\bin',
      SystemRoot: 'C:\\Windows',
      'ProgramFiles(x86)': 'C:\\P',
      ProgramData: 'C:\\D',
      https_proxy: 'http://proxy:1',
      HOME: 'x',
      NODE_OPTIONS: '--inspect',
    };
    expect(childEnvironment('win32', windows, { PATH: 'D:\\own' }, undefined)).toEqual({
      PATH: 'D:\\own',
      SystemRoot: 'C:\\Windows',
      'ProgramFiles(x86)': 'C:\\P',
      ProgramData: 'C:\\D',
      https_proxy: 'http://proxy:1',
    });
  });
});

describe('finding the program', () => {
  const query = (command: string, more: Partial<ProgramQuery> = {}): ProgramQuery => ({
    command,
    args: ['-x'],
    cwd: folder,
    env: {},
    path: `/nowhere:${folder}`,
    platform: 'linux',
    files,
    ...more,
  });
  test('by name along the path, by relative and by absolute path', async () => {
    const file = join(folder, 'server');
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o755);
    const found = { file, args: ['-x'], verbatim: false };
    for (const command of ['server', './server', file])
      expect(await findProgram(query(command))).toEqual(found);
  });
  test('what is missing is named', async () => {
    await writeFile(join(folder, 'plain'), 'text');
    await mkdir(join(folder, 'a-folder'), { recursive: true });
    await expect(findProgram(query('uvx'))).rejects.toThrow(
      `"uvx" was not found. Install uv (https://docs.astral.sh/uv), which brings it, or give its full path. Searched: /nowhere, ${folder}.`,
    );
    await expect(findProgram(query('a-folder'))).rejects.toThrow('was not found. Install it, or');
    await expect(findProgram(query('uvx', { path: '' }))).rejects.toThrow('PATH is empty');
    await expect(findProgram(query('./none'))).rejects.toThrow(`${join(folder, 'none')} does not exist`);
    await expect(findProgram(query('plain'))).rejects.toThrow('is not executable. Make it so with: chmod +x');
    await expect(findProgram(query('x', { cwd: '/no/such' }))).rejects.toThrow('/no/such, does not exist');
  });
  test('on Windows a batch file goes through cmd.exe, with nothing left for it to interpret', async () => {
    const present = new Set(['C:\\work', 'C:\\node\\npx.CMD']);
    const stat = async (file: unknown): Promise<{ isDirectory(): boolean }> => {
      if (!present.has(String(file))) throw new Error('ENOENT');
      return { isDirectory: () => file === 'C:\\work' };
    };
    const windows = {
      cwd: 'C:\\work',
      platform: 'win32' as const,
      path: 'C:\\other;C:\\node',
      env: { PATHEXT: '.EXE;.CMD', ComSpec: 'C:\\Windows\\cmd.exe' },
      files: { stat: stat as unknown as typeof files.stat, access: files.access },
    };
    const found = await findProgram(query('npx', { ...windows, args: ['a b'] }));
    expect(found.file).toBe('C:\\Windows\\cmd.exe');
    expect(found.verbatim).toBe(true);
    expect(found.args).toEqual(['/d', '/s', '/c', '"C:\\node\\npx.CMD ^^^"a^^^ b^^^""']);
    const line = batchLine('C:\\x.cmd', ['%PATH%', '"&calc', 'a\\']);
    expect(line).toBe('C:\\x.cmd ^^^"^^^%PATH^^^%^^^" ^^^"\\^^^"^^^&calc^^^" ^^^"a\\\\^^^"');
    expect(() => batchLine('C:\\x.cmd', ['a\r\ncalc'])).toThrow('line break');
  });
});

test('back-off: free twice, then doubling to a minute; a long life forgives', () => {
  const clock = new FakeClock();
  const backoff = new Backoff(clock, 5000);
  const waits = Array.from({ length: 9 }, () => {
    backoff.died(100);
    return backoff.waitMs();
  });
  expect(waits).toEqual([0, 0, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  clock.advance(59_000);
  expect(backoff.waitMs()).toBe(1000);
  backoff.died(5000);
  expect(backoff.waitMs()).toBe(0);
  expect(backoff.deaths).toBe(0);
});

test('back-off: one that never answers is started more and more seldom, however long it takes to end', () => {
  const clock = new FakeClock();
  const backoff = new Backoff(clock, 5000);
  const waits = Array.from({ length: 4 }, () => {
    backoff.died(6000, false);
    return backoff.waitMs();
  });
  expect(waits).toEqual([0, 0, 2000, 4000]);
  expect(backoff.how).toBe('ended 4 times in a row before it answered anything');
});

describe('the log of a server', () => {
  test('is bounded in lines, in bytes and in the length of a line', () => {
    const ring = new LogRing(new FakeClock());
    for (let i = 0; i < 1500; i++) ring.add('stderr', `line ${i}`);
    expect(ring.lines()).toHaveLength(1000);
    expect(ring.lines()[0]?.line).toBe('line 500');
    for (let i = 0; i < 1500; i++) ring.add('stderr', 'x'.repeat(5000));
    const kept = ring.lines();
    expect(kept.reduce((sum, { line }) => sum + line.length, 0)).toBeLessThanOrEqual(256 * 1024);
    expect(kept.at(-1)?.line).toContain('1000 more characters');
  });
  test('blots out secrets', () => {
    const ring = new LogRing(new FakeClock());
    ring.hide(['sk-canary-1', 'x']);
    ring.add('stderr', 'using key sk-canary-1, max 3');
    expect(ring.tail(0)).toBe(' Its last lines: using key ••••, max 3');
  });
});

test('what ours lacks of network and certificates comes from the login shell, and nothing else', () => {
  const values: Record<string, string> = {
    HTTPS_PROXY: 'http://theirs',
    NO_PROXY: 'a',
    TOKEN: 'secret',
    LANG: 'x',
  };
  const shell = { variable: (name: string) => values[name] };
  expect(withShell({ LANG: 'C' }, shell, 'linux')).toEqual({
    LANG: 'C',
    HTTPS_PROXY: 'http://theirs',
    NO_PROXY: 'a',
  });
});

test('containers get the variables that their command line names', () => {
  const args = ['run', '-i', '-e', 'A', '--env', 'B', '--env=C', '-eD', '-e', 'E=set', 'image', 'F'];
  expect(namedByArguments('/usr/bin/docker', args)).toEqual(['A', 'B', 'C', 'D']);
  expect(namedByArguments('node', args)).toEqual([]);
});
