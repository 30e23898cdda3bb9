import type { ChangeKind } from '../../../shared/schemas/pin.ts';

/** The tables of pins in `state.db`. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS pinned_servers (
    server TEXT PRIMARY KEY,
    listed_at INTEGER,
    seen_at INTEGER NOT NULL,
    quarantine TEXT,
    dropped INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pinned_tools (
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    hash TEXT NOT NULL,
    since INTEGER NOT NULL,
    listed INTEGER NOT NULL,
    versions INTEGER NOT NULL,
    flipping INTEGER NOT NULL,
    returns TEXT NOT NULL,
    PRIMARY KEY (server, tool)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pinned_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    server TEXT NOT NULL,
    tool TEXT NOT NULL,
    hash TEXT NOT NULL,
    standing TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    reviewed_at INTEGER,
    definition TEXT NOT NULL,
    previous TEXT,
    kinds TEXT NOT NULL,
    reasons TEXT NOT NULL,
    UNIQUE (server, tool, hash)
  ) STRICT;
`;

/**
 * Why a definition may be used, or may not. Trusted: `first` (in the first listing of its server) and `person` (a person
 * accepted it). `passed`: a harmless change of a trusted one. `new`: not reviewed, and nothing was found against it.
 * `blocked`: not reviewed, and something was found.
 */
export type Standing = 'first' | 'person' | 'passed' | 'new' | 'blocked';

/** One definition that a tool had. Times in ms since the epoch. */
export interface Version {
  /** Grows with the order in which definitions came into use. */
  readonly id: number;
  readonly tool: string;
  readonly hash: string;
  readonly standing: Standing;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly reviewedAt: number | null;
  /** Canonical JSON. */
  readonly definition: string;
  /** The hash it was judged against; null for a first one. */
  readonly previous: string | null;
  readonly kinds: readonly ChangeKind[];
  readonly reasons: readonly string[];
}

/** The tool as it stands. */
export interface ToolRow {
  readonly tool: string;
  readonly hash: string;
  readonly since: number;
  readonly listed: boolean;
  /** Definitions seen, also those that are no longer kept. */
  readonly versions: number;
  /** It switches between definitions. */
  readonly flipping: boolean;
  /** When it went back to an earlier definition, the last few times. */
  readonly returns: readonly number[];
}

export interface ServerRow {
  /** When the first whole listing was taken; null before. */
  readonly listedAt: number | null;
  readonly seenAt: number;
  readonly quarantine: string | null;
}

export function serverOf(row: Record<string, unknown>): ServerRow {
  return {
    listedAt: numberOrNull(row.listed_at),
    seenAt: Number(row.seen_at),
    quarantine: textOrNull(row.quarantine),
  };
}

export function toolOf(row: Record<string, unknown>): ToolRow {
  return {
    tool: String(row.tool),
    hash: String(row.hash),
    since: Number(row.since),
    listed: row.listed === 1,
    versions: Number(row.versions),
    flipping: row.flipping === 1,
    returns: JSON.parse(String(row.returns)) as number[],
  };
}

export function versionOf(row: Record<string, unknown>): Version {
  return {
    id: Number(row.id),
    tool: String(row.tool),
    hash: String(row.hash),
    standing: row.standing as Standing,
    firstAt: Number(row.first_at),
    lastAt: Number(row.last_at),
    reviewedAt: numberOrNull(row.reviewed_at),
    definition: String(row.definition),
    previous: textOrNull(row.previous),
    kinds: JSON.parse(String(row.kinds)) as ChangeKind[],
    reasons: JSON.parse(String(row.reasons)) as string[],
  };
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
