import { isObject } from '../../../../shared/base/is-object.ts';
import type { ClientEntry } from '../../../../shared/schemas/client.ts';
import { entryText } from '../../../../shared/text/core/clients.ts';
import type { FileState } from '../entries/analyse.ts';
import { routedTo } from '../entries/routed-to.ts';
import { targetOf } from '../entries/show-target.ts';

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
