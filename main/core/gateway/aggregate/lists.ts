import { joined } from '../../../../shared/text/model.ts';
import { type Item, withKey } from '../../codec/items.ts';
import { type Cursors, joinCursors, type Place, placeAfter, splitCursor } from './cursor.ts';
import type { Member, Page } from './member.ts';
import { exposedName } from './names.ts';

interface ListKind {
  readonly list: string;
  /** The member by which an element is named. */
  readonly key: string;
  /** Names are made unique by the server's part; URIs are unique already. */
  readonly named: boolean;
  /** The notification for the client when a server that was late has answered. */
  readonly changed: string;
}

/** The lists that are joined (MCP 2025-11-25, server features). */
export const LISTS: Readonly<Record<string, ListKind>> = {
  'tools/list': { list: 'tools', key: 'name', named: true, changed: 'notifications/tools/list_changed' },
  'prompts/list': {
    list: 'prompts',
    key: 'name',
    named: true,
    changed: 'notifications/prompts/list_changed',
  },
  'resources/list': {
    list: 'resources',
    key: 'uri',
    named: false,
    changed: 'notifications/resources/list_changed',
  },
  'resources/templates/list': {
    list: 'resourceTemplates',
    key: 'uriTemplate',
    named: false,
    changed: 'notifications/resources/list_changed',
  },
};

/** Under `_meta` of a joined list: servers that are not in it, each with the reason. */
const MISSING_META = 'drawbridge/missing';

export interface JoinOptions {
  /** How long one server may take before the list goes without it, ms. */
  readonly patienceMs: number;
  after(ms: number, fn: () => void): () => void;
  /** A server that was left out because it was slow has answered. */
  late(changed: string): unknown;
}

/**
 * One page of all servers' lists together, asked at the same time. Elements keep their bytes, but for the name.
 * @param cursor of the client's request
 * @returns the JSON text of the result; undefined when the cursor is not ours
 */
export async function joinLists(
  method: string,
  members: readonly Member[],
  cursor: string | undefined,
  options: JoinOptions,
): Promise<Buffer | undefined> {
  const kind = LISTS[method] as ListKind;
  const from: Cursors | undefined = cursor === undefined ? new Map() : splitCursor(cursor);
  if (!from) return undefined;
  const asked = cursor === undefined ? members : members.filter(({ server }) => from.has(server));
  const parts: Buffer[] = [];
  const next = new Map<string, Place>();
  const missing: Record<string, string> = {};
  const pages = await Promise.all(
    asked.map((member) => {
      const page = member.page(method, kind.list, kind.key, from.get(member.server)?.cursor);
      return within(page, kind.changed, options).catch((error: Error) => {
        missing[member.server] = error.message;
        return undefined;
      });
    }),
  );
  pages.forEach((page, at) => {
    const member = asked[at];
    if (!page || !member) return;
    const place = placeAfter(from.get(member.server), page.next);
    if (place) next.set(member.server, place);
    for (const item of page.items) parts.push(kind.named ? renamed(member.server, item) : item.bytes);
  });
  return resultOf(kind.list, parts, joinCursors(next), missing);
}

function renamed(server: string, item: Item): Buffer {
  return item.key === undefined ? item.bytes : withKey(item, exposedName(server, item.key));
}

function within(page: Promise<Page>, changed: string, options: JoinOptions): Promise<Page> {
  return new Promise((done, fail) => {
    let slow = false;
    const cancel = options.after(options.patienceMs, () => {
      slow = true;
      fail(new Error(joined.slow(options.patienceMs)));
    });
    page.then(
      (ready) => {
        cancel();
        if (slow) options.late(changed);
        else done(ready);
      },
      (error: Error) => {
        cancel();
        fail(error);
      },
    );
  });
}

function resultOf(
  list: string,
  parts: readonly Buffer[],
  cursor: string | undefined,
  missing: Record<string, string>,
): Buffer {
  const pieces: Buffer[] = [Buffer.from(`{"${list}":[`)];
  parts.forEach((part, at) => {
    if (at > 0) pieces.push(Buffer.from(','));
    pieces.push(part);
  });
  const next = cursor === undefined ? '' : `,"nextCursor":${JSON.stringify(cursor)}`;
  const meta =
    Object.keys(missing).length === 0
      ? ''
      : `,"_meta":{${JSON.stringify(MISSING_META)}:${JSON.stringify(missing)}}`;
  pieces.push(Buffer.from(`]${next}${meta}}`));
  return Buffer.concat(pieces);
}
