import type { HeldCall } from '../../approvals/types.ts';
import type { RpcMessage, ToolCall } from '../../codec/types.ts';
import type { CallFacts, Reservation } from '../../policy/types.ts';
import type { UpstreamConnection } from '../../upstream/types.ts';
import type { SentHeaders } from '../http/sent-headers.ts';
import type { Reply } from '../streams/reply.ts';
import type { Approved, Edit } from './approved.ts';
import type { Task } from './task.ts';

/** Members of params that make a call the next round of an earlier one (MCP 2026-07-28, multi round-trip requests). */
export const FOLLOW_UP_MEMBERS: readonly string[] = ['inputResponses', 'requestState'];

/** One request of a client, from its arrival to its answer. */
export class Pending {
  /** Raw JSON text. */
  readonly id: string;
  readonly method: string;
  readonly reply: Reply;
  /** Monotonic ms: when it was forwarded (or began, before that). */
  since: number;
  /** Its client took it back because it waits no longer, not because nobody wants it. */
  ranOut = false;
  /** Monotonic ms: when it came. */
  readonly came: number;
  /** `waiting`: not judged yet, or the upstream is being opened. `held`: a person is asked. `sent`: the upstream has it. */
  state: 'waiting' | 'held' | 'sent' = 'waiting';
  /** It is answered, or its client took it back: nothing more is done for it. */
  over = false;
  /** Since when nobody waits on the line for its answer, monotonic ms. */
  absentSince: number | undefined;
  /** The connection that carries it, once it is sent. */
  connection: UpstreamConnection | undefined;
  /** That connection took it over; only its answer is outstanding. */
  handedOver = false;
  /** Settles when that connection has taken it over, or could not. Never rejects. */
  sending: Promise<void> | undefined;
  /** It was sent once more after the upstream lost the session. */
  resent = false;
  /** Record in the audit, once there is one. */
  seq: number | undefined;
  reservation: Reservation | undefined;
  held: HeldCall | undefined;
  /** What was judged, and who allowed it, once the call is about to run. */
  facts: CallFacts | undefined;
  approved: Approved | undefined;
  /** Record of the call that this one goes on with. */
  follows: number | undefined;
  /** For requests about a task: what is known of it. */
  task: Task | undefined;
  /** The client's headers, where the revision says that they repeat the body. */
  headers: SentHeaders | undefined;
  /** Ends its sending. */
  abort: AbortController | undefined;
  /** The last progress value sent for it. */
  progress: number | undefined;
  /** Set once a person changed its arguments. */
  edit: Edit | undefined;
  /** The cursor of a tools/list. */
  cursor: string | undefined;

  #message: RpcMessage;

  constructor(message: RpcMessage, reply: Reply, now: number) {
    this.#message = message;
    this.id = message.id as string;
    this.method = message.method as string;
    this.reply = reply;
    this.since = now;
    this.came = now;
  }

  /** What is judged and forwarded: the client's own bytes, unless a person changed the arguments. */
  get message(): RpcMessage {
    return this.#message;
  }

  /** The call as the client sent it. */
  get sent(): ToolCall {
    return this.edit?.sent ?? this.call;
  }

  /** Goes on with other arguments. `message` is this call but for them. */
  change(message: RpcMessage, by: string, rule: string): void {
    this.edit = { by, rule, sent: this.sent };
    this.#message = message;
  }

  /** For tools/call. @throws Error for anything else */
  get call(): ToolCall {
    const { call } = this.message;
    if (!call) throw new Error(`${this.method} is not a call.`);
    return call;
  }
}
