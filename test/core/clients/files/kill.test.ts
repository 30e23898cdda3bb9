// @module-tag slow
import * as fsPromises from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clients } from '../../../../main/core/clients/index.ts';
import { type Memory, memory, memoryClients, type Scratch, scratch, unflushed } from '../kit.ts';
import { KINDS, leftovers, sample, steppedFiles } from '../steps-kit.ts';

const CODE = '.claude.json';
const BEFORE = `{
  "mcpServers": {
    "one": { "command": "/usr/bin/one", "env": { "ONE_KEY": "canary-one" } },
    "two": { "type": "http", "url": "https://two.example.com/mcp" }
  },
  "projects": { "/srv/shop": { "mcpServers": { "one": { "command": "./one.sh" } } } }
}
`;

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

/** A process that dies at its n-th step: that step and all after it throw, and a write in it is done by half. */
function mortal(dieAt: number) {
  const dead = new Error('killed');
  const life = steppedFiles(async ({ number, method, run, byHalf }) => {
    if (number < dieAt) return run();
    if (number === dieAt) await byHalf();
    // The system closes what a dead process held open.
    if (method === 'close') await run();
    throw dead;
  });
  const step = (): void => {
    life.outside();
    if (life.count() >= dieAt) throw dead;
  };
  return { step, files: life.files, steps: life.count };
}

/** Runs `work` in a process that dies at each of its steps in turn, from the same start. */
async function atEachStep(
  start: () => Promise<Memory>,
  work: (clients: Clients) => Promise<unknown>,
  check: (kept: Memory, died: boolean) => Promise<void>,
  options: { readonly gatewayUrl?: string } = {},
): Promise<number> {
  for (let n = 1; ; n++) {
    home.remove();
    home = scratch();
    const kept = await start();
    const life = mortal(n);
    try {
      await work(memoryClients(home, kept, { ...options, files: life.files, step: life.step }));
    } catch {
      // Dying is what this is about.
    }
    const died = life.steps() >= n;
    // The lock folder of a process that died goes stale by itself; here time does not pass.
    for (const place of [CODE, ...KINDS.map((client) => sample(client).place)])
      await fsPromises.rm(`${home.dir}/${place}.lock`, { recursive: true, force: true });
    await check(kept, died);
    if (!died) return n - 1;
  }
}

async function connected(): Promise<{ kept: Memory; after: string }> {
  home.write(CODE, BEFORE);
  const kept = memory();
  await memoryClients(home, kept, { files: unflushed }).apply(['claude-code'], 'connect');
  return { kept, after: home.read(CODE) };
}

test('killed at any step of connecting: the file is the old one or the new one, and undo works', async () => {
  const { after } = await connected();
  const seen = new Set<string>();
  const steps = await atEachStep(
    async () => {
      home.write(CODE, BEFORE);
      return memory();
    },
    (clients) => clients.apply(['claude-code'], 'connect'),
    async (kept) => {
      const text = home.read(CODE);
      expect([BEFORE, after]).toContain(text);
      seen.add(text);
      const clients = memoryClients(home, kept, { files: unflushed });
      await clients.recover();
      expect(await leftovers(home)).toEqual([]);
      const view = (await clients.scan()).find(({ id }) => id === 'claude-code');
      expect(view?.state).toBe(text === BEFORE ? 'direct' : 'routed');
      await clients.restoreAll();
      expect(home.read(CODE)).toBe(BEFORE);
      expect([...kept.secrets.keys()].filter((name) => name.startsWith('journal/'))).toEqual([]);
      // Whatever was left behind is no obstacle to doing it again.
      expect(await clients.apply(['claude-code'], 'connect')).toMatchObject([{ ok: true }]);
      expect(home.read(CODE)).toBe(after);
    },
  );
  expect(steps).toBeGreaterThan(40);
  expect(seen.size).toBe(2);
});

test('killed at any step of putting back: the file is the old one or the new one, and going on works', async () => {
  const { after } = await connected();
  const seen = new Set<string>();
  const steps = await atEachStep(
    async () => (await connected()).kept,
    (clients) => clients.restoreAll(),
    async (kept) => {
      const text = home.read(CODE);
      expect([BEFORE, after]).toContain(text);
      seen.add(text);
      const clients = memoryClients(home, kept, { files: unflushed });
      await clients.recover();
      expect(await leftovers(home)).toEqual([]);
      await clients.restoreAll();
      expect(home.read(CODE)).toBe(BEFORE);
      expect([...kept.secrets.keys()].filter((name) => name.startsWith('journal/'))).toEqual([]);
    },
  );
  expect(steps).toBeGreaterThan(25);
  expect(seen.size).toBe(2);
});

test('killed at any step of bringing our entries up to date: they are still known as ours', async () => {
  const moved = 'http://127.0.0.1:9000';
  const seen = new Set<string>();
  const steps = await atEachStep(
    async () => (await connected()).kept,
    (clients) => clients.apply(['claude-code'], 'connect'),
    async (kept) => {
      seen.add(home.read(CODE));
      const clients = memoryClients(home, kept, { gatewayUrl: moved, files: unflushed });
      expect(await clients.scan()).toContainEqual(
        expect.objectContaining({ id: 'claude-code', state: 'routed' }),
      );
      expect(await clients.apply(['claude-code'], 'disconnect')).toMatchObject([{ ok: true }]);
      expect(home.read(CODE)).toBe(BEFORE);
    },
    { gatewayUrl: moved },
  );
  expect(steps).toBeGreaterThan(25);
  expect(seen.size).toBe(2);
});

// Claude Code's file is what the tests above are about.
describe.each(KINDS.filter((client) => client !== 'claude-code'))('%s', (client) => {
  const { place, before } = sample(client);
  const journalOf = ({ secrets }: Memory): string[] =>
    [...secrets.keys()].filter((name) => name.startsWith('journal/'));
  const routed = async (): Promise<{ kept: Memory; after: string }> => {
    home.write(place, before);
    const kept = memory();
    expect(await memoryClients(home, kept, { files: unflushed }).apply([client], 'connect')).toMatchObject([
      { ok: true },
    ]);
    return { kept, after: home.read(place) };
  };

  test('killed at any step of connecting, then recovered and put back', async () => {
    const { after } = await routed();
    const seen = new Set<string>();
    await atEachStep(
      async () => {
        home.write(place, before);
        return memory();
      },
      (clients) => clients.apply([client], 'connect'),
      async (kept) => {
        const text = home.read(place);
        expect([before, after]).toContain(text);
        seen.add(text);
        const clients = memoryClients(home, kept, { files: unflushed });
        await clients.recover();
        expect(home.read(place)).toBe(text);
        expect(await leftovers(home)).toEqual([]);
        await clients.restoreAll();
        expect(home.read(place)).toBe(before);
        expect(journalOf(kept)).toEqual([]);
      },
    );
    expect(seen.size).toBe(2);
  });

  test('killed at any step of putting back, then recovered and put back', async () => {
    const { after } = await routed();
    const seen = new Set<string>();
    await atEachStep(
      async () => (await routed()).kept,
      (clients) => clients.apply([client], 'disconnect'),
      async (kept) => {
        const text = home.read(place);
        expect([before, after]).toContain(text);
        seen.add(text);
        const clients = memoryClients(home, kept, { files: unflushed });
        await clients.recover();
        expect(await leftovers(home)).toEqual([]);
        await clients.restoreAll();
        expect(home.read(place)).toBe(before);
        expect(journalOf(kept)).toEqual([]);
      },
    );
    expect(seen.size).toBe(2);
  });
});
