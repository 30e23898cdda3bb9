import type { Database } from '../ports.ts';
import { SCHEMA, type ServerRow, serverOf, type ToolRow, toolOf, type Version, versionOf } from './rows.ts';

/** Kept of one tool; what is reviewed, first and in use stays whatever the number. */
const MAX_VERSIONS = 50;
/** Characters of definitions kept of one server, apart from those in use and the trusted ones. */
const MAX_HISTORY = 4 * 1024 * 1024;
/** Tools kept that a server no longer lists. */
const MAX_GONE = 2000;

/** Tables of `state.db`: every definition that a tool had, and why it may be used. */
export class PinStore {
  readonly #database: Database;
  readonly #sql;

  constructor(database: Database) {
    this.#database = database;
    database.exec(SCHEMA);
    const sql = (text: string) => database.prepare(text);
    this.#sql = {
      server: sql('SELECT listed_at, seen_at, quarantine FROM pinned_servers WHERE server = ?'),
      tools: sql('SELECT * FROM pinned_tools WHERE server = ?'),
      current: sql(
        `SELECT v.* FROM pinned_versions v JOIN pinned_tools t
         ON t.server = v.server AND t.tool = v.tool AND t.hash = v.hash WHERE v.server = ?`,
      ),
      versions: sql('SELECT * FROM pinned_versions WHERE server = ? AND tool = ? ORDER BY id DESC'),
      version: sql('SELECT * FROM pinned_versions WHERE server = ? AND tool = ? AND hash = ?'),
      putServer: sql(
        `INSERT INTO pinned_servers (server, listed_at, seen_at, quarantine) VALUES (?, ?, ?, ?) ON CONFLICT (server)
         DO UPDATE SET listed_at = excluded.listed_at, seen_at = excluded.seen_at, quarantine = excluded.quarantine`,
      ),
      putTool: sql('INSERT OR REPLACE INTO pinned_tools VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      removeVersion: sql('DELETE FROM pinned_versions WHERE server = ? AND tool = ? AND hash = ?'),
      putVersion: sql(
        `INSERT INTO pinned_versions
         (server, tool, hash, standing, first_at, last_at, reviewed_at, definition, previous, kinds, reasons)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      accept: sql(
        `UPDATE pinned_versions SET standing = 'person', reviewed_at = ? WHERE server = ? AND tool = ? AND hash = ?`,
      ),
      lastSeen: sql('UPDATE pinned_versions SET last_at = ? WHERE server = ? AND tool = ? AND hash = ?'),
      drop: sql('UPDATE pinned_servers SET dropped = dropped + ? WHERE server = ?'),
      dropped: sql('SELECT dropped FROM pinned_servers WHERE server = ?'),
      sizes: sql(
        `SELECT tool, hash, standing, length(definition) AS size FROM pinned_versions WHERE server = ? ORDER BY id DESC`,
      ),
      inUse: sql('SELECT tool, hash FROM pinned_tools WHERE server = ?'),
      gone: sql(
        'SELECT tool FROM pinned_tools WHERE server = ? AND listed = 0 ORDER BY since DESC LIMIT -1 OFFSET ?',
      ),
      forgetTool: sql('DELETE FROM pinned_tools WHERE server = ? AND tool = ?'),
      forgetVersions: sql('DELETE FROM pinned_versions WHERE server = ? AND tool = ?'),
    };
  }

  /** All or nothing, also across a crash. */
  together(write: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      write();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  server(server: string): ServerRow | undefined {
    const row = this.#sql.server.get(server);
    return row && serverOf(row);
  }

  tools(server: string): ToolRow[] {
    return this.#sql.tools.all(server).map(toolOf);
  }

  /** The definitions in use, one for each tool. */
  current(server: string): Version[] {
    return this.#sql.current.all(server).map(versionOf);
  }

  /** Newest first. */
  versions(server: string, tool: string): Version[] {
    return this.#sql.versions.all(server, tool).map(versionOf);
  }

  version(server: string, tool: string, hash: string): Version | undefined {
    const row = this.#sql.version.get(server, tool, hash);
    return row && versionOf(row);
  }

  putServer(server: string, row: ServerRow): void {
    this.#sql.putServer.run(server, row.listedAt, row.seenAt, row.quarantine);
  }

  putTool(server: string, row: ToolRow): void {
    const { tool, hash, since, listed, versions, flipping, returns } = row;
    this.#sql.putTool.run(
      server,
      tool,
      hash,
      since,
      Number(listed),
      versions,
      Number(flipping),
      JSON.stringify(returns),
    );
  }

  /** A definition comes into use; one that was there before moves to the front. */
  putVersion(server: string, version: Omit<Version, 'id'>): void {
    const { tool, hash, standing, firstAt, lastAt, reviewedAt, definition, previous } = version;
    this.#sql.removeVersion.run(server, tool, hash);
    const [kinds, reasons] = [JSON.stringify(version.kinds), JSON.stringify(version.reasons)];
    this.#sql.putVersion.run(
      server,
      tool,
      hash,
      standing,
      firstAt,
      lastAt,
      reviewedAt,
      definition,
      previous,
      kinds,
      reasons,
    );
  }

  accept(server: string, tool: string, hash: string, at: number): void {
    this.#sql.accept.run(at, server, tool, hash);
  }

  /** Notes until when a definition that is no longer in use was listed. */
  lastSeen(server: string, tool: string, hash: string, at: number): void {
    this.#sql.lastSeen.run(at, server, tool, hash);
  }

  /**
   * Drops the oldest definitions above the limits, and tools that were removed long ago: those are new when they come back.
   * @returns the names of tools that are forgotten
   */
  trim(server: string): string[] {
    let dropped = 0;
    let size = 0;
    const kept = new Map<string, number>();
    const inUse = new Map(this.#sql.inUse.all(server).map(({ tool, hash }) => [tool, hash]));
    const trusted = new Set<string>();
    for (const row of this.#sql.sizes.all(server)) {
      const tool = String(row.tool);
      const isBase = (row.standing === 'first' || row.standing === 'person') && !trusted.has(tool);
      if (isBase) trusted.add(tool);
      // The definition in use, and the one it is compared with, stay.
      if (isBase || inUse.get(row.tool ?? null) === row.hash) continue;
      const count = (kept.get(tool) ?? 0) + 1;
      kept.set(tool, count);
      size += Number(row.size);
      if (count <= MAX_VERSIONS - 2 && size <= MAX_HISTORY) continue;
      this.#sql.removeVersion.run(server, tool, String(row.hash));
      dropped++;
    }
    const gone = this.#sql.gone.all(server, MAX_GONE).map(({ tool }) => String(tool));
    for (const tool of gone) {
      this.#sql.forgetTool.run(server, tool);
      dropped += Number(this.#sql.forgetVersions.run(server, tool).changes);
    }
    if (dropped > 0) this.#sql.drop.run(dropped, server);
    return gone;
  }

  /** Definitions of this server that were seen and are no longer kept. */
  dropped(server: string): number {
    return Number(this.#sql.dropped.get(server)?.dropped ?? 0);
  }

  rename(from: string, to: string): void {
    // Done once already, or nothing is known: what stands under the new name stays.
    if (!this.#sql.server.get(from)) return;
    this.together(() => {
      for (const table of ['pinned_servers', 'pinned_tools', 'pinned_versions']) {
        this.#database.prepare(`DELETE FROM ${table} WHERE server = ?`).run(to);
        this.#database.prepare(`UPDATE ${table} SET server = ? WHERE server = ?`).run(to, from);
      }
    });
  }

  forget(server: string): void {
    this.together(() => {
      for (const table of ['pinned_servers', 'pinned_tools', 'pinned_versions'])
        this.#database.prepare(`DELETE FROM ${table} WHERE server = ?`).run(server);
    });
  }
}
