import type { Clock, Database, Log } from '../../ports.ts';
import { reason } from '../schema.ts';
import type { Chain } from './chain.ts';
import type { HeadStore } from './head.ts';

/** The end of the chain is kept in the second place this long after it moved, at the latest. */
const HEAD_MS = 5_000;

export interface EndParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly database: Database;
  readonly chain: Chain;
  readonly head: HeadStore;
}

/** Keeps the end of the chain in its second place. */
export interface End {
  /** Writes where the chain ends now, when that is not written yet. Throws when it can't. */
  write(): void;
  /** Writes it within five seconds, and again when that fails. */
  soon(): void;
  stop(): void;
}

export function createEnd({ clock, log, database, chain, head }: EndParts): End {
  let written = head.read()?.seq ?? 0;
  let cancel: (() => void) | undefined;

  const stop = (): void => {
    cancel?.();
    cancel = undefined;
  };
  /** What the head says must be on the disk before it does, or a power cut would look like a cut-off tail. */
  const write = (): void => {
    stop();
    if (written === chain.seq) return;
    const now = { seq: chain.seq, hash: chain.hash };
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    head.write(now);
    written = now.seq;
  };
  const soon = (): void => {
    cancel ??= clock.after(HEAD_MS, () => {
      cancel = undefined;
      try {
        write();
      } catch (error) {
        log('error', `The head of the audit could not be written; trying again (${reason(error)})`);
        soon();
      }
    });
  };
  return { write, soon, stop };
}
