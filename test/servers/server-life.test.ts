// @module-tag slow
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CURSOR, type PortScene, portScene } from './port-kit.ts';

/** Servers that a person edits, renames, stops, switches off: what goes along, what ends, and what clients are told. */

const SERVER = join(import.meta.dirname, '../fixtures/servers/kit.ts');
type MadeCore = Awaited<ReturnType<PortScene['make']>>;

async function scene(): Promise<{ scene: PortScene; core: MadeCore; before: string }> {
  const scene = portScene();
  scene.write(
    'tools.json',
    JSON.stringify(['read_file', 'delete_file'].map((name) => ({ name, inputSchema: { type: 'object' } }))),
  );
  const before = `${JSON.stringify(
    {
      mcpServers: {
        old: {
          command: process.execPath,
          args: [SERVER, join(scene.dir, 'tools.json')],
          env: { API_TOKEN: 'canary-secret-1', PLAIN: 'x' },
        },
      },
    },
    null,
    2,
  )}\n`;
  scene.write(CURSOR, before);
  const core = await scene.make();
  await core.start(0);
  await core.call('clients.scan', {});
  const results = await core.call('clients.apply', { clients: ['cursor'], direction: 'connect' });
  expect(results).toMatchObject([{ ok: true }]);
  return { scene, core, before };
}
const names = async (core: MadeCore): Promise<string[]> =>
  (await core.call('core.state', {})).servers.map(({ name }) => name);
const record = async (core: MadeCore): Promise<string> =>
  (await core.call('audit.export', { format: 'jsonl', after: 0 })).text;

describe('renamed', () => {
  test('policy, pins, tools, secrets and mode go along; entries follow; the record says it; undo is byte for byte', async () => {
    const { scene: at, core, before } = await scene();
    const tools = await core.call('servers.refresh', { name: 'old' });
    await core.call('policy.setTool', { server: 'old', tools: [tools[0]?.name ?? ''], action: 'deny' });
    await core.call('mode.set', { mode: 'observe', server: 'old' });
    const policy = await core.call('policy.get', { server: 'old' });
    const routed = at.read(CURSOR);

    const results = await core.call('servers.rename', { name: 'old', to: 'New one' });
    expect(results).toMatchObject([{ client: 'cursor', ok: true }]);
    expect(await names(core)).toEqual(['New one']);
    expect(at.read(CURSOR)).toBe(routed.replace('/s/old/mcp', '/s/New%20one/mcp'));
    expect((await core.call('policy.get', { server: 'New one' })).text).toBe(policy.text);
    expect((await core.call('policy.get', { server: 'New one' })).state.source).toBe('file');
    const after = await core.call('servers.tools', { name: 'New one' });
    expect(after.map(({ name, pin, action }) => [name, pin.state, action])).toEqual(
      tools.map(({ name, pin, action }, i) => [name, pin.state, i === 0 ? 'deny' : action]),
    );
    const config = await core.call('servers.config', { name: 'New one' });
    expect(config).toMatchObject({
      env: {
        API_TOKEN: { secret: 'server/New one/env/API_TOKEN' },
        PLAIN: { secret: 'server/New one/env/PLAIN' },
      },
    });
    expect(JSON.stringify(config)).not.toContain('canary');
    const resolved = await core.parts.servers.resolve('New one');
    expect(resolved).toMatchObject({ env: { API_TOKEN: 'canary-secret-1', PLAIN: 'x' } });
    expect((await core.parts.secrets.names()).filter((name) => name.includes('/old/'))).toEqual([]);
    expect(existsSync(join(at.dir, 'data', 'policies', 'old.json'))).toBe(false);
    expect((await core.call('core.state', {})).servers[0]).toMatchObject({
      mode: 'observe',
      usedBy: ['cursor'],
    });
    expect((await core.call('core.state', {})).servers[0]?.disabled).toBeUndefined();
    const [last] = (await record(core)).split('\n').filter((line) => line.includes('server-renamed'));
    expect(last).toContain('"from":"old"');
    expect(await core.call('servers.refresh', { name: 'New one' })).toHaveLength(tools.length);
    await core.call('clients.restoreAll', {});
    expect(at.read(CURSOR)).toBe(before);
  });

  test('to a name that is taken, its own, or one whose policy is still kept: refused, and nothing changed', async () => {
    const { scene: at, core } = await scene();
    const config = { kind: 'stdio' as const, command: 'x', args: [], env: {} };
    await core.call('servers.add', { name: 'other', config });
    await core.call('servers.add', { name: 'gone', config });
    await core.call('policy.set', {
      server: 'gone',
      text: (await core.call('policy.get', { server: 'gone' })).text,
    });
    await core.call('servers.remove', { name: 'gone' });
    const routed = at.read(CURSOR);
    const rename = (to: string) => core.call('servers.rename', { name: 'old', to });
    await expect(rename('other')).rejects.toMatchObject({ code: 'conflict' });
    await expect(rename('old')).rejects.toMatchObject({ code: 'bad_input' });
    await expect(rename('a/b')).rejects.toMatchObject({ code: 'bad_input' });
    await expect(rename('gone')).rejects.toMatchObject({ message: expect.stringContaining('gone.json') });
    await expect(core.call('servers.rename', { name: 'nobody', to: 'x' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await names(core)).toEqual(['old', 'other']);
    expect(at.read(CURSOR)).toBe(routed);
  });

  test.each(['secrets', 'settings', 'files'] as const)(
    'killed while the %s are renamed: the next start finishes it',
    async (where) => {
      const { scene: at, core } = await scene();
      const tools = await core.call('servers.refresh', { name: 'old' });
      await core.call('policy.setTool', { server: 'old', tools: [tools[0]?.name ?? ''], action: 'deny' });
      const dies = (): never => {
        throw new Error('killed');
      };
      const { secrets, settings, clients } = core.parts;
      if (where === 'secrets') secrets.set = dies;
      if (where === 'files') clients.serverRenamed = dies;
      if (where === 'settings') {
        const update = settings.update.bind(settings);
        let times = 0;
        settings.update = (change) => (++times > 1 ? dies() : update(change));
      }
      await expect(core.call('servers.rename', { name: 'old', to: 'new' })).rejects.toThrow();
      // Half of a rename lets no call through.
      await expect(core.parts.upstreams.connect('old')).rejects.toThrow();
      await core.stop();
      const next = await at.make();
      await next.start();
      expect(await names(next)).toEqual(['new']);
      expect(at.read(CURSOR)).toContain('/s/new/mcp');
      const after = await next.call('servers.tools', { name: 'new' });
      expect(after.map(({ name, pin }) => [name, pin.state])).toEqual(
        tools.map(({ name, pin }) => [name, pin.state]),
      );
      expect(after[0]?.action).toBe('deny');
      expect(await next.parts.servers.resolve('new')).toMatchObject({
        env: { API_TOKEN: 'canary-secret-1' },
      });
      expect(readFileSync(join(at.dir, 'data', 'settings.json'), 'utf8')).not.toContain('renaming');
    },
  );
});

test('edited: what is not named stays, secrets that are not used any more go, and what runs ends', async () => {
  const { core } = await scene();
  const connection = await core.parts.upstreams.connect('old');
  expect(core.parts.upstreams.childPids()).toHaveLength(1);
  const config = await core.call('servers.config', { name: 'old' });
  if (config.kind !== 'stdio') throw new Error('another kind');
  await core.call('servers.edit', {
    name: 'old',
    config: { ...config, env: { ...config.env, PLAIN: 'y', OTHER_TOKEN: 'canary-secret-2' } },
  });
  expect(core.parts.upstreams.childPids()).toEqual([]);
  expect(connection).toBeDefined();
  expect(await core.parts.servers.resolve('old')).toMatchObject({
    env: { API_TOKEN: 'canary-secret-1', PLAIN: 'y', OTHER_TOKEN: 'canary-secret-2' },
  });
  await core.call('servers.edit', { name: 'old', config: { ...config, env: {} } });
  expect((await core.parts.secrets.names()).filter((name) => name.startsWith('server/'))).toEqual([]);
  const stolen = { ...config, env: { A: { secret: 'token/cursor' } } };
  await expect(core.call('servers.edit', { name: 'old', config: stolen })).rejects.toMatchObject({
    code: 'refused',
  });
  expect(await record(core)).not.toContain('canary');
});

test('stopped: nothing of it runs, until it is used again; switched off: not even then, and it is said', async () => {
  const { scene: at, core } = await scene();
  await core.parts.upstreams.connect('old');
  await core.call('servers.stop', { name: 'old' });
  expect(core.parts.upstreams.childPids()).toEqual([]);
  await core.parts.upstreams.connect('old');
  expect(core.parts.upstreams.childPids()).toHaveLength(1);

  await core.call('servers.setDisabled', { name: 'old', disabled: true });
  expect(core.parts.upstreams.childPids()).toEqual([]);
  await expect(core.parts.upstreams.connect('old')).rejects.toThrow('old is switched off in Drawbridge');
  await expect(core.call('servers.refresh', { name: 'old' })).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('switched off'),
  });
  // Routing its client again, or editing it, does not switch it on.
  await core.call('servers.edit', {
    name: 'old',
    config: await core.call('servers.config', { name: 'old' }),
  });
  await core.stop();
  const next = await at.make();
  await next.start();
  expect((await next.call('core.state', {})).servers).toMatchObject([{ name: 'old', disabled: true }]);
  await next.call('servers.setDisabled', { name: 'old', disabled: false });
  expect(await next.call('servers.refresh', { name: 'old' })).not.toEqual([]);
  expect((await next.call('core.state', {})).servers[0]).not.toHaveProperty('disabled');
});
