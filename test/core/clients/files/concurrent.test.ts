// @module-tag slow
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../main/host/node/node-ports.ts';
import { memory, memoryClients, type Scratch, scratch, unflushed } from '../kit.ts';
import { leftovers, sample, steppedFiles } from '../steps-kit.ts';

const CURSOR = '.cursor/mcp.json';
const text = (counter: number): string =>
  `{\n  "counter": ${counter},\n  "mcpServers": {\n    "one": {\n      "command": "/usr/bin/one"\n    }\n  }\n}\n`;

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const countUp = (): void => {
  const now = home.read(CURSOR);
  const counter = Number(/"counter": (\d+)/.exec(now)?.[1]);
  home.write(CURSOR, now.replace(`"counter": ${counter}`, `"counter": ${counter + 1}`));
};

describe('a program that knows no lock', () => {
  test.each(['connect', 'disconnect'] as const)(
    'writes before any step of %s: only the renaming itself loses it',
    async (direction) => {
      const lost: string[] = [];
      let steps = 0;
      for (let n = 1; ; n++) {
        home.remove();
        home = scratch();
        home.write(CURSOR, text(0));
        const kept = memory();
        const healthy = memoryClients(home, kept, { files: unflushed });
        if (direction === 'disconnect') await healthy.apply(['cursor'], 'connect');
        const { files, count } = steppedFiles(async ({ number, method, args, run }) => {
          if (number === n) {
            countUp();
            steps = n;
            if (method === 'rename' && String(args[1]).endsWith(CURSOR)) lost.push(`renaming at ${n}`);
          }
          return run();
        });
        const [result] = await memoryClients(home, kept, { files }).apply(['cursor'], direction);
        if (count() < n) break;
        expect(result, `step ${n}`).toMatchObject({ ok: true });
        const after = home.read(CURSOR);
        expect(after.includes('/s/one/mcp'), `step ${n}`).toBe(direction === 'connect');
        if (lost.at(-1) !== `renaming at ${n}`) expect(after, `step ${n}`).toContain('"counter": 1');
      }
      expect(lost).toHaveLength(1);
      expect(steps).toBeGreaterThan(30);
    },
  );

  test('and writes all the time: every change is there at the end, or it is said that nothing was written', async () => {
    home.write(CURSOR, text(0));
    let written = 0;
    const { files } = steppedFiles(async ({ method, args, run }) => {
      // As often as can be without the file ever standing still for one try.
      if (method === 'open' && String(args[0]).includes('drawbridge-tmp')) {
        countUp();
        written += 1;
      }
      return run();
    });
    const kept = memory();
    const [result] = await memoryClients(home, kept, { files }).apply(['cursor'], 'connect');
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('changed since') });
    expect(written).toBeGreaterThan(3);
    expect(home.read(CURSOR)).toBe(text(written));
    expect([...kept.secrets.keys()].filter((name) => name.startsWith('journal/'))).toEqual([]);
    expect(await leftovers(home)).toEqual([]);
  });

  test('with a plan that was shown, a change means that nothing is written', async () => {
    home.write(CURSOR, text(0));
    let written = 0;
    const { files } = steppedFiles(async ({ method, args, run }) => {
      if (method === 'rename' || method !== 'open' || !String(args[0]).includes('drawbridge-tmp'))
        return run();
      countUp();
      written += 1;
      return run();
    });
    const clients = memoryClients(home, memory(), { files });
    const [plan] = await clients.plan(['cursor'], 'connect');
    const [result] = await clients.apply(['cursor'], 'connect', { cursor: plan?.digest ?? '' });
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('look at the new plan') });
    expect(written).toBe(1);
    expect(home.read(CURSOR)).toBe(text(1));
  });

  test('the window in which it goes unseen', async () => {
    const windows: number[] = [];
    for (let round = 0; round < 20; round++) {
      home.write(CURSOR, text(0));
      let looked = 0;
      const { files } = steppedFiles(async ({ method, args, run }) => {
        if (method === 'rename' && String(args[1]).endsWith(CURSOR)) windows.push(performance.now() - looked);
        const result = await run();
        if (method === 'stat') looked = performance.now();
        return result;
      });
      await memoryClients(home, memory(), { files }).apply(['cursor'], 'connect');
    }
    windows.sort((a, b) => a - b);
    expect(windows).toHaveLength(20);
    console.info(
      `from the last look to the renaming: ${((windows[10] ?? 0) * 1000).toFixed(0)} µs (median of 20)`,
    );
  });
});

describe('the lock of Cline', () => {
  const { place, before } = sample('cline');
  const lock = (): string => `${join(home.dir, place)}.lock`;
  const held = (owner: string, seconds?: number): void => {
    home.write(place, before);
    mkdirSync(lock());
    writeFileSync(join(lock(), owner), owner);
    if (seconds !== undefined) utimesSync(lock(), seconds, seconds);
  };

  test('is a folder with its owner in it while the file is replaced, and gone afterwards', async () => {
    home.write(place, before);
    let owners: string[] = [];
    const { files } = steppedFiles(async ({ method, args, run }) => {
      if (method === 'rename' && args[1] === join(home.dir, place)) owners = readdirSync(lock());
      return run();
    });
    expect(await memoryClients(home, memory(), { files }).apply(['cline'], 'connect')).toMatchObject([
      { ok: true },
    ]);
    expect(owners).toEqual([expect.stringMatching(/^owner\./)]);
    expect(await leftovers(home)).toEqual([]);
  });

  test('held by Cline: waited for, and taken once it is given back', async () => {
    held('owner.1.2.3');
    const timer = setTimeout(() => rmSync(lock(), { recursive: true }), 150);
    const clients = memoryClients(home, memory(), { clock: systemClock });
    const [result] = await clients.apply(['cline'], 'connect');
    expect(result?.message).toContain('Routed');
    expect(result?.ok).toBe(true);
    clearTimeout(timer);
    expect(existsSync(lock())).toBe(false);
  });

  test('held for too long: nothing is written, and its lock stays', async () => {
    held('owner.1.2.3', Date.now() / 1000 + 3600);
    expect(await memoryClients(home, memory()).apply(['cline'], 'connect')).toMatchObject([
      { ok: false, message: expect.stringContaining(lock()) },
    ]);
    expect(home.read(place)).toBe(before);
    expect(readdirSync(lock())).toEqual(['owner.1.2.3']);
  });

  test('left by a process that died: taken over, owner and all', async () => {
    held('owner.1.2.3', 1);
    expect(await memoryClients(home, memory()).apply(['cline'], 'connect')).toMatchObject([{ ok: true }]);
    expect(await leftovers(home)).toEqual([]);
  });

  test('that somebody took over from us is theirs', async () => {
    home.write(place, before);
    const { files } = steppedFiles(async ({ method, args, run }) => {
      const result = await run();
      if (method === 'rename' && args[1] === join(home.dir, place)) {
        renameSync(lock(), `${lock()}.theirs`);
        rmSync(`${lock()}.theirs`, { recursive: true });
        mkdirSync(lock());
        writeFileSync(join(lock(), 'owner.other'), '');
      }
      return result;
    });
    await memoryClients(home, memory(), { files }).apply(['cline'], 'connect');
    expect(readdirSync(lock())).toEqual(['owner.other']);
  });
});
