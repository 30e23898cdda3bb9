import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeStartLock } from '../../../main/host/bridge/start-lock.ts';
import {
  type CoreFile,
  isAlive,
  readCoreFile,
  removeCoreFile,
  writeCoreFile,
} from '../../../main/host/data-folder/core-file.ts';
import { defaultDataDir, resolveDataDir } from '../../../main/host/data-folder/data-dir.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drawbridge-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid as number;
}

describe('the core file', () => {
  const info: CoreFile = {
    pid: process.pid,
    gateway: 'http://127.0.0.1:4100',
    control: 'ws://127.0.0.1:4101',
    ui: null,
    token: 'control-token',
    host: 'headless',
    startedAt: 1,
  };
  const file = (): string => join(folder, 'data', 'core.json');
  const dir = (): string => join(folder, 'data');

  test('is written whole, for its owner only, and read back', () => {
    expect(readCoreFile(dir())).toBeUndefined();
    writeCoreFile(dir(), { ...info, pid: 1 });
    writeCoreFile(dir(), info);
    expect(readCoreFile(dir())).toEqual(info);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(dir()).mode & 0o777).toBe(0o700);
    expect(readdirSync(dir())).toEqual(['core.json']);
  });

  test('is removed by its own process only', () => {
    writeCoreFile(dir(), info);
    removeCoreFile(dir(), info.pid + 1);
    expect(readCoreFile(dir())).toEqual(info);
    removeCoreFile(dir(), info.pid);
    expect(readCoreFile(dir())).toBeUndefined();
    removeCoreFile(dir(), info.pid);
  });

  test.each([
    ['half a file', '{"pid":'],
    ['another machine', JSON.stringify({ ...info, gateway: 'http://10.0.0.1:80' })],
    ['another host that begins alike', JSON.stringify({ ...info, gateway: 'http://127.0.0.1:80@evil' })],
    ['no process', JSON.stringify({ ...info, pid: -1 })],
    ['no token', JSON.stringify({ ...info, token: undefined })],
  ])('%s is refused with its path', (_, text) => {
    mkdirSync(dir());
    writeFileSync(file(), text);
    expect(() => readCoreFile(dir())).toThrow(`${file()} is damaged`);
  });

  test('knows the living from the dead', async () => {
    expect(isAlive(process.pid)).toBe(true);
    expect(isAlive(await deadPid())).toBe(false);
  });
});

describe('the lock for starting a core', () => {
  test('is had by one at a time', () => {
    const release = takeStartLock(folder, 20_000);
    expect(release).toBeTypeOf('function');
    expect(takeStartLock(folder, 20_000)).toBeUndefined();
    release?.();
    takeStartLock(folder, 20_000)?.();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is taken over from the dead, and when it is too old', async () => {
    const lock = join(folder, 'core.starting');
    mkdirSync(lock);
    expect(takeStartLock(folder, 20_000)).toBeUndefined();
    writeFileSync(join(lock, 'pid'), String(await deadPid()));
    expect(takeStartLock(folder, 20_000)).toBeTypeOf('function');
    expect(readFileSync(join(lock, 'pid'), 'utf8')).toBe(String(process.pid));
    utimesSync(lock, new Date(0), new Date(0));
    expect(takeStartLock(folder, 20_000)).toBeTypeOf('function');
  });
});

test('the data folder of each system', () => {
  expect(defaultDataDir('darwin', {}, '/Users/a')).toBe('/Users/a/Library/Application Support/Drawbridge');
  expect(defaultDataDir('win32', { APPDATA: 'C:\\Users\\a\\AppData\\Roaming' }, 'C:\\Users\\a')).toBe(
    'C:\\Users\\a\\AppData\\Roaming\\Drawbridge',
  );
  expect(defaultDataDir('linux', {}, '/home/a')).toBe('/home/a/.config/drawbridge');
  expect(defaultDataDir('linux', { XDG_CONFIG_HOME: '/cfg' }, '/home/a')).toBe('/cfg/drawbridge');
  expect(defaultDataDir('linux', { XDG_CONFIG_HOME: 'relative' }, '/home/a')).toBe(
    '/home/a/.config/drawbridge',
  );
  expect(resolveDataDir('here', { DRAWBRIDGE_DATA: '/env' })).toBe(resolve('here'));
  expect(resolveDataDir(undefined, { DRAWBRIDGE_DATA: '/env' })).toBe('/env');
});

test('the bridge loads little: the standard library and a few small files of ours', () => {
  const seen = new Set<string>();
  const outside = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [whole, from = ''] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)';/gms)) {
      if (whole.startsWith('import type')) continue;
      if (from.startsWith('.')) visit(resolve(dirname(file), from));
      else outside.add(from);
    }
    expect(text).not.toMatch(/\b(await import|require)\(/);
  };
  visit(resolve('main/host/bridge.ts'));
  expect([...outside].filter((name) => !name.startsWith('node:'))).toEqual([]);
  const bytes = [...seen].reduce((sum, file) => sum + statSync(file).size, 0);
  expect(seen.size).toBeGreaterThan(8);
  expect(bytes).toBeLessThan(90_000);
});
