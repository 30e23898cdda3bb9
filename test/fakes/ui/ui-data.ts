import type { ApprovalView } from '../../../shared/schemas/approval.ts';
import type { ActivityDetail, Decision } from '../../../shared/schemas/audit.ts';
import type { ClientPlan, ClientView } from '../../../shared/schemas/client.ts';
import type { Risk } from '../../../shared/schemas/common.ts';
import type { PinView } from '../../../shared/schemas/pin.ts';
import type { ServerView, ToolView } from '../../../shared/schemas/server.ts';
import type { State } from '../../../shared/schemas/state.ts';

/** What the in-memory core of the interface tests knows: a machine with three clients, before and after routing. */
const MINUTE = 60_000;

export function risk(category: Risk['category'], more: Partial<Risk> = {}): Risk {
  const severity = (
    { Read: 'Low', Write: 'Medium', Execute: 'High', Destructive: 'Critical', Financial: 'Critical' } as const
  )[category];
  return {
    category,
    severity,
    flags: [],
    confidence: 0.9,
    reasons: [`name says ${category.toLowerCase()}`],
    ...more,
  };
}

export function server(name: string, more: Partial<ServerView> = {}): ServerView {
  return {
    name,
    kind: 'stdio',
    target: `npx -y @modelcontextprotocol/server-${name}`,
    mode: null,
    effectiveMode: 'enforce',
    policy: { source: 'file', version: 'v1', broken: null },
    status: 'idle',
    statusText: null,
    signIn: null,
    connections: 0,
    toolCount: 4,
    blockedTools: 0,
    quarantine: null,
    lastCallAt: null,
    usedBy: ['cursor'],
    ...more,
  };
}

export function pin(more: Partial<PinView> = {}): PinView {
  return {
    state: 'first-seen',
    hash: 'sha256:d1',
    since: 1_790_000_000_000,
    versions: 1,
    reasons: [],
    ...more,
  };
}

export function tool(name: string, more: Partial<ToolView> = {}): ToolView {
  return {
    name,
    title: null,
    description: `What ${name} does, in one line.`,
    inputSchema: { type: 'object' },
    outputSchema: null,
    annotations: null,
    risk: risk('Read'),
    pin: pin(),
    action: 'allow',
    rule: `/tools/${name}`,
    explain: `${name} is allowed.`,
    limit: null,
    hasMoreRules: false,
    lastCallAt: null,
    callsToday: 0,
    ...more,
  };
}

export function filesystemTools(now: number): ToolView[] {
  return [
    tool('read_file', {
      description: 'Read the complete contents of a file.',
      risk: risk('Read', { flags: ['path'] }),
      lastCallAt: now - 2 * MINUTE,
      callsToday: 41,
    }),
    tool('list_directory', {
      description: 'List files and folders.',
      callsToday: 12,
      lastCallAt: now - 9 * MINUTE,
    }),
    tool('write_file', {
      description: 'Create a file or overwrite it.',
      risk: risk('Write', { flags: ['path'] }),
      limit: { max: 30, window: 'minute' },
      callsToday: 6,
      lastCallAt: now - 4 * MINUTE,
    }),
    tool('edit_file', {
      risk: risk('Write', { flags: ['path', 'bulk'] }),
      limit: { max: 30, window: 'minute' },
    }),
    tool('delete_file', {
      description: 'Delete a file for good.',
      risk: risk('Destructive', {
        flags: ['path'],
        reasons: ['name begins with delete', 'argument path is a file'],
      }),
      action: 'ask',
      hasMoreRules: true,
      callsToday: 1,
      lastCallAt: now - 70 * MINUTE,
    }),
    tool('run_command', {
      description: 'Run a shell command.',
      risk: risk('Execute', { flags: ['code', 'egress'] }),
      action: 'ask',
      limit: { max: 10, window: 'minute' },
    }),
    tool('get_secret', { risk: risk('Read', { severity: 'High', flags: ['secrets'] }), action: 'deny' }),
    tool('wipe_disk', { risk: risk('Destructive'), action: 'hide' }),
  ];
}

export function client(
  id: string,
  name: string,
  names: string[],
  more: Partial<ClientView> = {},
): ClientView {
  const file = `/home/ada/.${id}/mcp.json`;
  return {
    id,
    name,
    installed: true,
    files: [{ path: file, exists: true, problem: null }],
    entries: names.map((each) => ({
      file,
      name: each,
      server: null,
      project: null,
      target: `npx -y @modelcontextprotocol/server-${each}`,
      state: 'direct',
      reason: null,
      kind: 'entry',
      sharedWith: [],
    })),
    state: 'direct',
    restart: `Quit ${name} fully and start it again.`,
    lastHandshake: null,
    byHand: null,
    running: null,
    restartNeeded: false,
    ...more,
  };
}

export function freshClients(): ClientView[] {
  return [
    client('claude-desktop', 'Claude Desktop', ['filesystem', 'github', 'memory', 'postgres']),
    client('claude-code', 'Claude Code', ['filesystem', 'github', 'sentry', 'playwright']),
    client('cursor', 'Cursor', ['filesystem', 'github', 'linear', 'slack', 'stripe', 'figma', 'notion']),
    client('windsurf', 'Windsurf', [], { installed: false, state: 'not-installed', files: [] }),
  ];
}

export function routed(view: ClientView): ClientView {
  const entries = view.entries.map((entry) =>
    entry.state === 'skipped' ? entry : { ...entry, state: 'routed' as const, server: entry.name },
  );
  return { ...view, state: 'routed', entries };
}

export function planOf(view: ClientView, direction: 'connect' | 'disconnect'): ClientPlan {
  const file = view.files[0]?.path ?? '';
  const [first] = view.entries;
  const diff = first
    ? [
        `--- ${file}`,
        `+++ ${file}`,
        '@@ -1,9 +1,9 @@',
        ' {',
        '   "mcpServers": {',
        `     "${first.name}": {`,
        '-      "command": "npx",',
        `-      "args": ["-y", "@modelcontextprotocol/server-${first.name}"],`,
        '-      "env": { "API_KEY": "••••••" }',
        `+      "url": "http://127.0.0.1:7420/s/${first.name}/mcp",`,
        '+      "headers": { "Authorization": "Bearer ••••••" }',
        '     },',
        '',
      ].join('\n')
    : '';
  return {
    client: view.id,
    name: view.name,
    direction,
    files: [
      {
        path: file,
        diff,
        problem: view.files.find(({ problem }) => problem !== null)?.problem ?? null,
        entries: view.entries.map(({ name }, at) => ({
          name,
          project: null,
          action: at === 3 ? 'skip' : direction === 'connect' ? 'route' : 'restore',
          reason: at === 3 ? 'It uses an input that only the client can fill in.' : null,
          sameAs: null,
          secrets: at === 0 ? ['env API_KEY'] : [],
        })),
      },
    ],
    warnings: [],
    digest: `digest-${view.id}-${direction}`,
  };
}

export function approval(now: number, more: Partial<ApprovalView> = {}): ApprovalView {
  const name = more.tool ?? 'run_command';
  return {
    id: 'ap-1',
    createdAt: now,
    clientId: 'cursor',
    clientName: 'Cursor',
    server: 'filesystem',
    tool: name,
    toolTitle: name === 'run_command' ? 'Run a shell command' : null,
    risk: risk('Execute', { flags: ['code', 'egress'] }),
    definitionHash: 'sha256:d1',
    reviewed: true,
    change: null,
    why: `The policy asks before ${name} runs.`,
    rule: `/tools/${name}`,
    fields: [],
    argumentsText: JSON.stringify({ command: 'git push origin main', cwd: '/home/ada/work/atlas' }, null, 2),
    argumentsDigest: 'sha256:9f2c51b7aa04e1c3d2f8',
    count: 1,
    perMinute: 1,
    offerPause: false,
    state: 'holding',
    holdUntil: now + 50_000,
    expiresAt: now + 30 * MINUTE,
    scopes: ['once', '15m', 'session', 'always'],
    ...more,
  };
}

const NAMES = ['read_file', 'list_directory', 'create_issue', 'run_command', 'delete_file', 'search_code'];
const DECISIONS: Decision[] = ['allow', 'allow', 'allow', 'approved', 'deny', 'allow', 'pending', 'refused'];

export function activityRow(seq: number, at: number): ActivityDetail {
  const name = NAMES[seq % NAMES.length] ?? 'read_file';
  const decision = DECISIONS[seq % DECISIONS.length] ?? 'allow';
  const ran = decision === 'allow' || decision === 'approved';
  const isIssue = name === 'create_issue' || name === 'search_code';
  return {
    seq,
    at,
    clientId: seq % 3 === 0 ? 'claude-code' : 'cursor',
    clientName: seq % 3 === 0 ? 'Claude Code' : 'Cursor',
    server: isIssue ? 'github' : 'filesystem',
    method: 'tools/call',
    tool: name,
    category: name.startsWith('delete') ? 'Destructive' : 'Read',
    severity: name.startsWith('delete') ? 'Critical' : 'Low',
    decision,
    would: decision === 'allow' && seq % 11 === 0 ? (isIssue ? 'ask' : 'deny') : null,
    rule: `/tools/${name}`,
    reason: `The rule for ${name} says so.`,
    status: ran ? (seq % 13 === 0 ? 'tool-error' : 'ok') : 'not-run',
    durationMs: ran ? 12 + ((seq * 37) % 900) : null,
    heldMs: decision === 'approved' ? 8200 : null,
    resultBytes: ran ? 320 + seq : null,
    error: null,
    session: 's-4f1c',
    definitionHash: 'sha256:d1',
    policyVersion: 'v1',
    argumentsDigest: 'sha256:a1',
    argumentsText: JSON.stringify({ path: `/home/ada/notes/${seq}.md`, token: '••••••' }, null, 2),
    approvedBy: decision === 'approved' ? 'the person at the keyboard' : null,
    resultDigest: ran ? 'sha256:r1' : null,
  };
}

export function baseState(now: number): State {
  return {
    rev: 1,
    core: {
      version: '0.1.0',
      dataDir: '/home/ada/.local/share/drawbridge',
      pid: 4242,
      startedAt: now - 90 * MINUTE,
      gateway: 'http://127.0.0.1:7420',
      secretStore: 'os',
      host: 'headless',
    },
    mode: { mode: 'enforce', until: null },
    servers: [],
    clients: freshClients(),
    approvals: [],
    paused: [],
    problems: [],
    recent: [],
    today: { calls: 0, denied: 0, asked: 0 },
  };
}

export function routedState(now: number): State {
  return {
    ...baseState(now),
    clients: freshClients().map((view, at) =>
      at === 1 || !view.installed
        ? view
        : {
            ...routed(view),
            lastHandshake: at === 2 ? { at: now - 3 * MINUTE, software: 'cursor-vscode 1.0.0' } : null,
          },
    ),
    servers: [
      server('filesystem', {
        status: 'running',
        connections: 2,
        toolCount: 8,
        lastCallAt: now - 2 * MINUTE,
        usedBy: ['cursor', 'claude-desktop'],
      }),
      server('github', {
        kind: 'http',
        target: 'https://api.githubcopilot.com/mcp/',
        policy: { source: 'recommended', version: 'r1', broken: null },
        toolCount: 117,
        lastCallAt: now - 11 * MINUTE,
      }),
      server('memory', {
        policy: { source: 'recommended', version: 'r1', broken: null },
        toolCount: null,
        usedBy: ['claude-desktop'],
      }),
      server('postgres', {
        status: 'failed',
        statusText: 'The command npx exited with code 1: ECONNREFUSED 127.0.0.1:5432.',
        usedBy: ['claude-desktop'],
      }),
      server('linear', {
        kind: 'http',
        target: 'https://mcp.linear.app/mcp',
        status: 'signin',
        statusText: 'The server "linear" wants you to sign in.',
        signIn: {
          state: 'needed',
          issuer: null,
          url: null,
          until: null,
          renews: false,
          text: 'This server wants you to sign in.',
        },
        mode: 'observe',
      }),
    ],
    problems: [
      {
        id: 'pg',
        severity: 'error',
        title: 'postgres does not start',
        detail: 'The command npx exited with code 1: ECONNREFUSED 127.0.0.1:5432.',
        fix: 'Start the database, then list the tools of postgres.',
      },
    ],
    recent: Array.from({ length: 12 }, (_, at) => activityRow(400 - at, now - at * 47_000)),
    today: { calls: 1284, denied: 17, asked: 9 },
  };
}
