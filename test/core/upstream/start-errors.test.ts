// @module-tag slow
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ShellState } from '../../../main/core/login-shell/index.ts';
import { hintFor } from '../../../main/core/upstream/errors/end-hints.ts';
import type { ResolvedStdio } from '../../../main/core/upstream/types.ts';
import { createUpstreams } from '../../../main/core/upstream/upstreams.ts';
import { deps, request, shellWith } from './helpers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-start-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Buffer, mode = 0o755): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

/** What a person is told about a server that does not run: by the refused start, or by its end. */
async function told(
  config: Partial<ResolvedStdio> & { command: string },
  path?: string,
  shell: Partial<ShellState> = {},
): Promise<string> {
  const upstreams = createUpstreams({
    ...deps({ servers: { x: { kind: 'stdio', args: [], env: {}, ...config } } }),
    ...(path === undefined ? {} : { loginShell: shellWith({ path, ...shell }) }),
  });
  try {
    const connection = await upstreams.connect('x');
    const ended = new Promise<string>((done) => connection.onClose(({ message }) => done(message)));
    connection.onMessage(() => {});
    connection.send(request(1, 'initialize')).catch(() => {});
    const message = await ended;
    expect(upstreams.health('x')).toMatchObject({ status: 'failed', text: message });
    return message;
  } catch (error) {
    const { message } = error as Error;
    expect(upstreams.health('x')).toMatchObject({ status: 'failed', text: message });
    return message;
  } finally {
    await upstreams.stop();
  }
}

describe.skipIf(process.platform === 'win32')('a server that does not start says why', () => {
  test('not found, and the login shell was not able to say where', async () => {
    const problem = 'The login shell /bin/bash did not tell its PATH: it ended with 3.';
    const text = await told({ command: 'uvx' }, '/nowhere', { problem, fix: 'Look at its start-up files.' });
    expect(text).toContain(`Searched: /nowhere. ${problem} Look at its start-up files.`);
    // A program named with its path is not looked for.
    expect(await told({ command: '/no/uvx' }, '/nowhere', { problem })).not.toContain('login shell');
  });
  test.each([
    ['npx', 'Install Node.js (https://nodejs.org), which brings it'],
    ['uvx', 'Install uv (https://docs.astral.sh/uv), which brings it'],
    ['docker', 'Install Docker'],
    ['my-server', 'Install it, or give its full path'],
  ])('%s is not installed', async (command, hint) => {
    const text = await told({ command }, '/nowhere:/nowhere-else');
    expect(text).toContain(
      `The server "x" could not be started. The command "${command}" was not found. ${hint}`,
    );
    expect(text).toContain('Searched: /nowhere, /nowhere-else.');
  });

  test('a file that is not there, may not be run, or a folder that is missing', async () => {
    expect(await told({ command: join(folder, 'none') })).toContain(
      `${join(folder, 'none')} does not exist.`,
    );
    const plain = await file('plain', '#!/bin/sh\n', 0o644);
    expect(await told({ command: plain })).toContain(
      `is not executable. Make it so with: chmod +x "${plain}"`,
    );
    await mkdir(join(folder, 'sub'));
    expect(await told({ command: join(folder, 'sub') })).toContain('does not exist');
    await symlink('circle', join(folder, 'circle'));
    expect(await told({ command: join(folder, 'circle') })).toContain('A link leads in a circle.');
    expect(await told({ command: 'sh', cwd: '/no/such' })).toContain(
      'The folder to run it in, /no/such, does not exist.',
    );
  });

  test('a script whose interpreter is missing', async () => {
    const script = await file('script', '#!/no/such/python3 -u\n');
    expect(await told({ command: script })).toContain(
      'the interpreter /no/such/python3, named in its first line, does not exist.',
    );
    const env = await file('env-script', '#!/usr/bin/env no-such-interpreter\n');
    expect(await told({ command: env })).toMatch(
      /ended with exit code 127 at once, before it answered anything\. A program it runs was not found\..*no-such-interpreter/,
    );
  });

  test('a program for another processor or system', async () => {
    const elf = Buffer.alloc(4096);
    elf.write('\x7fELF\x02\x01\x01', 'latin1');
    elf.writeUInt16LE(2, 16);
    elf.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
    const other = process.arch === 'arm64' ? 'x64' : 'arm64';
    expect(await told({ command: await file('foreign', elf) })).toContain(
      `it is a program for Linux (${other}), and this machine is`,
    );
    const exe = await file('server.exe', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)]));
    expect(await told({ command: exe })).toContain('it is a program for Windows, and this machine is');
  });

  test('one that ends at once shows its last lines, without secrets', async () => {
    const script = await file(
      'fails',
      '#!/bin/sh\necho "loading" >&2\necho "token $TOKEN is refused" >&2\nexit 3\n',
    );
    expect(await told({ command: script, env: { TOKEN: 'canary-1234' } })).toBe(
      'The server "x" ended with exit code 3 at once, before it answered anything. Its last lines: loading | token •••• is refused',
    );
  });

  test('Docker is not running', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    await file(
      'bin/docker',
      '#!/bin/sh\necho "docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2\nexit 125\n',
    );
    expect(await told({ command: 'docker', args: ['run'] }, bin)).toContain(
      'Docker is not running. Start it (Docker Desktop, or the docker service) and try again. Its last lines:',
    );
  });
});

test.each([
  ['npm error code ENOTFOUND\nnpm error network request to https://registry.npmjs.org/x failed', 'offline'],
  ['npm ERR! code E404', 'no such npm package'],
  ['npm error could not determine executable to run', 'no program to run'],
  [
    '  × Failed to fetch: `https://pypi.org/simple/x/`\n  dns error: failed to lookup address',
    'uv could not reach',
  ],
  ['  × No solution found when resolving tool dependencies', 'no such Python package'],
  ["Error: Cannot find module '/home/me/server.js'", 'The script in the arguments'],
  ["python: can't open file '/x.py': [Errno 2]", 'The script in the arguments'],
  ["Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'zod' imported from /x.js", 'not installed'],
  ["ModuleNotFoundError: No module named 'mcp'", 'not installed'],
  ['Error: listen EADDRINUSE: address already in use 127.0.0.1:3000', 'port'],
])('%j: %s', (output, hint) => {
  expect(hintFor(1, output)).toContain(hint);
});
test('what is not known gets no advice', () => {
  expect(hintFor(1, 'API key is missing')).toBe('');
});
