import type { AuditVerdict } from '../../../../shared/schemas/audit.ts';
import type { Database } from '../../ports.ts';
import { type Base, type Entry, entryHash, readEntry } from './chain.ts';
import type { Fault, Head } from './head.ts';

const CHUNK = 1_000;

/**
 * Recomputes the whole chain and compares it with what else is known of it: where it begins, how far it reached (by this
 * process and by `audit.head`), and the faults found at earlier starts. Reports the first fault in order.
 */
export function verifyChain(
  database: Database,
  known: { readonly base: Base; readonly heads: readonly Head[]; readonly faults: readonly Fault[] },
): AuditVerdict {
  const { base, heads, faults } = known;
  const reach = Math.max(base.seq, ...heads.map((head) => head.seq));
  const chunk = database.prepare('SELECT * FROM entries WHERE seq > ? ORDER BY seq LIMIT ?');
  const newest = Number(database.prepare('SELECT max(seq) AS seq FROM entries').get()?.seq ?? 0);
  /** Fewer entries than there were: some were removed, now or before the record was last opened. */
  const shrunk = newest < reach || faults.some((fault) => fault.fault === 'truncated');
  let last: Base = base;
  let entries = 0;
  let calls = 0;
  /** What the newest note of pruning says about where the record begins; without one it begins at the beginning. */
  let pruned: { readonly to: number; readonly hash: string } | undefined;
  const bad = (fault: Fault): AuditVerdict => ({ ok: false, entries, ...fault });

  for (;;) {
    const rows = chunk.all(entries === 0 ? 0 : last.seq, CHUNK);
    for (const row of rows) {
      const entry = readEntry(row) as Entry;
      const fault = check(database, entry, last, shrunk);
      if (fault) return bad(fault);
      for (const head of heads)
        if (head.seq === entry.seq && head.hash !== entry.hash)
          return bad({
            fault: 'edited',
            at: entry.seq,
            message: `Entry ${entry.seq} is not the one whose hash was kept in audit.head: the record was written again up to there.`,
          });
      entries += 1;
      if (entry.kind === 'call') calls += 1;
      if (entry.kind === 'note') pruned = prunedBy(entry.body) ?? pruned;
      last = entry;
    }
    if (rows.length < CHUNK) break;
  }

  if (reach > last.seq)
    return bad({
      fault: 'truncated',
      at: last.seq + 1,
      message: `The record ends at entry ${last.seq}, but it reached entry ${reach}: ${reach - last.seq} were cut off its end.`,
    });
  const begin = pruned ?? { to: 0, hash: undefined };
  if (base.seq !== begin.to || (begin.hash !== undefined && base.hash !== begin.hash))
    return bad({
      fault: 'missing',
      at: begin.to + 1,
      message: `The record begins behind entry ${base.seq}, but only entries up to ${begin.to} were pruned.`,
    });
  const earlier = faults.find((fault) => fault.at > base.seq);
  if (earlier) return bad(earlier);
  const listed = Number(database.prepare('SELECT count(*) AS n FROM calls').get()?.n ?? 0);
  if (listed !== calls)
    return bad({
      fault: 'missing',
      at: base.seq + 1,
      message: `The record holds ${calls} calls and is whole, but the activity list knows ${listed}: somebody changed that list. An export shows them all.`,
    });
  return {
    ok: true,
    entries,
    fault: null,
    at: null,
    message: `${entries} entries, unbroken${base.seq > 0 ? ` since the pruning of entry ${base.seq}` : ''}.`,
  };
}

function check(database: Database, entry: Entry, last: Base, shrunk: boolean): Fault | undefined {
  const { seq } = entry;
  if (seq !== last.seq + 1) {
    const to = seq - 1 > last.seq + 1 ? ` to ${seq - 1} are` : ' is';
    return {
      fault: 'missing',
      at: last.seq + 1,
      message: `${to === ' is' ? 'Entry' : 'Entries'} ${last.seq + 1}${to} missing.`,
    };
  }
  const moved = (): Fault => ({
    fault: 'reordered',
    at: seq,
    message: `What stands at entry ${seq} belongs elsewhere: entries were exchanged.`,
  });
  if (entryHash(entry.prev, entry.kind, entry.at, entry.body) !== entry.hash)
    return contentIsElsewhere(database, entry)
      ? moved()
      : { fault: 'edited', at: seq, message: `Entry ${seq} was changed after it was written.` };
  if (entry.prev === last.hash) return undefined;
  const follows = database
    .prepare('SELECT seq FROM entries WHERE hash = ?')
    .get(Buffer.from(entry.prev, 'hex'));
  if (follows) return moved();
  // The entry is as it was written, but the one it follows is gone: removed (then the record is shorter than it was),
  // or written again with a hash that fits it.
  if (shrunk || seq === 1)
    return {
      fault: 'missing',
      at: seq,
      message: `At least one entry before entry ${seq} is missing; the ones behind it were numbered again.`,
    };
  return {
    fault: 'edited',
    at: seq - 1,
    message: `Entry ${seq - 1} was changed after it was written, and its hash made to fit.`,
  };
}

/** Whether the content that this entry's hash was made over now stands at another entry. */
function contentIsElsewhere(database: Database, entry: Entry): boolean {
  const chunk = database.prepare('SELECT * FROM entries WHERE seq > ? ORDER BY seq LIMIT ?');
  let after = 0;
  for (;;) {
    const rows = chunk.all(after, CHUNK);
    for (const row of rows) {
      const other = readEntry(row) as Entry;
      if (other.seq !== entry.seq && entryHash(entry.prev, other.kind, other.at, other.body) === entry.hash)
        return true;
      after = other.seq;
    }
    if (rows.length < CHUNK) return false;
  }
}

function prunedBy(body: string): { to: number; hash: string } | undefined {
  if (!body.startsWith('{"event":"pruned"')) return undefined;
  try {
    return (JSON.parse(body) as { detail: { to: number; hash: string } }).detail;
  } catch {
    // It was rewritten: the next entry's link tells.
    return undefined;
  }
}
