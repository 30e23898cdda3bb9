import { isObject } from '../../../../shared/base/is-object.ts';
import type { ClientEntry } from '../../../../shared/schemas/client.ts';
import type { FileState } from '../entries/analyse.ts';
import { targetOf } from '../entries/draft.ts';
import { routedTo } from '../entries/our-entry.ts';
import type { ClientRow } from '../table/index.ts';

/** Servers in lists of a client's file, which only the client changes. They are shown, so that nobody believes them governed. */
export function listedEntries(row: ClientRow, { path, doc }: FileState): ClientEntry[] {
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
        reason: ours
          ? 'It points to Drawbridge, and was put there by hand.'
          : `It is in a list (${at.join('.')}) that only ${row.name} changes: enter the address of Drawbridge there by hand.`,
        kind: 'entry' as const,
        sharedWith: [],
      };
    });
  });
}
