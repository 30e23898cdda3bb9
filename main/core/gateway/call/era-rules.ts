import type { RpcMessage } from '../../codec/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import type { SendOptions, UpstreamConnection } from '../../upstream/types.ts';
import type { UpstreamLink } from '../upstream/server-link.ts';
import type { ToolListing } from '../upstream/tool-listing.ts';
import type { Approved } from './approved.ts';
import type { Failure, InFlight } from './in-flight.ts';
import type { Pending } from './pending.ts';

/** A call that is not as its revision wants it, and its answer. */
export interface Malformed {
  readonly rule: string;
  readonly reason: string;
  readonly raw: Buffer;
  /** HTTP status. */
  readonly status: number;
}

/**
 * What an era does with the requests under way: `legacy/session.ts` in revisions with sessions, `modern/lane.ts` in those
 * without. The way of a call (`call-pipeline.ts` to `pass-answer.ts`) is the same for both, and asks these where they differ.
 */
export interface EraRules {
  readonly requests: InFlight;
  /** The upstream connection. */
  readonly link: UpstreamLink;
  /** The server's tools, as this client sees them. */
  readonly listing: ToolListing;

  /** Why this call cannot be taken, whatever the policy says; asked once its tool is known. */
  malformed?(pending: Pending, definition: ToolEntry): Malformed | undefined;

  /**
   * Who allowed the call that this one goes on with, when it is its next round. Asked once for a call that carries more
   * than its arguments, before it is judged.
   */
  goesOn?(pending: Pending): Approved | undefined;

  /** How a request is handed to the connection; called when it is about to be. */
  sending(pending: Pending): SendOptions | undefined;

  /** The upstream lost the session this request was sent in. True when the request can be sent again. */
  sessionLost(connection: UpstreamConnection): boolean;

  /**
   * What the client gets to see of the server's answer to anything but a call.
   * @throws AmbiguousList when nothing of it can be shown
   */
  shown(pending: Pending, message: RpcMessage): Buffer;

  /** Answers a request for which there will be no answer of the server. @param why a sentence */
  fail(pending: Pending, why: string, how: Failure): void;
}
