import { errorMessage } from '../../codec/index.ts';
import type { Verdict } from '../../policy/types.ts';
import { deniedText } from '../answers.ts';
import { UPSTREAM_FAILED } from '../conversation.ts';
import { isObject } from '../listing.ts';
import type { Pending } from '../pending.ts';
import { type Lane, unknownTask } from './lane.ts';
import type { Task } from './tasks.ts';

/**
 * Decides about tasks/get, tasks/update and tasks/cancel. They belong to the call that began the task: its client alone may
 * use it, and what an update adds is judged with that call's tool and arguments, by the policy of now. After a restart
 * nothing is known of a task; it can be read and cancelled then, but not be given more to do.
 * @returns false when the request was answered already
 */
export function governTask(lane: Lane, pending: Pending): boolean {
  const { params } = pending.message.value();
  const id = isObject(params) && typeof params.taskId === 'string' ? params.taskId : '';
  const task = lane.taskOf(id);
  const update = pending.method === 'tasks/update';
  if (task === 'foreign' || (task === undefined && update)) {
    lane.deps.log('warn', `${lane.caller.clientName} named a task that it did not begin: ${pending.method}`);
    lane.refuse(pending, unknownTask(pending, id), 'The task is not known to be one of this client.');
    return false;
  }
  pending.task = task;
  const refused = task && update ? judgeUpdate(lane, task) : undefined;
  if (!refused || !task) return true;
  const { tool } = task.facts;
  const text =
    refused.decision === 'ask'
      ? `Drawbridge did not pass on more input for ${tool}: the policy changed since it was allowed, and asks the person at this machine again. Call the tool anew.`
      : deniedText(tool, refused.reason, refused.freeAt, lane.deps.clock.now());
  lane.refuse(pending, errorMessage(pending.id, UPSTREAM_FAILED, text), refused.reason);
  return false;
}

/** Judges the call anew; what it counts is taken anew too, so that it counts once. Gives the verdict that stops it. */
function judgeUpdate(lane: Lane, task: Task): Verdict | undefined {
  const { policy, catalogue } = lane.deps;
  const facts = { ...task.facts, definition: catalogue.find(lane.server, task.facts.tool) };
  task.reservation?.release();
  task.reservation = undefined;
  const verdict = policy.judge(facts);
  const key = task.approved?.key;
  const approved =
    key !== undefined &&
    key.policyVersion === verdict.policyVersion &&
    key.definitionHash === (facts.definition?.hash ?? '');
  if (verdict.decision !== 'allow' && !(verdict.decision === 'ask' && approved)) return verdict;
  const reserved = policy.reserve(facts, approved);
  if (!reserved.ok) return reserved.verdict;
  task.reservation = reserved.reservation;
  return undefined;
}
