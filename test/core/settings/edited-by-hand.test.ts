import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createSettings, type OpenedSettings } from '../../../main/core/settings/index.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { until } from '../../kit/until.ts';
import { dataFolder, files } from './helpers.ts';

let stop: (() => void) | undefined;
afterEach(() => stop?.());

async function open(dir = dataFolder()) {
  const clock = new FakeClock(Date.UTC(2026, 10, 2, 12, 0, 0));
  let kept: string | undefined;
  const lastGood = {
    get: () => kept,
    set(text: string) {
      kept = text;
    },
  };
  const again = (): Promise<OpenedSettings> =>
    createSettings({ files, dir, clock, log: () => undefined, lastGood });
  const settings = await again();
  const path = join(dir, 'settings.json');
  const heard: (string | undefined)[] = [];
  settings.onChange((_doc, by) => heard.push(by));
  return {
    dir,
    settings,
    heard,
    again,
    read: async () => JSON.parse(await files.readFile(path, 'utf8')),
    edit: (text: string) => files.writeFile(path, text),
    remove: () => files.rm(path),
    /** Time goes on until `check` is so. */
    async watched(check: () => boolean) {
      stop ??= settings.watch();
      await until(() => {
        clock.advance(500);
        return check();
      });
      stop = void stop();
    },
  };
}

describe('an edit by hand', () => {
  test('is in force by itself, and told', async () => {
    const { settings, heard, edit, watched } = await open();
    await settings.update((doc) => ({ ...doc, uiPort: 1 }));
    await edit('\uFEFF{ "version": 1, "uiPort": 2, "retention": { "days": 7, "megabytes": 5 } }');
    await watched(() => settings.get().uiPort === 2);
    expect(settings.get().retention).toEqual({ days: 7, megabytes: 5 });
    expect(settings.problem).toBeNull();
    expect(heard).toEqual(['program', 'hand']);
  });

  test('is not lost when the program saves something before it was seen', async () => {
    const { settings, edit, read } = await open();
    await settings.update((doc) => ({ ...doc, uiPort: 1 }));
    await edit('{ "version": 1, "uiPort": 1, "loopGuard": null, "mine": [1] }');
    await settings.update((doc) => ({ ...doc, gatewayPort: 2 }));
    expect(await read()).toMatchObject({ uiPort: 1, gatewayPort: 2, loopGuard: null, mine: [1] });
    expect(settings.get().loopGuard).toBeNull();
  });

  test.each([
    ['{ "version": 1,\n  "uiPort": }', 'line 2, column 13: this is not JSON'],
    ['', 'line 1, column 1: this is not JSON'],
    ['{ "version": 1 // mine\n}', 'line 1, column 16'],
    [
      '{ "version": 1,\r\n "retention": { "days": 0, "megabytes": 5 } }',
      'line 2, column 25, retention.days: ',
    ],
    ['{ "version": 1,\n "retention": { "days": 5 } }', 'line 2, column 15, retention.megabytes: '],
    ['{ "version": 1, "servers": { "a/b": { "config": { "kind": "stdio", "command": "x" } } } }', 'servers'],
    ['[]', 'not a JSON object'],
  ])('%s is refused with the place of the fault, and the last good settings stay', async (text, place) => {
    const { dir, settings, edit, read, watched } = await open();
    await settings.update((doc) => ({ ...doc, uiPort: 1 }));
    await edit(text);
    await watched(() => settings.problem !== null);
    expect(settings.problem).toContain(place);
    expect(settings.get().uiPort).toBe(1);
    // It stays where it is, to be corrected, as long as nothing has to be saved.
    expect(await files.readdir(dir)).toEqual(['settings.json']);
    await settings.update((doc) => ({ ...doc, gatewayPort: 2 }));
    const aside = (await files.readdir(dir)).find((name) => name.startsWith('settings.broken-')) ?? '';
    expect(await files.readFile(join(dir, aside), 'utf8')).toBe(text);
    expect(await read()).toMatchObject({ uiPort: 1, gatewayPort: 2 });
    expect(settings.problem).toContain(aside);
  });

  test('corrected again is in force, and the problem is over', async () => {
    const { settings, edit, watched } = await open();
    await edit('{');
    await watched(() => settings.problem !== null);
    await edit('{ "version": 1, "uiPort": 3 }');
    await watched(() => settings.get().uiPort === 3);
    expect(settings.problem).toBeNull();
  });

  test('that breaks the file while nothing runs: the next start has what was good last', async () => {
    const { dir, settings, edit, read, again } = await open();
    await settings.update((doc) => ({ ...doc, uiPort: 1 }));
    await edit('{ "version": 1, "uiPort": "x" }');
    const next = await again();
    expect(next.get().uiPort).toBe(1);
    expect(next.problem).toContain('those that were good last are used');
    expect(await read()).toMatchObject({ uiPort: 1 });
    expect(await files.readdir(dir)).toHaveLength(2);
  });

  test('of a newer version is never overwritten, though the program runs', async () => {
    const { settings, edit, read } = await open();
    await settings.update((doc) => ({ ...doc, uiPort: 1 }));
    await edit('{ "version": 2, "uiPort": 7 }');
    await expect(settings.update((doc) => ({ ...doc, uiPort: 9 }))).rejects.toMatchObject({
      code: 'refused',
    });
    expect(await read()).toEqual({ version: 2, uiPort: 7 });
    expect(settings.get().uiPort).toBe(1);
  });

  test('through a link is seen, and the link stays', async () => {
    const { dir, settings, watched } = await open();
    await settings.update((doc) => ({ ...doc, uiPort: 1 }));
    const target = join(dir, '..', 'dotfiles.json');
    await files.rename(join(dir, 'settings.json'), target);
    await files.symlink(target, join(dir, 'settings.json'));
    await files.writeFile(target, '{ "version": 1, "uiPort": 2 }');
    await watched(() => settings.get().uiPort === 2);
    await settings.update((doc) => ({ ...doc, gatewayPort: 3 }));
    expect((await files.lstat(join(dir, 'settings.json'))).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await files.readFile(target, 'utf8'))).toMatchObject({ uiPort: 2, gatewayPort: 3 });
  });

  test('that removes the file changes nothing; the next change writes it again', async () => {
    const { settings, remove, read } = await open();
    await settings.update((doc) => ({ ...doc, uiPort: 1 }));
    await remove();
    await settings.update((doc) => ({ ...doc, gatewayPort: 2 }));
    expect(await read()).toMatchObject({ uiPort: 1, gatewayPort: 2 });
  });
});
