import type { ServerStatus, ServerView, SignInView } from '../../../shared/schemas/server.ts';
import type { CoreParts } from '../parts.ts';
import { effectiveMode } from '../policy/judge/modes.ts';
import type { ServerRecord } from '../settings/types.ts';

/**
 * Everything that is shown of one registered server, from the parts that know it. A fact that the connections learn comes
 * with `health`, and needs no line here.
 */
export function serverView(parts: CoreParts, name: string, record: ServerRecord, now: number): ServerView {
  const { text: statusText, ...health } = parts.upstreams.health(name);
  const policy = parts.policies.state(name);
  return {
    name,
    kind: record.config.kind,
    target: parts.servers.target(name),
    mode: record.mode,
    ...(record.disabled ? { disabled: true } : {}),
    ...(record.start ? { start: record.start } : {}),
    effectiveMode: effectiveMode(parts.settings.get(), name, policy.source, now).mode,
    policy,
    ...health,
    statusText,
    signIn: signInView(parts, name, health.status),
    blockedTools: parts.pins.blockedTools(name),
    quarantine: parts.pins.quarantine(name),
    toolCount: parts.catalogue.list(name)?.length ?? null,
    lastCallAt: parts.audit.lastCallAt(name),
    usedBy: usedBy(parts, name),
  };
}

/** A server that wanted a sign-in once, but runs without, needs none. */
function signInView(parts: CoreParts, name: string, status: ServerStatus): SignInView | null {
  const running = status === 'running';
  const view = parts.signIns.view(name, running);
  return running && view?.state === 'needed' && view.issuer === null ? null : view;
}

/** Clients with an entry routed to this server. */
function usedBy(parts: CoreParts, server: string): string[] {
  return parts.clientScan.views
    .filter((client) => client.entries.some((entry) => entry.server === server))
    .map((client) => client.id);
}
