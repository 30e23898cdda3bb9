import type { State, StateEvent } from '../../../shared/schemas/state.ts';

/** Whether the core's process runs, as the tray shows it. */
export type CoreHealth =
  | { kind: 'starting' }
  | { kind: 'running' }
  /** It ended by itself; `retryAt` is when the next start is made, in milliseconds since the epoch. */
  | { kind: 'down'; message: string; retryAt: number };

/** All that the tray and the approval window depend on. `state` is null until the core has sent it, and while it is down. */
export interface ShellView {
  readonly health: CoreHealth;
  readonly state: State | null;
}

/** The next state, or null when an event is missing before this one: then the topic has to be opened again. */
export function applyEvent(state: State | null, event: StateEvent): State | null {
  if ('whole' in event) return event.whole;
  if (state === null || event.rev !== state.rev + 1) return null;
  return { ...state, ...event.slice, rev: event.rev };
}
