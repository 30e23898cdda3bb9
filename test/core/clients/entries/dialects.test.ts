// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the clients' own variables
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Draft } from '../../../../main/core/clients/entries/draft.ts';
import { readEnvFile } from '../../../../main/core/clients/entries/env-file.ts';
import { whyNotOurs } from '../../../../main/core/clients/entries/our-entry.ts';
import { readDraft } from '../../../../main/core/clients/entries/read-draft.ts';
import { secretParts } from '../../../../main/core/clients/entries/url-credentials.ts';
import { clientRow } from '../../../../main/core/clients/table/index.ts';
import { BRIDGE, GATEWAY, realClients, type Scratch, scratch } from '../kit.ts';

const read = (client: string, entry: unknown, env: Record<string, string> = {}): Draft => {
  const row = clientRow(client);
  if (!row) throw new Error(client);
  return readDraft(entry, row.dialect, { platform: 'linux', home: '/home/ada', env, bridge: BRIDGE }, null);
};

describe('what an entry means', () => {
  test.each([
    [
      'zed',
      { command: { path: 'x', args: ['a'], env: { B: 'c' } }, settings: {} },
      { command: 'x', args: ['a'], env: { B: 'c' } },
    ],
    ['zed', { source: 'custom', command: 'x', args: [] }, { command: 'x' }],
    ['zed', { url: 'https://x.example.com/mcp', headers: { A: 'b' } }, { kind: 'http', headers: { A: 'b' } }],
    [
      'goose',
      { type: 'stdio', cmd: 'x', args: ['a'], envs: { PORT: 3000, ON: true } },
      { command: 'x', env: { PORT: '3000', ON: 'true' } },
    ],
    [
      'goose',
      {
        type: 'streamable_http',
        uri: 'https://x.example.com/mcp',
        envs: { KEY: 'k' },
        headers: { A: 'Bearer $KEY', B: '${KEY}', C: '$OTHER' },
      },
      { kind: 'http', headers: { A: 'Bearer k', B: 'k', C: '$OTHER' } },
    ],
    ['goose', { type: 'sse', uri: 'https://x.example.com/mcp', env_keys: [] }, { kind: 'sse' }],
    ['continue', { name: 'x', command: 'x', env: { N: 1 } }, { command: 'x', env: { N: '1' } }],
    [
      'continue',
      {
        name: 'x',
        type: 'streamable-http',
        url: 'https://x.example.com/mcp',
        requestOptions: { timeout: 5, headers: { A: 'b' } },
      },
      { kind: 'http', headers: { A: 'b' } },
    ],
    ['copilot-cli', { type: 'local', command: 'x', args: [], tools: ['*'] }, { kind: 'stdio' }],
    ['kimi-code', { transport: 'http', url: 'https://x.example.com/x' }, { kind: 'http' }],
    ['kimi-code', { transport: 'sse', url: 'https://x.example.com/x' }, { kind: 'sse' }],
    ['cline', { url: 'https://x.example.com/mcp' }, { kind: 'sse' }],
    ['anythingllm', { url: 'https://x.example.com/mcp' }, { kind: 'sse' }],
    ['anythingllm', { type: 'streamable', url: 'https://x.example.com/mcp' }, { kind: 'http' }],
    [
      'roo-code',
      { type: 'streamable-http', url: 'https://x.example.com/mcp', headers: { A: '${env:V}' } },
      { kind: 'http', headers: { A: 'v' } },
    ],
    [
      'windsurf',
      { serverUrl: 'https://x.example.com/mcp', headers: { A: 'Bearer ${env:V}' } },
      { kind: 'http', headers: { A: 'Bearer v' } },
    ],
    ['antigravity', { serverUrl: 'https://x.example.com/mcp' }, { kind: 'http' }],
    [
      'qwen-code',
      { httpUrl: 'https://x.example.com/mcp', headers: { A: '$V' } },
      { kind: 'http', headers: { A: 'v' } },
    ],
    ['qwen-code', { url: 'https://x.example.com/mcp' }, { kind: 'sse' }],
    [
      'kilo',
      { type: 'local', command: ['x', '{env:V}'], environment: { A: 'b' } },
      { command: 'x', args: ['v'], env: { A: 'b' } },
    ],
    [
      'vscode',
      { type: 'stdio', command: 'x', args: ['${userHome}${/}y'], sandboxEnabled: false },
      { args: ['/home/ada/y'] },
    ],
    [
      'jan',
      { type: 'http', command: '', args: [], url: 'https://x.example.com/mcp', env: {} },
      { kind: 'http' },
    ],
    [
      'droid',
      { type: 'http', url: 'https://x.example.com/mcp', headers: { A: '${V:-w}' } },
      { headers: { A: 'v' } },
    ],
    ['zed', { command: 'x', args: ['$V', '${V}', '{env:V}'] }, { args: ['$V', '${V}', '{env:V}'] }],
  ])('%s: %j', (client, entry, draft) => {
    expect(read(client, entry, { V: 'v' })).toMatchObject(draft);
  });
});

describe('what is left, and why', () => {
  test.each([
    ['zed', { source: 'extension', settings: {} }, 'extension'],
    ['zed', { settings: { token: 'x' } }, 'extension'],
    ['goose', { type: 'stdio', cmd: 'x', env_keys: ['TOKEN'] }, 'env_keys'],
    ['continue', { name: 'x', command: 'x', args: ['${{ secrets.T }}'] }, '${{ secrets.T }}'],
    [
      'continue',
      { name: 'x', url: 'https://x.example.com/mcp', requestOptions: { verifySsl: false } },
      'requestOptions.verifySsl',
    ],
    ['continue', { uses: 'acme/hub' }, 'hub'],
    ['vscode', { type: 'stdio', command: 'x', sandboxEnabled: true }, 'sandbox'],
    [
      'vscode',
      { type: 'http', url: 'https://x.example.com/mcp', headers: { A: '${input:t}' } },
      '${input:t}',
    ],
    ['vscode', { type: 'stdio', command: 'x', envFile: '.env' }, 'relative'],
    ['vscode', { type: 'stdio', command: 'x', envFile: '${workspaceFolder}/.env' }, 'window'],
    ['roo-code', { url: 'https://x.example.com/mcp' }, 'no type'],
    ['jan', { command: '', args: [], url: 'https://x.example.com/mcp' }, 'no type'],
    ['witsy', { url: 'https://x.example.com/mcp' }, 'URL'],
    ['windsurf', { serverUrl: 'https://x.example.com/mcp', headers: { A: '${env:NOT_SET}' } }, 'NOT_SET'],
    ['amp', { command: 'x', args: ['${NOT_SET}'] }, 'NOT_SET'],
    ['kilo', { type: 'remote', url: 'https://x.example.com/mcp', oauth: { clientId: 'x' } }, 'OAuth'],
  ])('%s: %j', (client, entry, why) => {
    expect(() => read(client, entry)).toThrow(why);
  });
});

test('a client that takes arguments apart gets none with a blank', () => {
  const row = clientRow('witsy');
  const reach = {
    gatewayUrl: () => GATEWAY,
    bridge: BRIDGE,
    dataDir: '/Users/ada/Library/Application Support/x',
  };
  expect(row && whyNotOurs({ dialect: row.dialect, server: 'files', reach })).toBeNull();
  expect(row && whyNotOurs({ dialect: row.dialect, server: 'my files', reach })).toContain('"my files"');
});

test('servers in a list of the client’s own are shown, and left alone', async () => {
  const home = scratch();
  try {
    const text = JSON.stringify({
      mcpServers: {},
      mcp: {
        servers: [
          { uuid: '1', label: 'Search', type: 'http', url: 'https://x.example.com/mcp?api_key=canary' },
          { uuid: '2', registryId: 'r', type: 'http', url: `${GATEWAY}/s/files/mcp` },
          'not one',
        ],
      },
    });
    home.write('.config/Witsy/settings.json', text);
    const { clients } = await realClients(home);
    const view = (await clients.scan()).find(({ id }) => id === 'witsy');
    expect(view?.entries).toMatchObject([
      {
        name: 'Search',
        state: 'skipped',
        target: 'https://x.example.com/••••••',
        reason: expect.stringContaining('only Witsy changes'),
      },
      { name: 'r', state: 'skipped', reason: expect.stringContaining('points to Drawbridge') },
    ]);
    await clients.apply(['witsy'], 'connect');
    expect(home.read('.config/Witsy/settings.json')).toBe(text);
  } finally {
    home.remove();
  }
});

test('environment files', () => {
  expect(
    readEnvFile(
      'A=1\n export B = two words # no\n#C=3\nD="x # y\\nz" # c\nE=\'$A\'\nF=\n=g\nH.I-J=k=l\r\nK=`t`\nL=a#b\nM=#x',
    ),
  ).toEqual({
    A: '1',
    B: 'two words',
    D: 'x # y\nz',
    E: '$A',
    F: '',
    'H.I-J': 'k=l',
    K: 't',
    L: 'a#b',
    M: '',
  });
});

describe('an address with a credential', () => {
  let home: Scratch;
  beforeEach(() => {
    home = scratch();
  });
  afterEach(() => home.remove());

  test('is in the key store, in no file, and in nothing that is shown; it is used all the same', async () => {
    const url = 'https://x.example.com/s/canary-path-0123456789abcdefghijklmnop/mcp?api_key=canary-key';
    home.write('.kiro/settings/mcp.json', JSON.stringify({ mcpServers: { x: { url } } }));
    const { clients, servers, secrets } = await realClients(home);
    const views = await clients.scan();
    const [plan] = await clients.plan(['kiro'], 'connect');
    expect(plan?.files[0]?.entries).toMatchObject([{ action: 'route', secrets: ['URL'] }]);
    await clients.apply(['kiro'], 'connect');
    expect(JSON.stringify([views, plan, servers.all(), servers.target('x')])).not.toContain('canary');
    expect(servers.target('x')).toBe('https://x.example.com/••••••');
    expect(await secrets.get('server/x/url')).toBe(url);
    for (const { path, bytes } of home.files()) expect(bytes.includes('canary'), path).toBe(false);

    expect(servers.authConfig('x')).toBeUndefined();
    const resolved = await servers.resolve('x');
    expect(resolved).toMatchObject({ kind: 'http', url });
    expect(resolved?.secrets).toEqual(expect.arrayContaining([url, 'canary-key']));
    expect(servers.authConfig('x')).toMatchObject({ url });

    // Routed again after undo, it is the same server, not x-2.
    await clients.apply(['kiro'], 'disconnect');
    await clients.apply(['kiro'], 'connect');
    expect(Object.keys(servers.all())).toEqual(['x']);
  });

  test('is blotted out by each of its parts that could stand alone, and not by common words', () => {
    expect(secretParts('https://me:p%40ssword1@x.example.com/mcp?key=canary-key&page=2').sort()).toEqual(
      [
        '/mcp?key=canary-key&page=2',
        'canary-key',
        'https://me:p%40ssword1@x.example.com/mcp?key=canary-key&page=2',
        'key=canary-key&page=2',
        'p%40ssword1',
        'p@ssword1',
      ].sort(),
    );
  });
});
