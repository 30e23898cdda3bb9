import type { TicketKey } from '../../approvals/types.ts';
import type { ToolCall } from '../../codec/types.ts';

/** A call that a person, or something a person said before, allowed. */
export interface Approved {
  readonly by: string;
  readonly key: TicketKey;
  /**
   * The person answered for this very call just now, not earlier by a ticket or a lasting grant. The loop guard asks again
   * after those, but not after this.
   */
  readonly decidedNow: boolean;
}

/** A person let a call run with other arguments than the client sent. */
export interface Edit {
  readonly by: string;
  /** The rule that asked. */
  readonly rule: string;
  /** The call as the client sent it. */
  readonly sent: ToolCall;
}
