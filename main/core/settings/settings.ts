import { join } from 'node:path';
import * as z from 'zod';
import { createListeners } from '../../../shared/base/listeners.ts';
import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { settings as t } from '../../../shared/text/core/settings.ts';
import { NotAFile, readPlainFile } from '../base/plain-file.ts';
import { createQueue } from '../base/queue.ts';
import type { Clock, Files, Log } from '../ports.ts';
import { errorCode, privateFolder, removeLeftovers, writeFileAtomic } from './atomic-write.ts';
import { defaultSettings, readNewer, SETTINGS_VERSION, SettingsSchema } from './schema.ts';
import type { Settings, SettingsDoc } from './types.ts';

export interface OpenedSettings extends Settings {
  /** Why the settings in force are not those of the file (broken, or of a newer version); null when they are. */
  readonly problem: string | null;
}

/**
 * Opens `<dir>/settings.json`, making the folder (0700) where it is missing. A broken file is moved aside to
 * `settings.broken-<time>.json` and the defaults are used; one of a newer version is read and never written.
 * Throws when the folder cannot be made or the file cannot be read for another reason.
 */
export async function createSettings(deps: {
  readonly files: Files;
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<OpenedSettings> {
  const { files, dir, clock, log } = deps;
  const path = join(dir, 'settings.json');
  await privateFolder(files, dir);
  await removeLeftovers(files, path);

  const opened = judge(await readText(files, path));
  let problem: string | null = null;
  if (opened.kind === 'broken') {
    const aside = join(dir, `settings.broken-${stamp(clock.now())}.json`);
    await files.rename(path, aside);
    problem = t.broken(path, opened.reason, aside);
  } else if (opened.kind === 'newer') {
    problem = t.newer(path, opened.version, SETTINGS_VERSION);
  }
  if (problem) log('error', problem);

  let doc: SettingsDoc = opened.kind === 'broken' ? defaultSettings : opened.doc;
  const listeners = createListeners<[doc: SettingsDoc]>();
  const inTurn = createQueue();

  const apply = async (change: (doc: SettingsDoc) => SettingsDoc): Promise<SettingsDoc> => {
    if (opened.kind === 'newer') throw new RpcError('refused', problem ?? '', t.update);
    const parsed = SettingsSchema.safeParse(change(doc));
    if (!parsed.success) throw new RpcError('bad_input', t.unfit(z.prettifyError(parsed.error)));
    const next: SettingsDoc = parsed.data;
    await writeFileAtomic(files, path, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
    doc = next;
    listeners.tell(doc);
    return doc;
  };

  return {
    problem,
    get: () => doc,
    update: (change) => inTurn(() => apply(change)),
    onChange: (listener) => void listeners.add(listener),
  };
}

type Opened =
  | { readonly kind: 'ok'; readonly doc: SettingsDoc }
  | { readonly kind: 'newer'; readonly doc: SettingsDoc; readonly version: number }
  | { readonly kind: 'broken'; readonly reason: string };

function judge(text: string | undefined): Opened {
  if (text === undefined) return { kind: 'ok', doc: defaultSettings };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'broken', reason: messageOf(error) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'broken', reason: t.notAnObject };
  const version = 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > SETTINGS_VERSION)
    return { kind: 'newer', doc: readNewer(value as Record<string, unknown>), version };
  const parsed = SettingsSchema.safeParse(value);
  return parsed.success
    ? { kind: 'ok', doc: parsed.data }
    : { kind: 'broken', reason: z.prettifyError(parsed.error) };
}

async function readText(files: Files, path: string): Promise<string | undefined> {
  try {
    return (await readPlainFile(path, files)).toString('utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error instanceof NotAFile ? new Error(`${path} ${error.message}`) : error;
  }
}

/** A time that may stand in a file name on every system: `2026-11-02T12-00-00-000Z`. */
export function stamp(time: number): string {
  return new Date(time).toISOString().replaceAll(/[:.]/g, '-');
}
