import type { DefinitionChange } from '../../../shared/schemas/pin.ts';
import type { DefinitionBlock } from '../policy/types.ts';
import { pinnedOf } from '../tools/pinned.ts';
import type { ToolEntry } from '../tools/types.ts';
import { blockOf } from './block.ts';
import type { ServerRow, ToolRow, Version } from './rows.ts';
import { changedVersion, firstVersion, type Judged } from './standing.ts';
import type { PinStore } from './store.ts';

/** Going back to an earlier definition this often within the time below is switching. */
const RETURNS = 2;
const RETURN_MS = 60 * 60 * 1000;
/** A tool as it stands, with the definition in use. */
export interface Pin {
  readonly row: ToolRow;
  readonly version: Omit<Version, 'id'>;
  readonly block: DefinitionBlock | undefined;
}

/** What is in memory of one server. */
export interface ServerPins {
  row: ServerRow | undefined;
  readonly tools: Map<string, Pin>;
  /** The last change computed for a tool, by the two hashes. */
  readonly changes: Map<string, { readonly key: string; readonly change: DefinitionChange | undefined }>;
}

/** What a tool is after a listing. */
export interface TakenTool {
  readonly row: ToolRow;
  readonly judged: Judged;
}

/** What a listed tool is from now on; undefined when nothing about it changed. */
export function takeListed(
  { store, now }: { readonly store: PinStore; readonly now: number },
  server: string,
  pinned: ServerPins,
  entry: ToolEntry,
  going: readonly Pin[],
): TakenTool | undefined {
  const pin = pinned.tools.get(entry.name);
  if (pin && pin.row.hash === entry.hash) {
    if (pin.row.listed) return undefined;
    return { row: { ...pin.row, listed: true }, judged: { version: pin.version, returned: false } };
  }
  const facts = {
    server,
    tool: entry.name,
    hash: entry.hash,
    definition: pinnedOf(entry.definition),
    at: now,
  };
  if (!pin) {
    const gone = [...going, ...[...pinned.tools.values()].filter(({ row }) => !row.listed)];
    const judged = firstVersion(
      facts,
      (pinned.row?.listedAt ?? null) === null,
      gone.map(({ version }) => version),
    );
    const row: ToolRow = {
      tool: entry.name,
      hash: entry.hash,
      since: now,
      listed: true,
      versions: 1,
      flipping: false,
      returns: [],
    };
    return { row, judged };
  }
  const known = store.version(server, entry.name, entry.hash);
  const judged = changedVersion(facts, store.versions(server, entry.name), pin.version);
  const recent = pin.row.returns.filter((at) => at <= now && now - at < RETURN_MS);
  const returns = judged.returned ? [...recent, now].slice(-RETURNS) : recent;
  const row: ToolRow = {
    ...pin.row,
    hash: entry.hash,
    since: now,
    listed: true,
    versions: pin.row.versions + (known ? 0 : 1),
    flipping: pin.row.flipping || returns.length >= RETURNS,
    returns,
  };
  return { row, judged };
}

export function pinOf(row: ToolRow, version: Omit<Version, 'id'>, quarantine: string | null): Pin {
  return { row, version, block: blockOf(row, version, quarantine) };
}

/** Tools that were listed and are not in a whole listing. */
export function goneFrom(pinned: ServerPins, tools: readonly ToolEntry[]): Pin[] {
  const names = new Set(tools.map(({ name }) => name));
  return [...pinned.tools.values()].filter(({ row }) => row.listed && !names.has(row.tool));
}
