import { beforeEach, expect, test, vi } from 'vitest';
import { shellArguments } from '../../main/shell/arguments.ts';
import { loginItemOf } from '../../main/shell/core/login-item.ts';
import { electronLog } from '../fakes/electron.ts';

vi.mock('electron', async () => (await import('../fakes/electron.ts')).fakeElectron());

const DATA = 'C:\\Users\\Ann Smith\\AppData\\Roaming\\drawbridge';

beforeEach(() => {
  electronLog.packaged = true;
  electronLog.loginItems.clear();
});

test.each(['darwin', 'win32'] as const)(
  'on %s the app is put among the login items, found there, and taken out',
  (platform) => {
    const item = loginItemOf(DATA, platform);
    expect(item?.(null)).toBe(false);
    expect(item?.(true)).toBe(true);
    expect(item?.(null)).toBe(true);
    expect(item?.(false)).toBe(false);
    expect(electronLog.loginItems.size).toBe(0);
  },
);
test('on Windows each data folder has an item of its own', () => {
  loginItemOf(DATA, 'win32')?.(true);
  const other = loginItemOf('D:\\other', 'win32');
  expect(other?.(null)).toBe(false);
  other?.(true);
  other?.(false);
  expect(loginItemOf(DATA, 'win32')?.(null)).toBe(true);
});
test('on Windows an item that the person switched off in the Task Manager is off', () => {
  const item = loginItemOf(DATA, 'win32');
  item?.(true);
  for (const entry of electronLog.loginItems.values()) entry.enabled = false;
  expect(item?.(null)).toBe(false);
});
test('on Windows program and folder are quoted, and read as they were, with the quotes or without', () => {
  loginItemOf(DATA, 'win32')?.(true);
  const [{ path, args = [] } = { path: '' }] = electronLog.loginItems.values();
  expect(path).toBe(`"${process.execPath}"`);
  expect(args).toEqual(['--hidden', '--data', `"${DATA}"`]);
  expect(shellArguments(args)).toEqual({ data: DATA, hidden: true });
  expect(shellArguments(['--data', DATA])).toEqual({ data: DATA, hidden: false });
});
test('there is none on Linux, and none from the repository, where the system would start a bare Electron', () => {
  expect(loginItemOf(DATA, 'linux')).toBeUndefined();
  electronLog.packaged = false;
  expect(loginItemOf(DATA, 'darwin')).toBeUndefined();
});
