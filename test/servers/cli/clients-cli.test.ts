import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

/** Clients from the command line: each command is a process of its own, over files in a scratch home. */

const CLI = join(import.meta.dirname, '../../../main/host/cli.ts');
const home = mkdtempSync(join(tmpdir(), 'drawbridge-cli-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const env = {
      HOME: home,
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DRAWBRIDGE_DATA: join(home, 'data'),
      SHELL: '/bin/sh',
    };
    execFile(process.execPath, [CLI, ...args], { env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });
const put = (path: string, text: string): string => {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const servers = (names: Record<string, object>): string =>
  `${JSON.stringify({ mcpServers: names }, null, '\t')}\n`;

test('lists, connects with progress, says what is wrong with each client and how to mend it, and puts all back', async () => {
  const cursor = put(
    '.cursor/mcp.json',
    servers({
      files: { command: 'node', args: ['files.js'], env: { API_KEY: 'sk-canary-1f0c2a77' } },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the client's own variable
      here: { command: 'node', args: ['${workspaceFolder}/x.js'] },
    }),
  );
  const gemini = put('.gemini/settings.json', servers({ notes: { command: 'node', args: ['notes.js'] } }));
  put('.codeium/windsurf/mcp_config.json', '{\n  "mcpServers": {\n    "a": { "command": }\n  }\n}\n');
  const before = [cursor, gemini].map((file) => readFileSync(file, 'utf8'));

  const list = await run('clients');
  expect(list.code).toBe(0);
  expect(list.stdout).toMatch(/^cursor +Cursor +direct +\S+\.cursor\/mcp\.json$/m);
  expect(list.stdout).toMatch(/^ +here +skipped +.*workspaceFolder/m);
  expect(list.stdout).toMatch(/^ +!! +.*mcp_config\.json, line 3, column \d+:/m);
  expect(list.stdout).toMatch(/\d+ more clients are known and not here: drawbridge clients --known/);
  expect(list.stdout).not.toContain('sk-canary');
  const known = JSON.parse((await run('clients', '--known', '--json')).stdout) as { id: string }[];
  expect(known.length).toBeGreaterThan(30);

  const dry = await run('connect', '--all', '--dry-run');
  expect(dry.code).toBe(1);
  expect(dry.stdout).toMatch(/^\+\t\t\t"url": "http:\/\/127\.0\.0\.1:\d+\/s\/files\/mcp"/m);
  expect(dry.stdout).toMatch(/route files.*moves to the key store: env API_KEY/);
  expect([cursor, gemini].map((file) => readFileSync(file, 'utf8'))).toEqual(before);

  const done = await run('connect', '--all', '--json');
  expect(done.code).toBe(1);
  expect(done.stderr).toContain('1 of 3: Cursor');
  const results = JSON.parse(done.stdout) as { client: string; ok: boolean; message: string }[];
  expect(results.map(({ client, ok }) => [client, ok]).sort()).toEqual([
    ['cursor', true],
    ['gemini-cli', true],
    ['windsurf', false],
  ]);
  expect(results.find(({ client }) => client === 'windsurf')?.message).toContain('line 3');

  // The gateway moved, one file may not be written any more, and somebody edited one of our entries.
  writeFileSync(cursor, readFileSync(cursor, 'utf8').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
  writeFileSync(gemini, readFileSync(gemini, 'utf8').replace('"httpUrl"', '"trust": true,\n\t\t\t"httpUrl"'));
  chmodSync(gemini, 0o400);
  const doctor = await run('doctor');
  expect(doctor.code).toBe(1);
  const line = (text: RegExp): string | undefined =>
    doctor.stdout.split('\n').find((each) => text.test(each));
  expect(line(/client cursor.*files/)).toMatch(/^!! /);
  expect(line(/client cursor +here/)).toMatch(/^ok .*workspaceFolder/);
  expect(line(/client windsurf/)).toMatch(/^!! .*line 3, column \d+.*Correct the file/);
  expect(line(/client gemini-cli +notes/)).toMatch(/^!! .*changed by hand.*keep it or put ours back/);
  expect(line(/client gemini-cli.*settings\.json/)).toMatch(/^!! .*writable/);
  chmodSync(gemini, 0o600);

  const back = await run('restore', '--all', '--json');
  expect(back.code).toBe(0);
  expect(JSON.parse(readFileSync(gemini, 'utf8')).mcpServers.notes.command).toBe('node');
  expect(JSON.parse(readFileSync(cursor, 'utf8')).mcpServers.files.env).toEqual({
    API_KEY: 'sk-canary-1f0c2a77',
  });
}, 120_000);

test('prints the steps of a client without a file, and refuses what cannot be done with words', async () => {
  const steps = await run('clients', '--steps', 'raycast');
  expect(steps.code).toBe(0);
  expect(steps.stdout).toMatch(/^Raycast, by hand:/);
  expect(steps.stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+\/mcp/);
  expect(steps.stdout).toContain('npx drawbridge token raycast');
  expect((await run('token', 'raycast')).stdout.trim().length).toBeGreaterThan(20);

  const byHand = await run('connect', 'raycast');
  expect([byHand.code, byHand.stderr]).toEqual([1, expect.stringContaining('clients --steps raycast')]);
  const wrong = await run('clients', '--steps', 'cursor');
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('connect cursor --dry-run')]);
  expect((await run('connect', 'nobody')).stderr).toContain('No client is called nobody.');
  expect((await run('connect')).code).toBe(2);
  expect((await run('restore')).code).toBe(2);
}, 120_000);

test('a look writes nothing: neither a data folder nor anything else', async () => {
  const place = mkdtempSync(join(tmpdir(), 'drawbridge-look-'));
  try {
    mkdirSync(join(place, '.cursor'));
    writeFileSync(
      join(place, '.cursor/mcp.json'),
      servers({ files: { command: 'node', args: ['files.js'] } }),
    );
    const env = { HOME: place, PATH: process.env.PATH, SHELL: '/bin/sh', TMPDIR: join(place, 'tmp') };
    mkdirSync(env.TMPDIR);
    const before = readdirSync(place, { recursive: true }).sort();
    for (const args of [
      ['clients'],
      ['connect', '--all', '--dry-run'],
      ['disconnect', '--all', '--dry-run'],
    ]) {
      const child = spawnSync(process.execPath, [CLI, ...args], { env, encoding: 'utf8' });
      expect([args, child.status, child.stderr]).toEqual([args, 0, '']);
      expect(readdirSync(place, { recursive: true }).sort()).toEqual(before);
    }
    const named = spawnSync(process.execPath, [CLI, 'connect', 'claude-desktop', '--dry-run'], {
      env,
      encoding: 'utf8',
    });
    expect(named.stdout).not.toContain('drawbridge-trial');
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

test('what is left out is named with its reason, and a policy can be given to a server of another number', async () => {
  const place = mkdtempSync(join(tmpdir(), 'drawbridge-left-'));
  try {
    const file = (path: string, text: string): void => {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), text);
    };
    const project = join(place, 'shop');
    file('shop/.mcp.json', servers({ team: { command: 'team' }, lint: { command: 'lint' } }));
    file(
      '.claude.json',
      JSON.stringify({
        mcpServers: { mem: { command: 'mem', env: { A: '/a' } } },
        projects: { [project]: {} },
      }),
    );
    file('.cursor/mcp.json', servers({ mem: { command: 'mem', env: { A: '/b' } } }));
    const env = {
      HOME: place,
      PATH: process.env.PATH,
      SHELL: '/bin/sh',
      DRAWBRIDGE_DATA: join(place, 'data'),
    };
    const call = (...args: string[]) =>
      spawnSync(process.execPath, [CLI, ...args], { env, encoding: 'utf8' });
    const dry = call('connect', '--all', '--dry-run');
    expect(dry.stdout).toMatch(/Claude Code: team \(\S+shop\), lint \(\S+shop\): It is in a project file/);
    const done = call('connect', '--all');
    expect(done.status).toBe(0);
    expect(done.stdout).toContain('drawbridge policy copy mem mem-2');
    expect(done.stdout).toMatch(/Left as they are.*\n +Claude Code: team/);
    writeFileSync(
      join(place, 'p.json'),
      call('policy', 'get', 'mem').stdout.replace('"default": "allow"', '"default": "deny"'),
    );
    expect(call('policy', 'set', 'mem', join(place, 'p.json')).status).toBe(0);
    expect(call('policy', 'copy', 'mem', 'mem-2').status).toBe(0);
    expect(call('policy', 'get', 'mem-2').stdout).toBe(call('policy', 'get', 'mem').stdout);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}, 120_000);
