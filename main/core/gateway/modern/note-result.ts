import { isObject } from '../../../../shared/base/is-object.ts';
import { resultTypeOf } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Pending } from '../call/pending.ts';
import { doubtsOf } from './doubtful-questions.ts';
import type { LaneParts } from './lane-parts.ts';

/**
 * Notes what follows from a result beside its delivery: the next round of a call, its task, and doubts about questions.
 * @returns what the record should say beside the outcome
 */
export function noteResult(lane: LaneParts, pending: Pending, message: RpcMessage): string | undefined {
  const { deps, caller } = lane.requests;
  let type: string | undefined;
  try {
    type = resultTypeOf(message);
  } catch (error) {
    // Nothing is remembered of what two readers could see differently; the next round asks again.
    deps.log('warn', `${caller.server} gave a result whose type is not certain`, error);
    return undefined;
  }
  const asksLater = pending.method === 'tasks/get' && message.raw.includes('"inputRequests"');
  if (type === undefined && !asksLater) return undefined;
  const { result } = message.value();
  if (!isObject(result)) return undefined;
  if (type === 'input_required' && pending.message.call) {
    const { seq, approved, reservation, call, sent, edit } = pending;
    const changed = edit && { by: edit.by, rule: edit.rule, argumentsText: call.argumentsText() };
    const round = { seq, approved, reservation, edit: changed };
    lane.rounds.remember(sent, message, round, deps.clock.monotonic());
  } else if (type === 'task') lane.tasks.remember(pending, result.taskId);
  if (result.inputRequests === undefined) return undefined;
  const doubts = doubtsOf(caller.server, result.inputRequests);
  if (doubts !== undefined) deps.log('warn', doubts);
  return doubts;
}
