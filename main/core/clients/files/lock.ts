import { join } from 'node:path';
import { pause } from '../../base/pause.ts';
import type { Ports } from '../../ports.ts';
import { errorCode } from '../../settings/atomic-write.ts';
import type { LockKind } from '../table/types.ts';

type Deps = Pick<Ports, 'files' | 'clock' | 'randomBytes' | 'log'>;

/** Both clients that lock treat a lock of this age as stale. */
const STALE_MS = 10_000;
const REFRESH_MS = 1_000;
const RETRY_MS = 25;
const GIVE_UP_MS = 5_000;

const SUFFIX = '.lock';
/** Names what a killed process may leave next to a lock, see {@link isLockLeftover}. */
const OURS = 'drawbridge-';

/** Runs work while something is held, such as the client's lock. */
export type Holding = <T>(work: () => Promise<T>) => Promise<T>;

/** Holds what keeps a client from writing the file at `path`: its own lock, or nothing where it has none. */
export function holdingOf(path: string, kind: LockKind | undefined, deps: Deps): Holding {
  return kind === undefined ? (work) => work() : (work) => withLock(path, kind, deps, work);
}

/**
 * Runs `work` while holding a client's own lock on `path`. One that was not refreshed for ten seconds was left by a process
 * that died. Gives up after about five seconds, with a sentence. Keep the work short: Claude Code writes without its lock
 * when it does not get it at once.
 */
async function withLock<T>(path: string, kind: LockKind, deps: Deps, work: () => Promise<T>): Promise<T> {
  const { clock, log } = deps;
  const folder = path + SUFFIX;
  const lock = kind === 'empty-folder' ? emptyFolder(folder, deps) : ownerFolder(folder, deps);
  await take(folder, lock, deps);
  const stop = clock.every(REFRESH_MS, () => {
    // A failed refresh leaves the lock as it is; should it be taken over, the check of the file's hash still stands.
    lock.refresh(new Date(clock.now())).catch(() => undefined);
  });
  try {
    return await work();
  } finally {
    stop();
    // The work is done or not, whatever becomes of the lock: one that cannot be removed goes stale by itself.
    await lock
      .release()
      .catch(() => lock.release())
      .catch((error: unknown) => log('warn', `The lock ${folder} could not be given back`, error));
  }
}

/** Whether a file next to `lockedName` was left by a process of ours that was killed while it took or took over a lock. */
export function isLockLeftover(lockedName: string, name: string): boolean {
  const lock = lockedName + SUFFIX;
  return name.startsWith(`${lock}.tmp.${OURS}`) || name.startsWith(`${lock}.stale.${OURS}`);
}

interface Lock {
  /** Makes the folder; false when somebody has it. */
  tryTake(): Promise<boolean>;
  /** Removes one that is stale, whoever left it. */
  removeStale(): Promise<void>;
  refresh(at: Date): Promise<void>;
  /** Gives it back; one that somebody took over meanwhile is theirs. */
  release(): Promise<void>;
}

function emptyFolder(folder: string, { files }: Deps): Lock {
  const remove = (): Promise<void> => unless(['ENOENT', 'ENOTEMPTY'], files.rmdir(folder));
  /** Its times while it is ours, in ms: the one thing that tells it from a lock made by whoever took it over. */
  const times = new Set<number>();
  return {
    async tryTake() {
      try {
        await files.mkdir(folder);
      } catch (error) {
        if (errorCode(error) === 'EEXIST') return false;
        throw error;
      }
      try {
        const made = await timeOf(folder, files);
        if (made !== undefined) times.add(Math.round(made));
        return true;
      } catch (error) {
        await remove();
        throw error;
      }
    },
    removeStale: remove,
    async refresh(at) {
      times.add(at.getTime());
      await files.utimes(folder, at, at);
    },
    async release() {
      const now = await timeOf(folder, files);
      if (now !== undefined && times.has(Math.round(now))) await remove();
    },
  };
}

function ownerFolder(folder: string, { files, randomBytes }: Deps): Lock {
  const token = OURS + randomBytes(12).toString('hex');
  const owner = `owner.${token}`;
  return {
    async tryTake() {
      const staging = `${folder}.tmp.${token}`;
      await files.mkdir(staging);
      try {
        await files.writeFile(join(staging, owner), token, { flag: 'wx' });
        await files.rename(staging, folder);
        return true;
      } catch (error) {
        await files.rm(staging, { recursive: true, force: true });
        // A folder is in the way, or was: Windows says EPERM. It could be made, so permission is not what is missing.
        if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(errorCode(error) ?? '')) return false;
        throw error;
      }
    },
    async removeStale() {
      // Renamed aside first: of several that find it stale, one gets it, and nobody empties a lock that was just taken.
      const aside = `${folder}.stale.${token}`;
      await unless(['ENOENT'], files.rename(folder, aside));
      await files.rm(aside, { recursive: true, force: true });
    },
    refresh: (at) => files.utimes(folder, at, at),
    async release() {
      await unless(['ENOENT'], files.unlink(join(folder, owner)));
      await unless(['ENOENT', 'ENOTEMPTY', 'EEXIST'], files.rmdir(folder));
    },
  };
}

async function take(folder: string, lock: Lock, { files, clock }: Deps): Promise<void> {
  const deadline = clock.monotonic() + GIVE_UP_MS;
  for (;;) {
    if (await lock.tryTake()) return;
    const time = await timeOf(folder, files);
    if (time !== undefined && clock.now() - time > STALE_MS) await lock.removeStale();
    else if (clock.monotonic() > deadline) break;
    else await pause(clock, RETRY_MS);
  }
  throw new Error(
    `the client holds its lock ${folder}; try again in a moment, or remove it if the client is not running`,
  );
}

async function timeOf(folder: string, files: Deps['files']): Promise<number | undefined> {
  try {
    return (await files.stat(folder)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function unless(codes: readonly string[], work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!codes.includes(errorCode(error) ?? '')) throw error;
  }
}
