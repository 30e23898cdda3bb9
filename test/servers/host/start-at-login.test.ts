import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { desktopEntryText } from '../../../main/host/autostart/desktop-entry.ts';
import { createStartAtLogin, type StartAtLoginOptions } from '../../../main/host/autostart/start-at-login.ts';
import { systemdUnitText } from '../../../main/host/autostart/systemd-unit.ts';
import { installLaunchers } from '../../../main/host/launcher/install.ts';

/** A folder with what every format treats in its own way. */
const ODD = `da ta's "best" $HOME \`x\` \\ 100% <&> ü`;

function scratch(more: Partial<StartAtLoginOptions> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'drawbridge-login-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const asked: string[][] = [];
  const options: StartAtLoginOptions = {
    platform: 'linux',
    env: { USER: 'ada' },
    home,
    dataDir: join(home, '.config', 'drawbridge'),
    app: false,
    run: async (program, args) => {
      asked.push([program, ...args]);
      throw new Error('Failed to connect to bus');
    },
    ...more,
  };
  return { home, asked, options, port: createStartAtLogin(options) };
}
const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();

describe.each([
  { name: 'the gateway on Linux', more: { app: false }, file: '.config/systemd/user/drawbridge.service' },
  { name: 'the app on Linux', more: { app: true }, file: '.config/autostart/drawbridge.desktop' },
  {
    name: 'the gateway on macOS',
    more: { platform: 'darwin' as const },
    file: 'Library/LaunchAgents/app.drawbridge-X.plist',
  },
])('$name', ({ more, file }) => {
  const at = (home: string): string => {
    const [found] = filesBelow(home).filter(
      (each) => each.startsWith(dirname(file)) && !each.includes('wants'),
    );
    return join(home, found ?? file);
  };

  test('is written, is the same the second time, and leaves nothing behind', async () => {
    const { home, port } = scratch(more);
    expect(await port.get()).toMatchObject({ on: false });
    const first = await port.set(true);
    expect(first).toMatchObject({ on: true, place: at(home) });
    const text = readFileSync(at(home), 'utf8');
    const { ino } = lstatSync(at(home));
    expect(await port.set(true)).toMatchObject({ on: true, notes: [] });
    expect(lstatSync(at(home)).ino).toBe(ino);
    expect(text).toContain('Written by Drawbridge');
    expect(await port.set(false)).toMatchObject({ on: false });
    expect(await port.set(false)).toMatchObject({ on: false });
    expect(filesBelow(home)).toEqual([]);
  });

  test('one of another version is said to be old, written again, and taken away', async () => {
    const { home, port } = scratch(more);
    await port.set(true);
    const text = readFileSync(at(home), 'utf8');
    writeFileSync(at(home), text.replace('/bin/sh', '/usr/bin/env'));
    expect((await port.get()).notes.join()).toContain('is not as Drawbridge would write it today');
    await port.set(true);
    expect(readFileSync(at(home), 'utf8')).toBe(text);
    writeFileSync(at(home), `${text}\n`);
    await port.set(false);
    expect(filesBelow(home)).toEqual([]);
  });

  test("somebody else's is neither replaced nor removed", async () => {
    const { home, port } = scratch(more);
    await port.set(true);
    const path = at(home);
    writeFileSync(path, 'mine\n');
    await expect(port.set(true)).rejects.toThrow('was not written by Drawbridge');
    expect(await port.set(false)).toMatchObject({ on: false });
    expect(readFileSync(path, 'utf8')).toBe('mine\n');
    rmSync(path);
    symlinkSync('/nowhere', path);
    await expect(port.set(true)).rejects.toThrow('was not written by Drawbridge');
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });
});

test('XDG_CONFIG_HOME is honoured where it is absolute, and another data folder has another name', async () => {
  const { home, options } = scratch();
  const config = join(home, 'other');
  await createStartAtLogin({ ...options, env: { XDG_CONFIG_HOME: config } }).set(true);
  await createStartAtLogin({ ...options, env: { XDG_CONFIG_HOME: 'relative' }, app: true }).set(true);
  const files = filesBelow(home);
  expect(files.filter((file) => file.startsWith('other/systemd/user/drawbridge-'))).toHaveLength(1);
  expect(files).toContain('.config/autostart/drawbridge.desktop');
});

test('the gateway is enabled by a link, and a user instance that is not there is said in words', async () => {
  const { home, asked, port } = scratch();
  const { notes } = await port.set(true);
  expect(asked).toEqual([['systemctl', '--user', 'daemon-reload']]);
  expect(notes.join('\n')).toContain(
    "systemd's user instance could not be asked to read it (Failed to connect to bus)",
  );
  const wants = join(home, '.config/systemd/user/default.target.wants/drawbridge.service');
  expect(lstatSync(wants).isSymbolicLink()).toBe(true);
  rmSync(wants);
  expect((await port.get()).notes).not.toEqual([]);
  await port.set(true);
  expect(existsSync(wants)).toBe(true);
});

test('one way is on at a time: the app takes the place of the gateway', async () => {
  const { home, options, port } = scratch();
  await port.set(true);
  const app = createStartAtLogin({ ...options, app: true });
  expect(await app.get()).toMatchObject({ on: true, kind: 'headless' });
  expect(await app.set(true)).toMatchObject({ on: true, kind: 'app' });
  expect(filesBelow(home)).toEqual(['.config/autostart/drawbridge.desktop']);
  await port.set(false);
  expect(filesBelow(home)).toEqual([]);
});

test('systemd reads the unit as it is meant, whatever the folder is called', () => {
  const home = mkdtempSync(join(tmpdir(), 'drawbridge-unit-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const name of ['data', ODD]) {
    const dataDir = join(home, name);
    installLaunchers(dataDir, { bridge: { command: process.execPath, args: ['/x/bridge.js'] } });
    const text = systemdUnitText({ dataDir, platform: 'linux' });
    expect(text).toMatch(/^Restart=on-failure$/m);
    expect(text.split('\n').filter((line) => line.startsWith('ExecStart='))).toHaveLength(1);
    const unit = join(home, 'drawbridge.service');
    writeFileSync(unit, text);
    const checked = spawnSync('systemd-analyze', ['verify', '--user', '--man=no', unit], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: home, HOME: home },
    });
    // Not installed, or of no use here: without a runtime folder of its own it reads no unit.
    if (checked.error || checked.stderr.includes('initialize manager')) continue;
    expect(checked).toMatchObject({ status: 0, stderr: '' });
  }
});

test('the desktop entry is escaped twice, as its specification wants', () => {
  const text = desktopEntryText({ dataDir: `/a b/$x\`"\\%`, platform: 'linux' });
  const exec = /^Exec=(.*)$/m.exec(text)?.[1] ?? '';
  // First the escapes of every value, then the quoting of Exec.
  const value = exec.replaceAll('\\\\', '\\');
  const words = [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) =>
    (word ?? '').replace(/\\(.)/g, '$1').replaceAll('%%', '%'),
  );
  expect(words).toEqual(['/bin/sh', '/a b/$x`"\\%/bin/drawbridge-app', '--hidden', '--data', '/a b/$x`"\\%']);
  const home = mkdtempSync(join(tmpdir(), 'drawbridge-entry-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  writeFileSync(join(home, 'd.desktop'), text);
  const checked = spawnSync('desktop-file-validate', [join(home, 'd.desktop')], { encoding: 'utf8' });
  if (!checked.error) expect(checked.stdout + checked.stderr).toBe('');
});

test('the scheduled task is made, known again as Windows writes it, and deleted; a foreign one is left', async () => {
  let stored: string | undefined;
  const run: NonNullable<StartAtLoginOptions['run']> = async (program, [verb, ...args]) => {
    expect(program).toBe('schtasks');
    if (verb === '/create') {
      const bytes = readFileSync(args[args.indexOf('/xml') + 1] as string);
      expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xfe]);
      stored = bytes.toString('utf16le').slice(1).replaceAll('&quot;', '"').replace(/\r\n/g, '\n');
    }
    if (stored === undefined) throw new Error('ERROR: The system cannot find the file specified.');
    if (verb === '/delete') stored = undefined;
    return stored ?? '';
  };
  const { home, port } = scratch({ platform: 'win32', run, env: { USERNAME: 'ada' } });
  mkdirSync(join(home, '.config', 'drawbridge', 'bin'), { recursive: true });
  expect(await port.get()).toMatchObject({ on: false });
  expect(await port.set(true)).toMatchObject({ on: true, kind: 'headless' });
  expect(await port.get()).toMatchObject({ on: true, notes: [] });
  expect(await port.set(false)).toMatchObject({ on: false });
  stored = '<Task><Actions><Exec/></Actions></Task>';
  await expect(port.set(true)).rejects.toThrow('was not written by Drawbridge');
  await port.set(false);
  expect(stored).toContain('<Task>');
});

test('the app of macOS and Windows is a login item of the system', async () => {
  let item = false;
  const askLoginItem = async (set: boolean | null): Promise<boolean> => {
    item = set ?? item;
    return item;
  };
  const { home, port } = scratch({ platform: 'darwin', app: true, askLoginItem });
  expect(await port.set(true)).toMatchObject({ on: true, kind: 'app' });
  expect(item).toBe(true);
  expect(filesBelow(home)).toEqual([]);
  expect(await port.set(false)).toMatchObject({ on: false });
  expect(item).toBe(false);
});
