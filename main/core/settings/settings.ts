import { join } from 'node:path';
import * as z from 'zod';
import { createListeners } from '../../../shared/base/listeners.ts';
import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { settings as t } from '../../../shared/text/core/settings.ts';
import { createQueue } from '../base/queue.ts';
import type { Clock, Files, Log } from '../ports.ts';
import { privateFolder, removeLeftovers, writeFileAtomic } from './atomic-write.ts';
import { defaultSettings, SETTINGS_VERSION, SettingsSchema } from './schema.ts';
import {
  type Judged,
  judgeSettings,
  linkTarget,
  readSettings,
  stampOf,
  stamp as timeStamp,
} from './settings-file.ts';
import type { Settings, SettingsDoc } from './types.ts';

export interface OpenedSettings extends Settings {
  /** Why the settings in force are not those of the file (broken, or of a newer version); null when they are. */
  readonly problem: string | null;
  /**
   * From now on an edit of the file by hand is in force within two seconds, or is a {@link problem}. Returns how to end that.
   */
  watch(): () => void;
}

/** Where the text that was good last is kept, for a start that finds a broken file. */
export interface LastGood {
  get(): string | undefined;
  set(text: string): void;
}

const POLL_MS = 500;

/**
 * Opens `<dir>/settings.json`, making the folder (0700) where it is missing. A broken file is moved aside to
 * `settings.broken-<time>.json` and what was good last is used, or the defaults; one of a newer version is read and never
 * written. The file is looked at before each write: what was edited there by hand is taken first, or, where it is broken,
 * moved aside, and never overwritten. Throws when the folder cannot be made or the file cannot be read for another reason.
 */
export async function createSettings(deps: {
  readonly files: Files;
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly lastGood?: LastGood;
}): Promise<OpenedSettings> {
  const { files, dir, clock, log, lastGood } = deps;
  const path = join(dir, 'settings.json');
  const listeners = createListeners<[doc: SettingsDoc, by: 'program' | 'hand']>();
  const inTurn = createQueue();
  let problem: string | null = null;
  let doc: SettingsDoc = defaultSettings;
  /** The text that was judged last; undefined while there is no file. */
  let seen: string | undefined;
  let onDisk: Judged['kind'] = 'ok';

  const report = (text: string | null): void => {
    if (text !== null && text !== problem) log('error', text);
    problem = text;
  };
  const moveAside = async (): Promise<string> => {
    const aside = join(dir, `settings.broken-${timeStamp(clock.now())}.json`);
    await files.rename(path, aside);
    return aside;
  };
  const write = async (next: SettingsDoc): Promise<void> => {
    const text = `${JSON.stringify(next, null, 2)}\n`;
    await writeFileAtomic(files, await linkTarget(files, path), text, { mode: 0o600 });
    lastGood?.set(text);
    seen = text;
    onDisk = 'ok';
    doc = next;
  };

  const open = async (): Promise<void> => {
    await privateFolder(files, dir);
    await removeLeftovers(files, path);
    seen = await readSettings(files, path);
    const found = judgeSettings(seen);
    onDisk = found.kind;
    if (found.kind !== 'broken') doc = found.doc;
    if (found.kind === 'newer') report(t.newer(path, found.version, SETTINGS_VERSION));
    if (found.kind === 'ok' && seen !== undefined) lastGood?.set(seen);
    if (found.kind !== 'broken') return;
    const good = judgeSettings(lastGood?.get());
    const hasGood = good.kind === 'ok' && good.doc !== defaultSettings;
    report(t.broken(path, found.reason, await moveAside(), hasGood));
    seen = undefined;
    onDisk = 'ok';
    // At once: a start that is killed now must not leave the next one with the defaults.
    if (hasGood) await write(good.doc);
  };

  /** Takes what was edited by hand since. `final`: a text that is broken is not one that an editor is just writing. */
  const look = async (final: boolean): Promise<'settled' | 'open'> => {
    const text = await readSettings(files, path);
    // A file that was removed, or is just being replaced: what is in force stays, and the next change writes it again.
    if (text === undefined || text === seen) return 'settled';
    const found = judgeSettings(text);
    if (found.kind === 'broken' && !final) return 'open';
    seen = text;
    onDisk = found.kind;
    if (found.kind === 'broken') report(t.refused(path, found.reason));
    else if (found.kind === 'newer') report(t.newer(path, found.version, SETTINGS_VERSION));
    else {
      report(null);
      doc = found.doc;
      lastGood?.set(text);
    }
    listeners.tell(doc, 'hand');
    return 'settled';
  };

  const apply = async (change: (doc: SettingsDoc) => SettingsDoc): Promise<SettingsDoc> => {
    await look(true);
    if (onDisk === 'newer') throw new RpcError('refused', problem ?? '', t.update);
    const parsed = SettingsSchema.safeParse(change(doc));
    if (!parsed.success) throw new RpcError('bad_input', t.unfit(z.prettifyError(parsed.error)));
    if (onDisk === 'broken') report(t.keptAside(path, await moveAside()));
    await write(parsed.data);
    listeners.tell(doc, 'program');
    return doc;
  };

  await open();
  return {
    get problem() {
      return problem;
    },
    get: () => doc,
    update: (change) => inTurn(() => apply(change)),
    onChange: (listener) => void listeners.add(listener),
    watch() {
      let fault: string | undefined;
      let broken = false;
      let stamp: string | undefined;
      const tick = async (): Promise<void> => {
        try {
          // Read only when it was touched: it may be long, and this is asked all day.
          const now = await stampOf(files, path);
          if (now === stamp && !broken) return;
          broken = (await inTurn(() => look(broken))) === 'open';
          stamp = now;
          fault = undefined;
        } catch (error) {
          const message = messageOf(error);
          if (message !== fault) log('error', t.unreadable(path, message));
          fault = message;
        }
      };
      return clock.every(POLL_MS, () => void tick());
    },
  };
}
