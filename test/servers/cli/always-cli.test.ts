// @module-tag slow
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Starting at login, settings, servers and the port from the command line, without a running core. Each is a process. */

const CLI = join(import.meta.dirname, '../../../main/host/cli.ts');
const SERVER = join(import.meta.dirname, '../../fixtures/servers/kit.ts');
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'drawbridge-always-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}
const start = (program: string, args: string[]): Promise<Ran> =>
  new Promise((done) => {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const env = { HOME: home, PATH, NODE_COMPILE_CACHE, SHELL: '/bin/sh' };
    const child = execFile(program, args, { env, cwd: home }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
const run = (...args: string[]): Promise<Ran> => start(process.execPath, [CLI, ...args]);
const DATA = '.config/drawbridge';
const write = (place: string, text: string): void => {
  mkdirSync(dirname(join(home, place)), { recursive: true });
  writeFileSync(join(home, place), text);
};

test('autostart: on, status and off, their exit codes, and restore --all that takes it away', async () => {
  const unit = join(home, '.config/systemd/user/drawbridge.service');
  expect(await run('autostart', 'status')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('does not'),
  });
  const on = await run('autostart', 'on', '--json');
  expect(on).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(on.stdout)).toMatchObject({ on: true, kind: 'headless', place: unit });
  // What the unit names is there, and is this program.
  const [, launcher = ''] = /^ExecStart=\/bin\/sh (\S+) serve /m.exec(readFileSync(unit, 'utf8')) ?? [];
  expect(await start('/bin/sh', [launcher, '--version'])).toMatchObject({ code: 0 });
  expect((await run('doctor')).stdout).toContain(unit);
  const restored = await run('restore', '--all');
  expect(restored).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('does not start at login any more'),
  });
  expect(existsSync(unit)).toBe(false);
  expect(readdirSync(join(home, '.config/systemd/user/default.target.wants'))).toEqual([]);
  expect(await run('autostart', 'off')).toMatchObject({ code: 0 });

  write('.config/systemd/user/drawbridge.service', 'mine\n');
  expect(await run('autostart', 'on')).toMatchObject({ code: 1, stderr: expect.stringContaining(unit) });
  expect(readFileSync(unit, 'utf8')).toBe('mine\n');
  for (const words of [['autostart'], ['autostart', 'maybe'], ['autostart', 'on', 'off']])
    expect((await run(...words)).code).toBe(2);
});

test('an entry that starts the bridge names the launcher, also one of before', async () => {
  const place = '.config/Claude/claude_desktop_config.json';
  const before = '{ "mcpServers": { "one": { "command": "/bin/false" } } }\n';
  write(place, before);
  expect(await run('connect', 'claude-desktop')).toMatchObject({ code: 0 });
  const { command, args } = JSON.parse(readFileSync(join(home, place), 'utf8')).mcpServers.one;
  expect(command).toBe(join(home, DATA, 'bin/drawbridge-bridge'));
  expect(args).toEqual(['one', '--data', join(home, DATA)]);
  expect(await start(command, ['a', 'b'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('usage'),
  });
  await run('restore', '--all');
  expect(readFileSync(join(home, place), 'utf8')).toBe(before);
});

test('settings: list, get and set; what does not fit is refused and changes nothing', async () => {
  expect(await run('settings', 'set', 'retention.days', '7')).toMatchObject({ code: 0 });
  expect(await run('settings', 'get', 'retention.days')).toMatchObject({ code: 0, stdout: '7\n' });
  const listed = JSON.parse((await run('settings', 'list', '--json')).stdout);
  expect(listed).toContainEqual(
    expect.objectContaining({ key: 'retention.days', value: '7', default: '30' }),
  );
  const file = join(home, DATA, 'settings.json');
  const text = readFileSync(file, 'utf8');
  expect(await run('settings', 'set', 'retention.days', 'many')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('from 1 to 3660'),
  });
  expect(await run('settings', 'get', 'nothing')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('loopGuard'),
  });
  expect((await run('settings', 'set', 'loopGuard')).code).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('servers: edit keeps what is not named; rename, disable and enable', async () => {
  write('tools.json', JSON.stringify([{ name: 'read', inputSchema: { type: 'object' } }]));
  await run('servers', 'add', 'old', '--', process.execPath, SERVER, 'tools.json');
  expect(await run('servers', 'edit', 'old', '--env', 'A_TOKEN=canary', '--env', 'B=1')).toMatchObject({
    code: 0,
  });
  expect(await run('servers', 'edit', 'old', '--unset', 'B', '--env', 'C=2')).toMatchObject({ code: 0 });
  const { servers } = JSON.parse(readFileSync(join(home, DATA, 'settings.json'), 'utf8'));
  expect(servers.old.config).toEqual({
    kind: 'stdio',
    command: process.execPath,
    args: [SERVER, 'tools.json'],
    env: { A_TOKEN: { secret: 'server/old/env/A_TOKEN' }, C: '2' },
    cwd: home,
  });
  expect(await run('servers', 'edit', 'old', '--start', 'used')).toMatchObject({ code: 0 });
  expect(await run('servers', 'rename', 'old', 'new')).toMatchObject({ code: 0 });
  const renamed = JSON.parse(readFileSync(join(home, DATA, 'settings.json'), 'utf8'));
  expect(renamed.servers.new).toMatchObject({ start: 'used', config: { env: { C: '2' } } });
  expect(await run('servers', 'edit', 'new', '--start', 'client')).toMatchObject({ code: 0 });
  expect(readFileSync(join(home, DATA, 'settings.json'), 'utf8')).not.toContain('"used"');
  expect(await run('servers', 'restart', 'new')).toMatchObject({ code: 0, stdout: 'new works: 1 tools.\n' });
  expect(await run('servers', 'disable', 'new')).toMatchObject({ code: 0 });
  expect((await run('servers')).stdout).toContain('new  off');
  expect(await run('servers', 'start', 'new')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('enable'),
  });
  expect(await run('servers', 'enable', 'new')).toMatchObject({ code: 0 });
  for (const words of [
    ['edit', 'new'],
    ['edit', 'new', '--start', 'never'],
    ['edit', 'new', '--header', 'A: b'],
    ['edit', 'new', '--url', 'https://x.example', '--', 'cmd'],
    ['rename', 'new'],
  ])
    expect((await run('servers', ...words)).code).toBe(2);
});

test('port: shown, planned, moved', async () => {
  const before = '{ "mcpServers": { "one": { "command": "/bin/false" } } }\n';
  write('.cursor/mcp.json', before);
  await run('connect', 'cursor');
  const routed = readFileSync(join(home, '.cursor/mcp.json'), 'utf8');
  const old = (await run('port')).stdout.trim();
  const planned = await run('port', 'new', '--dry-run');
  expect(planned.stdout).toContain(`-{ "mcpServers": { "one": { "url": "http://127.0.0.1:${old}/`);
  expect(readFileSync(join(home, '.cursor/mcp.json'), 'utf8')).toBe(routed);
  expect(await run('port', 'new')).toMatchObject({ code: 0 });
  const port = (await run('port')).stdout.trim();
  expect(port).not.toBe(old);
  expect(readFileSync(join(home, '.cursor/mcp.json'), 'utf8')).toContain(`127.0.0.1:${port}/`);
  expect((await run('port', '0')).code).toBe(2);
  await run('restore', '--all');
  expect(readFileSync(join(home, '.cursor/mcp.json'), 'utf8')).toBe(before);
});
