import { failed } from '../../../../shared/text/model.ts';
import type { UpstreamConnection } from '../../upstream/types.ts';
import type { EraRules } from '../call/era-rules.ts';
import type { InFlight } from '../call/in-flight.ts';
import type { Pending } from '../call/pending.ts';
import { cancelledMessage } from '../modern/cancelling.ts';

/** Whether the client waits on the line for the answer to any of its requests. */
export function onLine(requests: InFlight): boolean {
  for (const { reply } of requests.byId.values()) if (reply.here) return true;
  return false;
}

/** A session, as far as its requests can be given up. */
type Giving = Pick<EraRules, 'requests' | 'link' | 'fail'>;

/**
 * Gives up the requests that nobody was on the line for longer than a client may take to come back (MCP 2025-11-25,
 * transports, resumability), and tells the server. What the gateway itself asks is not among them.
 * @param now ms of the monotonic clock
 */
export function abandon(session: Giving, now: number): void {
  const { byId, limits } = session.requests;
  for (const pending of [...byId.values()]) {
    const { reply, connection, state, id } = pending;
    if (reply.here || reply.ofGateway) pending.absentSince = undefined;
    else pending.absentSince ??= now;
    if (now - (pending.absentSince ?? now) > limits.resumeMs) {
      giveUp(session, pending);
      if (state === 'sent' && connection && session.link.isCurrent(connection)) tell(session, connection, id);
    }
  }
}

/** Ends a request of a client that is gone. The answer says so, should it come back after all. */
export function giveUp(session: Giving, pending: Pending): void {
  const why = failed.abandoned(pending.method, pending.state === 'sent');
  session.requests.failOne(pending, why, (...lost) => session.fail(...lost));
}

function tell({ requests }: Giving, connection: UpstreamConnection, id: string): void {
  const { server } = requests.caller;
  connection.send(cancelledMessage(id)).catch((error: unknown) => {
    requests.deps.log('debug', `${server} could not be told of a request that was given up`, error);
  });
}
