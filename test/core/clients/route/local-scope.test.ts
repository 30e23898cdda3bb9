import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memory, memoryClients, type Scratch, scratch } from '../kit.ts';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const shared = (names: readonly string[]): string =>
  `${JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, { command: `./${name}` }])) }, null, 4)}\n`;
const own = (project: object): string =>
  `${JSON.stringify({ numStartups: 3, projects: { [join(home.dir, 'shop')]: project } }, null, 2)}\n`;
const copied = () => JSON.parse(home.read('.claude.json')).projects[join(home.dir, 'shop')];

test('servers that were approved are copied for their project alone, and routed there; the shared file stays', async () => {
  home.write('shop/.mcp.json', shared(['team', 'lint', 'evil']));
  home.write('shop/.claude/settings.local.json', '{"enabledMcpjsonServers":["lint"]}');
  const before = own({ enabledMcpjsonServers: ['team'], history: [] });
  home.write('.claude.json', before);
  const clients = memoryClients(home, memory());
  const dry = await clients.copyToLocalScope('claude-code', true);
  expect(dry.message).toMatch(/Would copy team \(.*shop\), lint .* evil .* have not approved it/s);
  expect(home.read('.claude.json')).toBe(before);
  expect(await clients.copyToLocalScope('claude-code', false)).toMatchObject({ ok: true });
  expect(copied()).toEqual({
    enabledMcpjsonServers: ['team'],
    history: [],
    mcpServers: { team: { command: './team' }, lint: { command: './lint' } },
  });
  expect(home.read('shop/.mcp.json')).toBe(shared(['team', 'lint', 'evil']));
  expect(await clients.apply(['claude-code'], 'connect')).toMatchObject([
    { ok: true, routed: ['team', 'lint'] },
  ]);
  await clients.apply(['claude-code'], 'disconnect');
  expect(copied().mcpServers.team).toEqual({ command: './team' });
});

test.each([
  ['a yes to all', {}, '{"enableAllProjectMcpServers":true}', ['team']],
  [
    'a no to this one counts first',
    { disabledMcpjsonServers: ['team'] },
    '{"enableAllProjectMcpServers":true}',
    [],
  ],
  [
    'one of that name is there already',
    { mcpServers: { team: { command: 'mine' } } },
    '{"enableAllProjectMcpServers":true}',
    ['team'],
  ],
  ['nothing said', {}, '{}', []],
])('%s', async (_what, project, settings, names) => {
  home.write('shop/.mcp.json', shared(['team']));
  home.write('.claude/settings.json', settings);
  home.write('.claude.json', own(project));
  await memoryClients(home, memory()).copyToLocalScope('claude-code', false);
  expect(Object.keys(copied().mcpServers ?? {})).toEqual(names);
  if ('mcpServers' in project) expect(copied().mcpServers.team).toEqual({ command: 'mine' });
});

test('a client without settings for a project is refused', async () => {
  await expect(memoryClients(home, memory()).copyToLocalScope('cursor', false)).rejects.toThrow(
    'no settings of its own',
  );
});
