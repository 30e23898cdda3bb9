import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { installLaunchers, launchersOf } from '../../../main/host/launcher/install.ts';
import { batchLauncher } from '../../../main/host/launcher/launcher-text.ts';

const SCRIPT = 'console.log(JSON.stringify([process.argv[1].split("/").at(-1), ...process.argv.slice(2)]))';

function scratch(name: string): { dir: string; data: string; product: (at: string) => string } {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-launcher-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return {
    dir,
    data: join(dir, name),
    product(at) {
      const folder = join(dir, at);
      mkdirSync(folder, { recursive: true });
      for (const file of ['bridge.mjs', 'cli.mjs']) writeFileSync(join(folder, file), SCRIPT);
      return join(folder, 'bridge.mjs');
    },
  };
}

test.each(['data', `da ta's "best" $HOME \`x\` \\ %`])(
  'starts what runs now, from a folder named %s',
  (name) => {
    const { data, product } = scratch(name);
    // Node itself loads no module from a folder with a backslash in its name.
    const script = product(`${name.replaceAll('\\', '')} program`);
    const bridge = installLaunchers(data, { bridge: { command: process.execPath, args: [script] } });
    expect(bridge).toEqual({ command: launchersOf(data).bridge, args: [] });
    const words = ['one server', `--data`, data, '', '*'];
    expect(JSON.parse(execFileSync(bridge.command, words, { encoding: 'utf8' }))).toEqual([
      'bridge.mjs',
      ...words,
    ]);
    const cli = execFileSync(launchersOf(data).commandLine, ['serve'], { encoding: 'utf8' });
    expect(JSON.parse(cli)).toEqual(['cli.mjs', 'serve']);
    expect(statSync(bridge.command).mode & 0o777).toBe(0o700);
  },
);

test('follows a product that was moved, and says what to do until it was started there', () => {
  const { dir, data, product } = scratch('data');
  const old = product('old');
  const { command } = installLaunchers(data, { bridge: { command: process.execPath, args: [old] } });
  renameSync(join(dir, 'old'), join(dir, 'new'));
  const lost = spawnSync(command, ['x'], { encoding: 'utf8' });
  expect(lost.status).toBe(1);
  expect(lost.stderr).toContain(`${old} is not there any more. Start Drawbridge once from where it is now`);
  const again = installLaunchers(data, {
    bridge: { command: process.execPath, args: [join(dir, 'new', 'bridge.mjs')] },
  });
  expect(again.command).toBe(command);
  expect(JSON.parse(execFileSync(command, ['x'], { encoding: 'utf8' }))).toEqual(['bridge.mjs', 'x']);
  expect(readdirSync(join(data, 'bin')).sort()).toEqual(['drawbridge', 'drawbridge-bridge']);
});

test('the exit code and the signal of the program are those of the launcher', () => {
  const { data, dir } = scratch('data');
  const script = join(dir, 'bridge.mjs');
  writeFileSync(
    script,
    'process.argv[2] === "code" ? process.exit(7) : process.kill(process.pid, "SIGKILL")',
  );
  const { command } = installLaunchers(data, { bridge: { command: process.execPath, args: [script] } });
  expect(spawnSync(command, ['code']).status).toBe(7);
  expect(spawnSync(command, ['signal']).signal).toBe('SIGKILL');
});

test('the batch file of Windows quotes paths, doubles percent signs and hands words on', () => {
  const { data } = scratch('data');
  const program = {
    command: 'C:\\Program Files\\100% a&b\\node.exe',
    args: ['--flag', "C:\\it's (x)\\bridge.js"],
  };
  installLaunchers(data, { bridge: { command: 'C:\\n\\node.exe', args: ['C:\\n\\bridge.js'] } }, 'win32');
  expect(readdirSync(join(data, 'bin')).sort()).toEqual(['drawbridge-bridge.cmd', 'drawbridge.cmd']);
  expect(readFileSync(join(data, 'bin', 'drawbridge-bridge.cmd'), 'utf8')).toContain(
    '\r\n"C:\\n\\node.exe" ',
  );
  const text = batchLauncher(program, [program.command]);
  const lines = text.split('\r\n');
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(lines).toContain(`"C:\\Program Files\\100%% a&b\\node.exe" "--flag" "C:\\it's (x)\\bridge.js" %*`);
  expect(lines).toContain('exit /b %errorlevel%');
  expect(lines).not.toContain('chcp 65001 >nul');
  expect(batchLauncher({ command: 'C:\\Größe\\node.exe', args: [] }, [])).toContain(
    '\r\nchcp 65001 >nul\r\n',
  );
});
