import { mkdtempSync, rmSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Files } from '../../../main/core/ports.ts';

export { files };

/** A data folder (not made yet) that goes when the test ends. */
export function dataFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, 'data');
}

/** The permission bits of a file, `600`. */
export async function modeOf(path: string): Promise<string> {
  return ((await files.stat(path)).mode & 0o777).toString(8);
}

export class Killed extends Error {}

/**
 * Files whose process is killed at the n-th step that changes something: that step and all later ones do not happen, as
 * nothing is tidied up either. `steps` counts them.
 */
export function killedAfter(limit: number): { files: Files; steps: () => number } {
  let steps = 0;
  const step = (): void => {
    if (steps >= limit) throw new Killed();
    steps += 1;
  };
  const changing = new Set(['writeFile', 'rename', 'unlink', 'rm', 'mkdir', 'chmod', 'copyFile']);
  const guarded = new Proxy(files, {
    get(target, name: keyof Files) {
      const real = target[name] as (...args: unknown[]) => Promise<unknown>;
      if (changing.has(name))
        return (...args: unknown[]) => {
          try {
            step();
          } catch (error) {
            return Promise.reject(error);
          }
          return real(...args);
        };
      if (name !== 'open') return real;
      return async (...args: Parameters<Files['open']>) => {
        if (args[1] !== 'r') step();
        const handle = await target.open(...args);
        const write = handle.writeFile.bind(handle);
        handle.writeFile = async (data: string | Uint8Array) => {
          // The kill falls into the middle of the write.
          if (steps >= limit) await write(String(data).slice(0, 10));
          step();
          await write(data);
        };
        return handle;
      };
    },
  });
  return { files: guarded as Files, steps: () => steps };
}
