import type { ClientView } from '../../../../shared/schemas/client.ts';
import type { Files } from '../../ports.ts';
import { placesOf } from '../files/client-files.ts';
import { clientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';

/** The views, each entry with the names of the other installed clients that read the same file. */
export async function withSharedFiles(views: readonly ClientView[], deps: ClientDeps): Promise<ClientView[]> {
  const { machine, files } = deps.ports;
  const targets = new Map<string, string>();
  const targetOf = async (path: string): Promise<string> => {
    const known = targets.get(path) ?? (await realTarget(path, files));
    targets.set(path, known);
    return known;
  };
  const readers = new Map<string, Set<string>>();
  for (const { id, name, installed, files: own } of views) {
    if (!installed) continue;
    const row = clientRow(id);
    const others = row ? await placesOf(row.alsoReads, machine, files) : [];
    // What is not there is read by nobody; most of the table's files are not.
    const there = own.filter((file) => file.exists).map(({ path }) => path);
    for (const path of [...there, ...others]) {
      const target = await targetOf(path);
      readers.set(target, (readers.get(target) ?? new Set()).add(name));
    }
  }
  return views.map((view) => ({
    ...view,
    entries: view.entries.map((entry) => {
      const all = readers.get(targets.get(entry.file) ?? entry.file) ?? [];
      return { ...entry, sharedWith: [...all].filter((name) => name !== view.name) };
    }),
  }));
}

/** The file behind links; the path itself where there is none. */
async function realTarget(path: string, files: Files): Promise<string> {
  try {
    return await files.realpath(path);
  } catch {
    return path;
  }
}
