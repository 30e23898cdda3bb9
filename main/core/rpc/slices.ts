import type { ClientView } from '../../../shared/schemas/client.ts';
import type { PausedClient } from '../../../shared/schemas/health.ts';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { clientName } from '../clients/table/index.ts';
import type { CoreOptions, CoreParts } from '../parts.ts';
import { markLeftAlone } from '../settings/left-alone.ts';
import { currentPort } from './gateway-port.ts';
import { problems } from './problems.ts';
import { serverView } from './server-view.ts';
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
        startedAt: parts.life.startedAt,
        gateway: parts.life.listening ? `http://127.0.0.1:${currentPort(parts)}` : null,
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
function clientViews({ clientScan, handshakes, settings }: CoreParts): ClientView[] {
  return markLeftAlone(clientScan.views, settings.get().leftAlone).map((view) => {
    const last = handshakes.last(view.id);
    if (last === null || last.at === view.lastHandshake?.at) return view;
    // It came by after its files were looked at, so after they were written.
    return { ...view, lastHandshake: last, restartNeeded: false };
  });
}

/** By name, as people sort. */
function serverViews(parts: CoreParts, now: number): ServerView[] {
  return Object.entries(parts.settings.get().servers)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, record]) => serverView(parts, name, record, now));
}

/** Clients whose calls are all denied now. */
function pausedClients(parts: CoreParts, now: number): PausedClient[] {
  return Object.entries(parts.settings.get().pausedClients)
    .filter(([, { until }]) => until === null || now < until)
    .map(([clientId, { since, until }]) => ({ clientId, clientName: clientName(clientId), since, until }));
}
