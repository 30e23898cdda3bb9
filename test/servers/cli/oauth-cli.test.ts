import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { browse } from '../../core/upstream/auth/kit.ts';
import { type AuthServer, startAuthServer } from '../../fixtures/servers/auth-server.ts';
import { type ProtectedServer, startProtectedServer } from '../../fixtures/servers/protected-server.ts';

/** Signing in from the command line, without a core that runs: each command is a process of its own. */

const CLI = join(import.meta.dirname, '../../../main/host/cli.ts');
let home: string;
let authority: AuthServer;
let server: ProtectedServer;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'drawbridge-oauth-cli-'));
  authority = await startAuthServer();
  server = await startProtectedServer(authority);
  const added = await run('servers', 'add', 'api', '--url', server.url).end;
  expect(added.stdout).toBe('Added api. It wants you to sign in: drawbridge servers sign-in api\n');
});
beforeEach(() => {
  authority.behaviour.authorizeError = undefined;
  server.authorities = [authority];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(async () => {
  await Promise.all([authority.stop(), server.stop()]);
  rmSync(home, { recursive: true });
});

interface Run {
  readonly child: ChildProcess;
  /** The next line it prints. */
  line(): Promise<string>;
  readonly end: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: {
      HOME: home,
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DRAWBRIDGE_DATA: join(home, 'data'),
      SHELL: '/bin/sh',
    },
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout += `${line}\n`;
    const next = waiting.shift();
    if (next) next(line);
    else lines.push(line);
  });
  child.stderr.on('data', (part) => {
    stderr += part;
  });
  return {
    child,
    line: () => {
      const line = lines.shift();
      return line === undefined ? new Promise((done) => waiting.push(done)) : Promise.resolve(line);
    },
    end: new Promise((done) =>
      child.once('close', (code) => {
        children.delete(child);
        done({ code, stdout, stderr });
      }),
    ),
  };
}
const json = async (...args: string[]): Promise<unknown> =>
  JSON.parse((await run(...args, '--json').end).stdout);

test('sign-in prints the page and waits; then the tools are there; sign-out ends it', async () => {
  const refused = await run('tools', 'api').end;
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('drawbridge servers sign-in api');

  const signIn = run('servers', 'sign-in', 'api', '--json');
  const { name, url } = JSON.parse(await signIn.line()) as { name: string; url: string };
  expect(name).toBe('api');
  expect((await browse(url)).status).toBe(200);
  expect(JSON.parse(await signIn.line())).toEqual({ name: 'api', signedIn: true, issuer: authority.issuer });
  expect((await signIn.end).code).toBe(0);

  expect(await json('tools', 'api')).toMatchObject([{ name: 'echo' }, { name: 'write' }]);
  expect((await run('servers').end).stdout).toContain(`signed in at ${authority.issuer}`);
  expect(await json('servers', 'sign-out', 'api')).toEqual({ name: 'api', signedIn: false });
  expect(authority.revocations).toHaveLength(1);
});

test('a refusal in the browser is an exit of 1 with the reason', async () => {
  authority.behaviour.authorizeError = { error: 'access_denied' };
  const signIn = run('servers', 'sign-in', 'api', '--json');
  const { url } = JSON.parse(await signIn.line()) as { url: string };
  await browse(url);
  const { code, stderr } = await signIn.end;
  expect(code).toBe(1);
  expect(stderr).toContain('access was denied there');
});

test('Ctrl-C gives it up', async () => {
  const signIn = run('servers', 'sign-in', 'api', '--json');
  const { url } = JSON.parse(await signIn.line()) as { url: string };
  signIn.child.kill('SIGINT');
  expect((await signIn.end).code).toBe(1);
  await expect(browse(url)).rejects.toThrow('fetch failed');
});

test('a client made by hand; its secret comes from standard input', async () => {
  const strict = await startAuthServer({ registration: 'absent' });
  server.authorities = [strict];
  const refused = await run('servers', 'sign-in', 'api').end;
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/redirect address http:\/\/127\.0\.0\.1:\d+\/callback.*--client-id ID/s);

  const words = ['--client-id', 'by-hand-1', '--client-secret-stdin', '--json'];
  const signIn = run('servers', 'sign-in', 'api', ...words);
  signIn.child.stdin?.end('canary-by-hand\n');
  const { url } = JSON.parse(await signIn.line()) as { url: string };
  strict.addClient(new URL(url).searchParams.get('redirect_uri') ?? '', 'canary-by-hand');
  expect((await browse(url)).status).toBe(200);
  expect((await signIn.end).code).toBe(0);
  await strict.stop();
});
