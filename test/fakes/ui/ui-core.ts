import { type CallName, type Contract, contract } from '../../../shared/contract.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { createRpcServer, type Handlers } from '../../../shared/rpc/server.ts';
import type { Transport } from '../../../shared/rpc/transport.ts';
import type { ActivityDetail } from '../../../shared/schemas/audit.ts';
import type { ClientPlan, ClientResult } from '../../../shared/schemas/client.ts';
import type { ApprovalHealth, MissedCall } from '../../../shared/schemas/health.ts';
import type { PinHistory } from '../../../shared/schemas/pin.ts';
import type { SignInView, ToolView } from '../../../shared/schemas/server.ts';
import type { State, StateEvent } from '../../../shared/schemas/state.ts';
import { inMode } from '../server-modes.ts';
import { alwaysHandlers } from './ui-always.ts';
import { knownClients } from './ui-clients.ts';
import { activityRow, baseState, filesystemTools, routedState, server } from './ui-data.ts';
import { pinHandlers } from './ui-pins.ts';
import { promptHandlers } from './ui-prompts.ts';
import { routingHandlers } from './ui-routing.ts';
import { approvalHealth, missedCalls, ruleHandlers } from './ui-rules.ts';

export interface UiCore {
  state: State;
  tools: Map<string, ToolView[]>;
  activity: ActivityDetail[];
  policies: Map<string, string>;
  /** Histories of definitions, by `server/tool`; see ui-pins.ts. */
  pins: Map<string, PinHistory>;
  missed: MissedCall[];
  health: ApprovalHealth;
  /** Makes another plan of the usual one. */
  plan?: (usual: ClientPlan, merge: boolean) => ClientPlan;
  /** Entries that connecting registers under a number. */
  numbered?: ClientResult['numbered'];
  /** Why every rule that is drafted is refused; null when none is. */
  refuseRules: string | null;
  /** Every call that came, in order. */
  readonly calls: { name: string; input: unknown }[];
  /** The next call of that name is answered with this error. */
  failNext(name: CallName, error: RpcError): void;
  /** Changes the state and sends the slices. */
  patch(slices: Partial<Omit<State, 'rev'>>): void;
  /** Sends slices with a `rev` that leaves one out, as when an event is lost. */
  patchWithGap(slices: Partial<Omit<State, 'rev'>>): void;
  addCall(row: ActivityDetail): void;
  attach(transport: Transport, role: string): () => void;
}

const POLICY = `{
  "version": "1",
  "default": "deny",
  "tools": {
    "read_file": {},
    "delete_file": { "action": "ask" }
  }
}
`;

export const SIGN_IN_ISSUER = 'https://auth.example';
/** A sign-in as the state shows it. */
export function signIn(state: SignInView['state'], more: Partial<SignInView> = {}): SignInView {
  return { state, issuer: SIGN_IN_ISSUER, url: null, until: null, renews: true, text: null, ...more };
}

/** The contract, answered from memory: what the interface is tested against where no real core is needed. */
export function createUiCore(scenario: 'fresh' | 'empty' | 'routed', now = Date.now()): UiCore {
  const listeners = new Set<(event: StateEvent) => void>();
  const ticks = new Set<(event: { seq: number }) => void>();
  const failures = new Map<string, RpcError>();
  const calls: UiCore['calls'] = [];
  const start = scenario === 'routed' ? routedState(now) : baseState(now);
  const core: UiCore = {
    state: scenario === 'empty' ? { ...start, clients: knownClients({}) } : start,
    tools: new Map(scenario === 'routed' ? [['filesystem', filesystemTools(now)]] : []),
    activity:
      scenario === 'routed'
        ? Array.from({ length: 400 }, (_, at) => activityRow(400 - at, now - at * 47_000))
        : [],
    policies: new Map(),
    pins: new Map(),
    refuseRules: null,
    missed: scenario === 'routed' ? missedCalls(now) : [],
    health:
      scenario === 'routed'
        ? approvalHealth(now)
        : { ...approvalHealth(now), prompts: 0, byDay: [], byTool: [], suggestions: [] },
    calls,
    failNext: (name, error) => failures.set(name, error),
    patch: (slices) => change(slices, 1),
    patchWithGap: (slices) => change(slices, 2),
    addCall(row) {
      core.activity.unshift(row);
      for (const send of ticks) send({ seq: row.seq });
    },
    attach: (transport, role) => rpc.attach(transport, role),
  };
  const change = (slices: Partial<Omit<State, 'rev'>>, revisions: number): void => {
    core.state = told({ ...core.state, ...slices, rev: core.state.rev + revisions });
    const { rev, servers } = core.state;
    const slice = slices.mode || slices.servers ? { ...slices, servers } : slices;
    for (const send of listeners) send({ rev, slice });
  };
  const handlers = uiHandlers(core, now);
  for (const name of Object.keys(handlers) as CallName[]) {
    const handle = handlers[name] as (input: unknown, context: unknown) => unknown;
    (handlers as Record<string, unknown>)[name] = (input: unknown, context: unknown) => {
      calls.push({ name, input });
      const failure = failures.get(name);
      if (failure) {
        failures.delete(name);
        throw failure;
      }
      return handle(input, context);
    };
  }
  const rpc = createRpcServer<Contract>(
    contract,
    handlers,
    {
      state(send) {
        core.state = told(core.state);
        send({ whole: core.state });
        listeners.add(send);
        return () => listeners.delete(send);
      },
      activity(send) {
        ticks.add(send);
        return () => ticks.delete(send);
      },
    },
    (name, error) => {
      throw new Error(`The fake core failed in ${name}`, { cause: error });
    },
  );
  return core;
}

/** Servers with the mode that follows from the state, as the core tells them. */
function told(state: State): State {
  return { ...state, servers: state.servers.map((view) => inMode(view, state.mode)) };
}

function uiHandlers(core: UiCore, now: number): Handlers<Contract> {
  const policyState = { source: 'file' as const, version: 'v2', broken: null };
  const setServer = (name: string, change: object): void =>
    core.patch({
      servers: core.state.servers.map((each) => (each.name === name ? { ...each, ...change } : each)),
    });
  return {
    ...alwaysHandlers(setServer),
    'core.state': () => core.state,
    'core.stop': () => null,
    'mode.set': ({ mode, server: name, minutes }) => {
      if (name !== undefined) {
        setServer(name, { mode });
        return { mode: mode ?? 'enforce', until: null };
      }
      // Null: what it was before; here, always enforcing.
      const next = {
        mode: mode ?? 'enforce',
        until: mode === 'bypass' ? Date.now() + (minutes ?? 15) * 60_000 : null,
      } as const;
      core.patch({ mode: next });
      return next;
    },
    'servers.add': ({ name, config }) => {
      core.patch({
        servers: [
          ...core.state.servers,
          server(name, {
            kind: config.kind,
            toolCount: null,
            usedBy: [],
            policy: { source: 'recommended', version: 'r1', broken: null },
          }),
        ],
      });
      return null;
    },
    'servers.remove': ({ name }) => {
      core.patch({ servers: core.state.servers.filter((each) => each.name !== name) });
      return null;
    },
    'servers.refresh': ({ name }) => {
      core.tools.set(name, filesystemTools(now));
      setServer(name, { toolCount: 8 });
      return core.tools.get(name) ?? [];
    },
    'servers.signIn': ({ name }) => {
      const url = `${SIGN_IN_ISSUER}/authorize?client_id=drawbridge&state=${name}`;
      setServer(name, {
        signIn: {
          state: 'waiting',
          issuer: SIGN_IN_ISSUER,
          url,
          until: now + 600_000,
          renews: false,
          text: null,
        },
      });
      return { url };
    },
    'servers.cancelSignIn': ({ name }) => {
      setServer(name, { signIn: { ...signIn('needed'), issuer: null } });
      return null;
    },
    'servers.signOut': ({ name }) => {
      setServer(name, { status: 'idle', statusText: null, signIn: signIn('needed') });
      return null;
    },
    'servers.tools': ({ name }) => core.tools.get(name) ?? [],
    'servers.logs': ({ name }) =>
      name === 'memory'
        ? []
        : [
            {
              at: now - 9000,
              stream: 'event' as const,
              line: `Started npx -y @modelcontextprotocol/server-${name} (pid 812).`,
            },
            {
              at: now - 8000,
              stream: 'stderr' as const,
              line: 'Secure MCP Filesystem Server running on stdio',
            },
            { at: now - 7000, stream: 'stdout' as const, line: 'debug: \u001b[31mnot a message\u001b[0m' },
          ],
    ...routingHandlers(core),
    'policy.get': ({ server: name }) => ({
      text: core.policies.get(name) ?? POLICY,
      state: core.state.servers.find((each) => each.name === name)?.policy ?? policyState,
      sentences: ['read_file is allowed.', 'delete_file asks each time.', 'Everything else is denied.'],
    }),
    'policy.set': ({ server: name, text, basedOn }) => {
      const inForce = core.state.servers.find((each) => each.name === name)?.policy.version;
      if (basedOn !== undefined && basedOn !== inForce)
        throw new RpcError('conflict', `The policy of ${name} changed meanwhile; nothing was saved.`);
      core.policies.set(name, text);
      const version = `v${Math.random()}`;
      setServer(name, { policy: { ...policyState, version } });
      return { ...policyState, version };
    },
    'policy.check': ({ text }) => {
      const bad = text.includes('"alow"');
      return {
        ok: !bad,
        problems: bad
          ? [{ path: '/tools/read_file/action', message: '"alow" is not an action.', suggestion: 'allow' }]
          : [],
        warnings: [],
        sentences: bad ? [] : ['read_file is allowed.'],
      };
    },
    ...ruleHandlers(core),
    'policy.setTool': ({ server: name, tools, action, limit }) => {
      core.tools.set(
        name,
        (core.tools.get(name) ?? []).map((each) =>
          tools.includes(each.name)
            ? { ...each, ...(action ? { action } : {}), ...(limit !== undefined ? { limit } : {}) }
            : each,
        ),
      );
      return policyState;
    },
    'policy.recommend': ({ strict }) => ({
      text: POLICY.replace('"ask"', strict ? '"deny"' : '"ask"'),
      diff: `--- in force\n+++ recommended\n@@ -3,3 +3,4 @@\n   "default": "deny",\n-  "tools": {}\n+  "tools": {\n+    "delete_file": { "action": "${strict ? 'deny' : 'ask'}" }\n`,
      sentences: ['read_file is allowed.', `delete_file ${strict ? 'is denied' : 'asks each time'}.`],
    }),
    ...pinHandlers(core),
    ...promptHandlers(core),
    'approvals.decide': ({ id, decision }) => {
      const found = core.state.approvals.find((each) => each.id === id);
      if (!found) throw new RpcError('not_found', 'This call no longer waits.');
      core.patch({ approvals: core.state.approvals.filter((each) => each.id !== id) });
      return {
        id,
        outcome: decision === 'deny' ? ('denied' as const) : ('ran' as const),
        message: decision === 'deny' ? 'Denied.' : 'Allowed. The call runs.',
      };
    },
    'audit.page': ({ before, limit, client, server: name, tool, decision, would, text }) =>
      core.activity
        .filter(
          (row) =>
            (before === undefined || row.seq < before) &&
            (!client || row.clientId === client) &&
            (!name || row.server === name) &&
            (!tool || row.tool === tool) &&
            (!decision || row.decision === decision) &&
            (!would || row.would === would) &&
            (!text || JSON.stringify(row).includes(text)),
        )
        .slice(0, limit),
    'audit.detail': ({ seq }) => {
      const row = core.activity.find((each) => each.seq === seq);
      if (!row) throw new RpcError('not_found', `No call has the number ${seq}.`);
      return row;
    },
    'audit.export': ({ format, after }) => ({
      text: `${format} after ${after}\n`,
      next: after === 0 ? 200 : null,
    }),
    'audit.verify': () => ({
      ok: true,
      entries: 400,
      fault: null,
      at: null,
      message: 'All 400 records are whole and in order.',
    }),
    doctor: () => [
      { name: 'Gateway', ok: true, detail: 'Listens on http://127.0.0.1:7420.', fix: null },
      { name: 'PATH', ok: true, detail: 'Taken from the login shell: 14 folders.', fix: null },
      {
        name: 'postgres',
        ok: false,
        detail: 'The command npx exited with code 1.',
        fix: 'Start the database first.',
      },
    ],
  };
}
