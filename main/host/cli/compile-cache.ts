import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { resolveDataDir } from '../data-folder/data-dir.ts';

/**
 * Keeps the compiled form of the program in the data folder, which only this user can write: a command then starts in half
 * the time. A folder that is not there yet is not made for it, and Node goes on without where it cannot be used.
 */
export function keepCompiled(argv: readonly string[]): void {
  // Of a runtime without it (before Node 22.8) nothing is asked.
  const enable = (nodeModule as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache;
  if (!enable || process.env.NODE_COMPILE_CACHE) return;
  const at = argv.indexOf('--data');
  const dataDir = resolveDataDir(at === -1 ? undefined : argv[at + 1]);
  if (existsSync(dataDir)) enable(join(dataDir, 'cache', 'compiled'));
}
