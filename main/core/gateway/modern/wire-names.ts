import type { RpcMessage } from '../../codec/types.ts';
import type { InFlight } from '../call/in-flight.ts';
import type { Pending } from '../call/pending.ts';
import type { Reply } from '../streams/reply.ts';
import { RenamedReply, renamed } from './renamed-request.ts';

const MAX_CANCELLED = 10_000;

/** Keeps the ids and progress tokens of requests on one connection apart. */
export class WireNames {
  readonly #prefix: string;
  readonly #requests: InFlight;
  /** Ids, each with its progress token, of requests that were cancelled and may still be answered: they are not free yet. */
  readonly #cancelled = new Map<string, string | undefined>();
  #count = 0;

  /** @param prefix begins the names made here; no client can guess it */
  constructor(prefix: string, requests: InFlight) {
    this.#prefix = prefix;
    this.#requests = requests;
  }

  /** The request under names that no other one on the connection has: nearly always its own. */
  distinct(message: RpcMessage, reply: Reply): { readonly message: RpcMessage; readonly reply: Reply } {
    const { progressToken: token } = message;
    const id = message.id as string;
    const idTaken = this.#requests.byId.get(id) !== undefined || this.#cancelled.has(id);
    const tokenTaken = token !== undefined && this.#uses(token);
    if (!idTaken && !tokenTaken) return { message, reply };
    const fresh = (): string => JSON.stringify(`${this.#prefix}n${++this.#count}`);
    const wireId = idTaken ? fresh() : id;
    const wireToken = tokenTaken ? fresh() : undefined;
    return {
      message: renamed(message, wireId, wireToken),
      reply: new RenamedReply(reply, { id, wireId, token, wireToken }),
    };
  }

  #uses(token: string): boolean {
    for (const { message } of this.#requests.byId.values()) if (message.progressToken === token) return true;
    if (this.#cancelled.size > 0)
      for (const each of this.#cancelled.values()) if (each === token) return true;
    return false;
  }

  /** The request is over for its client, but not for the server. */
  cancelled({ id, message }: Pending): void {
    this.#cancelled.set(id, message.progressToken);
    if (this.#cancelled.size <= MAX_CANCELLED) return;
    const [oldest] = this.#cancelled.keys();
    if (oldest !== undefined) this.#cancelled.delete(oldest);
  }

  /** The server answered a cancelled request after all. */
  answered(id: string): void {
    this.#cancelled.delete(id);
  }

  /** The connection is gone. */
  clear(): void {
    this.#cancelled.clear();
  }
}
