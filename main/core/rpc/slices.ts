import type { ClientView } from '../../../shared/schemas/client.ts';
import type { Problem } from '../../../shared/schemas/common.ts';
import type { PausedClient } from '../../../shared/schemas/health.ts';
import type { ServerStatus, ServerView, SignInView } from '../../../shared/schemas/server.ts';
import type { CoreParts } from '../assemble.ts';
import { clientName } from '../clients/table/index.ts';
import type { CoreOptions } from '../create-core.ts';
import { effectiveMode } from '../policy/judge/modes.ts';
import { markLeftAlone } from '../settings/left-alone.ts';
import type { Slices } from './state-hub.ts';

const RECENT_CALLS = 20;

/** What each slice of the state is, computed from the parts. */
export function slices(get: () => CoreParts, options: CoreOptions): Slices {
  return {
    core: () => {
      const parts = get();
      return {
        version: options.version,
        dataDir: options.dataDir,
        pid: options.pid,
        startedAt: parts.startedAt,
        gateway: parts.listening ? `http://127.0.0.1:${parts.settings.get().gatewayPort}` : null,
        secretStore: parts.secrets.kind,
        host: options.host,
      };
    },
    mode: () => {
      const { mode, until } = get().settings.get().mode;
      return { mode, until };
    },
    servers: () => serverViews(get(), options.ports.clock.now()),
    clients: () => clientViews(get()),
    approvals: () => get().approvals.list(),
    paused: () => pausedClients(get(), options.ports.clock.now()),
    problems: () => problems(get()),
    recent: () =>
      get()
        .audit.page({ limit: RECENT_CALLS })
        .filter((row) => row.method === 'tools/call'),
    today: () => get().audit.today(),
  };
}

/** The last look at the disk, with what is known since of who connected and what was left alone. */
function clientViews({ clientViews: seen, handshakes, settings }: CoreParts): ClientView[] {
  return markLeftAlone(seen, settings.get().leftAlone).map((view) => {
    const last = handshakes.last(view.id);
    if (last === null || last.at === view.lastHandshake?.at) return view;
    // It came by after its files were looked at, so after they were written.
    return { ...view, lastHandshake: last, restartNeeded: false };
  });
}

function serverViews(parts: CoreParts, now: number): ServerView[] {
  const settings = parts.settings.get();
  return Object.entries(settings.servers)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, record]) => {
      const health = parts.upstreams.health(name);
      const policy = parts.policies.state(name);
      return {
        name,
        kind: record.config.kind,
        target: parts.servers.target(name),
        mode: record.mode,
        effectiveMode: effectiveMode(settings, name, policy.source, now).mode,
        policy,
        status: health.status,
        statusText: health.text,
        signIn: signInView(parts, name, health.status),
        connections: health.connections,
        blockedTools: parts.pins.blockedTools(name),
        quarantine: parts.pins.quarantine(name),
        toolCount: parts.catalogue.list(name)?.length ?? null,
        lastCallAt: parts.audit.lastCallAt(name),
        usedBy: usedBy(parts, name),
      };
    });
}

/** A server that wanted a sign-in once, but runs without, needs none. */
function signInView(parts: CoreParts, name: string, status: ServerStatus): SignInView | null {
  const running = status === 'running';
  const view = parts.signIns.view(name, running);
  return running && view?.state === 'needed' && view.issuer === null ? null : view;
}

/** Clients with an entry routed to this server. */
function usedBy(parts: CoreParts, server: string): string[] {
  return parts.clientViews
    .filter((client) => client.entries.some((entry) => entry.server === server))
    .map((client) => client.id);
}

/** Clients whose calls are all denied now. */
function pausedClients(parts: CoreParts, now: number): PausedClient[] {
  return Object.entries(parts.settings.get().pausedClients)
    .filter(([, { until }]) => until === null || now < until)
    .map(([clientId, { since, until }]) => ({ clientId, clientName: clientName(clientId), since, until }));
}

function pinProblems({ pins }: CoreParts, name: string): Problem[] {
  const quarantine = pins.quarantine(name);
  const blocked = pins.blockedTools(name);
  if (quarantine === null && blocked === 0) return [];
  const tools = blocked === 1 ? '1 tool' : `${blocked} tools`;
  return [
    {
      id: `pins:${name}`,
      severity: 'warning',
      title:
        quarantine === null
          ? `${tools} of ${name} changed and ${blocked === 1 ? 'waits' : 'wait'} for your review`
          : `${name} switches the definitions of its tools; ${tools} blocked`,
      detail:
        quarantine ??
        'Agents do not see these tools and cannot call them before you accept what they say now.',
      fix: `Open Servers, ${name}, and review them; or run drawbridge tools ${name}.`,
    },
  ];
}

function problems(parts: CoreParts): Problem[] {
  const found: Problem[] = [];
  if (parts.settings.problem) {
    found.push({
      id: 'settings',
      severity: 'error',
      title: 'The settings file is not in use',
      detail: parts.settings.problem,
      fix: null,
    });
  }
  for (const [name] of Object.entries(parts.settings.get().servers)) {
    const { broken } = parts.policies.state(name);
    if (broken) {
      found.push({
        id: `policy:${name}`,
        severity: 'error',
        title: `The policy of ${name} does not parse; the last good one stays in force`,
        detail: broken,
        fix: 'Correct the file; it is read again at once.',
      });
    }
    found.push(...pinProblems(parts, name));
    const health = parts.upstreams.health(name);
    if (health.status === 'failed' || health.status === 'signin') {
      found.push({
        id: `server:${name}`,
        severity: 'warning',
        title: health.status === 'signin' ? `${name} wants you to sign in` : `${name} does not run`,
        detail: health.text ?? '',
        fix: health.status === 'signin' ? `Open Servers, ${name}, and press Sign in.` : null,
      });
    }
  }
  for (const client of parts.clientViews) {
    for (const file of client.files) {
      if (file.problem)
        found.push({
          id: `client:${client.id}:${file.path}`,
          severity: 'warning',
          title: `${client.name}: ${file.path}`,
          detail: file.problem,
          fix: null,
        });
    }
  }
  return found;
}
