import type { Database } from '../ports.ts';
import type { Chain } from './chain/chain.ts';
import { noteBody } from './rows.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Removed at a time, so that no call waits long behind it. */
const STEP = 5_000;
/** Below the limit by this much, so that the next calls do not prune again at once. */
const ROOM = 0.9;

export interface Limits {
  readonly days: number;
  readonly megabytes: number;
}

/**
 * Removes one step of entries that are older than the limit, or too many, from the old end, and notes which. The chain goes
 * on behind them. Gives whether there is more to remove.
 */
export function pruneStep(database: Database, chain: Chain, limits: Limits, now: number): boolean {
  const aged = lastOlderThan(database, chain, now - limits.days * DAY_MS);
  const crowded = lastBeyondSize(database, chain, limits.megabytes * 1024 * 1024);
  const wanted = Math.max(aged, crowded);
  const from = chain.base.seq + 1;
  if (wanted < from) return false;
  const to = Math.min(wanted, chain.base.seq + STEP);
  chain.transaction(() => {
    database.prepare('DELETE FROM calls WHERE seq <= ?').run(to);
    const { hash } = chain.drop(to);
    const why = aged >= crowded ? `older than ${limits.days} days` : `beyond ${limits.megabytes} MB`;
    chain.append('note', now, noteBody('pruned', { from, to, entries: to - from + 1, hash, why }));
  });
  database.exec('PRAGMA incremental_vacuum(4000)');
  return to < wanted;
}

/** The end of the run of old entries at the beginning; `base.seq` when there is none. */
function lastOlderThan(database: Database, chain: Chain, time: number): number {
  const kept = database.prepare('SELECT seq FROM entries WHERE at >= ? ORDER BY seq LIMIT 1').get(time);
  return kept ? Number(kept.seq) - 1 : chain.seq;
}

function lastBeyondSize(database: Database, chain: Chain, limit: number): number {
  const pragma = (name: string): number => Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  const count = chain.seq - chain.base.seq;
  if (used <= limit || count === 0) return chain.base.seq;
  const share = (used - limit * ROOM) / used;
  return chain.base.seq + Math.min(count, Math.ceil(count * share));
}
