import type { State } from '../../../shared/schemas/state.ts';
import { useCore } from '../../client/hooks.ts';

/** How many calls wait for an answer; identical ones are one prompt but several calls. */
export function waitingCalls({ approvals }: Pick<State, 'approvals'>): number {
  return approvals.reduce((sum, { count }) => sum + count, 0);
}

export function useWaitingCalls(): number {
  return useCore(waitingCalls);
}
