import { messageOf } from '../../../../shared/base/message-of.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Clock } from '../../ports.ts';
import { UpstreamError } from '../types.ts';
import type { HttpAnswer } from './decoded.ts';
import { MAX_TRIES } from './listen.ts';
import { typeOf } from './status.ts';
import { pause, Reopening, type StreamReader, type StreamState } from './stream.ts';

/** Resumptions in a row that bring nothing: a server that polls may hold a request for long, but not forever. */
const MAX_EMPTY = 600;
/** How long the stream of a cancelled request may go on, ms. */
const LET_GO_MS = 5000;

export interface RequestStreamOptions {
  readonly server: string;
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly reader: StreamReader;
  /** Opens a stream again after the event `lastId`. */
  get(lastId: string | undefined, signal: AbortSignal): Promise<HttpAnswer>;
  readonly note: (text: string) => void;
  /** The server ended the stream of this request in order, before the answer: it will be asked for it again. */
  readonly hungUp?: (forId: string) => void;
}

/** The streams that one connection's messages are answered with. */
export class RequestStreams {
  readonly #o: RequestStreamOptions;
  /** Those of requests, by raw id. */
  readonly #open = new Map<string, StreamState>();

  constructor(options: RequestStreamOptions) {
    this.#o = options;
  }

  /** Reads the stream that answers `message`. @throws UpstreamError see {@link follow} */
  async follow(
    answer: HttpAnswer,
    message: RpcMessage,
    state: StreamState,
    signal: AbortSignal,
  ): Promise<void> {
    const { id } = message;
    const request = message.kind === 'request' && id !== undefined;
    if (request) this.#open.set(id, state);
    try {
      await follow(this.#o, answer, state, request, signal);
    } finally {
      if (request) this.#open.delete(id);
    }
  }

  /** A cancelled request need not be answered, and then its stream would never end. */
  letGo(id: string): void {
    const state = this.#open.get(id);
    if (!state) return;
    this.#o.clock.after(LET_GO_MS, () => {
      state.answered = true;
      state.body?.destroy();
    });
  }
}

/**
 * Reads the stream of a request to its end, resuming it where the server gave event ids (MCP 2025-11-25, transports,
 * resumability).
 * @param request whether an answer is to come; the stream of another message may end at any time
 * @throws UpstreamError when the stream ends, with nothing to resume, before the answer
 */
async function follow(
  o: RequestStreamOptions,
  first: HttpAnswer,
  state: StreamState,
  request: boolean,
  signal: AbortSignal,
): Promise<void> {
  let answer: HttpAnswer | undefined = first;
  const reopening = new Reopening(o.clock);
  for (let failures = 0, empty = 0; ; ) {
    const before = state.events;
    let problem = 'it ended before the answer';
    let inOrder = false;
    if (answer) {
      try {
        await o.reader.read(answer, state);
        inOrder = true;
      } catch (error) {
        if (error instanceof UpstreamError) throw error;
        problem = messageOf(error);
        if (error instanceof RangeError) state.lastId = undefined;
        failures++;
      }
    } else failures++;
    if (state.answered || !request) return;
    if (state.events > before) failures = empty = 0;
    else empty++;
    if (signal.aborted) throw new UpstreamError('failed', 'The request was cancelled.');
    if (state.lastId === undefined || failures >= MAX_TRIES || empty >= MAX_EMPTY) {
      throw new UpstreamError('failed', `The stream of the server "${o.server}" broke off: ${problem}.`);
    }
    if (inOrder && state.forId !== undefined) o.hungUp?.(state.forId);
    reopening.ended();
    await pause(o.clock, reopening.waitMs(state, failures), signal);
    reopening.opens();
    // It was cancelled meanwhile, and is not waited for.
    if (state.answered) return;
    answer = await resume(o, state, signal);
  }
}

/** Undefined when the stream could not be opened this time. */
async function resume(
  o: RequestStreamOptions,
  state: StreamState,
  signal: AbortSignal,
): Promise<HttpAnswer | undefined> {
  try {
    const answer = await o.get(state.lastId, signal);
    if (answer.statusCode === 200 && typeOf(answer) === 'text/event-stream') return answer;
    answer.resume();
  } catch (error) {
    if (error instanceof UpstreamError && error.kind === 'signin') throw error;
    o.note(messageOf(error));
  }
  return undefined;
}
