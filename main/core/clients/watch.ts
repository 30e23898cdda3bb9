import type { ClientDeps } from './types.ts';

const POLL_MS = 1_500;

/**
 * Looks at files every second and a half and calls back once a change has been still for one look. Polling, because
 * clients replace their files, folders appear later, and links point elsewhere: each loses a watch on the file itself.
 */
export function watchFiles(
  paths: () => Promise<readonly string[]>,
  deps: ClientDeps,
  onChange: () => void,
): () => void {
  const { clock, files, log } = deps.ports;
  let seen: string | undefined;
  let pending = false;
  let looking = false;
  let stopped = false;

  const fingerprint = async (path: string): Promise<string> => {
    try {
      const { mtimeMs, size, ino } = await files.stat(path);
      return `${path}:${mtimeMs}:${size}:${ino}`;
    } catch {
      // Missing or out of reach looks like any other state: a change from or to it is a change.
      return `${path}:-`;
    }
  };
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      const now = (await Promise.all((await paths()).map(fingerprint))).join('\n');
      const changed = seen !== undefined && now !== seen;
      seen = now;
      if (stopped) return;
      if (changed) pending = true;
      else if (pending) {
        pending = false;
        onChange();
      }
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
