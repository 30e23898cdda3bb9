import type { ServerStatus, ServerView } from '../../../shared/schemas/server.ts';
import type { Tone } from '../../ui/badge.tsx';

/** Whether the recommended rules are only observed because nobody has confirmed them. */
export function isUnconfirmed(server: ServerView): boolean {
  return server.policy.source === 'recommended' && server.mode === null;
}

export const STATUS_TONE: Record<ServerStatus, Tone> = {
  idle: 'none',
  starting: 'info',
  running: 'good',
  failed: 'bad',
  signin: 'warn',
};
