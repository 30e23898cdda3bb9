import { withArguments, withTextInFront } from '../../codec/index.ts';
import type { RpcMessage, ToolCall } from '../../codec/types.ts';
import { GOES_ON } from '../modern/rounds.ts';
import { DECISION_META, type DecisionMeta } from './answer-texts.ts';
import type { Conversation } from './conversation.ts';
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

/** What the agent is told of a change, wherever the answer to its call arrives. */
export interface EditTold {
  readonly text: string;
  readonly value: DecisionMeta;
}

/** Undefined for a call that runs as it was sent. */
export function editTold({ edit, message }: Pending): EditTold | undefined {
  const { call } = message;
  if (!edit || !call) return undefined;
  return {
    text: `The person at this machine changed the arguments of this call before allowing it. It ran with: ${call.argumentsText()}`,
    value: {
      decision: 'approved',
      rule: edit.rule,
      reason: 'The person changed the arguments.',
      sentDigest: edit.sent.argumentsDigest(),
      ranDigest: call.argumentsDigest(),
    },
  };
}

/**
 * The server's answer to a call whose arguments a person changed, with a text in front that tells the agent so: in its
 * result, in the message of its error, or in the result of the task that it became, when the client gets that. An answer
 * that has no place for it (a task that goes on, a question, a result of another shape, a task's own notification) stays
 * as it is.
 */
export function withEditTold(session: Conversation, pending: Pending, shown: Buffer): Buffer {
  const ofTask = pending.method === 'tasks/get';
  const told = ofTask ? pending.task?.told : editTold(pending);
  if (!told) return shown;
  const meta = { name: DECISION_META, value: { ...told.value } };
  try {
    return withTextInFront(shown, told.text, meta, ofTask ? 'task' : 'call') ?? shown;
  } catch (error) {
    session.deps.log(
      'warn',
      `The answer to ${pending.id} does not say that its arguments were changed`,
      error,
    );
    return shown;
  }
}
