import { basename, dirname, join } from 'node:path';
import type { Files } from '../ports.ts';

let counter = 0;

/** The name of a system error (`ENOENT`, …), or undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Replaces a file in one step: a reader finds the old content or the new, never a part, even when the process is killed.
 * Writes a temporary file beside it, flushes it to disk and renames it. `mode` defaults to 0600.
 * A symbolic link at `path` is replaced, not followed: resolve it first where that is not wanted.
 * Throws the system's error; the old file is then untouched and the temporary one removed.
 */
export async function writeFileAtomic(
  files: Files,
  path: string,
  data: string | Uint8Array,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const mode = options.mode ?? 0o600;
  counter += 1;
  const temporary = `${path}.${counter}.tmp`;
  try {
    const handle = await openNew(files, temporary, mode);
    try {
      await handle.writeFile(data);
      // The mode given to open() is cut by the umask; a file that was readable for others on purpose stays so.
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(temporary, path);
  } catch (error) {
    await files.rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(files, dirname(path));
}

/** Removes temporary files that a killed process left beside `path`. */
export async function removeLeftovers(files: Files, path: string): Promise<void> {
  const folder = dirname(path);
  const name = basename(path);
  for (const entry of await files.readdir(folder)) {
    if (entry.startsWith(`${name}.`) && /^\d+\.tmp$/.test(entry.slice(name.length + 1)))
      await files.rm(join(folder, entry), { force: true });
  }
}

/** Makes the data folder, and closes it to everybody else where it is open. */
export async function privateFolder(files: Files, dir: string): Promise<void> {
  await files.mkdir(dir, { recursive: true, mode: 0o700 });
  const { mode } = await files.stat(dir);
  if ((mode & 0o077) !== 0) await files.chmod(dir, 0o700);
}

async function openNew(files: Files, path: string, mode: number) {
  try {
    return await files.open(path, 'wx', mode);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    // Left by a process that was killed. `wx` again: a link that is put there meanwhile is not followed.
    await files.unlink(path);
    return await files.open(path, 'wx', mode);
  }
}

/** Makes the rename itself durable. Windows cannot open folders, and some file systems cannot flush them. */
async function syncFolder(files: Files, dir: string): Promise<void> {
  try {
    const handle = await files.open(dir, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(errorCode(error) ?? '')) throw error;
  }
}
