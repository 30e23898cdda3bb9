import type { Mode } from '../../../shared/schemas/common.ts';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import type { Tone } from '../../ui/badge.tsx';

const t = en.servers.rules;

/** What happens to calls of a server now, in words. Follows the order of the core: raised, bypass, own mode, the mode for everything. */
export function serverRules(server: ServerView, everywhere: Mode): { text: string; tone: Tone } {
  const own = server.mode;
  if (everywhere.mode === 'raised' || own === 'raised') return { text: t.raised, tone: 'bad' };
  if (everywhere.mode === 'bypass' || own === 'bypass') return { text: t.bypass, tone: 'warn' };
  if (server.policy.broken) return { text: t.broken, tone: 'bad' };
  if (own === 'enforce') return { text: t.enforce, tone: 'good' };
  if (server.policy.source === 'recommended') return { text: t.recommended, tone: 'info' };
  if (own === 'observe' || everywhere.mode === 'observe') return { text: t.observe, tone: 'info' };
  return { text: t.enforce, tone: 'good' };
}
