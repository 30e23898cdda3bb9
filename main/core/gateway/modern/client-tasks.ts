import { isObject } from '../../../../shared/base/is-object.ts';
import { sha256 } from '../../codec/index.ts';
import type { Json, RpcMessage } from '../../codec/types.ts';
import { editTold } from '../call/edited-call.ts';
import type { Pending } from '../call/pending.ts';
import { type Caller, taskRecord } from '../call/records.ts';
import type { Task } from '../call/task.ts';
import type { GatewayDeps } from '../types.ts';
import type { Tasks } from './tasks.ts';

/** A task in such a state has come to its end. */
const OVER: ReadonlySet<string> = new Set(['completed', 'failed']);

/** The tasks that one client's calls to one server became. */
export class ClientTasks {
  readonly #all: Tasks;
  readonly #caller: Caller;
  readonly #deps: Pick<GatewayDeps, 'audit' | 'log'>;

  constructor(all: Tasks, caller: Caller, deps: Pick<GatewayDeps, 'audit' | 'log'>) {
    this.#all = all;
    this.#caller = caller;
    this.#deps = deps;
  }

  /** A task of this client; `foreign` when it is another client's; undefined when nothing is known of it. */
  find(id: string): Task | 'foreign' | undefined {
    const task = this.#all.find(this.#caller.server, id);
    return task && task.facts.clientId !== this.#caller.clientId ? 'foreign' : task;
  }

  /** A call became a task. @param id as the server gave it */
  remember(pending: Pending, id: Json | undefined): void {
    const { facts, seq, approved, reservation, message } = pending;
    if (typeof id !== 'string' || !facts) return;
    const { server, clientName } = this.#caller;
    if (this.find(id) === 'foreign') {
      this.#deps.log('warn', `${server} gave a task of another client to ${clientName}`);
      return;
    }
    const told = editTold(pending);
    const bytes = message.raw.length;
    this.#all.remember(server, id, { seq, facts, approved, reservation, told, bytes });
  }

  /** The server tells how a task goes on: its end is recorded like one that was asked for. */
  reported(message: RpcMessage): void {
    const { params } = message.value();
    if (!isObject(params) || typeof params.taskId !== 'string' || !OVER.has(String(params.status))) return;
    const task = this.find(params.taskId);
    if (task === undefined || task === 'foreign') return;
    const { audit, log } = this.#deps;
    const { raw } = message;
    try {
      const seq = audit.begin(taskRecord(this.#caller, message, task));
      const of = { resultDigest: sha256(raw), resultBytes: raw.length };
      audit.finish(seq, { status: 'ok', durationMs: 0, error: null, ...of });
    } catch (error) {
      log('error', 'the end of a task could not be recorded', error);
    }
  }
}
