import { join } from 'node:path';
import type { ClientView } from '../../shared/schemas/client.ts';
import {
  type ApprovalHistory,
  createApprovalHistory,
  createApprovals,
  recordInterrupted,
} from './approvals/index.ts';
import type { Approvals } from './approvals/types.ts';
import { createAuditLog } from './audit/index.ts';
import type { AuditLog } from './audit/types.ts';
import { type Clients, createClients } from './clients/index.ts';
import { clientName, PATIENCE } from './clients/table/index.ts';
import { parseFromServer } from './codec/index.ts';
import type { CoreOptions } from './create-core.ts';
import { createGateway, type Gateway } from './gateway/index.ts';
import { createPins } from './pins/index.ts';
import type { Pins } from './pins/types.ts';
import { allowAlways } from './policy/documents/always.ts';
import { createPolicyStore } from './policy/documents/store.ts';
import { type Counters, createCounters } from './policy/judge/counters.ts';
import { createPolicyEngine } from './policy/judge/engine.ts';
import type { PolicyEngine } from './policy/types.ts';
import type { Database } from './ports.ts';
import { recommendPolicy } from './risk/recommend.ts';
import { createHandshakes, type Handshakes } from './rpc/handshakes.ts';
import { slices } from './rpc/slices.ts';
import { createStateHub, type StateHub } from './rpc/state-hub.ts';
import { createTicks, type Ticks } from './rpc/ticks.ts';
import { chooseGatewayPort } from './settings/gateway-port.ts';
import {
  createIdentities,
  createSecretStore,
  createSettings,
  type OpenedSettings,
} from './settings/index.ts';
import { createServerRegistry, type ServerRegistry } from './settings/registry.ts';
import type { Identities, SecretStore } from './settings/types.ts';
import { createToolCatalogue } from './tools/catalogue.ts';
import type { ToolCatalogue } from './tools/types.ts';
import { createUpstreamAuth, type ServerSignIns } from './upstream/auth/index.ts';
import { createFactStore, createUpstreams } from './upstream/index.ts';
import type { Upstreams } from './upstream/types.ts';

export interface CoreParts {
  readonly settings: OpenedSettings;
  readonly secrets: SecretStore;
  readonly identities: Identities;
  readonly servers: ServerRegistry;
  readonly catalogue: ToolCatalogue;
  readonly pins: Pins;
  readonly policies: Awaited<ReturnType<typeof createPolicyStore>>;
  readonly engine: PolicyEngine;
  readonly counters: Counters;
  readonly approvals: Approvals;
  readonly approvalHistory: ApprovalHistory;
  readonly audit: AuditLog;
  readonly upstreams: Upstreams;
  readonly signIns: ServerSignIns;
  readonly gateway: Gateway;
  readonly clients: Clients;
  readonly handshakes: Handshakes;
  readonly hub: StateHub;
  readonly activity: Ticks;
  readonly stateDatabase: Database;
  /** What the last scan of the clients' files found. */
  clientViews: readonly ClientView[];
  rescanClients(): Promise<void>;
  /** The scan under way, if any: the core waits for it before it closes what the scan reads. */
  scanning: Promise<void>;
  /** The gateway's port was chosen just now. */
  readonly isPortNew: boolean;
  stopping: boolean;
  listening: boolean;
  readonly startedAt: number;
}

/** Makes every part of the core and joins them. Nothing listens and nothing is started yet. */
export async function assemble(options: CoreOptions): Promise<CoreParts> {
  const { ports, dataDir } = options;
  const { clock, files, log } = ports;
  await files.mkdir(dataDir, { recursive: true, mode: 0o700 });

  const settings = await createSettings({ files, dir: dataDir, clock, log });
  const isPortNew = settings.get().gatewayPort === null;
  if (isPortNew) {
    const gatewayPort = await chooseGatewayPort();
    await settings.update((doc) => ({ ...doc, gatewayPort }));
  }
  const secrets = await createSecretStore({
    files,
    dir: dataDir,
    randomBytes: ports.randomBytes,
    ...(ports.keyWrap ? { keyWrap: ports.keyWrap } : {}),
  });
  const identities = await createIdentities({ secrets, randomBytes: ports.randomBytes, clientName });
  // What runs with the old configuration of a server ends, and what was found out with it is forgotten.
  const servers = createServerRegistry(settings, secrets, (server) => upstreams.reset(server));
  const stateDatabase = ports.openDatabase(join(dataDir, 'state.db'));
  stateDatabase.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');

  const audit = createAuditLog({
    clock,
    log,
    database: ports.openDatabase(join(dataDir, 'audit.db')),
    head: ports.openDatabase(join(dataDir, 'audit.head')),
    retention: () => settings.get().retention,
  });
  const pins = createPins({
    database: stateDatabase,
    clock,
    note: (event, detail) => audit.note(event, detail),
  });
  const catalogue = createToolCatalogue({ database: stateDatabase, clock, pins });
  const policies = await createPolicyStore({
    files,
    clock,
    log,
    dir: join(dataDir, 'policies'),
    recommended: (server) => recommendPolicy(catalogue.list(server) ?? [], { strict: false }),
  });
  const counters = createCounters({ clock, database: stateDatabase, log });
  const engine = createPolicyEngine({ clock, store: policies, settings, log, counters });
  const approvalHistory = createApprovalHistory({ database: stateDatabase, clock, log });
  approvalHistory.settleInterrupted((prompt) => recordInterrupted(audit, prompt));
  const approvals = createApprovals({
    clock,
    randomBytes: ports.randomBytes,
    log: approvalHistory,
    onAlways: (request, rule) => allowAlways({ policies, catalogue, audit }, request, rule),
  });
  const signIns = await createUpstreamAuth({
    clock,
    env: ports.machine.env,
    log,
    randomBytes: ports.randomBytes,
    secrets,
    config: (server) => servers.authConfig(server),
    saveClient: (server, client, issuer) => servers.setClient(server, client, issuer),
    note: (event, detail) => audit.note(event, detail),
  });
  const upstreams = createUpstreams({
    ports,
    auth: signIns,
    facts: createFactStore(stateDatabase),
    parse: parseFromServer,
    config: (server) => servers.resolve(server),
  });
  const handshakes = createHandshakes(stateDatabase, clock);
  const gateway = createGateway({
    clock,
    log,
    randomBytes: ports.randomBytes,
    settings,
    identities,
    upstreams,
    policy: engine,
    approvals,
    audit,
    catalogue,
    pins,
    clientName,
    limits: { holds: PATIENCE },
    hasServer: (server) => servers.get(server) !== undefined,
    serversOf: (clientId) => serversOf(parts, clientId),
    onHandshake: (clientId, handshake) => {
      handshakes.record(clientId, handshake);
      parts.hub.touch('clients');
    },
  });
  const clients = createClients({
    ports,
    dataDir,
    secrets,
    identities,
    gatewayUrl: () => `http://127.0.0.1:${settings.get().gatewayPort}`,
    servers,
    lastHandshake: (clientId) => handshakes.last(clientId),
  });

  /** Whatever a client dropped by itself, or what leads to an old place of this program, is put right and noted. */
  const keepUp = async (): Promise<void> => {
    const kept = await clients.keepUp();
    for (const { client, ok, message, routed } of kept)
      audit.note('client-kept-up', { client, ok, message, routed });
    if (kept.length > 0 && !parts.stopping) parts.clientViews = await clients.scan();
  };

  const parts: CoreParts = {
    settings,
    secrets,
    identities,
    servers,
    catalogue,
    pins,
    policies,
    engine,
    counters,
    approvals,
    approvalHistory,
    audit,
    upstreams,
    signIns,
    gateway,
    clients,
    handshakes,
    hub: createStateHub(
      clock,
      slices(() => parts, options),
    ),
    activity: createTicks(clock),
    stateDatabase,
    clientViews: [],
    rescanClients() {
      const scan = parts.scanning.then(async () => {
        if (parts.stopping) return;
        parts.clientViews = await clients.scan();
        if (parts.listening && !parts.stopping) await keepUp();
        parts.hub.touch('clients', 'servers', 'problems');
      });
      // A scan that fails is told to who asked for it; the next one runs all the same.
      parts.scanning = scan.catch(() => undefined);
      return scan;
    },
    scanning: Promise.resolve(),
    isPortNew,
    stopping: false,
    listening: false,
    startedAt: clock.now(),
  };
  return parts;
}

/** What a client's own file is routed to; every server where its file names none (a client configured by hand). */
function serversOf(parts: CoreParts, clientId: string): string[] {
  const all = Object.keys(parts.servers.all());
  const view = parts.clientViews.find(({ id }) => id === clientId);
  const routed = new Set(view?.entries.map(({ server }) => server));
  const own = all.filter((server) => routed.has(server));
  return own.length > 0 ? own : all;
}
