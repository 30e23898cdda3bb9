import * as fsPromises from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clients } from '../../../main/core/clients/index.ts';
import type { Files } from '../../../main/core/ports.ts';
import { type Memory, memory, memoryClients, type Scratch, scratch } from './kit.ts';

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
  let steps = 0;
  const step = (): void => {
    steps += 1;
    if (steps >= dieAt) throw new Error('killed');
  };
  const counted =
    (target: object, method: string, fn: (...args: unknown[]) => unknown) =>
    async (...args: unknown[]): Promise<unknown> => {
      try {
        step();
      } catch (error) {
        if (steps === dieAt && method === 'writeFile') await fn.call(target, String(args[0]).slice(0, 40));
        // The system closes what a dead process held open.
        if (method === 'close') await fn.call(target);
        throw error;
      }
      const result = await fn.apply(target, args);
      return method === 'open' ? wrap(result as object) : result;
    };
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_target, name) {
        const fn: unknown = Reflect.get(target, name);
        return typeof fn === 'function'
          ? counted(target, String(name), fn as (...args: unknown[]) => unknown)
          : fn;
      },
    });
  return { step, files: wrap({ ...fsPromises } as Files), steps: () => steps };
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
    await fsPromises.rm(`${home.dir}/${CODE}.lock`, { recursive: true, force: true });
    await check(kept, died);
    if (!died) return n - 1;
  }
}

function leftovers(): string[] {
  return home
    .files()
    .map(({ path }) => path)
    .filter((path) => path.includes('tmp-'));
}

async function connected(): Promise<{ kept: Memory; after: string }> {
  home.write(CODE, BEFORE);
  const kept = memory();
  await memoryClients(home, kept).apply(['claude-code'], 'connect');
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
      const clients = memoryClients(home, kept);
      await clients.recover();
      expect(leftovers()).toEqual([]);
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
      const clients = memoryClients(home, kept);
      await clients.recover();
      expect(leftovers()).toEqual([]);
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
      const clients = memoryClients(home, kept, { gatewayUrl: moved });
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
