import { isObject } from '../../../../shared/base/is-object.ts';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { resultIsToolError, sha256 } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import { editTold, withTold } from './edited-call.ts';
import type { EraRules } from './era-rules.ts';
import type { Pending } from './pending.ts';

/** What goes with an answer. */
export interface Passing {
  /** The HTTP status of an error. */
  readonly status?: number | undefined;
  /** What the record of the request should say beside its outcome. */
  readonly note?: string | undefined;
}

/**
 * Passes the server's answer to a request on to the client, with the server's own bytes but for what {@link resultOfCall} and the
 * era change. A promise asks the server to wait.
 */
export function passAnswer(
  era: EraRules,
  pending: Pending,
  message: RpcMessage,
  how: Passing = {},
): Promise<void> | undefined {
  const { raw } = message;
  const ofCall = pending.message.call !== undefined || pending.method === 'tasks/get';
  let shown: Buffer;
  try {
    shown = ofCall ? resultOfCall(era, pending, message) : era.shown(pending, message);
  } catch (error) {
    era.fail(pending, messageOf(error), { status: 'error' });
    return undefined;
  }
  const wait = era.requests.conclude(pending, shown, how.status);
  era.requests.finish(pending, {
    status: message.isError ? 'error' : ofCall && resultIsToolError(message) ? 'tool-error' : 'ok',
    resultDigest: ofCall ? sha256(raw) : null,
    resultBytes: raw.length,
    error: message.isError ? errorText(message) : (how.note ?? null),
  });
  return wait;
}

/**
 * What the client gets of a server's answer to a call. THE place where every answer to a call passes, in both eras and
 * through the joined address, before any of it reaches the client; also that to tasks/get, which holds the result of a call
 * that became a task. Whatever looks at results, or puts something in their place, belongs here: what it gives is sent, and
 * where it throws the client gets an error instead. (A server may also tell the end of a task by itself, as a notification on a
 * subscription: `modern/route-notification.ts`.)
 *
 * Today a result is changed only when a person changed the arguments of its call: then the agent is told.
 */
function resultOfCall({ requests }: EraRules, pending: Pending, { raw }: RpcMessage): Buffer {
  const ofTask = pending.method === 'tasks/get';
  const told = ofTask ? pending.task?.told : pending.edit && editTold(pending);
  if (!told) return raw;
  try {
    const { server } = requests.caller;
    const tool = ofTask ? pending.task?.facts.tool : pending.call.name;
    const definition =
      tool === undefined ? undefined : requests.deps.catalogue.find(server, tool)?.definition;
    return withTold(raw, told, ofTask ? 'task' : 'call', definition?.outputSchema);
  } catch (error) {
    const what = `The answer to ${pending.id} does not say that its arguments were changed`;
    requests.deps.log('warn', what, error);
    return raw;
  }
}

function errorText(message: RpcMessage): string {
  const { error } = message.value();
  return isObject(error) ? `${String(error.message).slice(0, 500)} (${String(error.code)})` : 'an error';
}
