import { resultTypeOf } from '../../codec/index.ts';
import type { Json, RpcMessage } from '../../codec/types.ts';
import { isObject } from '../listing.ts';
import type { Pending } from '../pending.ts';
import type { Lane } from './lane.ts';
import { doubtsOf } from './questions.ts';

export interface Afterwards {
  /** What the record should say beside the outcome. */
  readonly note?: string | undefined;
}

/** What follows from a result beside its delivery: the next round of a call, its task, and doubts about questions. */
export function afterwards(lane: Lane, pending: Pending, message: RpcMessage): Afterwards {
  let type: string | undefined;
  try {
    type = resultTypeOf(message);
  } catch (error) {
    // Nothing is remembered of what two readers could see differently; the next round asks anew.
    lane.deps.log('warn', `${lane.server} gave a result whose type is not certain`, error);
    return {};
  }
  const asksLater = pending.method === 'tasks/get' && message.raw.includes('"inputRequests"');
  if (type === undefined && !asksLater) return {};
  const { result } = message.value();
  if (!isObject(result)) return {};
  if (type === 'input_required' && pending.message.call) {
    const { seq, approved, reservation } = pending;
    const round = { seq, approved, reservation };
    lane.rounds.remember(pending.call, message, round, lane.deps.clock.monotonic());
  } else if (type === 'task' && pending.facts) remember(lane, pending, result.taskId);
  return { note: doubts(lane, result.inputRequests) };
}

function remember(lane: Lane, pending: Pending, id: Json | undefined): void {
  const { facts, seq, approved, reservation, message } = pending;
  if (typeof id !== 'string' || !facts) return;
  if (lane.taskOf(id) === 'foreign') {
    lane.deps.log('warn', `${lane.server} gave a task of another client to ${lane.caller.clientName}`);
    return;
  }
  lane.tasks.remember(lane.server, id, { seq, facts, approved, reservation, bytes: message.raw.length });
}

function doubts(lane: Lane, inputRequests: Json | undefined): string | undefined {
  const note = inputRequests === undefined ? undefined : doubtsOf(lane.server, inputRequests);
  if (note !== undefined) lane.deps.log('warn', note);
  return note;
}
