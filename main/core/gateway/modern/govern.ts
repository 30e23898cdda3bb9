import { isObject } from '../../../../shared/base/is-object.ts';
import { failed, notRun, reasons } from '../../../../shared/text/model.ts';
import { errorMessage, INVALID_PARAMS } from '../../codec/index.ts';
import type { Json, JsonObject } from '../../codec/types.ts';
import type { Verdict } from '../../policy/types.ts';
import { UPSTREAM_FAILED } from '../call/in-flight.ts';
import type { Pending } from '../call/pending.ts';
import type { Task } from '../call/task.ts';
import type { LaneParts } from './lane-parts.ts';

/** MCP 2026-07-28, overview, error codes. */
const MISSING_CAPABILITY = -32021;
const TASKS = 'io.modelcontextprotocol/tasks';

/**
 * Requests that the gateway looks at beside calls: subscriptions, and those about tasks that calls became.
 * @returns false when the request was answered already
 */
export function govern(lane: LaneParts, pending: Pending): boolean {
  if (pending.method === 'subscriptions/listen') return governSubscription(lane, pending);
  return pending.method.startsWith('tasks/') ? governTask(lane, pending) : true;
}

function governSubscription(lane: LaneParts, pending: Pending): boolean {
  const { tasks } = lane.subscriptions.add(pending);
  const foreign = tasks.find((id) => lane.tasks.find(id) === 'foreign');
  if (foreign === undefined) return true;
  lane.requests.refuse(pending, unknownTask(pending, foreign), reasons.notTheirTask);
  return false;
}

/**
 * Tasks belong to the call that began them: its client alone may use them, and what an update adds is judged with that
 * call's tool and arguments, by the policy of now. After a restart nothing is known of a task; it can be read and cancelled
 * then, but not be given more to do.
 */
function governTask(lane: LaneParts, pending: Pending): boolean {
  const { deps, caller } = lane.requests;
  const { params } = pending.message.value();
  const { taskId, _meta } = isObject(params) ? params : ({} as JsonObject);
  const id = typeof taskId === 'string' ? taskId : '';
  const task = lane.tasks.find(id);
  const update = pending.method === 'tasks/update';
  if (task === 'foreign' || (task === undefined && update)) {
    deps.log('warn', `${caller.clientName} named a task that it did not begin: ${pending.method}`);
    const [raw, status] = knowsTasks(_meta) ? [unknownTask(pending, id)] : [undeclared(pending), 400];
    lane.requests.refuse(pending, raw, reasons.notTheirTask, status);
    return false;
  }
  pending.task = task;
  const refused = task && update ? judgeUpdate(lane, task) : undefined;
  if (!refused || !task) return true;
  const { tool } = task.facts;
  const text =
    refused.decision === 'ask'
      ? notRun.updateAsks(tool)
      : notRun.denied(tool, refused.reason, refused.freeAt, deps.clock.now());
  lane.requests.refuse(pending, errorMessage(pending.id, UPSTREAM_FAILED, text), refused.reason);
  return false;
}

/** Judges the call again; what it counts is taken again too, so that it counts once. Gives the verdict that stops it. */
function judgeUpdate(lane: LaneParts, task: Task): Verdict | undefined {
  const { policy } = lane.requests.deps;
  const facts = { ...task.facts, definition: lane.listing.judged(task.facts.tool) };
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
  return errorMessage(pending.id, INVALID_PARAMS, failed.unknownTask(id));
}

/** A client that does not say it knows tasks hears that first (tasks extension, capability negotiation). */
function knowsTasks(meta: Json | undefined): boolean {
  const capabilities = isObject(meta) ? meta['io.modelcontextprotocol/clientCapabilities'] : undefined;
  const extensions = isObject(capabilities) ? capabilities.extensions : undefined;
  return isObject(extensions) && extensions[TASKS] !== undefined;
}

function undeclared(pending: Pending): Buffer {
  const data = { requiredCapabilities: { extensions: { [TASKS]: {} } } };
  return errorMessage(pending.id, MISSING_CAPABILITY, failed.missingCapability, data);
}
