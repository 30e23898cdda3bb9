import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pause } from '../../base/pause.ts';
import { NotAFile, readPlainFile, whyNotRead } from '../../base/plain-file.ts';
import type { Ports } from '../../ports.ts';
import { errorCode } from '../../settings/atomic-write.ts';
import { hashOf } from './hash.ts';
import { type Holding, isLockLeftover } from './lock.ts';

type Deps = Pick<Ports, 'files' | 'clock' | 'machine' | 'randomBytes' | 'log'>;

/** The file is not what the plan was made for. */
export class FileChanged extends Error {
  constructor(path: string) {
    super(`${path} changed since the plan was made. Nothing was written; look at the new plan.`);
    this.name = 'FileChanged';
  }
}

/** Another program wrote the file right after us, and our change is not in it. */
export class Overwritten extends Error {
  constructor(path: string) {
    super(`${path} was written by another program right after Drawbridge. Quit the client, then try again.`);
    this.name = 'Overwritten';
  }
}

export interface ConfigText {
  readonly text: string;
  /** Of the bytes. */
  readonly hash: string;
}

/** Reads a client's file; undefined when there is none. Throws with words that go after its path when it cannot be read, is
 * no plain file or no text in UTF-8. */
export async function readConfig(path: string, deps: Deps): Promise<ConfigText | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readPlainFile(path, deps.files);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error instanceof NotAFile ? error : new Error(whyNotRead(error), { cause: error });
  }
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      hash: hashOf(bytes),
    };
  } catch {
    throw new Error('is not text in UTF-8. Save it as UTF-8');
  }
}

/** Nothing is in it: a client that truncates its file and writes it anew leaves it so for a moment. */
export function isBlank(text: string): boolean {
  return /^[\s\uFEFF\0]*$/.test(text);
}

/** Why the file cannot be replaced, for people; null when it can. Looks at the target of a link. */
export async function readOnlyReason(path: string, deps: Deps): Promise<string | null> {
  const { files } = deps;
  const target = await files.realpath(path);
  if (target.startsWith('/nix/store/'))
    return `it is made by Nix (${target}). Change it where it is generated.`;
  // Asked of the mode too: an administrator may write everything, and is not meant to here.
  if (((await files.stat(target)).mode & 0o222) === 0)
    return `${target} is read-only. Make it writable if Drawbridge shall change it.`;
  try {
    await files.access(target, constants.W_OK);
    await files.access(dirname(target), constants.W_OK);
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? ''))
      return `${target} or its folder may not be written by this user (${errorCode(error)}).`;
    throw error;
  }
  return null;
}

/**
 * Replaces the text of a client's file in one step: a temporary file next to the real one (a link stays a link), flushed,
 * with its mode and owner, then renamed over it. What takes long is done before `holding` begins: it holds for the last
 * check that the file is still the one with hash `expected`, and the renaming.
 * Resolves with what stands there then, `null` when it is still what was written. Throws {@link FileChanged}, or the
 * system's error; the file is then as it was.
 */
export async function replaceConfig(
  path: string,
  expected: string,
  text: string,
  deps: Deps,
  holding: Holding,
): Promise<ConfigText | null> {
  const { files, machine, log } = deps;
  const target = await files.realpath(path);
  const before = await files.stat(target);
  const temporary = join(dirname(target), `${temporaryPrefix(target)}${deps.randomBytes(6).toString('hex')}`);
  let after: ConfigText | null;
  try {
    const handle = await files.open(temporary, 'wx', 0o600);
    let ino: number;
    try {
      await handle.writeFile(text);
      const made = await handle.stat();
      ino = made.ino;
      if (machine.platform !== 'win32') {
        if (made.uid !== before.uid || made.gid !== before.gid) await handle.chown(before.uid, before.gid);
        await handle.chmod(before.mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    after = await holding(async () => {
      await mustBeUnchanged(path, target, expected, deps);
      await renameOver(temporary, target, deps);
      return replacedMeanwhile(target, ino, text, deps);
    });
  } catch (error) {
    // What went wrong first is what is told. One that stays is removed by the next recovery.
    await files
      .rm(temporary, { force: true })
      .catch((left: unknown) => log('warn', `${temporary} could not be removed`, left));
    throw error;
  }
  if (machine.platform !== 'win32') await syncFolder(dirname(target), deps);
  return after;
}

/**
 * The last look before the renaming. The times are looked at once more after the content was read: what a program that
 * knows no lock can still write unseen is what comes in the microseconds between that and the renaming.
 */
async function mustBeUnchanged(path: string, target: string, expected: string, deps: Deps): Promise<void> {
  const { files } = deps;
  const before = await files.stat(target, { bigint: true });
  if ((await readConfig(path, deps))?.hash !== expected || (await files.realpath(path)) !== target)
    throw new FileChanged(path);
  const { mtimeNs, size, ino } = await files.stat(target, { bigint: true });
  if (mtimeNs !== before.mtimeNs || size !== before.size || ino !== before.ino) throw new FileChanged(path);
}

/** What another program put there right after us; null when it is still the file we renamed there. */
async function replacedMeanwhile(
  target: string,
  ino: number,
  text: string,
  deps: Deps,
): Promise<ConfigText | null> {
  const found = await deps.files.stat(target);
  // A big file is not read again while the lock is held.
  if (found.ino === ino && found.size === Buffer.byteLength(text)) return null;
  const config = await readConfig(target, deps);
  return config?.text === text ? null : (config ?? { text: '', hash: '' });
}

/** The file is replaced by then: a folder that cannot be flushed is no reason to say that it was not. */
async function syncFolder(path: string, { files, log }: Deps): Promise<void> {
  try {
    const folder = await files.open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    log('warn', `${path} could not be flushed to the disk`, error);
  }
}

/** Removes what a killed process left next to a client's file. It can hold what the file held. */
export async function removeTemporaries(path: string, deps: Deps): Promise<void> {
  await removeNextTo(path, (name) => isLockLeftover(basename(path), name), deps);
  let target: string;
  try {
    target = await deps.files.realpath(path);
  } catch (error) {
    if (UNREACHABLE.includes(errorCode(error) ?? '')) return;
    throw error;
  }
  await removeNextTo(target, (name) => name.startsWith(temporaryPrefix(target)), deps);
}

const UNREACHABLE = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'];

async function removeNextTo(path: string, which: (name: string) => boolean, { files }: Deps): Promise<void> {
  let names: string[];
  try {
    names = await files.readdir(dirname(path));
  } catch (error) {
    if (UNREACHABLE.includes(errorCode(error) ?? '')) return;
    throw error;
  }
  for (const name of names.filter(which))
    await files.rm(join(dirname(path), name), { recursive: true, force: true });
}

function temporaryPrefix(target: string): string {
  return `.${basename(target)}.drawbridge-tmp-`;
}

const RENAME_TRIES = 10;

/** On Windows a virus scanner or the client itself may hold the file open for a moment. */
async function renameOver(from: string, to: string, deps: Deps): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await deps.files.rename(from, to);
      return;
    } catch (error) {
      const busy = ['EPERM', 'EBUSY', 'EACCES'].includes(errorCode(error) ?? '');
      if (!busy || deps.machine.platform !== 'win32' || tries === RENAME_TRIES) throw error;
      await pause(deps.clock, 20 * tries);
    }
  }
}
