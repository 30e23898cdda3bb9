import { isObject } from '../../../../shared/base/is-object.ts';
import { errorMessage, INVALID_PARAMS } from '../../codec/index.ts';
import type { Json, JsonObject } from '../../codec/types.ts';
import type { Verdict } from '../../policy/types.ts';
import { deniedText } from '../call/answer-texts.ts';
import { UPSTREAM_FAILED } from '../call/conversation.ts';
import type { Pending } from '../call/pending.ts';
import type { Lane } from './lane.ts';
import type { Task } from './tasks.ts';

/** MCP 2026-07-28, overview, error codes. */
const MISSING_CAPABILITY = -32021;
const TASKS = 'io.modelcontextprotocol/tasks';
const NOT_THEIRS = 'The task is not known to be one of this client.';

/**
 * What the gateway has a say in beside calls: subscriptions, and tasks that calls became.
 * @returns false when the request was answered already
 */
export function govern(lane: Lane, pending: Pending): boolean {
  if (pending.method === 'subscriptions/listen') return governSubscription(lane, pending);
  return pending.method.startsWith('tasks/') ? governTask(lane, pending) : true;
}

function governSubscription(lane: Lane, pending: Pending): boolean {
  const { tasks } = lane.subscriptions.add(pending);
  const foreign = tasks.find((id) => lane.taskOf(id) === 'foreign');
  if (foreign === undefined) return true;
  lane.refuse(pending, unknownTask(pending, foreign), NOT_THEIRS);
  return false;
}

/**
 * Tasks belong to the call that began them: its client alone may use them, and what an update adds is judged with that
 * call's tool and arguments, by the policy of now. After a restart nothing is known of a task; it can be read and cancelled
 * then, but not be given more to do.
 */
function governTask(lane: Lane, pending: Pending): boolean {
  const { params } = pending.message.value();
  const { taskId, _meta } = isObject(params) ? params : ({} as JsonObject);
  const id = typeof taskId === 'string' ? taskId : '';
  const task = lane.taskOf(id);
  const update = pending.method === 'tasks/update';
  if (task === 'foreign' || (task === undefined && update)) {
    lane.deps.log('warn', `${lane.caller.clientName} named a task that it did not begin: ${pending.method}`);
    const [raw, status] = knowsTasks(_meta) ? [unknownTask(pending, id)] : [undeclared(pending), 400];
    lane.refuse(pending, raw, NOT_THEIRS, status);
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
  const { policy } = lane.deps;
  const facts = { ...task.facts, definition: lane.definition(task.facts.tool) };
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

function unknownTask(pending: Pending, id: string): Buffer {
  return errorMessage(pending.id, INVALID_PARAMS, `Unknown task: ${id}`);
}

/** A client that does not say it knows tasks hears that first (tasks extension, capability negotiation). */
function knowsTasks(meta: Json | undefined): boolean {
  const capabilities = isObject(meta) ? meta['io.modelcontextprotocol/clientCapabilities'] : undefined;
  const extensions = isObject(capabilities) ? capabilities.extensions : undefined;
  return isObject(extensions) && extensions[TASKS] !== undefined;
}

function undeclared(pending: Pending): Buffer {
  const data = { requiredCapabilities: { extensions: { [TASKS]: {} } } };
  return errorMessage(pending.id, MISSING_CAPABILITY, 'Missing required client capability', data);
}
