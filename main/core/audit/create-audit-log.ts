import { createListeners } from '../../../shared/base/listeners.ts';
import type { ActivityRow } from '../../../shared/schemas/audit.ts';
import type { Clock, Database, Log } from '../ports.ts';
import { CallIndex } from './call-index.ts';
import { Chain } from './chain/chain.ts';
import { createEnd } from './chain/chain-end.ts';
import { HeadStore } from './chain/head.ts';
import { recover } from './chain/recover.ts';
import { verifyChain } from './chain/verify.ts';
import { exportCsv, exportJsonl } from './export.ts';
import { createHistory } from './history.ts';
import { startPruning } from './prune.ts';
import { createReader } from './reader.ts';
import type { Limits } from './retention.ts';
import { openSchema, reason } from './schema.ts';
import { createTodayCounts } from './today.ts';
import type { AuditLog } from './types.ts';
import { createWriter } from './writer.ts';

/**
 * Opens the record of calls (docs/audit.md). `database` is `<data>/audit.db`; `head` is `<data>/audit.head`, the
 * second place where its end is kept; the log closes both. A call's record is committed before `begin` returns, or
 * `beginSoon` tells, and outlives any end of the process; outcomes follow within 20 ms, in order. Calls that
 * were running when the process ended get the outcome `lost` here. Throws a sentence for people when the database is of a newer version or unreadable.
 */
export function createAuditLog(deps: {
  readonly clock: Clock;
  readonly log: Log;
  readonly database: Database;
  readonly head: Database;
  readonly retention: () => Limits;
}): AuditLog {
  const { clock, log, database, retention } = deps;
  openSchema(database);
  const chain = new Chain(database);
  const index = new CallIndex(database);
  const head = new HeadStore(deps.head);
  recover({ clock, log, database, chain, index, head });
  const counts = createTodayCounts(clock, index);
  const reader = createReader(database, index);
  const history = createHistory(database, index);
  const end = createEnd({ clock, log, database, chain, head });
  const listeners = createListeners<[seq: number]>();
  const writer = createWriter({
    clock,
    log,
    chain,
    index,
    counts,
    grown: end.soon,
    appended: (seq) => listeners.tell(seq),
  });
  const { flush, tryFlush } = writer;
  // What is to be removed must be written first.
  const stopPruning = startPruning({
    clock,
    log,
    database,
    chain,
    head,
    retention,
    flush,
    writeHead: end.write,
  });
  end.soon();

  return {
    begin: writer.begin,
    beginSoon: writer.beginSoon,
    finish: writer.finish,
    note: writer.note,
    page(query): ActivityRow[] {
      tryFlush();
      return reader.page(query);
    },
    detail(seq) {
      tryFlush();
      return reader.detail(seq);
    },
    history(query) {
      tryFlush();
      return history(query);
    },
    exportPage(format, after) {
      flush();
      return format === 'csv' ? exportCsv(database, after) : exportJsonl(database, after);
    },
    verify() {
      flush();
      const heads = [{ seq: chain.seq, hash: chain.hash }];
      const kept = head.read();
      if (kept) heads.push(kept);
      return verifyChain(database, { base: chain.base, heads, faults: head.faults() });
    },
    today: () => counts.today(),
    toolUse: (server) => counts.toolUse(server),
    lastCallAt: (server) => counts.lastCallAt(server),
    onAppend: (listener) => void listeners.add(listener),
    close() {
      if (!writer.close()) return;
      stopPruning();
      try {
        flush();
        end.write();
      } catch (error) {
        log('error', `The end of the audit could not be written (${reason(error)})`);
      } finally {
        writer.stop();
        end.stop();
        database.close();
        head.close();
      }
    },
  };
}
