import type { ModeName } from '../../../../shared/schemas/common.ts';
import { modeReasons } from '../../../../shared/text/core/policy.ts';
import type { GlobalMode, SettingsDoc } from '../../settings/types.ts';

export interface EffectiveMode {
  readonly mode: ModeName;
  /** A sentence for the mode that is not `enforce`. */
  readonly reason: string;
}

/**
 * The mode that applies to a server now. A raised bridge beats everything, then bypass for everything, then the server's
 * own mode, then the global one. A server without a policy file is observed until its own mode says otherwise: its
 * recommended rules have not been confirmed by a person.
 */
export function effectiveMode(
  doc: SettingsDoc,
  server: string,
  source: 'recommended' | 'file',
  now: number,
): EffectiveMode {
  const own = Object.hasOwn(doc.servers, server) ? (doc.servers[server]?.mode ?? null) : null;
  const everywhere = (bypassOver(doc.mode, now) ? afterBypass(doc.mode) : doc.mode).mode;
  if (everywhere === 'raised') return { mode: 'raised', reason: modeReasons.raised };
  if (own === 'raised') return { mode: 'raised', reason: modeReasons.raisedFor(server) };
  if (everywhere === 'bypass') return { mode: 'bypass', reason: modeReasons.bypass };
  // Bypass is for all servers at once and always ends; a server's own, written by hand, would have no end.
  if (own === 'bypass') return { mode: 'enforce', reason: '' };
  if (own !== null) return { mode: own, reason: own === 'observe' ? modeReasons.observed(server) : '' };
  if (everywhere === 'observe') return { mode: 'observe', reason: modeReasons.observed(server) };
  if (source === 'recommended')
    return {
      mode: 'observe',
      reason: modeReasons.recommended(server),
    };
  return { mode: 'enforce', reason: '' };
}

/** Bypass always ends by itself: without an end it does not run. */
function bypassOver(mode: GlobalMode, now: number): boolean {
  return mode.mode === 'bypass' && (mode.until === null || now >= mode.until);
}

/** Lets everything through until then; afterwards it is as it was. Again while it runs, it only moves the end. */
export function startBypass(old: GlobalMode, until: number): GlobalMode {
  return { mode: 'bypass', until, before: old.mode === 'bypass' ? (old.before ?? 'enforce') : old.mode };
}

/** The mode once bypass is over. */
export function afterBypass(bypass: GlobalMode): GlobalMode {
  return { mode: bypass.before ?? 'enforce', until: null };
}

/** The bridge is raised. Lowered, it is as it was before; a bypass that this cuts short does not come back. */
export function raiseBridge(old: GlobalMode): GlobalMode {
  if (old.mode === 'raised') return old;
  const below = old.mode === 'bypass' ? old.before : old.mode;
  return { mode: 'raised', until: null, before: below === 'observe' ? 'observe' : 'enforce' };
}

/** The mode that a bypass, or the raised bridge, took the place of; any other mode stays. */
export function modeBefore(mode: GlobalMode): GlobalMode {
  if (mode.mode === 'bypass') return afterBypass(mode);
  return mode.mode === 'raised' ? { mode: mode.before ?? 'enforce', until: null } : mode;
}
