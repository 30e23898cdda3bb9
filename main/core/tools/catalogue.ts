import { createListeners } from '../../../shared/base/listeners.ts';
import type { Risk } from '../../../shared/schemas/common.ts';
import { Risk as RiskSchema } from '../../../shared/schemas/common.ts';
import { tools } from '../../../shared/text/core/tools.ts';
import { parseJson } from '../codec/index.ts';
import type { Json, JsonObject } from '../codec/types.ts';
import type { Listed, Pins } from '../pins/types.ts';
import type { Clock, Database } from '../ports.ts';
import { classify } from '../risk/classify.ts';
import { digestOf } from './pinned.ts';
import { checkSize } from './size.ts';
import type { StoredCatalogue, ToolEntry } from './types.ts';

/** Pages of one server remembered as judged. */
const MAX_PAGES = 400;

export { digestOf } from './pinned.ts';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS tool_listings (
    server TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    tools TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Keeps the last listing of every server in `state.db`. A definition is classified once for each hash, and judged by the
 * pins before anybody can find it.
 */
export function createToolCatalogue(parts: {
  database: Database;
  clock: Clock;
  pins: Pick<Pins, 'see' | 'forget'>;
}): StoredCatalogue {
  const { database, clock, pins } = parts;
  database.exec(SCHEMA);
  const save = database.prepare(
    'INSERT INTO tool_listings (server, at, tools) VALUES (?, ?, ?) ON CONFLICT (server) DO UPDATE SET at = excluded.at, tools = excluded.tools',
  );
  const remove = database.prepare('DELETE FROM tool_listings WHERE server = ?');
  const move = database.prepare('UPDATE tool_listings SET server = ? WHERE server = ?');
  const read = database.prepare('SELECT tools FROM tool_listings WHERE server = ?');
  const listings = new Map<
    string,
    { list: readonly ToolEntry[]; byName: ReadonlyMap<string, ToolEntry> } | null
  >();
  const listeners = createListeners<[server: string]>();
  const risks = new Map<string, Risk>();
  /** Fingerprint of the last listing of each server. */
  const prints = new Map<string, string>();
  /** Fingerprints of single pages that say what the pins saw last. */
  const pages = new Map<string, Set<string>>();

  const riskOf = (server: string, hash: string, tool: Pick<ToolEntry, 'name' | 'definition'>): Risk => {
    // The server's name is part of it: repeated in a tool's name, it says nothing about what the tool does.
    const key = `${hash} ${server}`;
    let risk = risks.get(key);
    if (risk === undefined) {
      risk = RiskSchema.parse(classify({ ...tool.definition, name: tool.name, server }));
      if (risks.size > 20_000) risks.clear();
      risks.set(key, risk);
    }
    return risk;
  };
  const entryOf = (server: string, definition: JsonObject): ToolEntry | undefined => {
    const name = text(definition, 'name');
    if (name === null) return undefined;
    const hash = digestOf(definition);
    return {
      name,
      title: text(definition, 'title') ?? titleInAnnotations(definition),
      description: text(definition, 'description'),
      definition,
      hash,
      risk: riskOf(server, hash, { name, definition }),
    };
  };
  const keep = (server: string, definitions: readonly JsonObject[], listed: Listed) => {
    const listing = entriesOf(server, definitions);
    // Throws when it cannot be judged; what was there before stays then.
    if (pins.see(server, listing.list, listed)) pages.delete(server);
    listings.set(server, listing);
    return listing;
  };
  const entriesOf = (server: string, definitions: readonly JsonObject[]) => {
    const byName = new Map<string, ToolEntry>();
    // A name listed twice: the first one counts, as clients take it.
    for (const definition of definitions) {
      const entry = entryOf(server, definition);
      if (entry !== undefined && !byName.has(entry.name)) byName.set(entry.name, entry);
    }
    return { list: [...byName.values()], byName };
  };
  const listing = (server: string) => {
    const known = listings.get(server);
    if (known !== undefined) return known;
    const row = read.get(server);
    if (row === undefined) {
      listings.set(server, null);
      return null;
    }
    return keep(server, storedTools(server, row.tools), 'stored');
  };

  return {
    replace(server, definitions, fingerprint) {
      if (fingerprint !== undefined && prints.get(server) === fingerprint) return;
      const before = listing(server);
      const tools = typeof definitions === 'function' ? definitions() : definitions;
      checkSize(server, tools);
      const after = keep(server, tools, 'whole');
      if (fingerprint === undefined) prints.delete(server);
      else prints.set(server, fingerprint);
      const same =
        before !== null &&
        before.list.length === after.list.length &&
        before.list.every(
          (tool, i) => tool.name === after.list[i]?.name && tool.hash === after.list[i]?.hash,
        );
      if (same) return;
      save.run(server, Math.floor(clock.now()), JSON.stringify(after.list.map((tool) => tool.definition)));
      listeners.tell(server);
    },
    page(server, definitions, fingerprint) {
      const judged = pages.get(server) ?? new Set<string>();
      if (judged.has(fingerprint)) return;
      const tools = definitions();
      checkSize(server, tools);
      if (pins.see(server, entriesOf(server, tools).list, 'page')) {
        judged.clear();
        // The list as it was is no longer what the pins saw last: the next whole one is looked at again.
        prints.delete(server);
      }
      if (judged.size >= MAX_PAGES) judged.clear();
      pages.set(server, judged.add(fingerprint));
    },
    list: (server) => listing(server)?.list ?? null,
    find: (server, tool) => listing(server)?.byName.get(tool),
    rename(from, to) {
      if (read.get(from) === undefined) return;
      remove.run(to);
      move.run(to, from);
      for (const server of [from, to]) {
        prints.delete(server);
        pages.delete(server);
        listings.delete(server);
      }
      listeners.tell(to);
    },
    forget(server) {
      prints.delete(server);
      pages.delete(server);
      pins.forget(server);
      remove.run(server);
      const had = listings.get(server) !== null;
      listings.set(server, null);
      if (had) listeners.tell(server);
    },
    onChange: (listener) => void listeners.add(listener),
  };
}

function text(definition: JsonObject, key: string): string | null {
  const value = Object.hasOwn(definition, key) ? definition[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Older servers put a tool's title among its annotations. */
function titleInAnnotations(definition: JsonObject): string | null {
  const annotations = Object.hasOwn(definition, 'annotations') ? definition.annotations : undefined;
  return typeof annotations === 'object' && annotations !== null && !Array.isArray(annotations)
    ? text(annotations, 'title')
    : null;
}

function storedTools(server: string, stored: unknown): JsonObject[] {
  let value: Json;
  try {
    value = parseJson(String(stored));
  } catch (error) {
    throw new Error(tools.storedUnreadable(server), { cause: error });
  }
  return Array.isArray(value)
    ? value.filter((one): one is JsonObject => typeof one === 'object' && one !== null && !Array.isArray(one))
    : [];
}
