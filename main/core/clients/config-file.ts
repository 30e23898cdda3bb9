import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Ports } from '../ports.ts';
import { errorCode } from '../settings/atomic-write.ts';
import { hashOf } from './journal.ts';
import { pause } from './pause.ts';

type Deps = Pick<Ports, 'files' | 'clock' | 'machine' | 'randomBytes'>;

/** The file is not what the plan was made for. */
export class FileChanged extends Error {
  constructor(path: string) {
    super(`${path} changed since the plan was made. Nothing was written; look at the new plan.`);
    this.name = 'FileChanged';
  }
}

export interface ConfigText {
  readonly text: string;
  /** Of the bytes. */
  readonly hash: string;
}

/** Reads a client's file; undefined when there is none. Throws with a sentence when it is not text in UTF-8. */
export async function readConfig(path: string, deps: Deps): Promise<ConfigText | undefined> {
  let bytes: Buffer;
  try {
    bytes = await deps.files.readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    if (errorCode(error) === 'EACCES') throw new Error('may not be read by this user');
    if (errorCode(error) === 'EISDIR') throw new Error('is a folder');
    throw error;
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
 * Replaces the text of a client's file in one step: a temporary file beside the real one (a link stays a link), flushed,
 * with its mode and owner, then renamed over it. Checks right before that the file is still the one with hash `expected`.
 * Throws {@link FileChanged}, or the system's error; the file is then as it was.
 */
export async function replaceConfig(path: string, expected: string, text: string, deps: Deps): Promise<void> {
  const { files, machine } = deps;
  const target = await files.realpath(path);
  const before = await files.stat(target);
  const temporary = join(dirname(target), `${temporaryPrefix(target)}${deps.randomBytes(6).toString('hex')}`);
  try {
    const handle = await files.open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      if (machine.platform !== 'win32') {
        const made = await handle.stat();
        if (made.uid !== before.uid || made.gid !== before.gid) await handle.chown(before.uid, before.gid);
        await handle.chmod(before.mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await readConfig(path, deps))?.hash !== expected) throw new FileChanged(path);
    await renameOver(temporary, target, deps);
  } catch (error) {
    await files.rm(temporary, { force: true });
    throw error;
  }
  if (machine.platform !== 'win32') {
    const folder = await files.open(dirname(target), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

/** Removes temporary files that a killed process left beside a client's file. They can hold what the file held. */
export async function removeTemporaries(path: string, deps: Deps): Promise<void> {
  const { files } = deps;
  let target = path;
  let names: string[];
  try {
    target = await files.realpath(path);
    names = await files.readdir(dirname(target));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return;
    throw error;
  }
  for (const name of names)
    if (name.startsWith(temporaryPrefix(target)))
      await files.rm(join(dirname(target), name), { force: true });
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
