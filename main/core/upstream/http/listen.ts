import { messageOf } from '../../../../shared/base/message-of.ts';
import type { Clock } from '../../ports.ts';
import { UpstreamError } from '../types.ts';
import type { HttpAnswer } from './decoded.ts';
import { endsSession } from './session-words.ts';
import { errorBody, signInError, typeOf, wantsSignIn } from './status.ts';
import { newState, pause, Reopening, type StreamReader } from './stream.ts';

/** Failures in a row after which a stream is given up; a stream that brings something resets the count. */
export const MAX_TRIES = 5;

export interface ListenerOptions {
  readonly server: string;
  readonly clock: Clock;
  readonly reader: StreamReader;
  get(lastId: string | undefined, signal: AbortSignal): Promise<HttpAnswer>;
  readonly note: (text: string) => void;
  /** The server answered 404: it no longer knows the session. */
  readonly unknown: () => void;
  readonly failed: (error: UpstreamError) => void;
  /** The stream is not opened again. */
  readonly over: () => void;
}

/** Keeps the GET stream open, for what belongs to no request (MCP 2025-11-25, transports, listening). */
export class Listener {
  readonly #o: ListenerOptions;
  #open: AbortController | undefined;

  constructor(options: ListenerOptions) {
    this.#o = options;
  }

  /** Opens the stream unless it is open. */
  start(): void {
    if (this.#open) return;
    const open = new AbortController();
    this.#open = open;
    void this.#listen(open.signal).finally(() => {
      if (this.#open !== open) return;
      this.#open = undefined;
      this.#o.over();
    });
  }

  stop(): void {
    if (!this.#open) return;
    this.#open.abort();
    this.#open = undefined;
    this.#o.over();
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { clock, note, server } = this.#o;
    const state = newState(undefined);
    const reopening = new Reopening(clock);
    for (let failures = 0; failures < MAX_TRIES && !signal.aborted; ) {
      reopening.opens();
      const before = state.events;
      let broken = false;
      try {
        const answer = await this.#o.get(state.lastId, signal);
        if (await this.#isRefused(answer)) return;
        if ((answer.statusCode ?? 0) >= 500) broken = true;
        else await this.#o.reader.read(answer, state);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof UpstreamError && error.kind === 'session-lost') return this.#o.unknown();
        broken = true;
        note(`The stream of "${server}" broke: ${messageOf(error)}`);
      }
      const lasted = reopening.ended();
      const good = state.events > before || (!broken && lasted);
      failures = good ? 0 : failures + 1;
      await pause(clock, reopening.waitMs(state, failures), signal);
    }
    if (!signal.aborted) note(`The stream of "${server}" was given up after ${MAX_TRIES} tries.`);
  }

  /** True when trying again cannot help: the session is gone, or there is no such stream (405), which is allowed. */
  async #isRefused(answer: HttpAnswer): Promise<boolean> {
    const status = answer.statusCode ?? 0;
    if (status === 200 && typeOf(answer) === 'text/event-stream') return false;
    if (status >= 500) {
      answer.resume();
      return false;
    }
    if (await endsSession(status, () => errorBody(answer, this.#o.server))) this.#o.unknown();
    else if (wantsSignIn(answer)) this.#o.failed(signInError(this.#o.server, answer));
    answer.resume();
    return true;
  }
}
