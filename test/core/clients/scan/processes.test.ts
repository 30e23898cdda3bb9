import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../main/host/node/node-ports.ts';
import { createProcessList, macNames, namesOf, windowsNames } from '../../../../main/host/node/processes.ts';
import { scratch } from '../kit.ts';

test.each([
  [['/usr/bin/codex', '--full-auto'], ['codex']],
  [['claude'], ['claude']],
  [
    ['/usr/bin/node', '--no-warnings', '/usr/bin/gemini', '-y'],
    ['node', 'gemini', 'gemini'],
  ],
  [
    ['node', '/lib/node_modules/x/codex.js'],
    ['node', 'codex.js', 'codex'],
  ],
  [['node'], ['node']],
  [[''], []],
])('%j is known as %j', (words, names) => {
  expect(namesOf(words)).toEqual(names);
});

test('what ps prints', () => {
  const programs =
    '/Applications/Claude.app/Contents/MacOS/Claude\n/Applications/Visual Studio Code.app/Contents/MacOS/Electron\n-zsh\n';
  const lines =
    '/Applications/Claude.app/Contents/MacOS/Claude\nnode /opt/homebrew/bin/gemini --debug\n-zsh\n';
  const names = macNames(programs, lines);
  for (const name of ['Claude', 'Electron', 'gemini', 'node']) expect(names).toContain(name);
  expect(names).not.toContain('--debug');
});

test('what tasklist prints', () => {
  const csv =
    '"System Idle Process","0","Services","0","8 K"\r\n"Cursor.exe","4711","Console","1","90,000 K"\r\n';
  expect([...windowsNames(csv)]).toEqual(['System Idle Process', 'Cursor.exe']);
});

test.runIf(process.platform === 'linux')(
  'a program that runs on this machine is found, by its script',
  async () => {
    const home = scratch();
    const script = home.write(
      'bin/some-agent.js',
      'process.stdout.write("up"); setInterval(() => {}, 1000);',
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      const list = createProcessList('linux', { monotonic: () => 0 }, () => undefined);
      const names = await list();
      expect(names).toContain('some-agent');
      expect(names).not.toContain('some-agent-that-does-not-run');
      // Asked again at once, it answers from memory.
      expect(await list()).toBe(names);
    } finally {
      child.kill('SIGKILL');
      home.remove();
    }
  },
);

test('a system that is not known says so', async () => {
  expect(await createProcessList('aix', systemClock, () => undefined)()).toBeNull();
});
