import type { Task } from '../call/task.ts';

const MAX_TASKS = 5000;
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The tasks that servers began for calls through the gateway. A task belongs to the client that called: the server cannot
 * tell clients apart (it sees one process, or one account), so the gateway does.
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
