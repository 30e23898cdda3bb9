import { byHandOf } from '../../../main/core/clients/scan/by-hand.ts';
import { CLIENTS } from '../../../main/core/clients/table/index.ts';
import type { ClientEntry, ClientView } from '../../../shared/schemas/client.ts';
import { client, routed } from './ui-data.ts';

/** Every client of the core's table as a machine has them: those in `servers` are found, with entries of these names. */
export function knownClients(servers: Readonly<Record<string, readonly string[]>>): ClientView[] {
  return CLIENTS.map((row) => {
    const names = servers[row.id];
    const found = {
      restart: row.restart,
      byHand: byHandOf(row, 'http://127.0.0.1:7420'),
    };
    if (!names)
      return client(row.id, row.name, [], { ...found, installed: false, state: 'not-installed', files: [] });
    const files = row.byHand ? { files: [] } : {};
    return client(row.id, row.name, [...names], {
      ...found,
      ...files,
      state: names.length > 0 ? 'direct' : 'no-servers',
    });
  });
}

export const TWELVE: Readonly<Record<string, readonly string[]>> = {
  'claude-desktop': ['filesystem', 'github', 'memory', 'postgres'],
  'claude-code': ['filesystem', 'github', 'sentry', 'playwright'],
  cursor: ['filesystem', 'github', 'linear', 'slack', 'stripe', 'figma', 'notion'],
  vscode: ['github', 'playwright'],
  windsurf: ['filesystem'],
  zed: ['context7'],
  codex: ['github', 'docs'],
  'gemini-cli': ['filesystem', 'github'],
  opencode: ['memory'],
  goose: ['developer-tools'],
  'lm-studio': [],
  raycast: [],
};

const change = (views: readonly ClientView[], id: string, more: Partial<ClientView>): ClientView[] =>
  views.map((view) => (view.id === id ? { ...view, ...more } : view));
const entry = (view: ClientView | undefined, name: string, more: Partial<ClientEntry>): ClientEntry => ({
  file: view?.files[0]?.path ?? '',
  name,
  server: null,
  project: null,
  target: `npx -y ${name}-mcp`,
  state: 'skipped',
  reason: null,
  kind: 'entry',
  sharedWith: [],
  ...more,
});

export const BROKEN =
  '/home/ada/.codeium/windsurf/mcp_config.json, line 12, column 3: a comma is missing here. Drawbridge does not write a file that Windsurf cannot read; correct it first.';

/** Twelve clients, one of them with a file that does not parse, one that the organisation manages. */
export function brokenClients(): ClientView[] {
  return change(knownClients(TWELVE), 'windsurf', {
    state: 'problem',
    entries: [],
    files: [{ path: '/home/ada/.codeium/windsurf/mcp_config.json', exists: true, problem: BROKEN }],
  });
}

/** One client in each state, as a routed machine comes to look after some weeks. */
export function livedInClients(now: number): ClientView[] {
  let views = brokenClients();
  const of = (id: string): ClientView => {
    const found = views.find((view) => view.id === id);
    if (!found) throw new Error(`No client ${id}`);
    return found;
  };
  const desktop = routed(of('claude-desktop'));
  views = change(views, 'claude-desktop', {
    ...desktop,
    state: 'partly',
    running: true,
    restartNeeded: true,
    entries: [
      ...desktop.entries,
      entry(desktop, 'PDF Tools', {
        kind: 'extension',
        target: 'node /home/ada/.config/Claude/Claude Extensions/pdf/server.js',
        reason: 'It is an extension that Claude Desktop starts by itself, past its file.',
      }),
    ],
  });
  const code = routed(of('claude-code'));
  views = change(views, 'claude-code', {
    ...code,
    state: 'partly',
    copiesProjectFiles: true,
    lastHandshake: { at: now - 4 * 60_000, software: 'claude-code 2.1.0' },
    running: true,
    entries: [
      ...code.entries.map((each) => (each.name === 'sentry' ? { ...each, sharedWith: ['Warp'] } : each)),
      entry(code, 'atlas-db', {
        kind: 'project',
        project: '/home/ada/work/atlas',
        file: '/home/ada/work/atlas/.mcp.json',
        reason:
          'It is in a project file that is shared through git, which Drawbridge leaves alone. To put it under your policies, add the same server under the same name to your own settings for that project (in Claude Code: claude mcp add --scope local). Yours counts before the shared one, shows up here and can be routed.',
      }),
    ],
  });
  const cursor = routed(of('cursor'));
  views = change(views, 'cursor', {
    ...cursor,
    state: 'partly',
    lastHandshake: { at: now - 90 * 60_000, software: 'cursor-vscode 1.0.0' },
    entries: cursor.entries.map((each) =>
      each.name === 'notion' ? { ...each, state: 'direct', server: null } : each,
    ),
  });
  const codex = routed(of('codex'));
  views = change(views, 'codex', {
    ...codex,
    entries: codex.entries.map((each) =>
      each.name === 'docs'
        ? {
            ...each,
            state: 'edited',
            reason:
              'Our entry was changed by hand. Undo leaves it as it is; "restore --all" puts the old one back.',
          }
        : each,
    ),
  });
  views = change(views, 'gemini-cli', {
    ...routed(of('gemini-cli')),
    lastHandshake: { at: now - 26 * 3_600_000, software: 'gemini-cli-mcp-client 0.9' },
  });
  const vscode = of('vscode');
  views = change(views, 'vscode', {
    entries: vscode.entries.map((each) => ({
      ...each,
      state: 'skipped',
      reason: 'It uses the input “token”, which only VS Code can fill in.',
    })),
  });
  return views;
}
