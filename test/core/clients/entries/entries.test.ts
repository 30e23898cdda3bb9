// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the clients' own variables
import * as fsPromises from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  isSecretArgument,
  isSecretSetting,
  looksSecret,
} from '../../../../main/core/clients/entries/credentials.ts';
import { type Draft, identityOf } from '../../../../main/core/clients/entries/draft.ts';
import { readDraft } from '../../../../main/core/clients/entries/read-draft.ts';
import { routedTo } from '../../../../main/core/clients/entries/routed-to.ts';
import { secretsOf } from '../../../../main/core/clients/entries/secrets.ts';
import { targetOf } from '../../../../main/core/clients/entries/show-target.ts';
import { templates } from '../../../../main/core/clients/files/client-files.ts';
import { expandPath } from '../../../../main/core/clients/files/paths.ts';
import { configOf, serverNameFor } from '../../../../main/core/clients/route/registration.ts';
import { CLIENTS, type ClientRow, clientName, clientRow } from '../../../../main/core/clients/table/index.ts';
import type { Files } from '../../../../main/core/ports.ts';
import { ServerName } from '../../../../shared/schemas/common.ts';
import { BRIDGE, memory, memoryClients, type Scratch, scratch } from '../kit.ts';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const row = (id: string): ClientRow => {
  const found = clientRow(id);
  if (!found) throw new Error(id);
  return found;
};
const machine = (env: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') => ({
  platform,
  home: platform === 'win32' ? 'C:\\Users\\ada' : '/home/ada',
  env,
  bridge: BRIDGE,
});
const read = (client: string, entry: unknown, env = {}, project: string | null = null): Draft =>
  readDraft(entry, row(client).dialect, machine(env), project);

describe('where the files are', () => {
  test.each([
    [
      'claude-desktop',
      'darwin',
      {},
      '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
    ],
    ['claude-desktop', 'win32', {}, 'C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json'],
    [
      'claude-desktop',
      'win32',
      { appdata: 'D:\\Roaming' },
      'D:\\Roaming\\Claude\\claude_desktop_config.json',
    ],
    [
      'claude-desktop',
      'win32',
      {},
      'C:\\Users\\ada\\AppData\\Local\\Packages\\Claude_*\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
    ],
    ['claude-desktop', 'linux', {}, '/home/ada/.config/Claude/claude_desktop_config.json'],
    ['claude-desktop', 'linux', { XDG_CONFIG_HOME: '/cfg' }, '/cfg/Claude/claude_desktop_config.json'],
    ['claude-code', 'darwin', {}, '/Users/ada/.claude.json'],
    ['claude-code', 'win32', {}, 'C:\\Users\\ada\\.claude.json'],
    ['claude-code', 'linux', { CLAUDE_CONFIG_DIR: '/cfg/claude' }, '/cfg/claude/.claude.json'],
    ['cursor', 'darwin', {}, '/Users/ada/.cursor/mcp.json'],
    ['cursor', 'win32', {}, 'C:\\Users\\ada\\.cursor\\mcp.json'],
    ['cursor', 'freebsd', {}, '/home/ada/.cursor/mcp.json'],
  ] as const)('%s on %s %o', (client, platform, env, path) => {
    const where = machine(env, platform);
    const at = { ...where, home: platform === 'darwin' ? '/Users/ada' : where.home };
    expect(templates(row(client).files, at).map((template) => expandPath(template, at))).toContain(path);
  });

  test('a home with characters that mean something in replacements', () => {
    expect(expandPath('~/.x', { platform: 'linux', home: '/home/$&', env: {} })).toBe('/home/$&/.x');
  });

  test('every row can be told apart, and has a name', () => {
    expect(new Set(CLIENTS.map(({ id }) => id)).size).toBe(CLIENTS.length);
    expect(clientName('cursor')).toBe('Cursor');
    expect(clientName('made-by-hand')).toBe('made-by-hand');
  });
});

test('Claude Code reads its older file where that holds something', async () => {
  const file = async (): Promise<string | undefined> =>
    (await memoryClients(home, memory()).scan()).find(({ id }) => id === 'claude-code')?.files[0]?.path;
  expect(await file()).toBe(`${home.dir}/.claude.json`);
  home.write('.claude/.config.json', '');
  home.write('.claude.json', '{}');
  expect(await file()).toBe(`${home.dir}/.claude.json`);
  home.write('.claude/.config.json', '{}');
  expect(await file()).toBe(`${home.dir}/.claude/.config.json`);
});

describe('reading an entry', () => {
  test.each([
    [
      'claude-code',
      { command: '${A}', args: ['${B:-b}', '${C:-}', '$A', '${}'] },
      { A: '/a' },
      ['/a', 'b', '', '$A', '${}'],
    ],
    ['claude-code', { command: 'x', args: ['${A:-b}'] }, { A: 'a' }, ['x', 'a']],
    [
      'cursor',
      { command: '${userHome}/x', args: ['${env:A}', '${/}', '${A}'] },
      { A: 'a' },
      ['/home/ada/x', 'a', '/', '${A}'],
    ],
    ['claude-desktop', { command: '${A}', args: ['${env:A}'] }, { A: 'a' }, ['${A}', '${env:A}']],
  ])('%s: variables of %o', (client, entry, env, expected) => {
    const draft = read(client, entry, env);
    expect(draft.kind === 'stdio' && [draft.command, ...draft.args]).toEqual(expected);
  });

  test.each([
    ['cursor', { command: 'x', args: ['${workspaceFolder}/a'] }, 'workspaceFolder'],
    ['cursor', { command: 'x', env: { A: '${input:token}' } }, '${input:token}'],
    ['cursor', { url: 'https://x.example.com/${env:NOT_SET}' }, 'NOT_SET is not set'],
    ['claude-code', { command: '${NOT_SET}' }, 'NOT_SET is not set'],
    ['cursor', { command: 'x', cwd: 'relative' }, 'relative'],
    ['cursor', { command: 'x', args: ['.'] }, 'relative'],
    ['cursor', { command: '..\\x.exe' }, 'relative'],
    ['cursor', { command: 'x', envFile: '.env' }, 'envFile'],
    ['cursor', { url: 'https://x.example.com', auth: { CLIENT_ID: 'a' } }, 'OAuth'],
    ['claude-code', { type: 'http', url: 'https://x.example.com', headersHelper: 'x' }, 'headersHelper'],
    ['claude-code', { url: 'https://x.example.com' }, 'no type'],
    ['claude-code', { type: 'ws', url: 'wss://x.example.com' }, '"ws"'],
    ['claude-code', { type: 'http' }, 'no URL'],
    ['claude-desktop', { url: 'https://x.example.com' }, 'does not read'],
    ['cursor', { url: 'file:///etc/passwd' }, 'http or https'],
    ['cursor', { command: 'x', args: [1] }, 'args[0] is not text'],
    ['cursor', { command: 'x', env: { A: {} } }, 'env.A is not text'],
    ['cursor', { transport: { type: 'http', headers: { A: 'x' } } }, 'transport is not text'],
    ['cursor', { type: ['http'], url: 'https://x.example.com' }, 'type is not text'],
    ['claude-code', { command: 'x', cwd: '${CLAUDE_PLUGIN_ROOT}/s' }, 'belongs to a plugin'],
    ['claude-desktop', { command: 'x', args: ['${__dirname}/s.js'] }, 'belongs to a plugin'],
    ['gemini-cli', { command: 'x', args: ['${extensionPath}/s.js'] }, 'belongs to a plugin'],
    ['claude-desktop', { command: 'x', cwd: '${ROOT}/s' }, 'only the client can fill in'],
    ['cursor', { command: '' }, 'empty'],
    ['cursor', {}, 'no command'],
    ['cursor', 'x', 'not an object'],
  ])('%s: %o is left as it is', (client, entry, reason) => {
    expect(() => read(client, entry)).toThrow(reason);
  });

  test('numbers and words such as true in env and headers are text; null is none', () => {
    expect(
      read('cursor', { command: 'x', env: { N: 8080, B: false, F: 0.5, G: null, S: '' } }),
    ).toMatchObject({
      env: { N: '8080', B: 'false', F: '0.5', S: '' },
    });
    expect(read('cursor', { url: 'https://x.example.com', headers: { 'X-N': 7 } })).toMatchObject({
      headers: { 'X-N': '7' },
    });
  });

  test('a program below the home folder is found there', () => {
    expect(read('cursor', { command: '~/bin/x', args: ['~/y'], cwd: '~/z' })).toMatchObject({
      command: '/home/ada/bin/x',
      args: ['~/y'],
      cwd: '/home/ada/z',
    });
  });

  test('relative paths of a project’s own entry are below the project', () => {
    expect(read('claude-code', { command: './x' }, {}, '/srv/shop')).toMatchObject({ cwd: '/srv/shop' });
    expect(read('claude-code', { command: 'x', cwd: 'sub' }, {}, '/srv/shop')).toMatchObject({
      cwd: '/srv/shop/sub',
    });
    expect(read('claude-code', { command: 'x' }, {}, '/srv/shop')).not.toHaveProperty('cwd');
  });

  test.each([
    [{ type: 'sse', url: 'https://x.example.com/mcp' }, 'sse'],
    [{ url: 'https://x.example.com/sse' }, 'sse'],
    [{ url: 'https://x.example.com/mcp' }, 'http'],
    [{ type: 'streamable-http', url: 'https://x.example.com/mcp' }, 'http'],
    [{ type: 'stdio', command: 'x' }, 'stdio'],
  ])('%o is reached by %s', (entry, kind) => {
    expect(read('cursor', entry).kind).toBe(kind);
  });

  test('a credential in an address goes to the key store, and is shown nowhere', () => {
    const keyed = read('cursor', { url: 'https://x.example.com/mcp?api_key=canary-in-query' });
    expect(secretsOf(keyed, 'x')).toEqual([
      { label: 'URL', name: 'server/x/url', value: 'https://x.example.com/mcp?api_key=canary-in-query' },
    ]);
    expect(configOf(keyed, 'x')).toMatchObject({
      url: { secret: 'server/x/url', origin: 'https://x.example.com' },
    });
    const basic = read('cursor', { url: 'https://me:p%40ss@x.example.com/mcp' });
    expect(basic).toMatchObject({
      url: 'https://x.example.com/mcp',
      headers: { Authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}` },
    });
    expect(secretsOf(basic, 'x').map(({ label }) => label)).toEqual(['header Authorization']);
    expect(targetOf({ url: 'https://me:pw@x.example.com/mcp' })).toBe('https://x.example.com/••••••');
  });

  test('`env` before a program is its environment', () => {
    expect(
      read('cursor', { command: 'env', args: ['A=b=c', 'TOKEN=x', 'npx', '-y', 's'], env: { Z: '1' } }),
    ).toEqual({
      kind: 'stdio',
      command: 'npx',
      args: ['-y', 's'],
      env: { Z: '1', A: 'b=c', TOKEN: 'x' },
    });
    expect(read('cursor', { command: 'env', args: ['-i', 'npx'] })).toMatchObject({ command: 'env' });
    expect(read('cursor', { command: 'env', args: ['A=b'] })).toMatchObject({ command: 'env' });
  });

  test('one server, however its command is wrapped or its keys are ordered', () => {
    const plain = identityOf(read('cursor', { command: 'npx', args: ['-y', 'x'], env: { A: '1', B: '2' } }));
    expect(
      identityOf(
        read('cursor', { command: 'CMD.EXE', args: ['/C', 'npx', '-y', 'x'], env: { B: '2', A: '1' } }),
      ),
    ).toBe(plain);
    expect(
      identityOf(read('cursor', { command: 'npx', args: ['-y', 'x'], env: { A: '1', B: '3' } })),
    ).not.toBe(plain);
    expect(
      identityOf(read('cursor', { command: 'npx', args: ['-y', 'x', ''], env: { A: '1', B: '2' } })),
    ).not.toBe(plain);
  });
});

describe('what is a secret', () => {
  test.each([
    ['API_KEY', 'x1', true],
    ['GITHUB_PAT', 'hunter2', true],
    ['WHATEVER', 'something long', true],
    ['DATABASE_URL', 'postgres://me:pw@db.example.com/x', true],
    ['DB_PASSWORD', '/run/secrets/x', true],
    ['LOG_LEVEL', 'debug', false],
    ['PORT', '8080', false],
    ['API_KEY', '', false],
    ['DATA_DIR', '/srv/data', false],
    ['BASE_URL', 'https://api.example.com/v1', false],
    ['Accept', 'application/json, text/event-stream', false],
  ])('%s=%s in env or headers: %s', (name, value, expected) => {
    expect(isSecretSetting(name, value)).toBe(expected);
  });

  test.each([
    ['abc', '--api-key', true],
    ['abc', '--token', true],
    ['--password=abc', undefined, true],
    ['API_KEY=abc', '-e', true],
    ['Authorization: Bearer abcdefghijkl', '--header', true],
    ['sk-abcdefghijklmnopqrstuv', undefined, true],
    ['postgres://me:pw@db.example.com/x', undefined, true],
    ['https://x.example.com/mcp?token=abc', undefined, true],
    ['0123456789abcdef0123456789abcdef01234567', undefined, true],
    ['@modelcontextprotocol/server-filesystem@2026.8.31', '-y', false],
    ['/home/ada/Documents', '--root', false],
    ['--verbose', '--api-key', false],
    ['GITHUB_PERSONAL_ACCESS_TOKEN', '-e', false],
    ['https://mcp.example.com/mcp', undefined, false],
  ])('argument %s after %s: %s', (value, before, expected) => {
    expect(isSecretArgument(value, before)).toBe(expected);
  });

  test('targets for people hide them', () => {
    expect(targetOf({ command: 'x', args: ['--token', 'abc', '/srv'] })).toBe('x --token •••••• /srv');
    expect(targetOf({ url: 'https://x.example.com/mcp?token=abc' })).toBe('https://x.example.com/••••••');
    expect(targetOf({ url: 'https://x.example.com/mcp' })).toBe('https://x.example.com/mcp');
    expect(looksSecret('${env:API_KEY}')).toBe(false);
  });
});

describe('our own entries', () => {
  test.each([
    [{ url: 'http://127.0.0.1:7717/s/one/mcp' }, 'one'],
    [{ url: 'http://localhost:9999//s/a%20b/mcp/' }, 'a b'],
    [{ command: 'npx', args: ['mcp-remote', 'http://127.0.0.1:7717/s/one/mcp'] }, 'one'],
    [{ command: 'n', args: ['b.js', 'one', '--data', '/d'], env: { DRAWBRIDGE_TOKEN: 't' } }, 'one'],
    [{ url: 'https://example.com/s/one/mcp' }, undefined],
    [{ url: 'http://127.0.0.1:7717/mcp' }, undefined],
    [{ command: 'n', args: ['--data', '/d'] }, undefined],
  ])('%o reaches %s', (entry, server) => {
    expect(routedTo(entry, { shape: 'usual' })).toBe(server);
  });

  test('are never imported, whoever wrote them', async () => {
    const text =
      '{"mcpServers":{"a":{"url":"http://127.0.0.1:7717/s/known/mcp"},"b":{"command":"npx","args":["mcp-remote","http://127.0.0.1:7717/s/gone/mcp"]}}}';
    home.write('.cursor/mcp.json', text);
    const kept = memory();
    kept.servers.set('known', { kind: 'http', url: 'https://known.example.com', headers: {} });
    const clients = memoryClients(home, kept);
    const view = (await clients.scan()).find(({ id }) => id === 'cursor');
    expect(view?.entries).toMatchObject([
      { name: 'a', state: 'routed', server: 'known' },
      { name: 'b', state: 'skipped', reason: expect.stringContaining('gone') },
    ]);
    await clients.apply(['cursor'], 'connect');
    await clients.restoreAll();
    expect(home.read('.cursor/mcp.json')).toBe(text);
    expect([...kept.servers.keys()]).toEqual(['known']);
  });
});

describe('names of servers', () => {
  test.each(['a/b?c#d%e\\f', '..', '__proto__', ' spaced ', '\u0000', 'x'.repeat(300), '', 'déjà vu 🌊'])(
    '%j becomes a name that can stand in a URL',
    (name) => {
      expect(ServerName.safeParse(serverNameFor(name)).success).toBe(true);
      expect(ServerName.safeParse(`${serverNameFor(name)}-12`).success).toBe(true);
    },
  );

  const CURSOR = '.cursor/mcp.json';
  const CODE = '.claude.json';
  const file = (entries: unknown): string => JSON.stringify({ mcpServers: entries });

  test('the same server in several clients is one; another of the same name gets a number, and keeps it', async () => {
    home.write(CURSOR, file({ same: { command: 'x' }, other: { command: 'y' } }));
    home.write(
      CODE,
      file({ same: { type: 'stdio', command: 'cmd', args: ['/c', 'x'] }, other: { command: 'z' } }),
    );
    const kept = memory();
    const clients = memoryClients(home, kept);
    for (let i = 0; i < 2; i++) {
      await clients.apply(['cursor', 'claude-code'], 'connect');
      expect([...kept.servers.keys()]).toEqual(['same', 'other', 'other-2']);
      const views = await clients.scan();
      const servers = (id: string) =>
        views.find((view) => view.id === id)?.entries.map(({ server }) => server);
      expect(servers('cursor')).toEqual(['same', 'other']);
      expect(servers('claude-code')).toEqual(['same', 'other-2']);
      await clients.restoreAll();
      expect([...kept.servers.keys()]).toEqual(['same', 'other', 'other-2']);
    }
  });

  test('an entry that changed while it was direct keeps its server, with the new configuration and secrets', async () => {
    home.write(CURSOR, file({ one: { command: 'x', env: { OLD_KEY: 'canary-old' } } }));
    const kept = memory();
    const clients = memoryClients(home, kept);
    await clients.apply(['cursor'], 'connect');
    await clients.apply(['cursor'], 'disconnect');
    home.write(CURSOR, file({ one: { command: 'x', env: { NEW_KEY: 'canary-new' } } }));
    await clients.apply(['cursor'], 'connect');
    expect([...kept.servers]).toEqual([
      [
        'one',
        { kind: 'stdio', command: 'x', args: [], env: { NEW_KEY: { secret: 'server/one/env/NEW_KEY' } } },
      ],
    ]);
    expect([...kept.secrets].filter(([name]) => name.startsWith('server/'))).toEqual([
      ['server/one/env/NEW_KEY', 'canary-new'],
    ]);
  });

  test('but not while another client reaches that server', async () => {
    home.write(CURSOR, file({ one: { command: 'x' } }));
    home.write(CODE, file({ one: { command: 'x' } }));
    const kept = memory();
    const clients = memoryClients(home, kept);
    await clients.apply(['cursor', 'claude-code'], 'connect');
    await clients.apply(['cursor'], 'disconnect');
    home.write(CURSOR, file({ one: { command: 'y' } }));
    await clients.apply(['cursor'], 'connect');
    expect([...kept.servers.keys()]).toEqual(['one', 'one-2']);
    expect(kept.servers.get('one')).toMatchObject({ command: 'x' });
  });

  test('a server that was removed is registered again from what stood in the file', async () => {
    home.write(CURSOR, file({ one: { command: 'x', env: { ONE_KEY: 'canary' } } }));
    const kept = memory();
    const clients = memoryClients(home, kept);
    await clients.apply(['cursor'], 'connect');
    const config = kept.servers.get('one');
    kept.servers.clear();
    expect(await clients.apply(['cursor'], 'connect')).toMatchObject([{ ok: true, routed: ['one'] }]);
    expect(kept.servers.get('one')).toEqual(config);
  });
});

describe('the list of clients', () => {
  test('nothing there', async () => {
    const views = await memoryClients(home, memory()).scan();
    expect(views.map(({ id }) => id)).toEqual(CLIENTS.map(({ id }) => id));
    expect(new Set(views.map(({ state }) => state))).toEqual(new Set(['not-installed']));
    expect(await memoryClients(home, memory()).restoreAll()).toEqual([]);
  });

  test('project files are listed, and left alone', async () => {
    const text = '{"mcpServers":{"shared":{"command":"x","args":["--token","canary"]}}}';
    const file = home.write('shop/.mcp.json', text);
    const project = file.replace('/.mcp.json', '');
    home.write(
      '.claude.json',
      JSON.stringify({ projects: { [project]: {}, '/not/there': {}, relative: {} } }),
    );
    const clients = memoryClients(home, memory());
    const view = (await clients.scan()).find(({ id }) => id === 'claude-code');
    expect(view?.entries).toMatchObject([
      { file, project, name: 'shared', state: 'skipped', target: 'x --token ••••••' },
    ]);
    await clients.apply(['claude-code'], 'connect');
    expect(home.read('shop/.mcp.json')).toBe(text);
  });

  test('extensions that a client starts past its file are listed', async () => {
    const folder = '.config/Claude/Claude Extensions';
    const file = home.write(
      `${folder}/ant.dir.filesystem/manifest.json`,
      '{"name":"fs","display_name":"Filesystem","server":{"mcp_config":{"command":"node","args":["server.js"]}}}',
    );
    home.write(`${folder}/broken/manifest.json`, '{');
    home.write(`${folder}/.DS_Store`, '');
    const [view] = await memoryClients(home, memory()).scan();
    expect(view).toMatchObject({ id: 'claude-desktop', installed: true, state: 'direct' });
    expect(view?.entries).toMatchObject([
      {
        file,
        name: 'Filesystem',
        state: 'skipped',
        target: 'node server.js',
        reason: expect.stringContaining('past its file'),
      },
    ]);
  });

  test('a client whose files cannot be looked at is a problem of its own', async () => {
    const files = new Proxy(fsPromises as Files, {
      get(target, name) {
        const fn = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (name === 'stat' && String(args[0]).includes('.cursor'))
            return Promise.reject(Object.assign(new Error('EIO: disk'), { code: 'EIO' }));
          return fn(...args);
        };
      },
    });
    const clients = memoryClients(home, memory(), { files });
    expect((await clients.scan()).slice(0, 3).map(({ state }) => state)).toEqual([
      'not-installed',
      'not-installed',
      'problem',
    ]);
    expect(await clients.plan(['cursor', 'claude-code'], 'connect')).toMatchObject([
      { client: 'cursor', files: [{ diff: '', problem: expect.stringContaining('EIO') }] },
      { client: 'claude-code', files: [{ problem: null }] },
    ]);
    expect(await clients.apply(['cursor', 'claude-code'], 'connect')).toMatchObject([
      { ok: false, message: expect.stringContaining('EIO') },
      { ok: true },
    ]);
  });

  test('a client that is not known is refused by name', async () => {
    await expect(async () => memoryClients(home, memory()).plan(['nobody'], 'connect')).rejects.toThrow(
      'nobody',
    );
  });

  test('a credential in a field that is not ours stays, and is warned about', async () => {
    home.write(
      '.cursor/mcp.json',
      '{"mcpServers":{"one":{"command":"x","note":"sk-abcdefghijklmnopqrstuv"}}}',
    );
    const [plan] = await memoryClients(home, memory()).plan(['cursor'], 'connect');
    expect(plan?.warnings).toEqual([expect.stringContaining('note')]);
    expect(plan?.files[0]?.diff).not.toContain('sk-abcdef');
  });
});
