import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClients, type Scratch, scratch } from '../kit.ts';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

describe('what reaches a client beside its file', () => {
  it('is listed for every client with a file in a project that one of them knows, and never planned', async () => {
    const project = join(home.dir, 'work');
    home.write('.claude.json', json({ mcpServers: {}, projects: { [project]: {}, 'not/absolute': {} } }));
    home.write('.cursor/mcp.json', json({ mcpServers: { own: { command: 'node', args: ['own.js'] } } }));
    home.write('.codex/config.toml', 'model = "o4"\n');
    home.write('work/.mcp.json', json({ mcpServers: { db: { command: 'node', args: ['db.js'] } } }));
    home.write('work/.cursor/mcp.json', json({ mcpServers: { web: { url: 'https://web.example/mcp' } } }));
    home.write('work/.codex/config.toml', '[mcp_servers.shell]\ncommand = "sh-mcp"\n');
    const { clients } = await realClients(home);
    const views = await clients.scan();
    const beside = (id: string) =>
      views
        .find((view) => view.id === id)
        ?.entries.filter(({ kind }) => kind === 'project')
        .map(({ name, target, state }) => [name, target, state]);
    expect(beside('claude-code')).toEqual([['db', 'node db.js', 'skipped']]);
    expect(beside('cursor')).toEqual([['web', 'https://web.example/mcp', 'skipped']]);
    expect(beside('codex')).toEqual([['shell', 'sh-mcp', 'skipped']]);
    const reason = (id: string) => views.find((view) => view.id === id)?.entries.at(-1)?.reason;
    expect(reason('claude-code')).toContain('claude mcp add --scope local');
    expect(reason('cursor')).toContain('your own file of Cursor');

    const before = home.read('work/.cursor/mcp.json');
    const [plan] = await clients.plan(['cursor'], 'connect');
    expect(plan?.files.flatMap(({ entries }) => entries.map(({ name }) => name))).toEqual(['own']);
    await clients.apply(['cursor'], 'connect');
    expect(home.read('work/.cursor/mcp.json')).toBe(before);
    expect((await clients.scan()).find(({ id }) => id === 'cursor')?.state).toBe('partly');
  });

  it('does not list our own entry of a project file', async () => {
    const project = join(home.dir, 'work');
    home.write('.claude.json', json({ mcpServers: {}, projects: { [project]: {} } }));
    home.write(
      'work/.mcp.json',
      json({ mcpServers: { db: { type: 'http', url: 'http://127.0.0.1:7717/s/db/mcp' } } }),
    );
    const { clients } = await realClients(home);
    expect((await clients.scan()).find(({ id }) => id === 'claude-code')?.entries).toEqual([]);
  });
});

describe('an entry of ours that was changed by hand', () => {
  const routed = async () => {
    const original = json({ mcpServers: { own: { command: 'node', args: ['own.js'] } } });
    const file = home.write('.cursor/mcp.json', original);
    const kit = await realClients(home);
    await kit.clients.apply(['cursor'], 'connect');
    const ours = home.read('.cursor/mcp.json');
    const mine = ours.replace('"headers"', '"timeout": 90,\n      "headers"');
    home.write('.cursor/mcp.json', mine);
    const at = { file, name: 'own', project: null };
    const state = async () =>
      (await kit.clients.scan()).find(({ id }) => id === 'cursor')?.entries.map((entry) => entry.state);
    expect(await state()).toEqual(['edited']);
    return { ...kit, original, ours, mine, at, state };
  };

  it('stays when it is kept, also when the client is routed again, and undo gives the original', async () => {
    const { clients, original, mine, at, state } = await routed();
    expect(await clients.settleHandEdit('cursor', { ...at, keep: 'mine' })).toMatchObject({ ok: true });
    expect(home.read('.cursor/mcp.json')).toBe(mine);
    expect(await state()).toEqual(['routed']);
    await clients.apply(['cursor'], 'connect');
    expect(home.read('.cursor/mcp.json')).toBe(mine);
    await clients.apply(['cursor'], 'disconnect');
    expect(home.read('.cursor/mcp.json')).toBe(original);
  });

  it('is ours again when that is asked for, and undo gives the original', async () => {
    const { clients, original, ours, at, state } = await routed();
    expect(await clients.settleHandEdit('cursor', { ...at, keep: 'ours' })).toMatchObject({ ok: true });
    expect(await state()).toEqual(['routed']);
    expect(home.read('.cursor/mcp.json')).toBe(ours);
    await clients.apply(['cursor'], 'disconnect');
    expect(home.read('.cursor/mcp.json')).toBe(original);
  });

  it('is no such entry any more, and then nothing is written', async () => {
    const { clients, ours, at } = await routed();
    home.write('.cursor/mcp.json', ours);
    await expect(clients.settleHandEdit('cursor', { ...at, keep: 'ours' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(home.read('.cursor/mcp.json')).toBe(ours);
  });
});

describe('the diagnosis', () => {
  it('names what keeps an entry from reaching this gateway, and what to do', async () => {
    home.write('.cursor/mcp.json', json({ mcpServers: { own: { command: 'node', args: ['own.js'] } } }));
    home.write(
      '.config/Claude/claude_desktop_config.json',
      json({ mcpServers: { desk: { command: 'node', args: ['desk.js'] } } }),
    );
    const first = await realClients(home);
    await first.clients.apply(['cursor', 'claude-desktop'], 'connect');
    const moved = await realClients(home, { gatewayUrl: 'http://127.0.0.1:9000' });
    const findings = await moved.clients.diagnose();
    expect(findings).toContainEqual({
      client: 'cursor',
      ok: false,
      detail: expect.stringContaining('but the gateway is at http://127.0.0.1:9000'),
      fix: 'Route it again: drawbridge connect cursor',
    });
    // The bridge of this test is nowhere.
    expect(findings).toContainEqual({
      client: 'claude-desktop',
      ok: false,
      detail: 'desk starts /opt/drawbridge/node, which is not there any more',
      fix: 'Route it again: drawbridge connect claude-desktop',
    });
  });

  it('finds nothing to do for a routed client', async () => {
    home.write('.cursor/mcp.json', json({ mcpServers: { own: { command: 'node', args: ['own.js'] } } }));
    mkdirSync(join(home.dir, '.codex'), { recursive: true });
    const { clients } = await realClients(home);
    await clients.apply(['cursor'], 'connect');
    const findings = await clients.diagnose();
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.map(({ client, detail }) => [client, detail])).toEqual([
      ['cursor', 'routed, 1 server'],
      ['codex', 'no-servers, 0 servers'],
    ]);
  });
});
