import { randomBytes } from 'node:crypto';
import { createApprovals } from '../../main/core/approvals/index.ts';
import type { Approvals } from '../../main/core/approvals/types.ts';
import type { CallRecord, OutcomeRecord } from '../../main/core/audit/types.ts';
import { valueDigest } from '../../main/core/codec/index.ts';
import type { JsonObject } from '../../main/core/codec/types.ts';
import { createGateway } from '../../main/core/gateway/index.ts';
import type { Gateway, GatewayDeps, GatewayLimits } from '../../main/core/gateway/types.ts';
import type { CallFacts, PolicyEngine, Verdict } from '../../main/core/policy/types.ts';
import type { Clock } from '../../main/core/ports.ts';
import type { ToolCatalogue, ToolEntry } from '../../main/core/tools/types.ts';
import type { Era, UpstreamError, Upstreams } from '../../main/core/upstream/types.ts';
import { FakeConnection, type FakeServer, usualAnswers } from './fake-server.ts';

/** The clock of this machine. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms).unref();
    return () => clearTimeout(timer);
  },
  every(ms, fn) {
    const timer = setInterval(fn, ms).unref();
    return () => clearInterval(timer);
  },
};

export const RISK: ToolEntry['risk'] = {
  category: 'Write',
  severity: 'Medium',
  flags: [],
  confidence: 1,
  reasons: [],
};

export type Rule = Partial<Verdict> & { decision: Verdict['decision'] };
export interface Parts {
  readonly gateway: Gateway;
  readonly port: number;
  readonly url: (server?: string) => string;
  readonly server: FakeServer;
  readonly connections: FakeConnection[];
  /** The newest connection. */
  readonly upstream: FakeConnection;
  readonly approvals: Approvals;
  readonly records: { record: CallRecord; outcome: OutcomeRecord | undefined }[];
  readonly handshakes: [string, { software: string; protocolVersion: string }][];
  readonly rules: Map<string, Rule | ((facts: CallFacts) => Rule)>;
  readonly judged: CallFacts[];
  readonly counts: { reserved: number; released: number };
  readonly catalogue: ToolCatalogue;
  readonly upstreams: { -readonly [K in 'connect' | 'era']: Upstreams[K] };
  /** Makes the audit refuse to write. */
  auditBroken: boolean;
  policyVersion: string;
  connectError: UpstreamError | undefined;
  eraError: UpstreamError | undefined;
  maxMessageBytes: number;
  stop(): Promise<void>;
}

export const tool = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  description: `What ${name} does`,
  inputSchema: { type: 'object' },
  ...more,
});

/** A gateway on a free port, with the real approvals and codec, and doubles for everything else. */
export async function gatewayWithFakes(
  options: {
    clock?: Clock;
    limits?: Partial<GatewayLimits>;
    allowedOrigins?: string[];
    /** Real servers in place of the one that exists only here. */
    upstreams?: Pick<Upstreams, 'connect' | 'era'>;
    /** Where definitions are judged; without them nothing is blocked. */
    pins?: GatewayDeps['pins'];
    catalogue?: ToolCatalogue;
    /** Servers that run only while they are used. */
    kept?: NonNullable<GatewayDeps['kept']>;
    /** Of the server that exists only here. */
    era?: Era;
  } = {},
): Promise<Parts> {
  const clock = options.clock ?? realClock;
  const server: FakeServer = { tools: [tool('echo')], capabilities: { tools: {} } };
  const connections: FakeConnection[] = [];
  const records: Parts['records'] = [];
  const rules: Parts['rules'] = new Map();
  const handshakes: Parts['handshakes'] = [];
  const judged: CallFacts[] = [];
  const counts = { reserved: 0, released: 0 };
  const entries = new Map<string, ToolEntry[]>();

  const verdictOf = (facts: CallFacts): Verdict => {
    const rule = rules.get(facts.tool);
    const block = facts.definition?.block;
    const found = block
      ? { decision: 'deny' as const, ...block }
      : typeof rule === 'function'
        ? rule(facts)
        : rule;
    return {
      rule: `/tools/${facts.tool}`,
      reason: 'the rule says so',
      policyVersion: parts.policyVersion,
      decision: 'allow',
      ...found,
    };
  };
  const policy: PolicyEngine = {
    judge(facts) {
      judged.push(facts);
      return verdictOf(facts);
    },
    reserve(facts, approved) {
      const verdict = verdictOf(facts);
      if (verdict.decision !== 'allow' && !(approved && verdict.decision === 'ask'))
        return { ok: false, verdict };
      counts.reserved++;
      return { ok: true, verdict, reservation: { release: () => void counts.released++ } };
    },
    lists: (_client, _server, name, block) => {
      const rule = rules.get(name);
      if (block) return false;
      return typeof rule === 'function' || rule?.decision !== 'hide';
    },
    describe: () => {
      throw new Error('not used by the gateway');
    },
  };
  const catalogue: ToolCatalogue = options.catalogue ?? {
    page: () => {},
    replace: (name, definitions) =>
      void entries.set(
        name,
        (typeof definitions === 'function' ? definitions() : definitions).map((definition) => ({
          name: String(definition.name),
          title: null,
          description: null,
          definition,
          hash: valueDigest(definition),
          risk: RISK,
        })),
      ),
    list: (name) => entries.get(name) ?? null,
    find: (name, wanted) => entries.get(name)?.find((entry) => entry.name === wanted),
    forget: (name) => void entries.delete(name),
    onChange: () => {},
  };
  const approvals = createApprovals({
    clock,
    randomBytes,
    onAlways: async () => 'A rule was written.',
    log: { opened: () => {}, joined: () => {}, ended: () => {}, recorded: () => {} },
  });
  const upstreams: Pick<Upstreams, 'connect' | 'era'> = options.upstreams ?? {
    async connect(name, era) {
      if (parts.connectError) throw parts.connectError;
      const connection = new FakeConnection(name, usualAnswers(server));
      connection.http = era === 'modern' && !server.stdio;
      connections.push(connection);
      return connection;
    },
    era: async () => {
      if (parts.eraError) throw parts.eraError;
      return options.era ?? 'legacy';
    },
  };
  const deps: GatewayDeps = {
    clock,
    log: () => {},
    randomBytes,
    settings: {
      get: () => ({
        version: 1,
        gatewayPort: null,
        uiPort: null,
        mode: { mode: 'enforce', until: null },
        servers: {},
        maxMessageBytes: parts.maxMessageBytes,
        allowedOrigins: options.allowedOrigins ?? [],
        loopGuard: null,
        pausedClients: {},
        leftAlone: [],
        retention: { days: 1, megabytes: 1 },
      }),
    },
    identities: {
      byToken: (token) =>
        token.startsWith('token-') ? { id: token.slice(6), name: token.slice(6) } : undefined,
    },
    upstreams,
    policy,
    approvals,
    pins: options.pins ?? { block: () => undefined, reviewed: () => true, change: () => undefined },
    audit: {
      begin(record) {
        if (parts.auditBroken) throw new Error('the disk is full');
        records.push({ record, outcome: undefined });
        return records.length - 1;
      },
      beginSoon(record, then) {
        const seq = this.begin(record);
        setImmediate(() => then(undefined));
        return seq;
      },
      finish(seq, outcome) {
        const entry = records[seq];
        if (!entry || entry.outcome) throw new Error(`record ${seq} cannot be finished`);
        entry.outcome = outcome;
      },
    },
    catalogue,
    clientName: (id) => `the client ${id}`,
    hasServer: (name) => name === 'files' || name === 'other',
    serversOf: () => ['files', 'other'],
    onHandshake: (id, handshake) => void handshakes.push([id, handshake]),
    ...(options.kept ? { kept: options.kept } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
  };
  const gateway = createGateway(deps);
  const parts: Parts = {
    gateway,
    port: 0,
    url: (name = 'files') => `http://127.0.0.1:${parts.port}/s/${name}/mcp`,
    server,
    connections,
    get upstream() {
      const last = connections.at(-1);
      if (!last) throw new Error('nothing is connected');
      return last;
    },
    approvals,
    records,
    handshakes,
    rules,
    judged,
    counts,
    catalogue,
    upstreams,
    auditBroken: false,
    policyVersion: 'v1',
    connectError: undefined,
    eraError: undefined,
    maxMessageBytes: 1024 * 1024,
    stop: () => gateway.stop(),
  };
  const { port } = await gateway.start(null);
  return Object.assign(parts, { port });
}
