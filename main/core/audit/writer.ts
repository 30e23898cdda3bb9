import type { Clock, Log } from '../ports.ts';
import type { CallIndex } from './call-index.ts';
import type { Chain } from './chain/chain.ts';
import { noteBody, outcomeBody, redactRecord } from './rows.ts';
import { reason } from './schema.ts';
import type { TodayCounts } from './today.ts';
import type { AuditLog, CallRecord } from './types.ts';

/** Outcomes and the index are written this long after the call at the latest, many in one transaction. */
const FLUSH_MS = 20;
/**
 * When so many wait they are written at once, behind calls that have just been let through: the servers are at work then,
 * and nobody waits. Few, so that the answer which comes meanwhile is not held up by more than a tenth of a millisecond.
 */
const FLUSH_COUNT = 8;
const RETRY_MS = 1_000;

/** A call whose record waits for the end of the turn. */
interface Begun {
  readonly seq: number;
  readonly at: number;
  readonly stored: CallRecord;
  readonly body: string;
  readonly then: (failed: Error | undefined) => void;
}

/** What writes the record. Readers call `tryFlush` first, so that they see everything. */
export interface AuditWriter extends Pick<AuditLog, 'begin' | 'beginSoon' | 'finish' | 'note'> {
  /** Brings outcomes and index onto the disk. Throws when that fails; everything is then kept for the next time. */
  flush(): void;
  /** For what may go on without it: a full disk must not blind the activity list as well. */
  tryFlush(): void;
  /** Nothing is taken any more. False when it was closed already. */
  close(): boolean;
  /** No later flush of its own; after the last one. */
  stop(): void;
}

/**
 * Writes calls, outcomes and notes in order: a call is on the disk before `begin` returns or `beginSoon` tells; outcomes
 * and the index follow within {@link FLUSH_MS}, many in one transaction.
 */
export function createWriter(parts: {
  readonly clock: Clock;
  readonly log: Log;
  readonly chain: Chain;
  readonly index: CallIndex;
  readonly counts: Pick<TodayCounts, 'add'>;
  /** The record has grown: its end is to be kept in the second place soon. */
  readonly grown: () => void;
  /** Hears the number of the newest entry that readers can see. */
  readonly appended: (seq: number) => void;
}): AuditWriter {
  const { clock, log, chain, index, counts, grown, appended } = parts;
  const running = new Set<number>();
  let outcomes: { readonly call: number; readonly at: number; readonly body: string }[] = [];
  let open = true;
  let shown = chain.seq;
  let begun: Begun[] = [];
  let told: (() => void)[] = [];
  let turnEnds = false;
  let stopFlush: (() => void) | undefined;

  const mustBeOpen = (): void => {
    if (!open) throw new Error('The audit is closed: Drawbridge is stopping, and no call is let through.');
  };
  const appendOutcomes = (): void => {
    for (const { call, at, body } of outcomes) index.end(call, chain.append('outcome', at, body));
  };
  const unwritable = (cause: unknown): Error =>
    new Error(
      `The audit record could not be written (${reason(cause)}), so nothing was let through. Free disk space, or check the rights of the data folder.`,
      { cause },
    );
  const enter = ({ seq, at, stored }: Begun): void => counts.add(index.add(seq, at, stored));
  /** Writes the calls that wait for the end of this turn. Each is told later, when the turn ends. */
  const writeBegun = (): void => {
    if (begun.length === 0) return;
    const calls = begun;
    begun = [];
    try {
      // One alone commits by itself: a transaction around it would cost a third more.
      const [only] = calls;
      if (calls.length === 1 && only) chain.append('call', only.at, only.body);
      else
        chain.transaction(() => {
          for (const { at, body } of calls) chain.append('call', at, body);
        });
      for (const call of calls) enter(call);
      for (const { then } of calls) told.push(() => then(undefined));
    } catch (cause) {
      const failed = unwritable(cause);
      for (const { seq } of calls) running.delete(seq);
      // Their numbers go to other entries now.
      const gone = new Set(calls.map(({ seq }) => seq));
      outcomes = outcomes.filter(({ call }) => !gone.has(call));
      for (const { then } of calls) told.push(() => then(failed));
    }
    flushSoon(FLUSH_MS);
    grown();
  };
  const endTurn = (): void => {
    turnEnds = false;
    writeBegun();
    const ready = told;
    told = [];
    for (const tell of ready) {
      try {
        tell();
      } catch (error) {
        // One call that cannot go on must not keep the others from it.
        log('error', 'a call that was recorded could not go on', error);
      }
    }
    if (open && outcomes.length + index.pending >= FLUSH_COUNT) tryFlush();
  };
  /** Appends one entry behind everything that waits, all in one commit. */
  const write = (kind: 'call' | 'note', at: number, body: string): number => {
    mustBeOpen();
    writeBegun();
    try {
      if (outcomes.length === 0) return chain.append(kind, at, body);
      const seq = chain.transaction(() => {
        appendOutcomes();
        return chain.append(kind, at, body);
      });
      outcomes = [];
      return seq;
    } catch (cause) {
      throw unwritable(cause);
    } finally {
      flushSoon(FLUSH_MS);
      grown();
    }
  };
  /** Brings outcomes and index onto the disk. Throws when that fails; everything is then kept for the next time. */
  const flush = (): void => {
    stopFlush?.();
    stopFlush = undefined;
    writeBegun();
    if (outcomes.length > 0 || index.pending > 0) {
      chain.transaction(() => {
        appendOutcomes();
        index.write(chain.seq);
      });
      outcomes = [];
      index.written();
      grown();
    }
    if (shown === chain.seq) return;
    shown = chain.seq;
    appended(shown);
  };
  /** For what may go on without it: a full disk must not blind the activity list as well. */
  const tryFlush = (): void => {
    try {
      flush();
    } catch (error) {
      log('error', `The audit could not be written; trying again (${reason(error)})`);
      flushSoon(RETRY_MS);
    }
  };
  const flushSoon = (ms: number): void => {
    stopFlush ??= clock.after(ms, () => {
      stopFlush = undefined;
      tryFlush();
    });
  };

  return {
    begin(record) {
      const at = clock.now();
      const stored = redactRecord(record);
      const seq = write('call', at, JSON.stringify(stored));
      running.add(seq);
      counts.add(index.add(seq, at, stored));
      return seq;
    },
    beginSoon(record, then) {
      mustBeOpen();
      const at = clock.now();
      const stored = redactRecord(record);
      // Nothing but these calls is written before they are, so their numbers are known.
      const seq = chain.seq + begun.length + 1;
      begun.push({ seq, at, stored, body: JSON.stringify(stored), then });
      running.add(seq);
      if (!turnEnds) {
        turnEnds = true;
        // Behind everything that this turn of the event loop reads from sockets and pipes.
        setImmediate(endTurn);
      }
      return seq;
    },
    finish(seq, outcome) {
      if (!open || !running.delete(seq)) {
        log(
          'warn',
          `An outcome (${outcome.status}) of call ${seq} came too late, or twice; it is not recorded`,
        );
        return;
      }
      outcomes.push({ call: seq, at: clock.now(), body: outcomeBody(seq, outcome) });
      flushSoon(FLUSH_MS);
    },
    note(event, detail) {
      write('note', clock.now(), noteBody(event, detail));
    },
    flush,
    tryFlush,
    close() {
      const was = open;
      open = false;
      return was;
    },
    stop: () => stopFlush?.(),
  };
}
