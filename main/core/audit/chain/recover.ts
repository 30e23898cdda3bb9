import type { Clock, Database, Log } from '../../ports.ts';
import type { CallIndex } from '../call-index.ts';
import { lostBody, noteBody, type OutcomeBody, readBody, readCall } from '../rows.ts';
import { type Chain, metaValue, readEntry } from './chain.ts';
import type { Fault, HeadStore } from './head.ts';

const CHUNK = 1_000;

/**
 * What is done when the record is opened: its end is compared with `audit.head`, the index is brought up to date, and calls
 * that nobody will finish any more get the outcome `lost`. Faults found here are kept, and noted in the record itself.
 */
export function recover(parts: {
  readonly clock: Clock;
  readonly log: Log;
  readonly database: Database;
  readonly chain: Chain;
  readonly index: CallIndex;
  readonly head: HeadStore;
}): void {
  const { clock, log, database, chain, index, head } = parts;
  const fault = compareWithHead(database, chain, head);
  if (fault) {
    head.addFault(fault);
    log('error', `The audit was tampered with or damaged: ${fault.message}`);
    chain.append('note', clock.now(), noteBody('damage-found', { ...fault }));
    head.write({ seq: chain.seq, hash: chain.hash });
  }

  const entries = database.prepare('SELECT * FROM entries WHERE seq > ? ORDER BY seq LIMIT ?');
  let done = Number(metaValue(database, 'indexed') ?? 0);
  while (done < chain.seq) {
    const rows = entries.all(done, CHUNK);
    for (const row of rows) {
      const entry = readEntry(row);
      if (!entry) continue;
      done = entry.seq;
      if (entry.kind === 'call') index.add(entry.seq, entry.at, readCall(entry.body));
      else if (entry.kind === 'outcome') {
        const ended = readBody<OutcomeBody>(entry.body);
        if (ended) index.end(ended.call, entry.seq);
      }
    }
    if (rows.length === 0) done = chain.seq;
    chain.transaction(() => index.write(done));
    index.written();
  }

  const lost = database.prepare('SELECT seq FROM calls WHERE outcome IS NULL ORDER BY seq').all();
  if (lost.length === 0) return;
  chain.transaction(() => {
    for (const row of lost)
      index.end(Number(row.seq), chain.append('outcome', clock.now(), lostBody(Number(row.seq))));
    index.write(chain.seq);
  });
  index.written();
}

function compareWithHead(database: Database, chain: Chain, head: HeadStore): Fault | undefined {
  const kept = head.read();
  if (!kept) {
    // Written before the first entry ever is, so that only a new record has none.
    if (chain.seq === 0) {
      head.write({ seq: 0, hash: chain.hash });
      return undefined;
    }
    return {
      fault: 'truncated',
      at: chain.seq + 1,
      message: `audit.head is gone, so nobody can say whether entries behind entry ${chain.seq} were cut off.`,
    };
  }
  if (kept.seq > chain.seq)
    return {
      fault: 'truncated',
      at: chain.seq + 1,
      message: `The record ended at entry ${chain.seq} when it was opened, but it had reached entry ${kept.seq}: ${kept.seq - chain.seq} were cut off its end.`,
    };
  if (kept.seq <= chain.base.seq) return undefined;
  const row = readEntry(database.prepare('SELECT * FROM entries WHERE seq = ?').get(kept.seq));
  if (row?.hash === kept.hash) return undefined;
  return {
    fault: 'edited',
    at: kept.seq,
    message: `Entry ${kept.seq} is not the one whose hash was kept in audit.head.`,
  };
}
