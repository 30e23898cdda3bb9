import { join } from 'node:path';
import { refusals } from '../../shared/text/core/rpc.ts';
import { createApprovalHistory, createApprovals, recordInterrupted } from './approvals/index.ts';
import { createAuditLog } from './audit/index.ts';
import { createClients } from './clients/index.ts';
import { clientName, PATIENCE } from './clients/table/index.ts';
import { parseFromServer } from './codec/index.ts';
import { ClientPatience } from './gateway/call/patience.ts';
import { createGateway } from './gateway/index.ts';
import { createKeptServers } from './gateway/kept/servers.ts';
import { createWordStore } from './gateway/kept/store.ts';
import { createLoginShell } from './login-shell/index.ts';
import type { CoreLife, CoreOptions, CoreParts } from './parts.ts';
import { createPins } from './pins/index.ts';
import { allowAlways } from './policy/documents/always.ts';
import { createPolicyStore } from './policy/documents/store.ts';
import { createCounters } from './policy/judge/counters.ts';
import { createPolicyEngine } from './policy/judge/engine.ts';
import type { Ports } from './ports.ts';
import { recommendPolicy } from './risk/recommend.ts';
import { createClientScan } from './rpc/client-scan.ts';
import { currentPort } from './rpc/gateway-port.ts';
import { createHandshakes } from './rpc/handshakes.ts';
import { createPatienceStore } from './rpc/patience-store.ts';
import { slices } from './rpc/slices.ts';
import { createStateHub } from './rpc/state-hub.ts';
import { createTicks } from './rpc/ticks.ts';
import { chooseGatewayPort } from './settings/gateway-port.ts';
import { createIdentities, createSecretStore, createSettings } from './settings/index.ts';
import { keptSettings } from './settings/kept-settings.ts';
import { createServerRegistry } from './settings/registry.ts';
import { createToolCatalogue } from './tools/catalogue.ts';
import { createUpstreamAuth } from './upstream/auth/index.ts';
import { networkEnvironment } from './upstream/http/proxy.ts';
import { createFactStore, createUpstreams } from './upstream/index.ts';
import { UpstreamError } from './upstream/types.ts';

/** Makes every part of the core and joins them. Nothing listens and nothing is started yet. */
export async function assemble(options: CoreOptions): Promise<CoreParts> {
  const { clock, log, randomBytes } = options.ports;
  const stores = await openStores(options);
  const judges = await makeJudges(options, stores);
  const upstream = await makeUpstream(options, stores);
  const { settings, secrets, identities, stateDatabase, audit } = stores;
  const { servers, upstreams } = upstream;

  const life: CoreLife = { startedAt: clock.now(), listening: false, stopping: false };
  // The slices are computed from all parts, when somebody asks.
  const hub = createStateHub(
    clock,
    slices(() => parts, options),
  );
  const handshakes = createHandshakes(stateDatabase, clock);
  const clients = createClients({
    ports: options.ports,
    dataDir: options.dataDir,
    namedDataDir: options.namedDataDir,
    secrets,
    identities,
    loginShell: upstream.loginShell,
    gatewayUrl: () => `http://127.0.0.1:${currentPort(parts)}`,
    servers,
    lastHandshake: (clientId) => handshakes.last(clientId),
  });
  const clientScan = createClientScan({
    clients,
    audit,
    life,
    found: () => hub.touch('clients', 'servers', 'problems'),
  });
  const gateway = createGateway({
    clock,
    log,
    randomBytes,
    settings,
    identities,
    upstreams,
    policy: judges.engine,
    approvals: judges.approvals,
    audit,
    catalogue: judges.catalogue,
    pins: judges.pins,
    kept: upstream.kept,
    clientName,
    patience: new ClientPatience(createPatienceStore(stateDatabase, clock)),
    limits: { holds: PATIENCE },
    hasServer: (server) => servers.get(server) !== undefined,
    serversOf: (clientId) => serversOf(parts, clientId),
    onHandshake: (clientId, handshake) => {
      handshakes.record(clientId, handshake);
      hub.touch('clients');
    },
  });
  const parts: CoreParts = {
    ...stores,
    ...judges,
    ...upstream,
    gateway,
    clients,
    clientScan,
    handshakes,
    hub,
    activity: createTicks(clock),
    life,
  };
  return parts;
}

type Stores = Pick<
  CoreParts,
  'settings' | 'isPortNew' | 'secrets' | 'identities' | 'stateDatabase' | 'audit'
>;

/** What is on disk. */
async function openStores({ ports, dataDir }: CoreOptions): Promise<Stores> {
  const { clock, files, log, randomBytes, keyWrap } = ports;
  await files.mkdir(dataDir, { recursive: true, mode: 0o700 });
  const stateDatabase = ports.openDatabase(join(dataDir, 'state.db'));
  stateDatabase.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
  const lastGood = keptSettings(stateDatabase);
  const settings = await createSettings({ files, dir: dataDir, clock, log, lastGood });
  const isPortNew = settings.get().gatewayPort === null;
  if (isPortNew) {
    const gatewayPort = await chooseGatewayPort();
    await settings.update((doc) => ({ ...doc, gatewayPort }));
  }
  const secrets = await createSecretStore({
    files,
    dir: dataDir,
    randomBytes,
    ...(keyWrap ? { keyWrap } : {}),
  });
  const identities = await createIdentities({ secrets, randomBytes, clientName });
  const audit = createAuditLog({
    clock,
    log,
    database: ports.openDatabase(join(dataDir, 'audit.db')),
    head: ports.openDatabase(join(dataDir, 'audit.head')),
    retention: () => settings.get().retention,
  });
  return { settings, isPortNew, secrets, identities, stateDatabase, audit };
}

type Judges = Pick<
  CoreParts,
  'pins' | 'catalogue' | 'policies' | 'counters' | 'engine' | 'approvalHistory' | 'approvals'
>;

/** What decides about a call: the definitions seen, the policies, and the person. */
async function makeJudges({ ports, dataDir }: CoreOptions, stores: Stores): Promise<Judges> {
  const { clock, files, log, randomBytes } = ports;
  const { settings, audit, stateDatabase: database } = stores;
  const pins = createPins({ database, clock, note: (event, detail) => audit.note(event, detail) });
  const catalogue = createToolCatalogue({ database, clock, pins });
  const policies = await createPolicyStore({
    files,
    clock,
    log,
    dir: join(dataDir, 'policies'),
    recommended: (server) => recommendPolicy(catalogue.list(server) ?? [], { strict: false }),
  });
  const counters = createCounters({ clock, database, log });
  const engine = createPolicyEngine({ clock, store: policies, settings, log, counters });
  const approvalHistory = createApprovalHistory({ database, clock, log });
  approvalHistory.settleInterrupted((prompt) => recordInterrupted(audit, prompt));
  const approvals = createApprovals({
    clock,
    randomBytes,
    log: approvalHistory,
    onAlways: (request, rule) => allowAlways({ policies, catalogue, audit }, request, rule),
  });
  return { pins, catalogue, policies, counters, engine, approvalHistory, approvals };
}

type Upstream = Pick<CoreParts, 'loginShell' | 'servers' | 'signIns' | 'upstreams' | 'kept'>;

/** The servers: which there are, signing in to them, and the connections. */
async function makeUpstream(options: CoreOptions, stores: Stores): Promise<Upstream> {
  const ports = withExtraCa(options.ports, stores.settings.get().extraCaFile);
  const { clock, log, randomBytes } = ports;
  const { settings, secrets, audit, stateDatabase } = stores;
  const loginShell = createLoginShell(ports);
  // What runs with the old configuration of a server ends, and what was found out with it is forgotten.
  const servers = createServerRegistry(settings, secrets, (server) => upstreams.reset(server));
  const signIns = await createUpstreamAuth({
    clock,
    env: ports.machine.env,
    network: (url) => networkEnvironment(ports, loginShell, url),
    log,
    randomBytes,
    secrets,
    config: (server) => servers.authConfig(server),
    saveClient: (server, client, issuer) => servers.setClient(server, client, issuer),
    note: (event, detail) => audit.note(event, detail),
  });
  const words = createWordStore(stateDatabase, log);
  const kept = createKeptServers({ words, settings, servers, files: ports.files });
  const upstreams = createUpstreams({
    ports,
    loginShell,
    auth: signIns,
    facts: createFactStore(stateDatabase),
    forgotten: (server) => words.forget(server),
    parse: parseFromServer,
    config: async (server) => {
      if (settings.get().servers[server]?.disabled)
        throw new UpstreamError('unsent', refusals.serverOff(server));
      return servers.resolve(server);
    },
  });
  return { loginShell, servers, signIns, upstreams, kept };
}

/** For connections and for the programs of servers, which know the same variable. */
function withExtraCa(ports: Ports, file: string | undefined): Ports {
  if (file === undefined) return ports;
  const { machine } = ports;
  return { ...ports, machine: { ...machine, env: { ...machine.env, NODE_EXTRA_CA_CERTS: file } } };
}

/** What a client's own file is routed to; every server where its file names none (a client configured by hand). */
function serversOf({ servers, clientScan }: CoreParts, clientId: string): string[] {
  const all = Object.keys(servers.all());
  const view = clientScan.views.find(({ id }) => id === clientId);
  const routed = new Set(view?.entries.map(({ server }) => server));
  const own = all.filter((server) => routed.has(server));
  return own.length > 0 ? own : all;
}
