import { type CoreFile, isAlive, readCoreFile } from './core-file.ts';

/** The core that serves a data folder now, if one does. */
export function runningCore(dataDir: string): CoreFile | undefined {
  const file = readCoreFile(dataDir);
  return file && isAlive(file.pid) ? file : undefined;
}
