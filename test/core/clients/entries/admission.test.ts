import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mappedFiles, memory, memoryClients, type Scratch, scratch } from '../kit.ts';

/** Rules that an organisation sets for a client: what they would refuse is left, and said. */

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const clients = (kept = memory()) =>
  memoryClients(home, kept, { files: mappedFiles(home, ['/etc/']), home: home.dir });
const planned = async (client: string) => {
  const [plan] = await clients().plan([client], 'connect');
  return plan?.files[0]?.entries[0];
};
const MANAGED = 'etc/claude-code/managed-settings.json';
const LOCAL = { serverUrl: 'http://127.0.0.1:*/*' };

describe('Claude Code', () => {
  const rules = (value: object, place = MANAGED): void => void home.write(place, JSON.stringify(value));
  beforeEach(() => {
    home.write('.claude.json', '{"mcpServers":{"one":{"command":"npx","args":["-y","one"]}}}');
  });

  test.each([
    [
      'no address of ours in the list of addresses',
      { allowedMcpServers: [{ serverUrl: 'https://x.example.com/*' }] },
    ],
    ['its command alone', { allowedMcpServers: [{ serverCommand: ['npx', '-y', 'one'] }] }],
    [
      'its name beside a list of addresses',
      { allowedMcpServers: [{ serverName: 'one' }, { serverUrl: 'https://x/*' }] },
    ],
    ['an empty list', { allowedMcpServers: [] }],
    ['its name denied', { deniedMcpServers: [{ serverName: 'one' }], allowedMcpServers: [LOCAL] }],
    ['addresses of this machine denied', { deniedMcpServers: [{ serverUrl: '*127.0.0.1*' }] }],
  ])('%s: left as it is', async (_what, value) => {
    rules(value);
    expect(await planned('claude-code')).toMatchObject({
      action: 'skip',
      reason: expect.stringMatching(/would refuse it routed: .*managed-settings\.json/),
    });
  });

  test.each([
    ['its name', { allowedMcpServers: [{ serverName: 'one' }] }],
    [
      'its name beside a list of commands',
      { allowedMcpServers: [{ serverName: 'one' }, { serverCommand: ['x'] }] },
    ],
    ['addresses of this machine', { allowedMcpServers: [LOCAL] }],
    ['others denied', { deniedMcpServers: [{ serverName: 'two' }, { serverCommand: ['npx', '-y', 'one'] }] }],
    ['nothing said', { permissions: {} }],
  ])('%s: routed', async (_what, value) => {
    rules(value);
    expect(await planned('claude-code')).toMatchObject({ action: 'route' });
  });

  test('the person’s own lists count, unless the organisation says that only its own do', async () => {
    rules({ allowedMcpServers: [] }, '.claude/settings.json');
    expect((await planned('claude-code'))?.action).toBe('skip');
    rules({ allowedMcpServers: [LOCAL], allowManagedMcpServersOnly: true });
    expect((await planned('claude-code'))?.action).toBe('route');
    rules({ deniedMcpServers: [LOCAL] }, '.claude/settings.json');
    expect((await planned('claude-code'))?.action).toBe('skip');
  });

  test('a list that is one of several files', async () => {
    rules({ deniedMcpServers: [LOCAL] }, 'etc/claude-code/managed-settings.d/20-mcp.json');
    expect((await planned('claude-code'))?.action).toBe('skip');
  });

  test('routed already: the doctor says that it is refused', async () => {
    const kept = memory();
    await clients(kept).apply(['claude-code'], 'connect');
    rules({ allowedMcpServers: [] });
    expect(await clients(kept).diagnose()).toContainEqual(
      expect.objectContaining({ ok: false, detail: expect.stringContaining('is refused by Claude Code') }),
    );
  });

  test('rules that cannot be read are said', async () => {
    home.write(MANAGED, '{ half');
    const [plan] = await clients().plan(['claude-code'], 'connect');
    expect(plan?.warnings).toContainEqual(expect.stringContaining('is not known'));
  });
});

test.each([
  ['copilot-cli', '.copilot/mcp-config.json', 'mcpServers'],
  ['vscode', '.config/Code/User/mcp.json', 'servers'],
])('%s: the lists of GitHub Copilot', async (client, place, key) => {
  home.write(place, JSON.stringify({ [key]: { one: { command: 'one' } } }));
  expect((await planned(client))?.action).toBe('route');
  home.write(
    'etc/github-copilot/managed-settings.json',
    JSON.stringify({ allowedMcpServers: [{ serverCommand: ['one'] }] }),
  );
  expect((await planned(client))?.reason).toContain('github-copilot/managed-settings.json');
});

test('Codex: a server has to be in requirements.toml with its address', async () => {
  home.write('.codex/config.toml', '[mcp_servers.one]\ncommand = "one"\n');
  const file = join('etc', 'codex', 'requirements.toml');
  home.write(file, 'allowed_approval_policies = ["on-request"]\n');
  expect((await planned('codex'))?.action).toBe('route');
  home.write(file, '[mcp_servers.one.identity]\ncommand = "one"\n');
  expect((await planned('codex'))?.reason).toContain('requirements.toml');
  home.write(file, '[mcp_servers.one.identity]\nurl = "http://127.0.0.1:7717/s/one/mcp"\n');
  expect((await planned('codex'))?.action).toBe('route');
});

test.each([
  ['chat.mcp.access', '.config/Code/User/settings.json', 'registry', 'skip'],
  ['chat.mcp.access', '.config/Code/User/settings.json', 'all', 'route'],
  ['ChatMCP', 'etc/vscode/policy.json', 'none', 'skip'],
])('VS Code: %s in %s is %s', async (key, place, value, action) => {
  home.write('.config/Code/User/mcp.json', '{"servers":{"one":{"command":"one"}}}');
  home.write(place, JSON.stringify({ [key]: value }));
  expect((await planned('vscode'))?.action).toBe(action);
});

test.each([
  [
    [
      { matches: { url: 'http://127.0.0.1:*' }, action: 'allow' },
      { matches: { url: '*' }, action: 'reject' },
    ],
    'route',
  ],
  [[{ matches: { url: '*' }, action: 'reject' }], 'skip'],
  [
    [
      { matches: { command: 'npx', args: '* one*' }, action: 'allow' },
      { matches: { command: '*' }, action: 'reject' },
    ],
    'route',
  ],
])('Amp: the first rule that fits, %j', async (rules, action) => {
  home.write('.config/amp/settings.json', '{"amp.mcpServers":{"one":{"command":"npx","args":["-y","one"]}}}');
  home.write('etc/ampcode/managed-settings.json', JSON.stringify({ 'amp.mcpPermissions': rules }));
  expect((await planned('amp'))?.action).toBe(action);
});
