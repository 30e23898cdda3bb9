import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memory, memoryClients, type Options, QuickClock, type Scratch, scratch } from '../kit.ts';

const DESKTOP = '.config/Claude/claude_desktop_config.json';
const CURSOR = '.cursor/mcp.json';
const ONE =
  '{\n  "mcpServers": {\n    "one": {\n      "command": "/usr/bin/one",\n      "env": { "ONE_KEY": "canary-one" },\n      "disabled": true\n    }\n  },\n  "theme": "dark"\n}\n';
const WIPED = '{\n  "theme": "dark"\n}\n';
const QUIT: ReadonlySet<string> = new Set(['bash']);
const RUNS: ReadonlySet<string> = new Set(['bash', 'claude-desktop']);

let home: Scratch;
let bridge: { command: string; args: string[] };
beforeEach(() => {
  home = scratch();
  bridge = { command: home.write('opt/node', ''), args: [home.write('opt/bridge.js', '')] };
});
afterEach(() => home.remove());

const kept = memory();
beforeEach(() => {
  kept.secrets.clear();
  kept.servers.clear();
});
const clientsWith = (options: Options = {}) =>
  memoryClients(home, kept, { bridge, running: QUIT, ...options });

describe('Claude Desktop drops its servers', () => {
  const wipe = async (): Promise<string> => {
    home.write(DESKTOP, ONE);
    expect(await clientsWith().apply(['claude-desktop'], 'connect')).toMatchObject([{ ok: true }]);
    const routed = home.read(DESKTOP);
    home.write(DESKTOP, WIPED);
    return routed;
  };

  test('they come back once it has quit, with the fields that were the person’s', async () => {
    const routed = await wipe();
    const results = await clientsWith().keepUp();
    expect(results).toMatchObject([{ client: 'claude-desktop', ok: true, routed: ['one'] }]);
    expect(JSON.parse(home.read(DESKTOP))).toEqual(JSON.parse(routed));
    expect(await clientsWith().keepUp()).toEqual([]);
    expect(await clientsWith().scan()).toContainEqual(
      expect.objectContaining({ id: 'claude-desktop', state: 'routed' }),
    );
    await clientsWith().restoreAll();
    expect(JSON.parse(home.read(DESKTOP))).toEqual(JSON.parse(ONE));
  });

  test.each([
    ['while it runs', RUNS],
    ['where that cannot be known', undefined],
  ])('%s nothing is written; they are shown, and a plan offers them', async (_when, running) => {
    await wipe();
    const here = clientsWith({ running });
    expect(await here.keepUp()).toEqual([]);
    expect(home.read(DESKTOP)).toBe(WIPED);
    const view = (await here.scan()).find(({ id }) => id === 'claude-desktop');
    expect(view?.entries).toMatchObject([
      { name: 'one', server: 'one', state: 'skipped', reason: expect.stringContaining('dropped') },
    ]);
    const [plan] = await here.plan(['claude-desktop'], 'connect');
    expect(plan?.files[0]?.entries).toMatchObject([
      { name: 'one', action: 'route', reason: expect.stringContaining('Brought back') },
    ]);
    expect(plan?.warnings.some((warning) => warning.includes('is running'))).toBe(running !== undefined);
  });

  test('a person is told to quit it first, in either direction; restore --all goes on', async () => {
    home.write(DESKTOP, ONE);
    const running = clientsWith({ running: RUNS });
    expect(await running.apply(['claude-desktop'], 'connect')).toMatchObject([
      { ok: false, routed: [], message: expect.stringContaining('Quit it fully') },
    ]);
    expect(home.read(DESKTOP)).toBe(ONE);
    await clientsWith().apply(['claude-desktop'], 'connect');
    expect(await running.apply(['claude-desktop'], 'disconnect')).toMatchObject([{ ok: false }]);
    expect(await running.restoreAll()).toMatchObject([{ ok: true, restored: ['one'] }]);
    expect(home.read(DESKTOP)).toBe(ONE);
  });

  test('again and again: once a minute at most', async () => {
    await wipe();
    const clock = new QuickClock();
    const clients = clientsWith({ clock });
    expect(await clients.keepUp()).toHaveLength(1);
    home.write(DESKTOP, WIPED);
    expect(await clients.keepUp()).toEqual([]);
    expect(home.read(DESKTOP)).toBe(WIPED);
    clock.advance(61_000);
    expect(await clients.keepUp()).toHaveLength(1);
    expect(home.read(DESKTOP)).toContain(bridge.command);
  });

  test('an entry that a person removed stays removed', async () => {
    await wipe();
    home.write(DESKTOP, '{ "mcpServers": {} }');
    expect(await clientsWith().keepUp()).toEqual([]);
    expect(home.read(DESKTOP)).toBe('{ "mcpServers": {} }');
  });

  test('a server that is not registered any more does not come back', async () => {
    await wipe();
    kept.servers.clear();
    expect(await clientsWith().keepUp()).toEqual([]);
    expect(home.read(DESKTOP)).toBe(WIPED);
  });
});

describe('the app is somewhere else than it was', () => {
  const moved = (): Options => ({
    bridge: { command: home.write('new/node', ''), args: [home.write('new/bridge.js', '')] },
  });
  const connect = async (): Promise<string> => {
    home.write(DESKTOP, ONE);
    await clientsWith().apply(['claude-desktop'], 'connect');
    return home.read(DESKTOP);
  };

  test.each(['opt/node', 'opt/bridge.js'])('%s is gone: entries start the new bridge', async (gone) => {
    const before = await connect();
    const options = moved();
    expect(await clientsWith(options).keepUp()).toEqual([]);
    expect(home.read(DESKTOP)).toBe(before);
    home.delete(gone);
    const [plan] = await clientsWith(options).plan(['claude-desktop'], 'connect');
    expect(plan?.files[0]?.entries).toMatchObject([
      { reason: expect.stringContaining('Brought up to date') },
    ]);
    expect(await clientsWith(options).keepUp()).toMatchObject([{ ok: true, routed: ['one'] }]);
    expect(home.read(DESKTOP)).toBe(
      before
        .replace(bridge.command, options.bridge?.command ?? '')
        .replace(bridge.args[0] ?? '', options.bridge?.args[0] ?? ''),
    );
    await clientsWith(options).restoreAll();
    expect(home.read(DESKTOP)).toBe(ONE);
  });

  test('an entry that names a place of the product is brought to the launcher, though that place is still there', async () => {
    const before = await connect();
    const options: Options = {
      bridge: { command: home.write('it\'s "data"/bin/drawbridge-bridge', ''), args: [] },
    };
    expect(await clientsWith(options).keepUp()).toMatchObject([{ ok: true, routed: ['one'] }]);
    const { mcpServers } = JSON.parse(home.read(DESKTOP));
    expect(mcpServers.one).toMatchObject({
      command: options.bridge?.command,
      args: ['one', '--data', expect.anything()],
    });
    expect(home.read(DESKTOP)).not.toBe(before);
    expect(await clientsWith(options).scan()).toContainEqual(
      expect.objectContaining({
        id: 'claude-desktop',
        entries: [expect.objectContaining({ state: 'routed' })],
      }),
    );
    expect(await clientsWith(options).keepUp()).toEqual([]);
    await clientsWith(options).restoreAll();
    expect(home.read(DESKTOP)).toBe(ONE);
  });

  test('another port: entries with an address follow', async () => {
    home.write(CURSOR, ONE);
    await clientsWith().apply(['cursor'], 'connect');
    const before = home.read(CURSOR);
    const gatewayUrl = 'http://127.0.0.1:9000';
    expect(await clientsWith({ gatewayUrl }).keepUp()).toMatchObject([{ client: 'cursor', ok: true }]);
    expect(home.read(CURSOR)).toBe(before.replace('http://127.0.0.1:7717', gatewayUrl));
  });

  test('an entry that was changed by hand is not fought over', async () => {
    await connect();
    const edited = home.read(DESKTOP).replace('"disabled": true', '"disabled": false');
    home.write(DESKTOP, edited);
    home.delete('opt/node');
    expect(await clientsWith(moved()).keepUp()).toEqual([]);
    expect(home.read(DESKTOP)).toBe(edited);
  });
});

describe('what runs', () => {
  const view = async (options: Options, id = 'claude-desktop') =>
    (await clientsWith(options).scan()).find((each) => each.id === id);

  test('is told by the names of the programs', async () => {
    expect(await view({ running: RUNS })).toMatchObject({ running: true });
    expect(await view({ running: QUIT })).toMatchObject({ running: false });
    expect(await view({ platform: 'win32', running: RUNS })).toMatchObject({ running: null });
  });

  test('and has not connected since its file was changed waits for a restart', async () => {
    home.write(DESKTOP, ONE);
    await clientsWith().apply(['claude-desktop'], 'connect');
    expect(await view({ running: RUNS })).toMatchObject({ restartNeeded: true });
    expect(await view({ running: QUIT })).toMatchObject({ restartNeeded: false });
    const handshake = { at: Date.now() + 1000, software: 'x' };
    expect(await view({ running: RUNS, handshake })).toMatchObject({ restartNeeded: false });
  });

  test('starting or quitting a client is told to the watcher', async () => {
    const clock = new QuickClock();
    let told = 0;
    const running = new Set<string>();
    const clients = clientsWith({ clock, running });
    const look = async (): Promise<number> => {
      clock.advance(20_000);
      clock.tick();
      await new Promise((resolve) => setTimeout(resolve, 40));
      return told;
    };
    clients.watch(() => {
      told += 1;
    });
    for (let i = 0; i < 3; i++) await look();
    expect(told).toBe(0);
    running.add('claude-desktop');
    await expect.poll(look).toBe(1);
    running.clear();
    await expect.poll(look).toBe(2);
    clients.stop();
  });
});
