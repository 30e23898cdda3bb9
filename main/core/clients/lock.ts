import type { Clock, Files } from '../ports.ts';
import { errorCode } from '../settings/atomic-write.ts';
import { pause } from './pause.ts';

const STALE_MS = 10_000;
const REFRESH_MS = 1_000;
const RETRY_MS = 100;
const TRIES = 50;

/**
 * Runs `work` while holding a client's own lock: a folder that whoever makes it holds, refreshed every second. One that was
 * not refreshed for ten seconds was left by a process that died. Gives up after about five seconds, with a sentence.
 */
export async function withLock<T>(
  folder: string,
  deps: { readonly files: Files; readonly clock: Clock },
  work: () => Promise<T>,
): Promise<T> {
  const { files, clock } = deps;
  await take(folder, deps);
  const stop = clock.every(REFRESH_MS, () => {
    const now = clock.now() / 1000;
    // A failed refresh leaves the lock as it is; should it be taken over, the check of the file's hash still stands.
    files.utimes(folder, now, now).catch(() => undefined);
  });
  try {
    return await work();
  } finally {
    stop();
    await files.rmdir(folder);
  }
}

async function take(folder: string, deps: { readonly files: Files; readonly clock: Clock }): Promise<void> {
  const { files, clock } = deps;
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      await files.mkdir(folder);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const age = await ageOf(folder, deps);
    if (age === undefined) continue;
    if (age > STALE_MS) await removeStale(folder, files);
    else await pause(clock, RETRY_MS);
  }
  throw new Error(
    `the client holds its lock ${folder}; try again in a moment, or remove it if the client is not running`,
  );
}

async function ageOf(folder: string, deps: { files: Files; clock: Clock }): Promise<number | undefined> {
  try {
    return deps.clock.now() - (await deps.files.stat(folder)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function removeStale(folder: string, files: Files): Promise<void> {
  try {
    await files.rmdir(folder);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
