import type { ServerStatus, ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import type { Tone } from '../../ui/badge.tsx';

/** Whether the recommended rules are only observed because nobody has confirmed them. */
export function isUnconfirmed(server: ServerView): boolean {
  return server.policy.source === 'recommended' && server.mode === null;
}

/** How a server stands, in a word and a colour: switched off counts before what it did last. */
export function statusOf({ status, disabled }: ServerView): { tone: Tone; text: string } {
  if (disabled) return { tone: 'none', text: en.servers.off };
  return { tone: STATUS_TONE[status], text: en.servers.status[status] };
}

const STATUS_TONE: Record<ServerStatus, Tone> = {
  idle: 'none',
  starting: 'info',
  running: 'good',
  failed: 'bad',
  signin: 'warn',
};
