import type { ModeName } from '../../../shared/schemas/common.ts';
import type { SettingsDoc } from '../settings/types.ts';

export interface EffectiveMode {
  readonly mode: ModeName;
  /** A sentence for the mode that is not `enforce`. */
  readonly reason: string;
}

/**
 * The mode that applies to a server now. A raised bridge beats everything, then bypass for everything, then the server's
 * own mode, then the global one. A server without a policy file is observed until its own mode says otherwise: its
 * recommended rules were not confirmed by anyone.
 */
export function effectiveMode(
  doc: SettingsDoc,
  server: string,
  source: 'recommended' | 'file',
  now: number,
): EffectiveMode {
  const own = Object.hasOwn(doc.servers, server) ? (doc.servers[server]?.mode ?? null) : null;
  const everywhere = doc.mode.mode === 'bypass' && !bypassRuns(doc, now) ? 'enforce' : doc.mode.mode;
  if (everywhere === 'raised')
    return { mode: 'raised', reason: 'The bridge is raised: every call is denied.' };
  if (own === 'raised')
    return { mode: 'raised', reason: `The bridge is raised for ${server}: every call to it is denied.` };
  if (everywhere === 'bypass' || own === 'bypass')
    return { mode: 'bypass', reason: 'Everything is let through for now; the policy is not enforced.' };
  if (own !== null) return { mode: own, reason: own === 'observe' ? observed(server) : '' };
  if (everywhere === 'observe') return { mode: 'observe', reason: observed(server) };
  if (source === 'recommended')
    return {
      mode: 'observe',
      reason: `${server} has no policy of its own yet; the recommended rules are observed, not enforced.`,
    };
  return { mode: 'enforce', reason: '' };
}

const observed = (server: string) => `The policy of ${server} is observed, not enforced.`;

/** Bypass always ends by itself: without an end it does not run. */
function bypassRuns(doc: SettingsDoc, now: number): boolean {
  return doc.mode.until !== null && now < doc.mode.until;
}
