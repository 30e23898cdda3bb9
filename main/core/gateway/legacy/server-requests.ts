import { unanswered } from '../../../../shared/text/model.ts';
import { errorMessage, parseFromServer } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Log } from '../../ports.ts';
import { UPSTREAM_FAILED } from '../call/in-flight.ts';
import type { Caller } from '../call/records.ts';
import type { Outbox } from '../streams/outbox.ts';
import type { UpstreamLink } from '../upstream/server-link.ts';

/** Requests of a server that its client has not answered. */
const MAX_OPEN = 10_000;

export interface ServerRequestsOptions {
  readonly log: Log;
  readonly caller: Caller;
  readonly link: Pick<UpstreamLink, 'say'>;
}

/** What a server asked its client (sampling, elicitation, roots, ping) and has no answer to. None of it may wait for ever. */
export class ServerRequests {
  readonly #o: ServerRequestsOptions;
  /** Raw ids, as the server gave them. */
  readonly #open = new Set<string>();
  /** It was said already that messages are dropped. */
  #dropping = false;

  constructor(options: ServerRequestsOptions) {
    this.#o = options;
  }

  /** Notes a request of the server. False when there are too many: then it is refused. */
  note(id: string): boolean {
    if (this.#open.size >= MAX_OPEN) {
      void this.#refuse(id, unanswered.tooMany);
      return false;
    }
    this.#open.add(id);
    return true;
  }

  has(id: string): boolean {
    return this.#open.has(id);
  }

  /** It is answered, or the server took it back. False when nothing was open under that id. */
  settle(id: string): boolean {
    return this.#open.delete(id);
  }

  /** The server has forgotten all of them. */
  clear(): void {
    this.#open.clear();
  }

  /** There was no room for a message of the server. @param id of the request that it was */
  dropped(id: string | undefined): void {
    const { log, caller } = this.#o;
    if (!this.#dropping) {
      log('warn', `${caller.clientName} does not listen; messages of ${caller.server} are dropped`);
      this.#dropping = true;
    }
    if (id !== undefined && this.#open.delete(id)) void this.#refuse(id, unanswered.notListening);
  }

  async #refuse(id: string, why: string): Promise<void> {
    const { log, caller, link } = this.#o;
    try {
      await link.say(errorMessage(id, UPSTREAM_FAILED, why));
    } catch (error) {
      log('debug', `${caller.server} could not be told that its request was dropped`, error);
    }
  }

  /**
   * The server is gone and takes no answers any more.
   * @param outbox where requests wait that the client has not seen: they are just taken out
   * @param tell takes what says so to the client, for each request that it has seen
   */
  takeBack(why: string, outbox: Pick<Outbox, 'withdraw'>, tell: (cancelled: RpcMessage) => void): void {
    for (const id of [...this.#open]) {
      this.#open.delete(id);
      if (outbox.withdraw(id)) continue;
      const params = `{"requestId":${id},"reason":${JSON.stringify(why)}}`;
      const parsed = parseFromServer(
        Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`),
      );
      if (parsed.ok && 'message' in parsed) tell(parsed.message);
    }
  }
}
