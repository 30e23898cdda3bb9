import type { Files, Ports } from '../../ports.ts';
import { errorCode } from '../../settings/atomic-write.ts';
import type { ClientRow, PathTemplate, PerSystem } from '../table/index.ts';
import { envOf, exists, expandPath, pathOf, type Where } from './paths.ts';

type Deps = Pick<Ports, 'machine' | 'files'>;

/** The files of a client that count, in order; where it would make one when there is none. */
export async function filesOf(row: ClientRow, { machine, files }: Deps): Promise<string[]> {
  const places = await placesOf(row.files, machine, files);
  const found: string[] = [];
  for (const place of places) if (await exists(place, files)) found.push(place);
  const usual = places.at(row.pick === 'first' ? -1 : 0);
  if (found.length === 0) return usual === undefined ? [] : [usual];
  if (row.pick === 'all') return found;
  // An empty file does not count while another one holds something.
  for (const place of found) if ((await sizeOf(place, files)) > 0) return [place];
  return found.slice(-1);
}

/** A file whose size cannot be found out counts: reading it says why. */
async function sizeOf(path: string, files: Files): Promise<number> {
  return files.stat(path).then(
    ({ size }) => size,
    () => Number.POSITIVE_INFINITY,
  );
}

/** Files of the organisation that make a client ignore all others. */
export async function managedFiles(row: ClientRow, { machine, files }: Deps): Promise<string[]> {
  const found: string[] = [];
  for (const place of await placesOf(row.managed, machine, files))
    if (await exists(place, files)) found.push(place);
  return found;
}

/** Whether something on this machine says that the client is installed, apart from its own file. */
export async function hasTraces(row: ClientRow, { machine, files }: Deps): Promise<boolean> {
  for (const place of await placesOf(row.traces, machine, files)) if (await exists(place, files)) return true;
  return false;
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
