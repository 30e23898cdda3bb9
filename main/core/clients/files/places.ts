import { posix, win32 } from 'node:path';
import type { Files, Machine } from '../../ports.ts';
import { errorCode } from '../../settings/atomic-write.ts';
import type { PathTemplate, PerSystem } from '../table/index.ts';

type Where = Pick<Machine, 'platform' | 'home' | 'env'>;

/** Path arithmetic of the machine's system, wherever this runs. */
export function pathOf(machine: Pick<Machine, 'platform'>): typeof posix {
  return machine.platform === 'win32' ? win32 : posix;
}

/** An environment variable as the machine's system looks it up: Windows does not mind the case. */
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

/** The templates of a row for this system; a system that has none of its own is looked at as Linux is. */
export function templates(of: PerSystem, machine: Where): readonly PathTemplate[] {
  const { platform } = machine;
  const all = platform === 'darwin' || platform === 'win32' ? of[platform] : of.linux;
  return all.filter((template) =>
    [...template.matchAll(/\{(\w+)\}/g)].every(([, name]) => envOf(machine, name as string)),
  );
}

/** Where a client's files are or would be. A template with `*` gives only what exists. */
export async function placesOf(of: PerSystem, machine: Where, files: Files): Promise<string[]> {
  const found: string[] = [];
  for (const template of templates(of, machine)) {
    const path = expandPath(template, machine);
    for (const each of path.includes('*') ? await matches(path, machine, files) : [path])
      if (!found.includes(each)) found.push(each);
  }
  return found;
}

export async function exists(path: string, files: Files): Promise<boolean> {
  try {
    await files.stat(path);
    return true;
  } catch (error) {
    // A folder on the way that may not be entered hides whether the file is there: for us it is not.
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

async function matches(path: string, machine: Where, files: Files): Promise<string[]> {
  const { sep, join } = pathOf(machine);
  const parts = path.split(sep);
  const at = parts.findIndex((part) => part.includes('*'));
  const [head, tail] = (parts[at] as string).split('*') as [string, string];
  const folder = parts.slice(0, at).join(sep);
  let names: string[];
  try {
    names = await files.readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return [];
    throw error;
  }
  return names
    .filter((name) => name.startsWith(head) && name.endsWith(tail))
    .sort()
    .map((name) => join(folder, name, ...parts.slice(at + 1)));
}
