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
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

/** From a bare environment, as a desktop gives it: what the person's shell exports is there, and what keeps it away is told. */

const CLI = join(import.meta.dirname, '../../../main/host/cli.ts');
const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

function person(shell: string, files: Record<string, string>) {
  const home = mkdtempSync(join(tmpdir(), 'drawbridge-person-'));
  homes.push(home);
  mkdirSync(join(home, '.cursor'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text, { mode: 0o755 });
  const { NODE_COMPILE_CACHE } = process.env;
  const env = { HOME: home, PATH: '/usr/bin:/bin', SHELL: shell.replace('~', home), NODE_COMPILE_CACHE };
  const run = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    new Promise((done) => {
      execFile(process.execPath, [CLI, '--data', join(home, 'data'), ...args], { env }, (_, stdout, stderr) =>
        done({ stdout, stderr }),
      );
    });
  return { home, run };
}

test.skipIf(!existsSync('/bin/bash'))(
  'an entry whose token only .bashrc exports is routed; the token is nowhere in clear',
  async () => {
    const headers = { Authorization: `Bearer \${env:ONLY_THERE}` };
    const { home, run } = person('/bin/bash', {
      '.bashrc': 'case $- in *i*) ;; *) return;; esac\nread answer\nexport ONLY_THERE=canary-5d1\n',
      '.cursor/mcp.json': JSON.stringify({ mcpServers: { x: { url: 'https://mcp.example.com/', headers } } }),
    });
    expect((await run('connect', 'cursor')).stdout).toContain('Routed x.');
    const data = join(home, 'data');
    const texts = readdirSync(data, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => readFileSync(join(each.parentPath, each.name), 'latin1'));
    expect(texts.join('\n')).not.toContain('canary-5d1');
  },
);

test('a shell that does not answer is told by doctor, and where a program is not found', async () => {
  const { home, run } = person('~/shell', { shell: '#!/bin/sh\nexit 3\n' });
  const why = `The login shell ${join(home, 'shell')} did not tell its PATH and variables`;
  expect((await run('doctor')).stdout).toMatch(new RegExp(`^!! +login shell +${why}.*ended with 3`, 'm'));
  await run('servers', 'add', 'x', '--', 'no-such-program');
  expect((await run('tools', 'x')).stderr).toContain(why);
});
