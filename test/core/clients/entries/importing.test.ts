// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the clients' own variables
import { linkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { meaningOf } from '../formats/golden-kit.ts';
import { GATEWAY, memory, memoryClients, realClients, type Scratch, scratch } from '../kit.ts';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const servers = (entries: object): string => JSON.stringify({ mcpServers: entries });

describe('values that stand in files of their own', () => {
  test('an environment file is read once; its values go to the key store, what the entry says goes first', async () => {
    const file = home.write(
      'secrets/.env',
      '# mine\nexport API_KEY="canary in quotes"\r\nDB_PASSWORD=canary-db # old\nMODE=from-file\nnot a line\n',
    );
    home.write('.cursor/mcp.json', servers({ db: { command: 'db', env: { MODE: 'own' }, envFile: file } }));
    const { clients, servers: registry, secrets } = await realClients(home);
    const [plan] = await clients.plan(['cursor'], 'connect');
    expect(plan?.files[0]?.entries).toMatchObject([
      { action: 'route', secrets: ['env API_KEY', 'env DB_PASSWORD', 'env MODE'] },
    ]);
    expect(JSON.stringify(plan)).not.toContain('canary');
    await clients.apply(['cursor'], 'connect');
    expect(await registry.resolve('db')).toMatchObject({
      env: { API_KEY: 'canary in quotes', DB_PASSWORD: 'canary-db', MODE: 'own' },
    });
    expect(await secrets.get('server/db/env/DB_PASSWORD')).toBe('canary-db');
    expect(home.read('.cursor/mcp.json')).not.toContain('envFile');
    const before = servers({ db: { command: 'db', env: { MODE: 'own' }, envFile: file } });
    await clients.apply(['cursor'], 'disconnect');
    expect(home.read('.cursor/mcp.json')).toBe(before);
  });

  test.each([
    [
      'opencode',
      '.config/opencode/opencode.json',
      'mcp',
      { type: 'remote', url: 'https://x.example.com/mcp', headers: { Accept: '{file:token}' } },
    ],
    [
      'windsurf',
      '.codeium/windsurf/mcp_config.json',
      'mcpServers',
      { serverUrl: 'https://x.example.com/mcp', headers: { Accept: '${file:token}' } },
    ],
  ])(
    '%s: what a header takes from a file is a secret, whatever it is called',
    async (client, place, key, entry) => {
      home.write(place, JSON.stringify({ [key]: { x: entry } }));
      // Relative to the client's file, without the end of the line.
      home.write(place.replace(/[^/]+$/, 'token'), 'plain\n');
      const { clients, servers: registry } = await realClients(home);
      const [result] = await clients.apply([client], 'connect');
      expect(result).toMatchObject({ ok: true, routed: ['x'] });
      expect(registry.get('x')).toMatchObject({ headers: { Accept: { secret: 'server/x/header/Accept' } } });
      expect(await registry.resolve('x')).toMatchObject({ headers: { Accept: 'plain' } });
    },
  );

  test.each([
    ['{file:~/missing}', 'is not there'],
    ['{file:~/folder}', 'cannot be read'],
    ['{file:~/long}', 'too long'],
    ['{file:~/binary}', 'cannot be read'],
  ])('%s: left, with the reason', async (value, why) => {
    home.write('folder/x', '');
    home.write('long', 'x'.repeat(70_000));
    home.write('binary', new Uint8Array([0xff, 0xfe, 0xfd]));
    home.write(
      '.config/opencode/opencode.json',
      JSON.stringify({ mcp: { x: { type: 'local', command: ['x', value] } } }),
    );
    const [plan] = await memoryClients(home, memory()).plan(['opencode'], 'connect');
    expect(plan?.files[0]?.entries).toMatchObject([{ action: 'skip', reason: expect.stringContaining(why) }]);
  });

  test('a command is not taken from a file', async () => {
    home.write('.config/opencode/token', 'rm');
    home.write('.config/opencode/opencode.json', '{"mcp":{"x":{"type":"local","command":["{file:token}"]}}}');
    const [plan] = await memoryClients(home, memory()).plan(['opencode'], 'connect');
    expect(plan?.files[0]?.entries).toMatchObject([
      { action: 'skip', reason: expect.stringContaining('command') },
    ]);
  });
});

describe('our own entries are never imported', () => {
  test("also of a server whose name looks like the end of a string: it's", async () => {
    const before = servers({ 'it\'s (a) "name"': { command: 'x' } });
    home.write('.cursor/mcp.json', before);
    const { clients } = await realClients(home);
    await clients.apply(['cursor'], 'connect');
    const view = (await clients.scan()).find(({ id }) => id === 'cursor');
    expect(view?.entries).toMatchObject([{ state: 'routed' }]);
    await clients.apply(['cursor'], 'disconnect');
    expect(home.read('.cursor/mcp.json')).toBe(before);
  });
  test('an address that leaves the apostrophe as it is', async () => {
    home.write('.cursor/mcp.json', servers({ loop: { url: `${GATEWAY}/s/it's/mcp` } }));
    const [plan] = await memoryClients(home, memory()).plan(['cursor'], 'connect');
    expect(plan?.files[0]?.entries).toMatchObject([{ action: 'skip' }]);
  });

  test.each([
    { url: `${GATEWAY}/s/files/mcp` },
    { url: 'http://LOCALHOST:7717/s/files/mcp/' },
    { url: 'http://ada-pc.local:7717/s/files/mcp' },
    { url: 'http://[::1]:7717/s/files/mcp' },
    { url: 'http://[::ffff:127.0.0.1]:7717/s/files/mcp' },
    { url: 'http://2130706433:7717/s/files/mcp' },
    { url: 'http://gateway.localhost:7717/s/files/mcp?x=1' },
    { url: 'http://0.0.0.0:9999/s/files/mcp' },
    { url: `${GATEWAY}/mcp` },
    {
      command: 'npx',
      args: ['-y', 'mcp-remote', `${GATEWAY}/s/files/mcp`, '--header', 'Authorization:${AUTH}'],
    },
    { command: 'cmd', args: ['/c', 'npx', 'mcp-remote', 'http://localhost:7717/s/files/mcp'] },
    { command: 'sh', args: ['-c', `exec npx mcp-remote "${GATEWAY}/s/files/mcp" --debug`] },
    { command: 'env', args: ['A=b', 'npx', 'mcp-remote', `${GATEWAY}/mcp`] },
    {
      command: 'node',
      args: ['/old/place/bridge.js', 'files', '--data', '/d'],
      env: { DRAWBRIDGE_TOKEN: 't' },
    },
  ])('%j', async (entry) => {
    home.write('.cursor/mcp.json', servers({ loop: entry }));
    const clients = memoryClients(home, memory());
    const [plan] = await clients.plan(['cursor'], 'connect');
    expect(plan?.files[0]?.entries).toMatchObject([
      { action: 'skip', reason: expect.stringMatching(/Drawbridge/) },
    ]);
    await clients.apply(['cursor'], 'connect');
    expect(home.read('.cursor/mcp.json')).toBe(servers({ loop: entry }));
  });

  test.each([
    { url: 'http://127.0.0.1:3000/mcp' },
    { url: 'https://mcp.example.com/s/files/mcp' },
    { url: 'https://mcp.example.com:7717/mcp' },
    { command: 'npx', args: ['mcp-remote', 'https://mcp.example.com/s/files/mcp'] },
  ])('%j goes elsewhere', async (entry) => {
    home.write('.cursor/mcp.json', servers({ other: entry }));
    const [plan] = await memoryClients(home, memory()).plan(['cursor'], 'connect');
    expect(plan?.files[0]?.entries).toMatchObject([{ action: 'route' }]);
  });
});

describe('one server in several clients', () => {
  const entry = { command: 'npx', args: ['-y', '@acme/files'], env: { TOKEN: 'canary-shared' } };
  beforeEach(() => {
    home.write('.cursor/mcp.json', servers({ files: entry }));
    home.write(
      '.codeium/windsurf/mcp_config.json',
      servers({ filesystem: { ...entry, command: 'cmd', args: ['/c', 'npx', ...entry.args] } }),
    );
    home.write('.kiro/settings/mcp.json', servers({ files: entry }));
  });
  const all = ['cursor', 'windsurf', 'kiro'];

  test('under one name it is one; under two the plan says so', async () => {
    const { clients, servers: registry } = await realClients(home);
    const plans = await clients.plan(all, 'connect');
    expect(plans.flatMap(({ files }) => files.flatMap(({ entries }) => entries))).toMatchObject([
      { name: 'files', sameAs: null, reason: null },
      { name: 'filesystem', sameAs: 'files', reason: expect.stringContaining('merging') },
      { name: 'files', sameAs: null, reason: null },
    ]);
    await clients.apply(all, 'connect');
    expect(Object.keys(registry.all())).toEqual(['files', 'filesystem']);
  });

  test('merged on request: one server, and each client keeps its name for it', async () => {
    const { clients, servers: registry } = await realClients(home);
    const [, plan] = await clients.plan(all, 'connect', { merge: true });
    expect(plan?.files[0]?.entries).toMatchObject([
      { name: 'filesystem', sameAs: null, reason: expect.stringContaining('files') },
    ]);
    const digests = Object.fromEntries(
      (await clients.plan(all, 'connect', { merge: true })).map(({ client, digest }) => [client, digest]),
    );
    const results = await clients.apply(all, 'connect', digests, { merge: true });
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(Object.keys(registry.all())).toEqual(['files']);
    expect(meaningOf(home.read('.codeium/windsurf/mcp_config.json'), 'json')).toMatchObject({
      mcpServers: { filesystem: { serverUrl: `${GATEWAY}/s/files/mcp` } },
    });
  });
});

describe('files that several clients read', () => {
  test('are edited as the one client’s, once, and the others are named', async () => {
    home.write('.claude.json', servers({ files: { type: 'stdio', command: 'npx', args: ['x'] } }));
    home.write('.codex/config.toml', '[mcp_servers.web]\nurl = "https://x.example.com/mcp"\n');
    home.write('.warp/.mcp.json', servers({}));
    const clients = memoryClients(home, memory());
    const before = await clients.scan();
    const view = (id: string, views = before) => views.find((each) => each.id === id);
    expect(view('claude-code')?.entries).toMatchObject([{ name: 'files', sharedWith: ['Warp'] }]);
    expect(view('codex')?.entries).toMatchObject([{ name: 'web', sharedWith: ['Warp'] }]);
    expect(view('warp')?.entries).toEqual([]);
    const results = await clients.apply(['warp', 'claude-code', 'codex'], 'connect');
    expect(results.map(({ routed }) => routed)).toEqual([[], ['files'], ['web']]);
  });

  test('one file that is linked into two places is not routed twice', async () => {
    const shared = home.write('shared.json', servers({ files: { command: 'npx', args: ['x'] } }));
    const { symlinkSync, mkdirSync } = await import('node:fs');
    mkdirSync(`${home.dir}/.cursor`);
    mkdirSync(`${home.dir}/.lmstudio`);
    symlinkSync(shared, `${home.dir}/.cursor/mcp.json`);
    symlinkSync(shared, `${home.dir}/.lmstudio/mcp.json`);
    const clients = memoryClients(home, memory());
    const view = (await clients.scan()).find(({ id }) => id === 'cursor');
    expect(view?.entries).toMatchObject([{ sharedWith: ['LM Studio'] }]);
    await clients.apply(['cursor', 'lm-studio'], 'connect');
    const routed = home.read('shared.json');
    expect(routed).toContain('db_token-of-cursor');
    const plans = await clients.plan(['lm-studio'], 'connect');
    expect(plans[0]?.files[0]?.entries).toMatchObject([{ action: 'skip' }]);
    await clients.apply(['cursor', 'lm-studio'], 'disconnect');
    expect(home.read('shared.json')).toBe(servers({ files: { command: 'npx', args: ['x'] } }));
  });
});

describe('a command', () => {
  const route = async (command: string) => {
    home.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { x: { command } } }));
    const [plan] = await memoryClients(home, memory()).plan(['cursor'], 'connect');
    return plan?.files[0]?.entries[0];
  };

  test.each(['npx -y @scope/server', ' node x.js', '/bin/sh -c true'])(
    'that is a whole line is left, with the reason: %s',
    async (command) => {
      expect(await route(command)).toMatchObject({
        action: 'skip',
        reason: expect.stringContaining('whole line'),
      });
    },
  );

  test('whose name holds a blank is a program', async () => {
    const program = home.write('My Apps/server', '');
    expect(await route(program)).toMatchObject({ action: 'route' });
    expect(await route('/Not/Here/My App/server')).toMatchObject({ action: 'route' });
    expect(await route('C:\\Program Files\\nodejs\\node.exe')).toMatchObject({ action: 'route' });
  });
});

test('a file with two names: said before, in the result and by the doctor', async () => {
  const file = home.write('.cursor/mcp.json', '{"mcpServers":{"x":{"command":"x"}}}');
  linkSync(file, join(home.dir, 'dotfile.json'));
  const clients = memoryClients(home, memory());
  const [plan] = await clients.plan(['cursor'], 'connect');
  expect(plan?.warnings).toEqual([expect.stringContaining('hard links')]);
  expect(await clients.diagnose()).toContainEqual(
    expect.objectContaining({ detail: expect.stringContaining('hard links') }),
  );
  expect(await clients.apply(['cursor'], 'connect')).toMatchObject([
    { ok: true, message: expect.stringContaining('hard links') },
  ]);
});

describe('a name that is another server already', () => {
  const two = async (first: object, second: object) => {
    home.write('.cursor/mcp.json', servers({ mem: first }));
    home.write('.codeium/windsurf/mcp_config.json', servers({ mem: second }));
    const clients = memoryClients(home, memory());
    await clients.apply(['cursor'], 'connect');
    const [plan] = await clients.plan(['windsurf'], 'connect');
    const [result] = await clients.apply(['windsurf'], 'connect');
    return { entry: plan?.files[0]?.entries[0], result };
  };
  const mem = (env: object) => ({ command: 'npx', args: ['-y', 'mem'], env });

  test.each([
    [mem({ FILE: '/a' }), mem({ FILE: '/b' })],
    [
      { url: 'https://x.example.com/mcp', headers: { A: '1x' } },
      { serverUrl: 'https://x.example.com/mcp', headers: { A: '2x' } },
    ],
  ])('with other settings: said, with the way to its policy: %j', async (first, second) => {
    const { entry, result } = await two(first, second);
    expect(entry?.reason).toContain('mem is the same program with other settings');
    expect(result?.numbered).toEqual([{ name: 'mem', server: 'mem-2', besides: 'mem' }]);
    expect(result?.message).toMatch(/mem is registered as mem-2: .*drawbridge policy copy mem mem-2/);
  });

  test('that is another program: said as well', async () => {
    const { result } = await two(mem({}), { command: 'other' });
    expect(result?.numbered).toHaveLength(1);
    expect(result?.message).toContain('mem is another server');
  });

  test('the same one is no news', async () => {
    const { result } = await two(mem({ FILE: '/a' }), mem({ FILE: '/a' }));
    expect(result).not.toHaveProperty('numbered');
  });
});
