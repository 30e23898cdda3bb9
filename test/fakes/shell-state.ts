import type { ShellView } from '../../main/shell/core/view.ts';
import type { ApprovalView } from '../../shared/schemas/approval.ts';
import type { ActivityRow } from '../../shared/schemas/audit.ts';
import type { State } from '../../shared/schemas/state.ts';
import { inMode } from './server-modes.ts';

/** A core that guards nothing yet; override what a test is about. */
export function stateOf(over: Partial<State> = {}): State {
  return {
    rev: 1,
    core: {
      version: '0.1.0',
      dataDir: '/data',
      pid: 1,
      startedAt: 0,
      gateway: 'http://127.0.0.1:1',
      secretStore: 'os',
      host: 'electron',
    },
    mode: { mode: 'enforce', until: null },
    servers: [],
    clients: [],
    approvals: [],
    paused: [],
    problems: [],
    recent: [],
    today: { calls: 0, denied: 0, asked: 0 },
    ...over,
  };
}

export function viewOf(over: Partial<State> = {}): ShellView {
  const state = stateOf(over);
  // Each server with the mode that the core works out.
  const servers = state.servers.map((server) => inMode(server, state.mode, 0));
  return { health: { kind: 'running' }, state: { ...state, servers } };
}

export function approvalOf(over: Partial<ApprovalView> = {}): ApprovalView {
  return {
    id: 'a1',
    createdAt: 0,
    clientId: 'cursor',
    clientName: 'Cursor',
    server: 'github',
    tool: 'create_issue',
    toolTitle: null,
    risk: { category: 'Write', severity: 'Medium', flags: [], confidence: 1, reasons: [] },
    why: 'The policy asks.',
    rule: '/default',
    fields: [],
    argumentsText: '{}',
    argumentsDigest: 'd',
    definitionHash: 'h',
    reviewed: true,
    change: null,
    count: 1,
    perMinute: 1,
    offerPause: false,
    state: 'holding',
    holdUntil: 50_000,
    expiresAt: 600_000,
    scopes: ['once'],
    ...over,
  };
}

export function rowOf(over: Partial<ActivityRow> = {}): ActivityRow {
  return {
    seq: 1,
    at: 0,
    clientId: 'cursor',
    clientName: 'Cursor',
    server: 'github',
    method: 'tools/call',
    tool: 'create_issue',
    category: 'Write',
    severity: 'Medium',
    decision: 'allow',
    would: null,
    rule: '/default',
    reason: '',
    status: 'ok',
    durationMs: 1,
    heldMs: null,
    resultBytes: 1,
    error: null,
    ...over,
  };
}

export function clientOf(id: string, state: 'routed' | 'direct'): State['clients'][number] {
  return {
    id,
    name: id,
    installed: true,
    files: [],
    entries: [],
    state,
    restart: '',
    lastHandshake: null,
    byHand: null,
    running: null,
    restartNeeded: false,
  };
}

export function serverOf(name: string): State['servers'][number] {
  return {
    name,
    kind: 'stdio',
    target: name,
    mode: null,
    effectiveMode: 'enforce',
    policy: { source: 'file', version: '1', broken: null },
    status: 'idle',
    statusText: null,
    signIn: null,
    connections: 0,
    toolCount: null,
    blockedTools: 0,
    quarantine: null,
    lastCallAt: null,
    usedBy: [],
  };
}
