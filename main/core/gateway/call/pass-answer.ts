import { isObject } from '../../../../shared/base/is-object.ts';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { resultIsToolError, sha256 } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Conversation } from './conversation.ts';
import { withEditTold } from './edited.ts';
import type { Pending } from './pending.ts';

/**
 * Passes the server's answer on to the client, changed only where the policy shows: in lists of tools, and in the promise
 * to tell when they change. A promise asks the server to wait.
 * @param how the HTTP status of an error, and what the record of the call should say beside its outcome
 */
export function answer(
  conversation: Conversation,
  pending: Pending,
  message: RpcMessage,
  how: { readonly status?: number | undefined; readonly note?: string | undefined } = {},
): Promise<void> | undefined {
  const { raw } = message;
  let shown: Buffer;
  try {
    shown = withEditTold(conversation, pending, conversation.shown(pending, message));
  } catch (error) {
    conversation.fail(pending, messageOf(error), { status: 'error' });
    return undefined;
  }
  const wait = conversation.conclude(pending, shown, how.status);
  const digested = pending.message.call !== undefined || pending.method === 'tasks/get';
  conversation.finish(pending, {
    status: message.isError ? 'error' : digested && resultIsToolError(message) ? 'tool-error' : 'ok',
    resultDigest: digested ? sha256(raw) : null,
    resultBytes: raw.length,
    error: message.isError ? errorText(message) : (how.note ?? null),
  });
  return wait;
}

function errorText(message: RpcMessage): string {
  const { error } = message.value();
  return isObject(error) ? `${String(error.message).slice(0, 500)} (${String(error.code)})` : 'an error';
}
