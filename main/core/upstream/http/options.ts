import type { RpcMessage } from '../../codec/types.ts';
import type { LogRing } from '../log-ring.ts';
import type { CloseReason, UpstreamConnection, UpstreamDeps, UpstreamError } from '../types.ts';
import type { RequesterOptions } from './request.ts';

export interface HttpOptions extends RequesterOptions {
  readonly parse: UpstreamDeps['parse'];
  readonly ring: LogRing;
  /** The server took a message. */
  readonly answered: () => void;
  /** The answer to an initialize. */
  readonly greeted: (answer: RpcMessage) => void;
  /** A message could not be delivered, or the server wants authorization. */
  readonly failed: (error: UpstreamError) => void;
  readonly ended: (reason: CloseReason) => void;
  /** Something the server sent could not be used: a sentence for people. */
  readonly dropped: (text: string) => void;
}

export interface SessionHttpOptions extends HttpOptions {
  /**
   * The server takes no initialize at this address: opens it as one of HTTP+SSE, or gives undefined where it is not one
   * (MCP 2025-11-25, transports, backwards compatibility).
   */
  readonly asSse: () => Promise<UpstreamConnection | undefined>;
}
