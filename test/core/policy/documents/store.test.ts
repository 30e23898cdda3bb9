import * as fsPromises from 'node:fs/promises';
import { mkdtemp, readdir, readFile, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyFileName } from '../../../../main/core/policy/documents/file-name.ts';
import {
  createPolicyStore,
  type PolicyStoreWithLookup,
  versionOf,
} from '../../../../main/core/policy/documents/store.ts';
import type { Files } from '../../../../main/core/ports.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const ALLOW = '{ "version": "1", "default": "allow" }\n';
const ASK = '{ "version": "1", "default": "ask" }\n';
const RECOMMENDED = '{ "version": "1", "default": "deny" }';

let dir: string;
let clock: FakeClock;
const stores: PolicyStoreWithLookup[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'policies-'));
  clock = new FakeClock();
});
afterEach(async () => {
  for (const store of stores.splice(0)) store.stop();
  await rm(dir, { recursive: true });
});

async function open(more: { files?: Files; recommended?: (server: string) => string; watch?: false } = {}) {
  const logged: string[] = [];
  const changed: string[] = [];
  const store = await createPolicyStore({
    files: more.files ?? fsPromises,
    clock,
    log: (_level, message) => void logged.push(message),
    dir,
    recommended: more.recommended ?? (() => RECOMMENDED),
    ...(more.watch === false ? { watch: () => () => {} } : {}),
  });
  stores.push(store);
  store.onChange((server) => void changed.push(server));
  return { store, logged, changed };
}
const defaultOf = (store: PolicyStoreWithLookup, server: string) => store.lookup(server).policy.base.default;

describe('the policy store', () => {
  it('follows the recommended document until there is a file', async () => {
    let text = RECOMMENDED;
    const { store, changed } = await open({ recommended: () => text });
    expect(store.state('a')).toEqual({
      source: 'recommended',
      version: versionOf(RECOMMENDED),
      broken: null,
    });
    expect(store.text('a')).toBe(RECOMMENDED);
    text = ASK;
    expect(defaultOf(store, 'a')).toBe('deny');
    store.recommendedChanged('a');
    expect(defaultOf(store, 'a')).toBe('ask');
    expect(changed).toEqual(['a']);
  });

  it('saves atomically, privately, and survives a restart', async () => {
    const { store, changed } = await open();
    expect(await store.set('a', ALLOW)).toEqual({ source: 'file', version: versionOf(ALLOW), broken: null });
    expect(changed).toEqual(['a']);
    expect(await readFile(join(dir, 'a.json'), 'utf8')).toBe(ALLOW);
    if (process.platform !== 'win32') expect((await stat(join(dir, 'a.json'))).mode & 0o777).toBe(0o600);
    expect((await readdir(dir)).sort()).toEqual(['a.json', 'a.json.good']);
    const { store: again } = await open();
    expect(defaultOf(again, 'a')).toBe('allow');
    expect(again.state('a').source).toBe('file');
  });

  it('refuses a document with problems and leaves the file alone', async () => {
    const { store } = await open();
    await store.set('a', ALLOW);
    await expect(store.set('a', '{ "version": "1", "defalt": "deny" }')).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('Did you mean "default"?'),
    });
    expect(await readFile(join(dir, 'a.json'), 'utf8')).toBe(ALLOW);
  });

  it('keeps the last good policy while the file is broken, also after a restart, and says so', async () => {
    const { store, changed } = await open({ watch: false });
    await store.set('a', ALLOW);
    await writeFile(join(dir, 'a.json'), '{\n  "version": "1",\n  "tols": {}\n}');
    await store.reload();
    expect(defaultOf(store, 'a')).toBe('allow');
    expect(store.state('a').version).toBe(versionOf(ALLOW));
    expect(store.state('a').broken).toBe(
      'a.json: Line 3, column 3: "tols" is not known here. Known: $schema, version, default, hide, all_tools, tools, clients. (at /tols) Did you mean "tools"? The last good policy stays in force.',
    );
    expect(store.text('a')).toContain('"tols"');
    expect(changed).toEqual(['a', 'a']);
    const { store: again } = await open({ watch: false });
    expect(defaultOf(again, 'a')).toBe('allow');
    expect(again.state('a')).toMatchObject({ source: 'file', broken: expect.stringContaining('"tols"') });
    await writeFile(join(dir, 'a.json'), ASK);
    await again.reload();
    expect(again.state('a')).toEqual({ source: 'file', version: versionOf(ASK), broken: null });
  });

  it('denies everything when a broken file never was good', async () => {
    await writeFile(join(dir, 'a.json'), '');
    const { store } = await open();
    expect(defaultOf(store, 'a')).toBe('deny');
    expect(store.state('a')).toMatchObject({
      source: 'file',
      broken: expect.stringContaining('Everything is denied'),
    });
  });

  it('keeps the policy when the file cannot be read', async () => {
    let failing = false;
    const files: Files = {
      ...fsPromises,
      readFile: ((...args: Parameters<typeof fsPromises.readFile>) =>
        failing
          ? Promise.reject(new Error('EIO: i/o error'))
          : fsPromises.readFile(...args)) as Files['readFile'],
    };
    const { store } = await open({ files, watch: false });
    await store.set('a', ALLOW);
    failing = true;
    await writeFile(join(dir, 'a.json'), ASK);
    await store.reload();
    expect(defaultOf(store, 'a')).toBe('allow');
    expect(store.state('a').broken).toContain('cannot be read (EIO');
  });

  it('notices an edit from outside by itself', async () => {
    const { store } = await open();
    await store.set('a', ALLOW);
    const heard = new Promise<void>((resolve) => store.onChange(() => resolve()));
    await writeFile(join(dir, 'a.json'), ASK);
    // The watcher, or failing that the poll, finds it; both wait on the fake clock.
    const timer = setInterval(() => clock.advance(500), 5);
    await heard;
    clearInterval(timer);
    expect(defaultOf(store, 'a')).toBe('ask');
  });

  it('finds a change by polling alone', async () => {
    const { store } = await open({ watch: false });
    await store.set('a', ALLOW);
    await writeFile(join(dir, 'a.json'), ASK);
    const heard = new Promise<void>((resolve) => store.onChange(() => resolve()));
    clock.advance(2000);
    await heard;
    expect(defaultOf(store, 'a')).toBe('ask');
  });

  it('gives a policy up only when its file stays away', async () => {
    const { store } = await open({ watch: false });
    await store.set('a', ALLOW);
    await unlink(join(dir, 'a.json'));
    await store.reload();
    expect(store.state('a').source).toBe('file');
    await writeFile(join(dir, 'a.json'), ASK);
    await store.reload();
    expect(defaultOf(store, 'a')).toBe('ask');
    await unlink(join(dir, 'a.json'));
    await store.reload();
    clock.advance(1500);
    await store.reload();
    expect(store.state('a').source).toBe('recommended');
    expect(await readdir(dir)).toEqual([]);
  });

  it('leaves the old file whole when writing fails', async () => {
    const { store } = await open();
    await store.set('a', ALLOW);
    const files: Files = { ...fsPromises, rename: () => Promise.reject(new Error('ENOSPC: no space left')) };
    const { store: failing } = await open({ files });
    await expect(failing.set('a', ASK)).rejects.toThrow('ENOSPC');
    expect(defaultOf(failing, 'a')).toBe('allow');
    expect(await readFile(join(dir, 'a.json'), 'utf8')).toBe(ALLOW);
    expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('writes through a symbolic link', async () => {
    const target = join(dir, 'elsewhere.txt');
    await writeFile(target, ALLOW);
    await symlink(target, join(dir, 'a.json'));
    const { store } = await open();
    await store.set('a', ASK);
    expect(await readFile(target, 'utf8')).toBe(ASK);
  });

  it('reads a file that begins with a byte order mark', async () => {
    await writeFile(join(dir, 'a.json'), `\uFEFF${ALLOW}`);
    const { store } = await open();
    expect(store.state('a')).toMatchObject({ source: 'file', broken: null });
  });
});

describe('file names', () => {
  it('are plain for plain names and different for different names', () => {
    expect(policyFileName('github')).toBe('github.json');
    const names = [
      'github',
      'GitHub',
      'git hub',
      'git_hub',
      '.hidden',
      'con',
      'CON',
      'nul.txt',
      'a:b',
      'a*b',
      'ü',
      'x'.repeat(100),
      'x'.repeat(99),
      'a.json',
      'a.json.good',
    ];
    const files = names.map(policyFileName);
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
    for (const file of files) expect(file).toMatch(/^[a-z0-9_-][a-z0-9._~-]{0,95}\.json$/);
    expect(files.filter((file) => /^(con|nul)\./.test(file))).toEqual([]);
  });
});
