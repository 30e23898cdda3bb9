import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Files } from '../../../main/core/ports.ts';
import { createSettings, defaultSettings, writeFileAtomic } from '../../../main/core/settings/index.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { dataFolder, files, Killed, killedAfter, modeOf } from './helpers.ts';

const clock = new FakeClock(Date.UTC(2026, 10, 2, 12, 0, 0));
const open = (dir: string, using: Files = files) =>
  createSettings({ files: using, dir, clock, log: () => undefined });
async function put(dir: string, text: string): Promise<void> {
  await files.mkdir(dir, { recursive: true });
  await files.writeFile(join(dir, 'settings.json'), text);
}

describe('settings', () => {
  test('the defaults, and a folder that is closed to others', async () => {
    const dir = dataFolder();
    const settings = await open(dir);
    expect(settings.problem).toBeNull();
    expect(settings.get()).toEqual({
      version: 1,
      gatewayPort: null,
      uiPort: null,
      mode: { mode: 'enforce', until: null },
      servers: {},
      maxMessageBytes: 64 * 1024 * 1024,
      allowedOrigins: [],
      loopGuard: { max: 30 },
      pausedClients: {},
      leftAlone: [],
      retention: { days: 30, megabytes: 200 },
    });
    expect(await modeOf(dir)).toBe('700');
    await files.chmod(dir, 0o755);
    await open(dir);
    expect(await modeOf(dir)).toBe('700');
  });

  test('a change is on disk before it resolves, for this user only, and is told', async () => {
    const dir = dataFolder();
    const settings = await open(dir);
    const heard: (number | null)[] = [];
    settings.onChange((doc) => heard.push(doc.gatewayPort));
    await settings.update((doc) => ({ ...doc, gatewayPort: 4321 }));
    expect(heard).toEqual([4321]);
    expect(await modeOf(join(dir, 'settings.json'))).toBe('600');
    expect((await open(dir)).get().gatewayPort).toBe(4321);
    expect(await files.readdir(dir)).toEqual(['settings.json']);
  });

  test('changes made at once run one after the other', async () => {
    const dir = dataFolder();
    const settings = await open(dir);
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        settings.update((doc) => ({ ...doc, allowedOrigins: [...doc.allowedOrigins, `http://o${i}`] })),
      ),
    );
    expect((await open(dir)).get().allowedOrigins).toHaveLength(30);
  });

  test('a change that does not fit, or throws, changes nothing and stops nobody', async () => {
    const dir = dataFolder();
    const settings = await open(dir);
    await expect(settings.update((doc) => ({ ...doc, gatewayPort: 70_000 }))).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('gatewayPort'),
    });
    await expect(
      settings.update(() => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(settings.get()).toEqual(defaultSettings);
    await settings.update((doc) => ({ ...doc, uiPort: 1234 }));
    expect(settings.get().uiPort).toBe(1234);
  });

  test('members of a file that we do not know are kept', async () => {
    const dir = dataFolder();
    await put(dir, '{"version":1,"theirs":{"a":[1]}}');
    const settings = await open(dir);
    await settings.update((doc) => ({ ...doc, uiPort: 1234 }));
    expect(JSON.parse(await files.readFile(join(dir, 'settings.json'), 'utf8'))).toMatchObject({
      theirs: { a: [1] },
      uiPort: 1234,
    });
  });

  test.each(['', '{"version":1', '[]', '{"version":1,"gatewayPort":"x"}', '{"no":"version"}'])(
    'a broken file (%s) is moved aside and said',
    async (text) => {
      const dir = dataFolder();
      await put(dir, text);
      const settings = await open(dir);
      const aside = 'settings.broken-2026-11-02T12-00-00-000Z.json';
      expect(settings.problem).toContain(aside);
      expect(settings.get()).toEqual(defaultSettings);
      expect(await files.readFile(join(dir, aside), 'utf8')).toBe(text);
      await settings.update((doc) => ({ ...doc, uiPort: 1 }));
      expect((await open(dir)).problem).toBeNull();
    },
  );

  test('a file of a newer version is read and never written', async () => {
    const dir = dataFolder();
    const text = '{"version":2,"gatewayPort":4321,"mode":"something new","uiPort":5}';
    await put(dir, text);
    const settings = await open(dir);
    expect(settings.get()).toMatchObject({ gatewayPort: 4321, uiPort: 5, mode: { mode: 'enforce' } });
    expect(settings.problem).toContain('newer version of Drawbridge');
    await expect(settings.update((doc) => ({ ...doc, uiPort: 6 }))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('Update Drawbridge'),
    });
    expect(await files.readFile(join(dir, 'settings.json'), 'utf8')).toBe(text);
  });

  test('killed at any step of saving: the old settings or the new, never neither', async () => {
    let killed = 0;
    for (let limit = 0; ; limit++) {
      const dir = dataFolder();
      await (await open(dir)).update((doc) => ({ ...doc, uiPort: 1 }));
      const settings = await open(dir);
      const { files: dying } = killedAfter(limit);
      const doomed = await createSettings({
        files: { ...files, ...pick(dying) },
        dir,
        clock,
        log: () => undefined,
      });
      expect(settings.get().uiPort).toBe(1);
      const saved = await doomed
        .update((doc) => ({ ...doc, uiPort: 2 }))
        .then(
          () => true,
          (error) => {
            expect(error).toBeInstanceOf(Killed);
            return false;
          },
        );
      const after = await open(dir);
      expect(after.problem).toBeNull();
      expect([1, 2]).toContain(after.get().uiPort);
      expect(await files.readdir(dir)).toEqual(['settings.json']);
      if (saved) {
        expect(after.get().uiPort).toBe(2);
        break;
      }
      killed += 1;
    }
    expect(killed).toBeGreaterThanOrEqual(3);
  });
});

/** Opening the settings tidies up; only what saving does is to be killed. */
function pick(dying: Files): Pick<Files, 'open' | 'rename'> {
  return { open: dying.open, rename: dying.rename };
}

describe('writeFileAtomic', () => {
  test('keeps the mode it is given whatever the umask, and takes over a leftover', async () => {
    const dir = dataFolder();
    await files.mkdir(dir, { recursive: true });
    const path = join(dir, 'x.json');
    const before = process.umask(0o077);
    try {
      await writeFileAtomic(files, path, 'a', { mode: 0o644 });
    } finally {
      process.umask(before);
    }
    expect(await modeOf(path)).toBe('644');
    await writeFileAtomic(files, path, new Uint8Array([98]));
    expect(await files.readFile(path, 'utf8')).toBe('b');
    expect(await modeOf(path)).toBe('600');
  });

  test('a failure leaves the old file and nothing else', async () => {
    const dir = dataFolder();
    await files.mkdir(dir, { recursive: true });
    const path = join(dir, 'x.json');
    await files.writeFile(path, 'old');
    const full: Files = { ...files, rename: () => Promise.reject(new Error('disk full')) };
    await expect(writeFileAtomic(full, path, 'new')).rejects.toThrow('disk full');
    expect(await files.readFile(path, 'utf8')).toBe('old');
    expect(await files.readdir(dir)).toEqual(['x.json']);
  });

  test('does not follow a link that lies where its temporary file goes', async () => {
    const dir = dataFolder();
    await files.mkdir(dir, { recursive: true });
    const path = join(dir, 'x.json');
    const victim = join(dir, 'victim');
    await files.writeFile(victim, 'theirs');
    let made = '';
    const watched: Files = {
      ...files,
      open: (async (name: string, flags: string, mode: number) => {
        if (made === '' && flags === 'wx') {
          made = name;
          await files.symlink(victim, name);
        }
        return files.open(name, flags, mode);
      }) as Files['open'],
    };
    await writeFileAtomic(watched, path, 'ours');
    expect(made).not.toBe('');
    expect(await files.readFile(victim, 'utf8')).toBe('theirs');
    expect(await files.readFile(path, 'utf8')).toBe('ours');
  });
});
