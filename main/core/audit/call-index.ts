import type { ActivityQuery, Decision } from '../../../shared/schemas/audit.ts';
import type { Database, Statement } from '../ports.ts';
import { newestFirst, type Source } from './newest-first.ts';

/** What calls are looked up by. */
export interface CallFacts {
  readonly clientId: string;
  readonly server: string;
  readonly tool: string | null;
  readonly decision: Decision;
  /** Under observe or bypass: what enforcing would have done. */
  readonly would: Decision | null;
}
/**
 * A client, server, tool, decision and what it would have been that occurred together. There are few of them however many calls there are, so one
 * small index answers every combination of filters: the calls of the combos that fit, merged newest first.
 */
export interface Combo extends CallFacts {
  readonly id: number;
  /** Stands for many tools: an agent that makes names up does not grow the list. */
  readonly mixed: boolean;
  lastSeq: number;
  lastAt: number;
  callsToday: number;
}
interface PendingRow {
  readonly at: number;
  readonly combo: number;
  outcome: number | null;
}

const MAX_COMBOS = 4_000;

/**
 * The quick way into the record. Calls are added in memory and written a batch at a time: what a crash loses of it is
 * rebuilt from the entries at the next start.
 */
export class CallIndex {
  readonly #database: Database;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #newestOfCombo: Statement;
  readonly #newest: Statement;
  readonly #reached: Statement;
  readonly #combos = new Map<string, Combo>();
  readonly #byId = new Map<number, Combo>();
  #unsaved: Combo[] = [];
  readonly #rows = new Map<number, PendingRow>();
  readonly #outcomes = new Map<number, number>();
  #nextId = 1;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare('INSERT INTO calls VALUES (?, ?, ?, ?)');
    this.#update = database.prepare('UPDATE calls SET outcome = ? WHERE seq = ?');
    this.#newestOfCombo = database.prepare(
      'SELECT seq, at FROM calls WHERE combo = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
    );
    this.#newest = database.prepare('SELECT seq FROM calls WHERE seq < ? ORDER BY seq DESC LIMIT ?');
    this.#reached = database.prepare("INSERT OR REPLACE INTO meta VALUES ('indexed', ?)");
    for (const row of database.prepare('SELECT * FROM combos').all()) {
      this.#keep({
        id: Number(row.id),
        clientId: String(row.client),
        server: String(row.server),
        tool: row.tool === null ? null : String(row.tool),
        decision: row.decision as Decision,
        would: row.would === null ? null : (row.would as Decision),
        mixed: row.mixed === 1,
        lastSeq: 0,
        lastAt: 0,
        callsToday: 0,
      });
    }
  }

  get combos(): Iterable<Combo> {
    return this.#byId.values();
  }
  /** How much is not written yet. */
  get pending(): number {
    return this.#rows.size + this.#outcomes.size;
  }

  /** A call that has been appended. */
  add(seq: number, at: number, facts: CallFacts): Combo {
    const combo = this.#combo(facts);
    this.#rows.set(seq, { at, combo: combo.id, outcome: null });
    if (seq > combo.lastSeq) {
      combo.lastSeq = seq;
      combo.lastAt = at;
    }
    return combo;
  }
  /** Its outcome has been appended as entry `outcome`. */
  end(call: number, outcome: number): void {
    const row = this.#rows.get(call);
    if (row) row.outcome = outcome;
    else this.#outcomes.set(call, outcome);
  }

  /** Writes what is pending, within the caller's transaction; call `written` once that is committed. */
  write(upTo: number): void {
    for (const combo of this.#unsaved)
      this.#database
        .prepare('INSERT INTO combos VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(
          combo.id,
          combo.clientId,
          combo.server,
          combo.tool,
          combo.decision,
          combo.mixed ? 1 : 0,
          combo.would,
        );
    for (const [seq, row] of this.#rows) this.#insert.run(seq, row.at, row.combo, row.outcome);
    for (const [call, outcome] of this.#outcomes) this.#update.run(outcome, call);
    this.#reached.run(upTo);
  }
  written(): void {
    this.#unsaved = [];
    this.#rows.clear();
    this.#outcomes.clear();
  }

  /** Reads the newest call of each combo and counts those since `midnight`; at the start, after the index is whole. */
  loadCounts(midnight: number): void {
    for (const combo of this.#byId.values()) {
      const last = this.#newestOfCombo.get(combo.id, Number.MAX_SAFE_INTEGER, 1);
      combo.lastSeq = Number(last?.seq ?? 0);
      combo.lastAt = Number(last?.at ?? 0);
      combo.callsToday = 0;
    }
    const chunk = this.#database.prepare(
      'SELECT seq, at, combo FROM calls WHERE seq < ? ORDER BY seq DESC LIMIT 2000',
    );
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const rows = chunk.all(before);
      for (const row of rows) {
        if (Number(row.at) < midnight) return;
        const combo = this.#byId.get(Number(row.combo));
        if (combo) combo.callsToday += 1;
      }
      const last = rows.at(-1);
      if (!last) return;
      before = Number(last.seq);
    }
  }

  /** Numbers of the calls that may fit the filters, newest first. Calls of a mixed combo are to be looked at. */
  find(
    query: Pick<ActivityQuery, 'before' | 'client' | 'server' | 'tool' | 'decision' | 'would'>,
  ): Generator<number> {
    const { client, server, tool, decision, would } = query;
    const before = query.before ?? Number.MAX_SAFE_INTEGER;
    const fitting = [...this.#byId.values()].filter(
      (combo) =>
        (client === undefined || combo.clientId === client) &&
        (server === undefined || combo.server === server) &&
        (tool === undefined || combo.mixed || combo.tool === tool) &&
        (decision === undefined || combo.decision === decision) &&
        (would === undefined || combo.would === would),
    );
    if (fitting.length === this.#byId.size)
      return newestFirst([{ newest: Number.MAX_SAFE_INTEGER - 1, fetch: this.#fetchAny }], before);
    return newestFirst(
      fitting.map(
        (combo): Source => ({
          newest: combo.lastSeq,
          fetch: (below, limit) =>
            this.#newestOfCombo.all(combo.id, below, limit).map((row) => Number(row.seq)),
        }),
      ),
      before,
    );
  }

  readonly #fetchAny = (below: number, limit: number): number[] =>
    this.#newest.all(below, limit).map((row) => Number(row.seq));

  #combo(facts: CallFacts): Combo {
    const { clientId, server, tool, decision, would } = facts;
    const exact = this.#combos.get(comboKey(facts, false));
    if (exact) return exact;
    const mixed = this.#byId.size >= MAX_COMBOS;
    const known = mixed ? this.#combos.get(comboKey(facts, true)) : undefined;
    if (known) return known;
    const combo: Combo = {
      id: this.#nextId,
      clientId,
      server,
      tool: mixed ? null : tool,
      decision,
      would,
      mixed,
      lastSeq: 0,
      lastAt: 0,
      callsToday: 0,
    };
    this.#keep(combo);
    this.#unsaved.push(combo);
    return combo;
  }
  #keep(combo: Combo): void {
    this.#combos.set(comboKey(combo, combo.mixed), combo);
    this.#byId.set(combo.id, combo);
    this.#nextId = Math.max(this.#nextId, combo.id + 1);
  }
}

function comboKey(facts: CallFacts, mixed: boolean): string {
  const tool = mixed ? 0 : facts.tool;
  return JSON.stringify([facts.clientId, facts.server, tool, facts.decision, facts.would]);
}
