import { withArguments, withTextInFront } from '../codec/index.ts';
import type { RpcMessage, ToolCall } from '../codec/types.ts';
import { DECISION_META, type DecisionMeta } from './answers.ts';
import type { Conversation } from './conversation.ts';
import { GOES_ON } from './modern/rounds.ts';
import type { Edit, Pending } from './pending.ts';

/**
 * The call with other arguments, which a person gave it. A call that goes on with an earlier one is not changed: its
 * state may hold the old arguments, so that nobody could say which of them run.
 */
export function editedCall(
  { deps }: Conversation,
  { message, call }: Pending,
  argumentsText: string,
): { readonly message: RpcMessage; readonly call: ToolCall } | { readonly why: string } {
  const earlier = call.extras.find((name) => GOES_ON.includes(name));
  if (earlier !== undefined)
    return { why: `The call goes on with an earlier one (${earlier}), whose arguments it must repeat.` };
  const made = withArguments(message, argumentsText, deps.settings.get().maxMessageBytes);
  if (!made.ok) return { why: `${made.fault.message}.` };
  return { message: made.message, call: made.message.call as ToolCall };
}

/** For the audit. */
export function editSentence({ by, sent }: Edit, ran: ToolCall): string {
  return ` ${by === 'person' ? 'The person' : by} changed the arguments: those of the client had the digest ${sent.argumentsDigest()}, those it was judged with have ${ran.argumentsDigest()}.`;
}

/**
 * The server's answer to a call whose arguments a person changed, with a text in front that tells the agent so. An answer
 * that is no usual tool result (an error, a task, a question) stays as it is.
 */
export function withEditTold(session: Conversation, pending: Pending, shown: Buffer): Buffer {
  const { edit, id } = pending;
  if (!edit) return shown;
  const { call } = pending;
  const text = `The person at this machine changed the arguments of this call before allowing it. It ran with: ${call.argumentsText()}`;
  const value: DecisionMeta = {
    decision: 'approved',
    rule: edit.rule,
    reason: 'The person changed the arguments.',
    sentDigest: edit.sent.argumentsDigest(),
    ranDigest: call.argumentsDigest(),
  };
  try {
    return withTextInFront(shown, text, { name: DECISION_META, value: { ...value } }) ?? shown;
  } catch (error) {
    session.deps.log('warn', `The answer to ${id} does not say that its arguments were changed`, error);
    return shown;
  }
}
