import { posix, win32 } from 'node:path';
import type { Files, Machine } from '../../ports.ts';
import { errorCode } from '../../settings/atomic-write.ts';
import type { PathTemplate } from '../table/index.ts';

/** What of a machine decides where something is. */
export type Where = Pick<Machine, 'platform' | 'home' | 'env'>;

/** Path arithmetic of the machine's system, wherever this runs. */
export function pathOf(machine: Pick<Machine, 'platform'>): typeof posix {
  return machine.platform === 'win32' ? win32 : posix;
}

/** An environment variable as the machine's system looks it up: on Windows upper and lower case are the same. */
export function envOf(machine: Where, name: string): string | undefined {
  if (machine.platform !== 'win32') return Object.hasOwn(machine.env, name) ? machine.env[name] : undefined;
  const key = Object.keys(machine.env).find((each) => each.toUpperCase() === name.toUpperCase());
  return key === undefined ? undefined : machine.env[key];
}

/** A path template with variables and `~` in place, in the system's own spelling. A `*` is still in it. */
export function expandPath(template: PathTemplate, machine: Where): string {
  const filled = template.replace(
    /\{(\w+)(?:\|([^}]*))?\}/g,
    (_all, name: string, otherwise = '') => envOf(machine, name) || otherwise,
  );
  return pathOf(machine).normalize(filled.replace(/^~(?=\/|$)/, () => machine.home));
}

/** Whether there is something at a path, as far as this user can see. */
export async function exists(path: string, files: Files): Promise<boolean> {
  try {
    await files.stat(path);
    return true;
  } catch (error) {
    // A folder on the way that may not be entered hides whether the file is there: for us it is not. Whatever else is wrong
    // with it, reading it says so.
    return !['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '');
  }
}
