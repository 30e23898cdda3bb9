import type { Shelf } from '../streams/event-buffer.ts';
import { Outbox } from '../streams/outbox.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';

/** What a session's outbox needs of the session. */
export interface OutboxUse {
  /** Room for what clients missed, of all sessions. Without it nothing can be resumed. */
  readonly shelf: Shelf | undefined;
  /** The revision the client speaks, as far as it is known. */
  version(): string | null;
  /** There was no room for a message; `request` is its id when it was a request. */
  dropped(request: string | undefined): void;
}

/** The outbox of a session, or of all sessions of an aggregate together. */
export function sessionOutbox(deps: GatewayDeps, limits: GatewayLimits, use: OutboxUse): Outbox {
  const { shelf } = use;
  return new Outbox({
    limits,
    clock: deps.clock,
    dropped: (request) => use.dropped(request),
    resumption: shelf && {
      shelf,
      tag: () => deps.randomBytes(9).toString('base64url'),
      version: () => use.version(),
    },
  });
}
