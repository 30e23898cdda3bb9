// @module-tag slow
import { chmodSync, chownSync, lstatSync, mkdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Files } from '../../../../main/core/ports.ts';
import { type Memory, mappedFiles, memory, memoryClients, type Scratch, scratch, unflushed } from '../kit.ts';
import { KINDS, leftovers, type Step, sample, steppedFiles } from '../steps-kit.ts';

const CURSOR = '.cursor/mcp.json';
const ONE =
  '{\n  "mcpServers": {\n    "one": {\n      "command": "/usr/bin/one",\n      "env": { "ONE_KEY": "canary-one" }\n    }\n  }\n}\n';

let home: Scratch;
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

const systemError = (code: string, method: string): Error =>
  Object.assign(new Error(`${code}: it failed, ${method}`), { code, syscall: method });

/** What takes room on a disk, or changes it. */
const WRITES = ['writeFile', 'open', 'mkdir', 'rename', 'sync', 'chmod', 'chown', 'utimes'];
const changesDisk = ({ method, args }: Step): boolean =>
  WRITES.includes(method) && (method !== 'open' || args[1] !== 'r');

/** Files whose n-th change and all after it fail with `code`, while removing things still works: a disk that is full. */
function failingFrom(n: number, code: string) {
  let changes = 0;
  const { files } = steppedFiles(async (step) => {
    if (changesDisk(step)) changes += 1;
    if (!changesDisk(step) || changes < n) return step.run();
    if (code === 'ENOSPC') await step.byHalf();
    throw systemError(code, step.method);
  });
  return { files, failed: () => changes >= n };
}

/** Files whose n-th operation of any kind fails once. */
function failingOnce(n: number, code: string) {
  let failed = false;
  const { files } = steppedFiles(async (step) => {
    if (step.number !== n) return step.run();
    failed = true;
    // An error of close leaves nothing open, one of writing leaves a part.
    if (step.method === 'close') await step.run();
    await step.byHalf();
    throw systemError(code, step.method);
  });
  return { files, failed: () => failed };
}

const healthy = (kept: Memory) => memoryClients(home, kept, { files: unflushed });

// One of each way to lock, and of each family of formats: what is tried here does not depend on more.
describe.each(['cursor', ...KINDS.filter((each) => !['vscode', 'continue'].includes(each))])(
  '%s',
  (client) => {
    const { place, before } = client === 'cursor' ? { place: CURSOR, before: ONE } : sample(client);

    const prepare = async (direction: 'connect' | 'disconnect'): Promise<Memory> => {
      home.remove();
      home = scratch();
      home.write(place, before);
      const kept = memory();
      if (direction === 'disconnect') await healthy(kept).apply([client], 'connect');
      return kept;
    };

    test.each([
      ['a disk that is full from a write on', 'ENOSPC', failingFrom],
      ['one input or output error', 'EIO', failingOnce],
    ])(
      '%s: old or new, said, and set right afterwards',
      async (_what, code, failing) => {
        for (const direction of ['connect', 'disconnect'] as const) {
          await prepare('disconnect');
          const routed = home.read(place);
          let told = 0;
          for (let n = 1; ; n++) {
            const kept = await prepare(direction);
            const { files, failed } = failing(n, code);
            const clients = memoryClients(home, kept, { files });
            const result = await clients.apply([client], direction).catch((error: unknown) => [error]);
            const text = home.read(place);
            expect([before, routed], `${direction}, step ${n}`).toContain(text);
            if (!failed()) {
              expect(result).toMatchObject([{ ok: true }]);
              expect(n).toBeGreaterThan(5);
              break;
            }
            if (JSON.stringify(result).includes(code) || result[0] instanceof Error) told += 1;
            // The same process, once the disk is well again.
            const [plan] = await healthy(kept).plan([client], 'connect');
            const toRoute = plan?.files[0]?.entries.some(({ action }) => action === 'route') ?? false;
            expect(toRoute, `${direction}, step ${n}`).toBe(text === before);
            expect(await leftovers(home), `${direction}, step ${n}`).toEqual([]);
            expect(await healthy(kept).apply([client], direction)).toMatchObject([{ ok: true }]);
            expect(home.read(place)).toBe(direction === 'connect' ? routed : before);
            await healthy(kept).restoreAll();
            expect(home.read(place)).toBe(before);
          }
          expect(told).toBeGreaterThan(3);
        }
      },
      60_000,
    );
  },
);

describe('what cannot be written says why', () => {
  const tell = async (files: Files, kept = memory(), platform: NodeJS.Platform = 'linux') => {
    const clients = memoryClients(home, kept, { files, platform });
    const [plan] = await clients.plan(['cursor'], 'connect');
    const [result] = await clients.apply(['cursor'], 'connect');
    expect(result).toMatchObject({ ok: false, routed: [] });
    return { plan: plan?.files[0]?.problem ?? null, message: result?.message ?? '' };
  };
  const failing = (which: (step: Step) => boolean, code: string): Files =>
    steppedFiles(async (step) => {
      if (which(step)) throw systemError(code, step.method);
      return step.run();
    }).files;
  const ours = ({ args }: Step): boolean => String(args[0]).includes('.drawbridge-tmp-');

  test.each([
    ['EACCES', 'this user'],
    ['EROFS', 'EROFS'],
    ['EPERM', 'this user'],
  ])('a folder without permission (%s) is known before it is tried', async (code, says) => {
    home.write(CURSOR, ONE);
    const folder = join(home.dir, '.cursor');
    const files = failing(({ method, args }) => method === 'access' && args[0] === folder, code);
    const { plan, message } = await tell(files);
    expect(plan).toContain(says);
    expect(message).toContain(says);
    expect(home.read(CURSOR)).toBe(ONE);
  });

  test.each([
    ['EXDEV', 'two file systems'],
    ['EDQUOT', 'quota'],
    ['EROFS', 'only be read'],
  ])('%s while writing', async (code, says) => {
    home.write(CURSOR, ONE);
    const files = failing((step) => ours(step) && ['rename', 'open'].includes(step.method), code);
    expect((await tell(files)).message).toContain(says);
    expect(home.read(CURSOR)).toBe(ONE);
    expect(await leftovers(home)).toEqual([]);
  });

  test('on Windows a file that stays held open is told after several tries', async () => {
    home.write(`C/Users/ada/${CURSOR}`, ONE);
    let tries = 0;
    const mapped = mappedFiles(home, ['C:\\']);
    const files = new Proxy(mapped, {
      get(target, name) {
        const fn = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (name !== 'rename' || !String(args[0]).includes('drawbridge-tmp')) return fn(...args);
          tries += 1;
          return Promise.reject(systemError('EBUSY', 'rename'));
        };
      },
    });
    const clients = memoryClients(home, memory(), { files, platform: 'win32', home: 'C:\\Users\\ada' });
    expect(await clients.apply(['cursor'], 'connect')).toMatchObject([
      { ok: false, message: expect.stringContaining('another program holds the file open') },
    ]);
    expect(tries).toBeGreaterThan(5);
    expect(home.read(`C/Users/ada/${CURSOR}`)).toBe(ONE);
  });

  test('a link into the store of Nix is refused with the place to change', async () => {
    home.write(CURSOR, ONE);
    const files = new Proxy(unflushed, {
      get: (target, name) =>
        name === 'realpath'
          ? async () => '/nix/store/abc-home-manager-files/.cursor/mcp.json'
          : Reflect.get(target, name),
    });
    expect((await tell(files)).message).toContain('made by Nix');
  });

  test('a folder where the file should be, and a link to nothing', async () => {
    mkdirSync(join(home.dir, CURSOR), { recursive: true });
    const clients = healthy(memory());
    const [result] = await clients.apply(['cursor'], 'connect');
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('is a folder') });
    home.remove();
    home = scratch();
    mkdirSync(join(home.dir, '.cursor'));
    symlinkSync('gone.json', join(home.dir, CURSOR));
    expect(await healthy(memory()).apply(['cursor'], 'connect')).toMatchObject([{ ok: true, routed: [] }]);
    expect(readlinkSync(join(home.dir, CURSOR))).toBe('gone.json');
  });
});

test('owner, mode and a chain of links stay', async () => {
  const real = home.write('dotfiles/deep/cursor.json', ONE);
  chmodSync(real, 0o600);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(real, 1234, 4321);
  mkdirSync(join(home.dir, '.cursor'));
  symlinkSync('deep/cursor.json', join(home.dir, 'dotfiles/link.json'));
  symlinkSync('../dotfiles/link.json', join(home.dir, CURSOR));
  const kept = memory();
  for (const direction of ['connect', 'disconnect'] as const) {
    expect(await healthy(kept).apply(['cursor'], direction)).toMatchObject([{ ok: true }]);
    const { mode, uid, gid } = statSync(real);
    expect(mode & 0o7777).toBe(0o600);
    if (isRoot) expect({ uid, gid }).toEqual({ uid: 1234, gid: 4321 });
    for (const link of [CURSOR, 'dotfiles/link.json'])
      expect(lstatSync(join(home.dir, link)).isSymbolicLink()).toBe(true);
  }
  expect(home.read('dotfiles/deep/cursor.json')).toBe(ONE);
  expect(await leftovers(home)).toEqual([]);
  expect(dirname(real)).toContain('deep');
});
