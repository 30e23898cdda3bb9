import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MARK } from './method.ts';

/** A file that is ours as long as {@link MARK} stands in it. Links are never ours: somebody put them there. */
export function ownFile(path: string, text: string, mark: string = MARK) {
  return {
    async state(): Promise<'on' | 'off' | 'foreign' | 'outdated'> {
      try {
        if (!(await lstat(path)).isFile()) return 'foreign';
        const found = await readFile(path, 'utf8');
        if (found === text) return 'on';
        return found.includes(mark) ? 'outdated' : 'foreign';
      } catch (error) {
        if (isMissing(error)) return 'off';
        throw error;
      }
    },
    /** In one step: a reader finds the old file or the new. */
    async write(): Promise<void> {
      await mkdir(dirname(path), { recursive: true });
      const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        const handle = await open(temporary, 'wx', 0o644);
        try {
          await handle.writeFile(text);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await chmod(temporary, 0o644);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    remove: (): Promise<void> => rm(path, { force: true }),
  };
}

export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
