import { isObject } from '../../../../shared/base/is-object.ts';
import type { ClientEntry } from '../../../../shared/schemas/client.ts';
import { entryText } from '../../../../shared/text/core/clients.ts';
import type { FileState } from '../entries/analyse.ts';
import { routedTo } from '../entries/routed-to.ts';
import { targetOf } from '../entries/show-target.ts';
import { placesOf } from '../files/client-files.ts';
import { readConfig } from '../files/config-file.ts';
import type { ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';

/** Servers where the client kept them once: shown, so that nobody thinks that policies apply to them. */
export async function formerEntries(row: ClientRow, { ports }: ClientDeps): Promise<ClientEntry[]> {
  if (!row.formerly) return [];
  const found: ClientEntry[] = [];
  for (const file of await placesOf(row.formerly.files, ports.machine, ports.files)) {
    const text = await readConfig(file, ports).catch(() => undefined);
    const parsed = text && row.format.parse(text.text, 'tolerant');
    if (!parsed?.ok) continue;
    for (const at of row.formerly.maps)
      for (const name of parsed.doc.keys(at)) {
        const value = parsed.doc.find([...at, name])?.value;
        if (!isObject(value) || routedTo(value, row.dialect) !== undefined) continue;
        found.push({
          ...{ file, name, server: null, project: null, sharedWith: [] },
          target: targetOf(value),
          state: 'skipped',
          reason: entryText.formerPlace(at.join('.'), row.name),
          kind: 'entry',
        });
      }
  }
  return found;
}

/** Servers in lists of a client's file, which only the client changes. They are shown, so that nobody thinks that policies apply to them. */
export function listedEntries({ row, path, doc }: FileState): ClientEntry[] {
  return row.lists.flatMap((at) => {
    const items = doc?.find(at)?.value;
    if (!Array.isArray(items)) return [];
    return items.filter(isObject).map((item, i) => {
      const name = [item.label, item.name, item.registryId].find((each) => typeof each === 'string');
      const ours = routedTo(item, row.dialect) !== undefined;
      return {
        file: path,
        name: typeof name === 'string' ? name : String(i + 1),
        server: null,
        project: null,
        target: targetOf(item),
        state: 'skipped' as const,
        reason: ours ? entryText.inListOurs : entryText.inList(at.join('.'), row.name),
        kind: 'entry' as const,
        sharedWith: [],
      };
    });
  });
}
