import type { CallFacts, Reservation } from '../../policy/types.ts';
import type { Approved } from './approved.ts';
import type { Told } from './not-run.ts';

/** A call whose server goes on with it after the answer (tasks extension, io.modelcontextprotocol/tasks). */
export interface Task {
  /** Number of the call's record. */
  readonly seq: number | undefined;
  readonly facts: CallFacts;
  readonly approved: Approved | undefined;
  reservation: Reservation | undefined;
  /** A person changed the arguments of the call: what the agent is told with the task's result. */
  readonly told: Told | undefined;
  /** Bytes of its message, for the bound on all of them. */
  readonly bytes: number;
}
