import { Brake } from '../../base/brake.ts';
import type { RpcMessage } from '../../codec/types.ts';
import { SseParser } from '../../codec/wire/sse-parser.ts';
import type { Clock } from '../../ports.ts';
import { explain, Reason } from '../errors/network-errors.ts';
import { type Inbox, messagesOf } from '../inbox.ts';
import { ownError } from '../messages.ts';
import type { OpenRequests } from '../open-requests.ts';
import { type UpstreamDeps, UpstreamError } from '../types.ts';
import type { HttpAnswer } from './decoded.ts';
import { answersWithoutSession } from './session-words.ts';
import { sessionLost } from './status.ts';

/** Wait before the first reconnection when the server names none, in milliseconds. */
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;
/** A stream that lasted so long was a good one, whatever it brought. */
const LONG_MS = 5000;
/** How long an answer with the id of no request is held back, for the right one may follow, ms. */
const DOUBT_MS = 1000;
/** How long a stream may go on after the answer it was opened for. */
const AFTER_ANSWER_MS = 5000;

/** What is known about one stream of events, over all the connections it takes. */
export interface StreamState {
  /** Raw id of the request it answers; undefined for the GET stream. */
  readonly forId: string | undefined;
  /** It belongs to a session, which the server may turn out not to know. */
  readonly inSession: boolean;
  answered: boolean;
  /** An answer with the id of no request, which counts if no other one comes. */
  doubtful?: RpcMessage | undefined;
  lastId: string | undefined;
  retry: number | undefined;
  /** What is being read now. */
  body?: HttpAnswer;
  /** Grows with everything that comes: a stream that brings something is alive. */
  events: number;
}

export function newState(forId: string | undefined, inSession = false): StreamState {
  return { forId, inSession, answered: false, lastId: undefined, retry: undefined, events: 0 };
}

export interface StreamReaderOptions {
  readonly server: string;
  readonly inbox: Inbox;
  readonly parse: UpstreamDeps['parse'];
  readonly maxBytes: number;
  readonly clock: Pick<Clock, 'after'>;
  /** Something for the server's log. */
  readonly note: (text: string) => void;
  readonly open: OpenRequests;
}

/** Reads event streams of one server into its inbox; the next piece is read when a message was taken. */
export class StreamReader {
  readonly #o: StreamReaderOptions;

  constructor(options: StreamReaderOptions) {
    this.#o = options;
  }

  /**
   * Reads to the end of the body.
   * @throws RangeError when an event is too large, Reason when the connection breaks before the answer, UpstreamError
   *   `session-lost` when the answer is that the session is unknown
   */
  async read(body: HttpAnswer, state: StreamState): Promise<void> {
    const parser = new SseParser(this.#o.maxBytes);
    state.body = body;
    let cancel: (() => void) | undefined;
    let settle: (() => void) | undefined;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        const events = parser.push(chunk);
        if (parser.lastId !== undefined && parser.lastId !== state.lastId) {
          state.lastId = parser.lastId;
          state.events++;
        }
        if (parser.retry !== undefined) state.retry = Math.min(parser.retry, LONGEST_RETRY_MS);
        for (const { event, data } of events) {
          if (event === 'message' && data.length > 0) await this.#event(data, state);
        }
        if (state.doubtful) settle ??= this.#o.clock.after(DOUBT_MS, () => void this.#settle(state));
        if (state.answered) cancel ??= this.#o.clock.after(AFTER_ANSWER_MS, () => body.destroy());
      }
      for (const { event, data } of parser.end()) {
        if (event === 'message' && this.#o.parse(data).ok) await this.#event(data, state);
      }
      await this.#settle(state);
    } catch (error) {
      if (error instanceof RangeError || error instanceof UpstreamError) throw error;
      await this.#settle(state);
      if (!state.answered) throw new Reason(explain(error as NodeJS.ErrnoException));
    } finally {
      cancel?.();
      settle?.();
    }
  }

  async #event(data: Buffer, state: StreamState): Promise<void> {
    const { server, inbox, parse, note, open } = this.#o;
    state.events++;
    const taken = messagesOf(parse(data));
    if ('fault' in taken) {
      const rescued = open.rescue(data, parse, state.forId);
      if (rescued) {
        state.answered ||= rescued.id === state.forId;
        await inbox.put(rescued, state.forId);
        return;
      }
      const why = `The server "${server}" sent a message that is not valid: ${taken.fault.message}`;
      note(why);
      const { id } = taken.fault;
      if (state.forId === undefined || id === undefined) return;
      if (open.find(id, state.forId, false) !== state.forId) return;
      open.delete(state.forId);
      state.answered = true;
      await inbox.put(ownError(state.forId, why), state.forId);
      return;
    }
    const { forId } = state;
    const strange = (each: RpcMessage): boolean =>
      forId !== undefined && !state.answered && each.kind === 'response' && !open.fits(each, forId);
    state.doubtful = taken.messages.find(strange) ?? state.doubtful;
    await this.#take(
      taken.messages.filter((each) => !strange(each)),
      state,
    );
  }

  /** Nothing better came. */
  async #settle(state: StreamState): Promise<void> {
    const { doubtful } = state;
    state.doubtful = undefined;
    if (doubtful) await this.#take([doubtful], state);
  }

  async #take(some: readonly RpcMessage[], state: StreamState): Promise<void> {
    const { server, inbox, open } = this.#o;
    const messages = open.matchAll(some, state.forId);
    const gone = (each: RpcMessage): boolean => each.kind === 'response' && answersWithoutSession(each);
    if (state.inSession && messages.some(gone)) throw sessionLost(server, undefined);
    for (const message of messages) {
      if (message.kind === 'response' && message.id === state.forId) state.answered = true;
    }
    await inbox.putAll(messages, state.forId);
  }
}

/**
 * How long to wait before a stream is opened again. The server names the time, which may be none at all; streams that
 * soon end, whatever they brought, make it longer all the same.
 */
export class Reopening {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #brake: Brake;
  #since: number;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#since = clock.monotonic();
    this.#brake = new Brake({ clock, free: 1, firstMs: 50, longestMs: 2000 });
  }

  /** A stream is opened. */
  opens(): void {
    this.#since = this.#clock.monotonic();
  }

  /** It ended. Gives whether it lasted. */
  ended(): boolean {
    const lasted = this.#clock.monotonic() - this.#since > LONG_MS;
    if (lasted) this.#brake.forget();
    else this.#brake.tried();
    return lasted;
  }

  /** Ms until the next one. @param failures in a row that brought nothing */
  waitMs({ retry }: StreamState, failures: number): number {
    return Math.max(retry ?? RETRY_MS * 2 ** failures, this.#brake.waitMs());
  }
}

/** Waits `ms`, or until the signal aborts. */
export function pause(clock: Pick<Clock, 'after'>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const go = (): void => {
      cancel();
      signal.removeEventListener('abort', go);
      done();
    };
    const cancel = clock.after(Math.min(ms, LONGEST_RETRY_MS), go);
    signal.addEventListener('abort', go);
  });
}
