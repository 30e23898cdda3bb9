import type { CallFacts, Reservation } from '../../policy/types.ts';
import type { EditTold } from '../call/edited.ts';
import type { Approved } from '../call/pending.ts';

/** A call whose server goes on with it after the answer (tasks extension, io.modelcontextprotocol/tasks). */
export interface Task {
  /** Record of the call. */
  readonly seq: number | undefined;
  readonly facts: CallFacts;
  readonly approved: Approved | undefined;
  reservation: Reservation | undefined;
  /** A person changed the arguments of the call: what the agent is told with the task's result. */
  readonly told: EditTold | undefined;
  /** Bytes of its message, for the bound on all of them. */
  readonly bytes: number;
}

const MAX_TASKS = 5000;
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The tasks that servers began for calls through the gateway. A task belongs to the client that called: the server cannot
 * tell clients apart (it sees one process, or one account), so that is for the gateway to keep.
 */
export class Tasks {
  readonly #tasks = new Map<string, Task>();
  #bytes = 0;

  remember(server: string, id: string, task: Task): void {
    const key = `${server}\n${id}`;
    this.#forget(key);
    this.#tasks.set(key, task);
    this.#bytes += task.bytes;
    for (const oldest of this.#tasks.keys()) {
      if (this.#tasks.size <= MAX_TASKS && this.#bytes <= MAX_BYTES) break;
      this.#forget(oldest);
    }
  }

  find(server: string, id: string): Task | undefined {
    return this.#tasks.get(`${server}\n${id}`);
  }

  #forget(key: string): void {
    this.#bytes -= this.#tasks.get(key)?.bytes ?? 0;
    this.#tasks.delete(key);
  }
}
