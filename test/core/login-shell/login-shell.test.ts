// @module-tag slow
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createLoginShell, type LoginShell, type ShellPorts } from '../../../main/core/login-shell/index.ts';
import { mergePaths } from '../../../main/core/login-shell/merge-paths.ts';
import { systemClock } from '../../../main/host/node/node-ports.ts';
import { until } from '../../kit/until.ts';

/** Real shells with start-up files of every kind. A shell that is not on this machine is skipped, by name. */

const made: (() => void)[] = [];
afterEach(() => {
  for (const end of made.splice(0)) end();
});

interface Person {
  readonly shell: LoginShell;
  readonly home: string;
  write(name: string, text: string): void;
}

/** `$H` in a start-up file is the home folder. */
function person(program: string, startFiles: Record<string, string>, times = {}): Person {
  const home = mkdtempSync(join(tmpdir(), 'drawbridge-shell-'));
  const write = (name: string, text: string): void => {
    const file = join(home, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text.replaceAll('$H', home), { mode: 0o755 });
  };
  for (const [name, text] of Object.entries(startFiles)) write(name, text);
  const env = {
    HOME: home,
    PATH: '/usr/bin:/bin',
    SHELL: program.replace('$H', home),
    DRAWBRIDGE_TOKEN: 'ours',
  };
  const ports: ShellPorts = {
    clock: systemClock,
    files,
    log: () => {},
    machine: { platform: process.platform, home, env, bridge: { command: '', args: [] } },
  };
  const shell = createLoginShell(ports, times);
  made.push(() => {
    shell.stop();
    for (const pid of helpersOf(home)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });
  return { shell, home, write };
}

/** A shell of our own: a script that is started as one. */
const fake = (text: string): [string, Record<string, string>] => [
  '$H/fake',
  { fake: `#!/bin/sh\n${text}\n` },
];
/** Does what it is told with `-c`. */
const RUN = 'while [ "$1" != -c ]; do shift; done; eval "$2"';
const never = { waitMs: 600_000 };
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
/** What start-up files left running, by process id. */
const helpersOf = (home: string): number[] => {
  const file = join(home, 'helper');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
};
const folders = (path: string | undefined): string[] => (path ?? '').split(':');

const SHELLS = {
  bash: '/bin/bash',
  zsh: ['/bin/zsh', '/usr/bin/zsh'].find(existsSync) ?? '/bin/zsh',
  fish:
    ['/usr/bin/fish', '/usr/local/bin/fish', '/opt/homebrew/bin/fish'].find(existsSync) ?? '/usr/bin/fish',
  dash: '/bin/dash',
};
/** A token, a version manager, a greeting, a question and a helper in the background. */
const POSIX = `export TOKEN=t-1
export LINES_OF_IT="a
PATH=/evil"
export PATH="/opt/tools:$PATH"
echo welcome; echo noise >&2
read answer
sleep 600 &
echo $! >> "$H/helper"
`;
const FISH = `if status is-interactive
  set -gx TOKEN t-1
  set -gx PATH /opt/tools $PATH
  echo welcome
  read answer
  sleep 600 &
  echo $last_pid >> $H/helper
end
`;
const CASES: [
  name: string,
  shell: keyof typeof SHELLS,
  needs: (keyof typeof SHELLS)[],
  Record<string, string>,
][] = [
  ['.bashrc alone', 'bash', [], { '.bashrc': POSIX }],
  [
    'a .bash_profile that does not read .bashrc',
    'bash',
    [],
    { '.bash_profile': 'export PATH=/opt/first:$PATH\n', '.bashrc': POSIX },
  ],
  [
    'a .bashrc for interactive shells only',
    'bash',
    [],
    { '.bashrc': `case $- in *i*) ;; *) return;; esac\n${POSIX}` },
  ],
  [
    '.bashrc that ends in exec fish',
    'bash',
    ['fish'],
    { '.bash_profile': '. ~/.bashrc\n', '.bashrc': 'exec fish\n', '.config/fish/config.fish': FISH },
  ],
  ['.bashrc that ends in exec zsh', 'bash', ['zsh'], { '.bashrc': 'exec zsh\n', '.zshrc': POSIX }],
  ['.zshrc', 'zsh', [], { '.zshrc': POSIX }],
  [
    '.zshrc that ends in exec fish',
    'zsh',
    ['fish'],
    { '.zshrc': 'exec fish\n', '.config/fish/config.fish': FISH },
  ],
  ['config.fish', 'fish', [], { '.config/fish/config.fish': FISH }],
  ['.profile', 'dash', [], { '.profile': POSIX }],
];

describe('variables and search path come from', () => {
  for (const [name, program, needs, startFiles] of CASES) {
    const missing = [program, ...needs].find((each) => !existsSync(SHELLS[each]));
    const title = `${program}: ${name}${missing ? ` (${missing} is not installed)` : ''}`;
    test.skipIf(missing)(title, async () => {
      const { shell, home } = person(SHELLS[program], startFiles, never);
      const found = await shell.look();
      expect(found).toMatchObject({ status: 'answered', problem: null });
      expect(found.variable('TOKEN')).toBe('t-1');
      expect(folders(found.path)[0]).toBe('/opt/tools');
      expect(folders(found.path)).toContain('/usr/bin');
      expect(folders(found.path)).not.toContain('/evil');
      if (startFiles['.bash_profile']?.includes('/opt/first'))
        expect(folders(found.path)).toContain('/opt/first');
      expect(found.variable('DRAWBRIDGE_TOKEN')).toBeUndefined();
      // What a start-up file left in the background is the person's.
      const helpers = helpersOf(home);
      expect(helpers.filter(isAlive)).toEqual(helpers);
    });
  }
});

test('it is asked once for all who want to know, and once more when a start-up file changed', async () => {
  const [program, own] = fake(`echo run >> "$H/runs"; . "$H/.profile"; ${RUN}`);
  const { shell, home, write } = person(program, { ...own, '.profile': 'export TOKEN=one\n' }, never);
  const [first, second] = await Promise.all([shell.look(), shell.look()]);
  expect(second).toBe(first);
  expect(await shell.look()).toBe(first);
  expect(readFileSync(join(home, 'runs'), 'utf8')).toBe('run\n');
  let told = 0;
  shell.onChange(() => void told++);
  write('.profile', 'export TOKEN=another\n');
  expect((await shell.look()).variable('TOKEN')).toBe('another');
  expect(told).toBe(1);
});

test('one that hangs is waited for once, said with its name, ended alone, and used when it answers later', async () => {
  const [program, own] = fake(
    `sleep 600 & echo $! >> "$H/helper"; [ -e "$H/go" ] || while ! [ -e "$H/go" ]; do sleep 0.1; done; export TOKEN=late; ${RUN}`,
  );
  const { shell, home, write } = person(program, own, { waitMs: 300 });
  const waited = await shell.look();
  expect(waited).toMatchObject({ status: 'asking', path: '/usr/bin:/bin' });
  expect(waited.problem).toContain(join(home, 'fake'));
  expect(waited.problem).toContain('within 300 ms');
  const changed = new Promise<void>((done) => shell.onChange(done));
  write('go', '');
  await changed;
  expect((await shell.look()).variable('TOKEN')).toBe('late');
  expect(helpersOf(home).filter(isAlive)).toHaveLength(1);
});

test('one that gave no answer is asked in other ways, by itself once more, and on demand; the causes are told', async () => {
  const [program, own] = fake(`[ -e "$H/mended" ] || exit 3; export TOKEN=t; ${RUN}`);
  const { shell, home, write } = person(program, own, { ...never, pauseMs: 600_000 });
  const failed = await shell.look();
  expect(failed.status).toBe('failed');
  expect(failed.problem).toContain(
    `The login shell ${join(home, 'fake')} did not tell its PATH and variables: as interactive login shell ended with 3 without an answer; as login shell ended with 3`,
  );
  expect(failed.fix).toContain('drawbridge doctor');
  expect(await shell.look()).toBe(failed);
  write('mended', '');
  expect((await shell.again()).variable('TOKEN')).toBe('t');

  const second = person(program, own, { ...never, pauseMs: 10 });
  await second.shell.look();
  second.write('mended', '');
  await until('it is asked again by itself', () => second.shell.now.status === 'answered');
});

test('its limits: only the shell itself is ended, also when it takes too long', async () => {
  const [program, own] = fake('sleep 600 & echo $! >> "$H/helper"; echo $$ > "$H/shell"; wait');
  const { shell, home } = person(program, own, { ...never, limitsMs: [300] });
  const { problem } = await shell.look();
  expect(problem).toContain('did not answer within 300 ms');
  const pid = (name: string): number => Number(readFileSync(join(home, name), 'utf8'));
  await until('the shell is ended', () => !isAlive(pid('shell')));
  expect(helpersOf(home).filter(isAlive)).toEqual(helpersOf(home));
});

test.each([
  ['/no/such/shell', 'could not be started'],
  ['/usr/sbin/nologin', 'is none that could be asked'],
])('%s leaves our own PATH and is told', async (program, why) => {
  const { status, path, problem } = await person(program, {}, never).shell.look();
  expect({ status, path }).toEqual({ status: 'failed', path: '/usr/bin:/bin' });
  expect(problem).toContain(program);
  expect(problem).toContain(why);
});

test('our PATH stays as it is where it holds all of the shell', () => {
  expect(mergePaths('/usr/bin:/bin', '/venv/bin:/usr/bin:/bin')).toBe('/venv/bin:/usr/bin:/bin');
  expect(mergePaths('/opt/bin:/usr/bin', '/usr/bin:/bin')).toBe('/opt/bin:/usr/bin:/bin');
  expect(mergePaths('/opt/bin', undefined)).toBe('/opt/bin');
});

test('an account without a home folder has its shell asked as well', async () => {
  const { shell, home } = person('/bin/sh', {}, never);
  rmSync(home, { recursive: true });
  const state = await shell.look();
  expect(state.problem).toBeNull();
  expect(folders(state.path)).toContain('/usr/bin');
});
