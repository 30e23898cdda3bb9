import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Files, KeyWrap } from '../../../main/core/ports.ts';
import { createIdentities, createSecretStore } from '../../../main/core/settings/index.ts';
import { dataFolder, files, Killed, killedAfter, modeOf } from './helpers.ts';

const SECRET = 'canary-4711-secret';
const open = (dir: string, keyWrap?: KeyWrap, using: Files = files) =>
  createSecretStore({ files: using, dir, randomBytes, keyWrap });

/** A key store that turns every bit round. */
const flipping: KeyWrap = {
  wrap: async (key) => key.map((byte) => byte ^ 0xff),
  unwrap: async (wrapped) => wrapped.map((byte) => byte ^ 0xff),
};
async function everything(dir: string): Promise<string> {
  const texts = await Promise.all(
    (await files.readdir(dir)).map((name) => files.readFile(join(dir, name), 'latin1')),
  );
  return texts.join('\n');
}

describe('the secret store', () => {
  test('keeps secrets in files only this user can read, never in the clear', async () => {
    const dir = dataFolder();
    const store = await open(dir);
    expect(store.kind).toBe('file');
    await store.set('a', SECRET);
    await store.set('env/my server/API KEY', 'odd name');
    await expect(store.set('__proto__', 'x')).rejects.toThrow('another name');
    expect(await store.get('a')).toBe(SECRET);
    const again = await open(dir);
    expect(await again.get('a')).toBe(SECRET);
    expect(await again.get('env/my server/API KEY')).toBe('odd name');
    expect(await again.get('toString')).toBeUndefined();
    expect((await again.names()).sort()).toEqual(['a', 'env/my server/API KEY']);
    expect(await modeOf(join(dir, 'secrets.json'))).toBe('600');
    expect(await modeOf(join(dir, 'secret.key'))).toBe('600');
    expect(await everything(dir)).not.toContain(SECRET);
    await again.delete('a');
    expect(await (await open(dir)).get('a')).toBeUndefined();
  });

  test('many changes at once all arrive', async () => {
    const dir = dataFolder();
    const store = await open(dir);
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.set(`n${i}`, `v${i}`)));
    const again = await open(dir);
    expect(await again.names()).toHaveLength(20);
    expect(await again.get('n13')).toBe('v13');
  });

  test('a changed value, and one put under another name, are not given out', async () => {
    const dir = dataFolder();
    const store = await open(dir);
    await store.set('a', 'for a');
    await store.set('b', 'for b');
    const path = join(dir, 'secrets.json');
    const doc = JSON.parse(await files.readFile(path, 'utf8'));
    doc.values.b = doc.values.a;
    const bytes = Buffer.from(doc.values.a, 'base64');
    bytes[14] = (bytes[14] ?? 0) ^ 1;
    doc.values.a = bytes.toString('base64');
    doc.values.c = 'AAAA';
    await files.writeFile(path, JSON.stringify(doc));
    const again = await open(dir);
    for (const name of ['a', 'b', 'c']) await expect(again.get(name)).rejects.toThrow(`The secret ${name}`);
  });

  test('moves to the key store of the operating system when there is one', async () => {
    const dir = dataFolder();
    await (await open(dir)).set('a', SECRET);
    const moved = await open(dir, flipping);
    expect(moved.kind).toBe('os');
    expect(await moved.get('a')).toBe(SECRET);
    expect(await files.readdir(dir)).toEqual(['secrets.json']);
    expect(await (await open(dir, flipping)).get('a')).toBe(SECRET);
    await expect(open(dir)).rejects.toThrow(/operating system's key store.*Start the app/);
  });

  test('begins with the key store where there is one from the start: no key file is ever written', async () => {
    const dir = dataFolder();
    const written: string[] = [];
    const watched: Files = {
      ...files,
      rename: (from, to) => {
        written.push(String(to));
        return files.rename(from, to);
      },
    };
    const store = await open(dir, flipping, watched);
    await store.set('a', SECRET);
    expect(new Set(written)).toEqual(new Set([join(dir, 'secrets.json')]));
    expect(await (await open(dir, flipping)).get('a')).toBe(SECRET);
  });

  test('a key store that does not give back what it got changes nothing', async () => {
    const dir = dataFolder();
    await (await open(dir)).set('a', SECRET);
    const broken: KeyWrap = { ...flipping, unwrap: async () => randomBytes(32) };
    await expect(open(dir, broken)).rejects.toThrow(/did not give back/);
    expect(await (await open(dir)).get('a')).toBe(SECRET);
  });

  test('killed at any step of moving over: the secrets can still be opened', async () => {
    for (let limit = 0; ; limit++) {
      const dir = dataFolder();
      await (await open(dir)).set('a', SECRET);
      const dying = killedAfter(limit).files;
      const done = await open(dir, flipping, dying).then(
        () => true,
        (error) => {
          expect(error).toBeInstanceOf(Killed);
          return false;
        },
      );
      const after = await open(dir, flipping);
      expect(await after.get('a')).toBe(SECRET);
      expect(await files.readdir(dir)).toEqual(['secrets.json']);
      if (done) {
        expect(limit).toBeGreaterThanOrEqual(4);
        break;
      }
    }
  });

  test.each<[string, string, (dir: string) => Promise<void>]>([
    ['a lost key', 'secret.key is missing', (dir) => files.rm(join(dir, 'secret.key'))],
    ['a damaged key', 'is damaged', (dir) => files.writeFile(join(dir, 'secret.key'), 'AAAA')],
    ['a broken file', 'is not JSON', (dir) => files.writeFile(join(dir, 'secrets.json'), '{')],
    [
      'a file of another form',
      'is damaged',
      (dir) => files.writeFile(join(dir, 'secrets.json'), '{"version":1}'),
    ],
    [
      'a newer file',
      'newer version of Drawbridge',
      (dir) => files.writeFile(join(dir, 'secrets.json'), '{"version":2}'),
    ],
  ])('%s is said, and nothing is written over it', async (_name, message, damage) => {
    const dir = dataFolder();
    await (await open(dir)).set('a', SECRET);
    await damage(dir);
    const before = await everything(dir);
    await expect(open(dir)).rejects.toThrow(message);
    expect(await everything(dir)).toBe(before);
  });
});

describe('the tokens of clients', () => {
  const identities = async (dir: string) =>
    createIdentities({
      secrets: await open(dir),
      randomBytes,
      clientName: (id) => (id === 'cursor' ? 'Cursor' : id),
    });

  test('one for each client, 256 bits, the same after a restart', async () => {
    const dir = dataFolder();
    const first = await identities(dir);
    const token = await first.tokenFor('cursor');
    expect(token).toMatch(/^db_[A-Za-z0-9_-]{43}$/);
    expect(await first.tokenFor('cursor')).toBe(token);
    expect(await first.tokenFor('claude-code')).not.toBe(token);
    expect(first.byToken(token)).toEqual({ id: 'cursor', name: 'Cursor' });
    const second = await identities(dir);
    expect(second.byToken(token)).toEqual({ id: 'cursor', name: 'Cursor' });
    expect(await second.tokenFor('cursor')).toBe(token);
    expect(await everything(dir)).not.toContain(token);
  });

  test('asked for many times at once it is made once', async () => {
    const all = await identities(dataFolder());
    const tokens = await Promise.all(Array.from({ length: 20 }, () => all.tokenFor('cursor')));
    expect(new Set(tokens).size).toBe(1);
    expect(all.byToken(tokens[0] ?? '')).toBeDefined();
  });

  test('nothing else is a token', async () => {
    const all = await identities(dataFolder());
    const token = await all.tokenFor('cursor');
    for (const guess of [
      '',
      'db_',
      token.slice(0, -1),
      `${token} `,
      token.toUpperCase(),
      `${token}a`,
      'é'.repeat(99),
    ])
      expect(all.byToken(guess)).toBeUndefined();
  });

  test('a token that could not be saved is not handed out, and the next try makes one', async () => {
    const dir = dataFolder();
    const secrets = await open(dir);
    let full = true;
    const all = await createIdentities({
      secrets: {
        ...secrets,
        set: (name, value) => (full ? Promise.reject(new Error('disk full')) : secrets.set(name, value)),
      },
      randomBytes,
      clientName: (id) => id,
    });
    await expect(all.tokenFor('cursor')).rejects.toThrow('disk full');
    full = false;
    expect(all.byToken(await all.tokenFor('cursor'))).toMatchObject({ id: 'cursor' });
  });
});
