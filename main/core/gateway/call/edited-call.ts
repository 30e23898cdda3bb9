import { reasons, running } from '../../../../shared/text/model.ts';
import { withArguments, withTextInFront } from '../../codec/index.ts';
import type { Json, RpcMessage, ToolCall } from '../../codec/types.ts';
import { DECISION_META, type Told } from './not-run.ts';
import { admits } from './open-schema.ts';
import { FOLLOW_UP_MEMBERS, type Pending } from './pending.ts';

/** Member of structured content that tells the model what Drawbridge has to say of the call. */
const NOTICE = 'drawbridge_notice';

/**
 * The call with other arguments, which a person gave it. A call that goes on with an earlier one is not changed: its
 * state may hold the old arguments, so that nobody could say which of them run.
 * @param maxBytes of the whole message
 */
export function editedCall(
  { message, call }: Pending,
  argumentsText: string,
  maxBytes: number,
): { readonly message: RpcMessage; readonly call: ToolCall } | { readonly why: string } {
  const earlier = call.extras.find((name) => FOLLOW_UP_MEMBERS.includes(name));
  if (earlier !== undefined) return { why: running.followsEarlier(earlier) };
  const made = withArguments(message, argumentsText, maxBytes);
  if (!made.ok) return { why: `${made.fault.message}.` };
  return { message: made.message, call: made.message.call as ToolCall };
}

/** What the agent is told of a change, wherever the answer to its call arrives. Undefined for a call that runs as it was sent. */
export function editTold({ edit, message }: Pending): Told | undefined {
  const { call } = message;
  if (!edit || !call) return undefined;
  return {
    text: running.edited(call.argumentsText()),
    meta: {
      decision: 'approved',
      rule: edit.rule,
      reason: reasons.edited,
      sentDigest: edit.sent.argumentsDigest(),
      ranDigest: call.argumentsDigest(),
    },
  };
}

/**
 * The server's answer with a text in front: in the result of a call, in the message of its error, or in the result of the
 * task that it became. An answer that has no place for it (a task that goes on, a question, a result of another shape) stays
 * as it is.
 * @param schema the output schema of the tool; undefined where it has none
 * @throws Error when the answer cannot be edited without doubt
 */
export function withTold(raw: Buffer, told: Told, of: 'call' | 'task', schema: Json | undefined): Buffer {
  const meta = { name: DECISION_META, value: { ...told.meta } };
  const notice = { name: NOTICE, fits: admits(schema, NOTICE), closed: running.asText };
  return withTextInFront(raw, told.text, meta, of, notice) ?? raw;
}
