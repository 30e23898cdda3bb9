import { sentences } from '../../base/sentences.ts';
import type { CloseReason, UpstreamConnection, UpstreamError } from '../../upstream/types.ts';
import type { Conversation } from './conversation.ts';
import type { Pending } from './pending.ts';

/** How long requests that a closed connection still carried may take to say so themselves. */
const LAST_WORDS_MS = 2000;
/** How long a connection that refuses messages may take to say that it is closed. */
const DYING_MS = 200;

/** Hands a request to the upstream connection, a new one when there is none. */
export function deliver(conversation: Conversation, pending: Pending): void {
  const connection = conversation.link.ready();
  if (connection instanceof Promise) {
    connection.then(
      (ready) => hand(conversation, pending, ready),
      (error: UpstreamError) => sendFailed(conversation, pending, error, undefined),
    );
  } else hand(conversation, pending, connection);
}

function hand(conversation: Conversation, pending: Pending, connection: UpstreamConnection): void {
  if (conversation.pending.get(pending.id) !== pending) return;
  pending.state = 'sent';
  pending.connection = connection;
  pending.handedOver = false;
  pending.since = conversation.deps.clock.monotonic();
  pending.sending = connection.send(pending.message, conversation.sending(pending)).then(
    () => {
      pending.handedOver = true;
    },
    (error: UpstreamError) => sendFailed(conversation, pending, error, connection),
  );
}

function sendFailed(
  conversation: Conversation,
  pending: Pending,
  error: UpstreamError,
  connection: UpstreamConnection | undefined,
): void {
  const { deps, link } = conversation;
  if (conversation.pending.get(pending.id) !== pending) return;
  const lost = error.kind === 'session-lost';
  if (connection && (lost || error.kind === 'unsent') && !pending.resent && pending.method !== 'initialize') {
    pending.resent = true;
    pending.state = 'waiting';
    if (lost) {
      if (conversation.sessionLost(connection, error)) {
        deliver(conversation, pending);
        return;
      }
    } else {
      // A child that is dying refuses messages a moment before its connection is closed.
      deps.clock.after(DYING_MS, () => {
        if (conversation.pending.get(pending.id) !== pending) return;
        if (link.isCurrent(connection)) sendFailed(conversation, pending, error, undefined);
        else deliver(conversation, pending);
      });
      return;
    }
  }
  const unsent = error.kind === 'unsent' || lost || connection === undefined;
  if (unsent) pending.reservation?.release();
  conversation.fail(pending, error.message, {
    signIn: error.kind === 'signin',
    status: unsent || error.kind === 'signin' ? 'not-run' : 'error',
  });
}

/** The connection is gone: what it carried is answered. */
export function connectionClosed(
  conversation: Conversation,
  reason: CloseReason,
  connection: UpstreamConnection,
): void {
  const { pending: all, deps } = conversation;
  const carried = (pending: Pending): boolean =>
    pending.state === 'sent' && pending.connection === connection;
  const fail = (pending: Pending): void => {
    if (all.get(pending.id) !== pending || !carried(pending)) return;
    const open = `It had not answered ${pending.method}, which may or may not have been done.`;
    const why = sentences(reason.message, open);
    conversation.fail(pending, why, { status: 'lost' });
  };
  for (const pending of [...all.values()].filter(carried)) {
    // What is still being handed over learns from its own rejection whether it was sent at all.
    if (pending.handedOver) fail(pending);
    else deps.clock.after(LAST_WORDS_MS, () => fail(pending));
  }
}
