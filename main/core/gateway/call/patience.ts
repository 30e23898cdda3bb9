import type { Clock } from '../../ports.ts';

/** How long a client was seen to wait for the result of a call, ms: without progress, and for calls that asked for it. */
export interface SeenPatience {
  readonly plainMs?: number;
  readonly withProgressMs?: number;
}

/** Where it outlives the process. */
export interface PatienceStore {
  read(clientId: string): SeenPatience | undefined;
  /** `undefined` deletes. */
  write(clientId: string, seen: SeenPatience | undefined): void;
}

/** How a call that waited for a person was taken back by its client. */
export interface TakenBack {
  readonly clientId: string;
  readonly takesProgress: boolean;
  /** Since the call came, ms. */
  readonly afterMs: number;
  /** The reason that the client gave; undefined where it gave none, or just closed the connection. */
  readonly said: string | undefined;
}

/** Shorter than this nobody configures a time-out, and a person may well have thought better of it. Ms. */
const SHORTEST_MS = 5000;
/** Time-outs are configured in round numbers, of this many ms, and are noticed so much later at most. */
const ROUND_MS = 5000;
const LATE_MS = 400;
/** Two waits are the same when they differ by no more than this, ms and as a part of the longer one. */
const ALIKE_MS = 300;
const ALIKE = 0.02;
/** What the answer needs to be there in time: a part of the wait, at most so much, ms. */
const MARGIN = 0.15;
const MARGIN_MS = 10_000;

const SAYS_TIMEOUT = /time[ds]?[\s_-]*out|-32001|deadline/i;
const SAYS_ABORT = /abort|user|interrupt|stopp?ed|no longer/i;

type Kind = keyof SeenPatience;

/**
 * Learns how long each client waits, from the calls it takes back while a person is asked. What counts as a time-out: the
 * client says so; or it gives no other reason and took the call back after a round number of seconds, or after as long as the
 * time before. Anything else was a person, and teaches nothing. A call that lasted longer than what was learned unlearns it.
 */
export class ClientPatience {
  readonly #store: PatienceStore;
  /** How long the call before lasted that a client took back without saying why. */
  readonly #before = new Map<string, number>();

  constructor(store: PatienceStore = memoryStore()) {
    this.#store = store;
  }

  /** Notes a call that was taken back. @returns whether its client ran out of patience */
  timedOut({ clientId, takesProgress, afterMs, said }: TakenBack): boolean {
    const kind = kindOf(takesProgress);
    if (!this.#isTimeout(`${kind} ${clientId}`, afterMs, said)) return false;
    this.#store.write(clientId, { ...this.#store.read(clientId), [kind]: Math.round(afterMs) });
    return true;
  }

  #isTimeout(key: string, afterMs: number, said: string | undefined): boolean {
    if (said !== undefined && SAYS_TIMEOUT.test(said)) return true;
    if ((said !== undefined && SAYS_ABORT.test(said)) || afterMs < SHORTEST_MS) return false;
    const before = this.#before.get(key);
    this.#before.set(key, afterMs);
    if (afterMs >= 2 * ROUND_MS && afterMs % ROUND_MS <= LATE_MS) return true;
    return before !== undefined && Math.abs(before - afterMs) <= Math.max(ALIKE_MS, ALIKE * afterMs);
  }

  /** A client took the answer to a call that lasted so long, ms. */
  waited(clientId: string, takesProgress: boolean, ms: number): void {
    if (ms < SHORTEST_MS) return;
    const seen = this.#store.read(clientId);
    const kind = kindOf(takesProgress);
    const { [kind]: known, ...rest } = seen ?? {};
    if (known !== undefined && ms > known)
      this.#store.write(clientId, Object.keys(rest).length > 0 ? rest : undefined);
  }

  /** How long a call may be held by what was seen, ms; undefined where nothing was. */
  holdMs(clientId: string, takesProgress: boolean): number | undefined {
    const known = this.#store.read(clientId)?.[kindOf(takesProgress)];
    return known === undefined ? undefined : known - Math.min(known * MARGIN, MARGIN_MS);
  }
}

function kindOf(takesProgress: boolean): Kind {
  return takesProgress ? 'withProgressMs' : 'plainMs';
}

function memoryStore(): PatienceStore {
  const seen = new Map<string, SeenPatience>();
  return {
    read: (clientId) => seen.get(clientId),
    write: (clientId, value) => void (value ? seen.set(clientId, value) : seen.delete(clientId)),
  };
}

/** How long ago something began, ms. */
export function since(clock: Pick<Clock, 'monotonic'>, began: number): number {
  return Math.max(0, clock.monotonic() - began);
}
