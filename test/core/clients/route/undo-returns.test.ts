// @module-tag slow
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memory, memoryClients, realClients, type Scratch, scratch } from '../kit.ts';
import { sample } from '../steps-kit.ts';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

/** Strict JSON, JSON with comments, TOML, YAML as a map and as a list; the bridge and an address. */
const FORMATS = ['claude-code', 'claude-desktop', 'vscode', 'codex', 'goose', 'continue'];

const UNDO = {
  disconnect: (kept: ReturnType<typeof memory>, id: string) =>
    memoryClients(home, kept).apply([id], 'disconnect'),
  'restore --all': (kept: ReturnType<typeof memory>) => memoryClients(home, kept).restoreAll(),
};

/** What a file can be for a moment, or by mistake, while ours stands in some copy of it. */
const MOMENTS: Readonly<Record<string, (path: string, routed: string) => void>> = {
  empty: (path) => void home.write(path, ''),
  'white space': (path) => void home.write(path, ' \n\n'),
  'only a byte order mark': (path) => void home.write(path, '\uFEFF'),
  'zeros, as after a loss of power': (path, routed) => void home.write(path, '\0'.repeat(routed.length)),
  'written to a half': (path, routed) => void home.write(path, routed.slice(0, routed.length / 2)),
  'no entry in it': (path) => void home.write(path, path.endsWith('json') ? '{}\n' : '# later\n'),
  away: (path) => home.delete(path),
  'a link to nothing': (path) => {
    home.delete(path);
    symlinkSync(join(home.dir, 'nowhere'), join(home.dir, path));
  },
  'a folder': (path) => {
    home.delete(path);
    mkdirSync(join(home.dir, path));
  },
};

describe.each(Object.keys(UNDO) as (keyof typeof UNDO)[])('%s', (undo) => {
  // Every moment with every format, half of them with each way to undo.
  const half = Object.keys(UNDO).indexOf(undo);
  const pairs = FORMATS.flatMap((id) => Object.keys(MOMENTS).map((moment) => [id, moment] as const));
  test.each(pairs.filter((_pair, at) => at % 2 === half))(
    'of %s while its file is: %s. The routed text comes back, and the original with the next undo',
    async (id, moment) => {
      const { place, before } = sample(id);
      home.write(place, before);
      const kept = memory();
      const [connected] = await memoryClients(home, kept).apply([id], 'connect');
      const routed = home.read(place);
      expect(routed).not.toBe(before);
      MOMENTS[moment]?.(place, routed);
      await UNDO[undo](kept, id);
      rmSync(join(home.dir, place), { recursive: true, force: true });
      home.write(place, routed);
      expect(await UNDO[undo](kept, id)).toMatchObject([{ ok: true, restored: connected?.routed }]);
      expect(home.read(place)).toBe(before);
    },
  );

  test.each(FORMATS)('of %s, done already: what its client held in memory is written again', async (id) => {
    const { place, before } = sample(id);
    home.write(place, before);
    const kept = memory();
    await memoryClients(home, kept).apply([id], 'connect');
    const routed = home.read(place);
    for (let round = 0; round < 2; round++) {
      await UNDO[undo](kept, id);
      expect(home.read(place)).toBe(before);
      expect([...kept.secrets.keys()].filter((name) => name.startsWith('journal/'))).toEqual([]);
      home.write(place, routed);
      const view = (await memoryClients(home, kept).scan()).find((each) => each.id === id);
      expect(view?.state).toMatch(/^(?:routed|partly)$/);
      expect(view?.entries.map(({ reason }) => reason)).not.toContainEqual(
        expect.stringContaining('not put there'),
      );
    }
    // Connecting finds that nothing is to do, and does not take ours for the original.
    await memoryClients(home, kept).apply([id], 'connect');
    expect(home.read(place)).toBe(routed);
    await UNDO[undo](kept, id);
    expect(home.read(place)).toBe(before);
  });
});

test('the journal lost after an undo: the key store still knows', async () => {
  const { place, before } = sample('cursor');
  home.write(place, before);
  const kept = memory();
  await memoryClients(home, kept).apply(['cursor'], 'connect');
  const routed = home.read(place);
  await memoryClients(home, kept).restoreAll();
  home.delete('data/journal.json');
  home.write(place, routed);
  await memoryClients(home, kept).restoreAll();
  expect(home.read(place)).toBe(before);
});

test('a client that renames its file aside and back: looked at again before it is taken for removed', async () => {
  const { place, before } = sample('cursor');
  home.write(place, before);
  const { clients } = await realClients(home);
  await clients.apply(['cursor'], 'connect');
  const path = join(home.dir, place);
  renameSync(path, `${path}.old`);
  const undone = clients.restoreAll();
  setImmediate(() => renameSync(`${path}.old`, path));
  await undone;
  await clients.restoreAll();
  expect(home.read(place)).toBe(before);
});

test('a copy of ours under another name, or in another file of the client, comes back as what it was', async () => {
  const { place, before } = sample('vscode');
  home.write(place, before);
  const kept = memory();
  const [connected] = await memoryClients(home, kept).apply(['vscode'], 'connect');
  const profile = join(dirname(place), 'profiles/abc/mcp.json');
  home.write(profile, home.read(place));
  const [undone] = await memoryClients(home, kept).restoreAll();
  expect(undone).toMatchObject({ ok: true });
  expect(undone?.restored).toHaveLength(2 * (connected?.routed.length ?? 0));
  expect(home.read(place)).toBe(before);
  expect(JSON.stringify(home.read(profile))).not.toContain('127.0.0.1');
});

test('what goes elsewhere by then is the person’s, also after it was ours', async () => {
  home.write('.cursor/mcp.json', '{"mcpServers":{"one":{"command":"/usr/bin/one"}}}');
  const kept = memory();
  await memoryClients(home, kept).apply(['cursor'], 'connect');
  const own = '{"mcpServers":{"one":{"url":"https://one.example.com/mcp"}}}';
  home.write('.cursor/mcp.json', own);
  await memoryClients(home, kept).restoreAll();
  expect(await memoryClients(home, kept).restoreAll()).toEqual([]);
  expect(home.read('.cursor/mcp.json')).toBe(own);
});
