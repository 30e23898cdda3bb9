import type { Mode } from './schemas/common.ts';
import type { ServerView } from './schemas/server.ts';

/** Whether calls of a server pass whatever its policy says, and only what enforcing would have done is recorded. */
export function isObserved(server: ServerView, everywhere: Mode): boolean {
  if (server.mode !== null) return server.mode === 'observe';
  return server.policy.source === 'recommended' || everywhere.mode === 'observe';
}
