import type { RpcMessage } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import type { Listened } from '../streams/listen-stream.ts';
import type { Reply } from '../streams/reply.ts';

/** A client's session as its POSTs and streams meet it: with one server, or with all of them at once. */
export interface ClientSession extends Listened {
  readonly client: ClientIdentity;
  /** Name of the server, or `ALL`. */
  readonly server: string;
  readonly software: string;
  readonly protocolVersion: string | null;
  readonly createdAt: number;
  /** Ms since the epoch. */
  readonly usedAt: number;
  /** When it was used last, by the monotonic clock; what ends idle sessions sets it forward while it is busy. */
  usedTick: number;
  /** Requests that wait for an answer. */
  readonly inFlight: number;
  /** The client has a stream open, or waits on the line for an answer. */
  readonly attended: boolean;
  /** Whether an upstream connection is open. */
  readonly connected: boolean;
  /** Takes a request of the client; its answer goes to `reply`. */
  request(message: RpcMessage, reply: Reply): void;
  /** Hands over a notification. @throws UpstreamError */
  notify(message: RpcMessage): Promise<void>;
  /** Takes the client's answer to a request of a server. False when no server asked anything of that id. */
  respond(message: RpcMessage): Promise<boolean>;
  /** The client closed the POST of these requests. */
  hungUp(ids: readonly string[], reply: Reply): void;
  /** The policy changed what the client sees. */
  notifyToolsChanged(): void;
  /** Headers and signs of life that are due. Ms of the monotonic clock. */
  tick(now: number): void;
  /** Ends what nobody waits for any more, and closes what an absent client does not need; the next request opens it again. */
  rest(): Promise<void>;
  end(why: string): Promise<void>;
}
