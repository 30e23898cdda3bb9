import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Files } from '../ports.ts';

/**
 * Writes a whole file so that a crash leaves either the old or the new one: a temporary file beside it, flushed to disk,
 * then renamed over it. A symbolic link stays one; what it points to is written.
 */
export async function writeAtomically(files: Files, path: string, text: string): Promise<void> {
  let target = path;
  try {
    target = await files.realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
  try {
    const handle = await files.open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(temporary, target);
  } catch (error) {
    await files.rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(files, dirname(target));
}

/** Makes a rename last through a power cut, where the system can (Windows cannot open folders). */
async function flushFolder(files: Files, dir: string): Promise<void> {
  let handle: Awaited<ReturnType<Files['open']>>;
  try {
    handle = await files.open(dir, 'r');
  } catch {
    return;
  }
  try {
    await handle.sync();
  } catch {
    // Some file systems refuse to flush a folder; the file itself is already flushed.
  } finally {
    await handle.close();
  }
}
