import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../data-folder/core-file.ts';

/** Between making the folder and writing the owner into it. */
const NAMELESS_MS = 2000;

/**
 * Lets one of several bridges start the core. A folder, because making one is atomic everywhere. A lock whose owner is
 * dead, or that is older than `staleMs`, is taken over.
 * @returns the release, or undefined when another bridge is starting the core
 */
export function takeStartLock(dataDir: string, staleMs: number): (() => void) | undefined {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = join(dataDir, 'core.starting');
  if (!make(lock)) {
    if (!isStale(lock, staleMs)) return undefined;
    rmSync(lock, { recursive: true, force: true });
    if (!make(lock)) return undefined;
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  return () => rmSync(lock, { recursive: true, force: true });
}

function make(lock: string): boolean {
  try {
    mkdirSync(lock, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(lock: string, staleMs: number): boolean {
  try {
    const age = Date.now() - statSync(lock).mtimeMs;
    if (age > staleMs) return true;
    const pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
    return pid > 0 ? !isAlive(pid) : age > NAMELESS_MS;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // The lock is gone, or its owner has not written its name yet.
    return statSync(lock, { throwIfNoEntry: false })
      ? Date.now() - statSync(lock).mtimeMs > NAMELESS_MS
      : false;
  }
}
