import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import type { Tone } from '../../ui/badge.tsx';

const t = en.servers.rules;

/** What happens to calls of a server now, in words. Which mode holds is the core's to say. */
export function serverRules(server: ServerView): { text: string; tone: Tone } {
  const { effectiveMode, policy } = server;
  if (effectiveMode === 'raised') return { text: t.raised, tone: 'bad' };
  if (effectiveMode === 'bypass') return { text: t.bypass, tone: 'warn' };
  if (policy.broken) return { text: t.broken, tone: 'bad' };
  if (effectiveMode === 'enforce') return { text: t.enforce, tone: 'good' };
  return { text: policy.source === 'recommended' ? t.recommended : t.observe, tone: 'info' };
}
