import { isObject } from '../../../../shared/base/is-object.ts';
import { resultTypeOf, sha256 } from '../../codec/index.ts';
import type { Json, RpcMessage } from '../../codec/types.ts';
import { editTold } from '../call/edited.ts';
import type { Pending } from '../call/pending.ts';
import { taskRecord } from '../call/records.ts';
import type { Lane } from './lane.ts';
import { doubtsOf } from './questions.ts';

/**
 * What follows from a result beside its delivery: the next round of a call, its task, and doubts about questions.
 * @returns what the record should say beside the outcome
 */
export function afterwards(lane: Lane, pending: Pending, message: RpcMessage): string | undefined {
  let type: string | undefined;
  try {
    type = resultTypeOf(message);
  } catch (error) {
    // Nothing is remembered of what two readers could see differently; the next round asks anew.
    lane.deps.log('warn', `${lane.server} gave a result whose type is not certain`, error);
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
    lane.rounds.remember(sent, message, round, lane.deps.clock.monotonic());
  } else if (type === 'task' && pending.facts) remember(lane, pending, result.taskId);
  return doubts(lane, result.inputRequests);
}

function remember(lane: Lane, pending: Pending, id: Json | undefined): void {
  const { facts, seq, approved, reservation, message } = pending;
  if (typeof id !== 'string' || !facts) return;
  if (lane.taskOf(id) === 'foreign') {
    lane.deps.log('warn', `${lane.server} gave a task of another client to ${lane.caller.clientName}`);
    return;
  }
  const told = editTold(pending);
  lane.tasks.remember(lane.server, id, {
    seq,
    facts,
    approved,
    reservation,
    told,
    bytes: message.raw.length,
  });
}

/** A task in such a state has come to its end. */
const OVER: ReadonlySet<string> = new Set(['completed', 'failed']);

/** The server tells how a task goes on: its end is recorded like one that was asked for. */
export function taskReported(lane: Lane, message: RpcMessage): void {
  const { params } = message.value();
  if (!isObject(params) || typeof params.taskId !== 'string' || !OVER.has(String(params.status))) return;
  const task = lane.taskOf(params.taskId);
  if (task === undefined || task === 'foreign') return;
  const { audit, log } = lane.deps;
  try {
    const seq = audit.begin(taskRecord(lane.caller, message, task));
    const { raw } = message;
    const of = { resultDigest: sha256(raw), resultBytes: raw.length };
    audit.finish(seq, { status: 'ok', durationMs: 0, error: null, ...of });
  } catch (error) {
    log('error', 'the end of a task could not be recorded', error);
  }
}

function doubts(lane: Lane, inputRequests: Json | undefined): string | undefined {
  const note = inputRequests === undefined ? undefined : doubtsOf(lane.server, inputRequests);
  if (note !== undefined) lane.deps.log('warn', note);
  return note;
}
