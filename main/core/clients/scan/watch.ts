import { isRunning } from '../scan/running.ts';
import { CLIENTS } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';

const POLL_MS = 1_500;
/** Looking at the programs costs more than looking at the files, and nobody waits for it. */
const PROGRAMS_MS = 15_000;
/** After a callback that took a second, none for this many seconds: a file of 40 MB that is written all the time. */
const REST = 20;

/**
 * Looks at files every second and a half and calls back once a change has been still for one look, or was not still for ten.
 * Polling, because clients replace their files, folders appear later, and links point elsewhere: each loses a watch on the
 * file itself. Also calls back when a client was started or has quit, and from time to time while something is `due`.
 */
export function watchFiles(
  paths: () => Promise<readonly string[]>,
  due: () => boolean,
  deps: ClientDeps,
  onChange: () => void | Promise<void>,
): () => void {
  const { clock, files, log } = deps.ports;
  let seenFiles: string | undefined;
  let seenPrograms: string | undefined;
  let restless = 0;
  let pending = false;
  let looking = false;
  let stopped = false;
  let restUntil = Number.NEGATIVE_INFINITY;
  let programsAt = Number.NEGATIVE_INFINITY;

  const fingerprint = async (path: string): Promise<string> => {
    try {
      const { mtimeMs, size, ino } = await files.stat(path);
      return `${path}:${mtimeMs}:${size}:${ino}`;
    } catch {
      // Missing or out of reach looks like any other state: a change from or to it is a change.
      return `${path}:-`;
    }
  };
  /** Whether a change came to rest: called back for with the first look that finds nothing new, or the tenth that does. */
  const filesChanged = async (): Promise<boolean> => {
    const now = (await Promise.all((await paths()).map(fingerprint))).join('\n');
    const changed = seenFiles !== undefined && now !== seenFiles;
    seenFiles = now;
    if (changed) restless += 1;
    return restless > 0 && (!changed || restless >= 10);
  };
  const programsChanged = async (): Promise<boolean> => {
    if (clock.monotonic() - programsAt < PROGRAMS_MS) return false;
    programsAt = clock.monotonic();
    const now = (await Promise.all(CLIENTS.map((row) => isRunning(row, deps.ports)))).join();
    const changed = seenPrograms !== undefined && now !== seenPrograms;
    const first = seenPrograms === undefined;
    seenPrograms = now;
    return changed || (!first && due());
  };
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      if ([await filesChanged(), await programsChanged()].includes(true)) pending = true;
      if (stopped || !pending || clock.monotonic() < restUntil) return;
      pending = false;
      restless = 0;
      const from = clock.monotonic();
      await onChange();
      restUntil = clock.monotonic() + REST * (clock.monotonic() - from);
    } catch (error) {
      log('warn', 'The files of the clients could not be looked at', error);
    } finally {
      looking = false;
    }
  };
  void look();
  const cancel = clock.every(POLL_MS, () => void look());
  return () => {
    stopped = true;
    cancel();
  };
}
