import type { Risk } from '../../../shared/schemas/common.ts';
import { Risk as RiskSchema } from '../../../shared/schemas/common.ts';
import { valueDigest } from '../codec/canonical.ts';
import type { Json, JsonObject } from '../codec/types.ts';
import type { Clock, Database } from '../ports.ts';
import { classify } from '../risk/classify.ts';
import type { ToolCatalogue, ToolEntry } from './types.ts';

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
 * SHA-256 (hex) over the canonical JSON (RFC 8785) of what a definition promises: name, title, description, schemas and
 * annotations. `_meta` and `icons` are left out: they change without changing what the tool does.
 */
export function digestOf(definition: JsonObject): string {
  const pinned: JsonObject = {};
  for (const key of ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations']) {
    const value = Object.hasOwn(definition, key) ? definition[key] : undefined;
    if (value !== undefined) pinned[key] = value;
  }
  return valueDigest(pinned);
}

/** Keeps the last listing of every server in `state.db`. A definition is classified once for each hash. */
export function createToolCatalogue(parts: { database: Database; clock: Clock }): ToolCatalogue {
  const { database, clock } = parts;
  database.exec(SCHEMA);
  const save = database.prepare(
    'INSERT INTO tool_listings (server, at, tools) VALUES (?, ?, ?) ON CONFLICT (server) DO UPDATE SET at = excluded.at, tools = excluded.tools',
  );
  const remove = database.prepare('DELETE FROM tool_listings WHERE server = ?');
  const read = database.prepare('SELECT tools FROM tool_listings WHERE server = ?');
  const listings = new Map<
    string,
    { list: readonly ToolEntry[]; byName: ReadonlyMap<string, ToolEntry> } | null
  >();
  const listeners = new Set<(server: string) => void>();
  const risks = new Map<string, Risk>();
  /** Of the listing each server gave last. */
  const prints = new Map<string, string>();

  const riskOf = (server: string, hash: string, tool: Pick<ToolEntry, 'name' | 'definition'>): Risk => {
    // The server's name takes part: its own words in a tool's name say nothing about what the tool does.
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
  const keep = (server: string, definitions: readonly JsonObject[]) => {
    const byName = new Map<string, ToolEntry>();
    // A name listed twice: the first one counts, as clients take it.
    for (const definition of definitions) {
      const entry = entryOf(server, definition);
      if (entry !== undefined && !byName.has(entry.name)) byName.set(entry.name, entry);
    }
    const listing = { list: [...byName.values()], byName };
    listings.set(server, listing);
    return listing;
  };
  const listing = (server: string) => {
    const known = listings.get(server);
    if (known !== undefined) return known;
    const row = read.get(server);
    if (row === undefined) {
      listings.set(server, null);
      return null;
    }
    return keep(server, storedTools(server, row.tools));
  };

  return {
    replace(server, definitions, fingerprint) {
      if (fingerprint !== undefined && prints.get(server) === fingerprint) return;
      if (fingerprint === undefined) prints.delete(server);
      else prints.set(server, fingerprint);
      const before = listing(server);
      const after = keep(server, typeof definitions === 'function' ? definitions() : definitions);
      const same =
        before !== null &&
        before.list.length === after.list.length &&
        before.list.every(
          (tool, i) => tool.name === after.list[i]?.name && tool.hash === after.list[i]?.hash,
        );
      if (same) return;
      save.run(server, Math.floor(clock.now()), JSON.stringify(after.list.map((tool) => tool.definition)));
      for (const listener of listeners) listener(server);
    },
    list: (server) => listing(server)?.list ?? null,
    find: (server, tool) => listing(server)?.byName.get(tool),
    forget(server) {
      prints.delete(server);
      remove.run(server);
      const had = listings.get(server) !== null;
      listings.set(server, null);
      if (had) for (const listener of listeners) listener(server);
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
    value = JSON.parse(String(stored)) as Json;
  } catch (error) {
    throw new Error(
      `state.db: the stored tools of ${server} cannot be read. Move state.db away to list them anew.`,
      {
        cause: error,
      },
    );
  }
  return Array.isArray(value)
    ? value.filter((one): one is JsonObject => typeof one === 'object' && one !== null && !Array.isArray(one))
    : [];
}
