import { failed } from '../../../../shared/text/model.ts';
import type { CloseReason, UpstreamConnection, UpstreamError } from '../../upstream/types.ts';
import type { EraRules } from './era-rules.ts';
import type { Pending } from './pending.ts';

/** How long requests that a closed connection still carried may take to say so themselves, ms. */
const LAST_WORDS_MS = 2000;
/** How long a connection that refuses messages may take to say that it is closed, ms. */
const DYING_MS = 200;

/** Hands a request to the upstream connection, a new one when there is none. */
export function deliver(era: EraRules, pending: Pending): void {
  const { connection } = era.link;
  if (connection) hand(era, pending, connection);
  else {
    era.link.ready().then(
      (ready) => hand(era, pending, ready),
      (error: UpstreamError) => sendFailed(era, pending, error, undefined),
    );
  }
}

function hand(era: EraRules, pending: Pending, connection: UpstreamConnection): void {
  if (pending.over) return;
  pending.state = 'sent';
  pending.connection = connection;
  pending.handedOver = false;
  pending.since = era.requests.deps.clock.monotonic();
  pending.sending = connection.send(pending.message, era.sending(pending)).then(
    () => {
      pending.handedOver = true;
    },
    (error: UpstreamError) => sendFailed(era, pending, error, connection),
  );
}

/** @param connection that did not take it; undefined when there was none, or no hope is left of another one */
function sendFailed(
  era: EraRules,
  pending: Pending,
  error: UpstreamError,
  connection: UpstreamConnection | undefined,
): void {
  if (pending.over) return;
  const lost = error.kind === 'session-lost';
  if (connection && (lost || error.kind === 'unsent') && !pending.resent && pending.method !== 'initialize') {
    pending.resent = true;
    pending.state = 'waiting';
    if (lost) {
      if (era.sessionLost(connection)) {
        deliver(era, pending);
        return;
      }
    } else {
      // A child that is dying refuses messages a moment before its connection is closed.
      era.requests.deps.clock.after(DYING_MS, () => {
        if (pending.over) return;
        if (era.link.isCurrent(connection)) sendFailed(era, pending, error, undefined);
        else deliver(era, pending);
      });
      return;
    }
  }
  const unsent = error.kind === 'unsent' || lost || connection === undefined;
  if (unsent) pending.reservation?.release();
  const signIn = error.kind === 'signin';
  era.fail(pending, error.message, { signIn, status: unsent || signIn ? 'not-run' : 'error' });
}

/** The connection is gone: what it carried is answered. */
export function connectionClosed(era: EraRules, reason: CloseReason, connection: UpstreamConnection): void {
  const carried = (pending: Pending): boolean =>
    pending.state === 'sent' && pending.connection === connection;
  const fail = (pending: Pending): void => {
    if (pending.over || !carried(pending)) return;
    era.fail(pending, failed.lost(reason.message, pending.method), { status: 'lost' });
  };
  for (const pending of [...era.requests.byId.values()].filter(carried)) {
    // What is still being handed over learns from its own rejection whether it was sent at all.
    if (pending.handedOver) fail(pending);
    else era.requests.deps.clock.after(LAST_WORDS_MS, () => fail(pending));
  }
}
