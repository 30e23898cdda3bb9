// @module-tag slow
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CLIENTS } from '../../main/core/clients/table/index.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import type { ClientView } from '../../shared/schemas/client.ts';
import { brokenClients, knownClients, livedInClients, TWELVE } from '../fakes/ui/ui-clients.ts';
import { createUiCore, type UiCore } from '../fakes/ui/ui-core.ts';
import { renderApp } from './render-app.tsx';

const inputs = (core: UiCore, wanted: string) =>
  core.calls.filter(({ name }) => name === wanted).map(({ input }) => input);
const withClients = (scenario: 'fresh' | 'routed', clients: ClientView[]): UiCore => {
  const core = createUiCore(scenario);
  core.state = { ...core.state, clients };
  return core;
};
const row = async (name: string): Promise<HTMLElement> =>
  (await screen.findByRole('button', { name: new RegExp(`^${name}\\b`) })).closest('li') as HTMLElement;
const open = async (user: ReturnType<typeof renderApp>['user'], name: string): Promise<HTMLElement> => {
  const found = await row(name);
  await user.click(within(found).getByRole('button', { name: new RegExp(`^${name}\\b`) }));
  return found;
};

beforeEach(() => localStorage.clear());

describe('the first run with many clients', () => {
  it('lists those found, folds the others, and takes all off or on at once', async () => {
    const core = withClients('fresh', knownClients(TWELVE));
    const { user } = renderApp(core);
    expect(await screen.findByText('Found 10 clients, 14 servers.')).toBeVisible();
    expect(screen.getByText('Found without servers: LM Studio.')).toBeVisible();
    expect(screen.queryByText(/Qwen Code/)).toBeNull();
    const others = CLIENTS.length - Object.keys(TWELVE).length;
    await user.click(
      screen.getByRole('button', { name: `Also known, not found on this machine: ${others}` }),
    );
    expect(screen.getByText(/Qwen Code/)).toBeVisible();
    await user.click(await screen.findByRole('checkbox', { name: 'Route every client' }));
    expect(screen.getByRole('button', { name: 'Route through Drawbridge' })).toBeDisabled();
    await user.click(screen.getByRole('checkbox', { name: 'Route Zed' }));
    await user.click(screen.getByRole('button', { name: 'Route through Drawbridge' }));
    expect(await screen.findByText('Routed. Now restart the clients')).toBeVisible();
    expect(inputs(core, 'clients.apply')).toHaveLength(1);
    // What was taken off the list was decided: the overview does not ask again.
    await user.click(screen.getByRole('button', { name: 'Go to the overview' }));
    expect(await screen.findByText('calls today')).toBeVisible();
    expect(screen.queryByText(/not routed\.$/)).toBeNull();
  });

  it('shows a broken file with its place, and routes the others', async () => {
    renderApp(withClients('fresh', brokenClients()));
    expect(await screen.findByText(/Found 10 clients/)).toBeVisible();
    expect(await screen.findByText(/mcp_config\.json, line 12, column 3/)).toBeVisible();
    expect(screen.getByRole('checkbox', { name: 'Route Windsurf' })).toBeDisabled();
    expect(screen.getByRole('checkbox', { name: 'Route Cursor' })).toBeEnabled();
  });

  it('shows the steps of a client without a file, and copies address and token command', async () => {
    const core = withClients('fresh', knownClients(TWELVE));
    const { user } = renderApp(core);
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await user.click(await screen.findByRole('button', { name: 'Show the steps for Raycast' }));
    const steps = screen.getByRole('region', { name: 'Set up Raycast by hand' });
    expect(within(steps).getByText(/Install MCP Server/)).toBeVisible();
    await user.click(within(steps).getByRole('button', { name: 'Copy the address' }));
    await user.click(within(steps).getByRole('button', { name: 'Copy the token command' }));
    expect(write.mock.calls).toEqual([['http://127.0.0.1:7420/mcp'], ['npx drawbridge token raycast']]);
  });

  it('names what is left out with the reason, and copies the policy of a server for one of another number', async () => {
    const views = knownClients({ 'claude-code': ['mem'] });
    const reason = 'It is in a project file that is shared through git.';
    const core = withClients(
      'fresh',
      views.map((view) =>
        view.id !== 'claude-code'
          ? view
          : {
              ...view,
              entries: [
                ...view.entries,
                ...['team', 'lint'].map((name) => ({
                  ...(view.entries[0] as (typeof view.entries)[number]),
                  ...{
                    name,
                    reason,
                    project: '/srv/shop',
                    kind: 'project' as const,
                    state: 'skipped' as const,
                  },
                })),
              ],
            },
      ),
    );
    core.numbered = [{ name: 'mem', server: 'mem-2', besides: 'mem' }];
    const { user } = renderApp(core);
    expect(await screen.findByText(`team (/srv/shop), lint (/srv/shop): ${reason}`)).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Route through Drawbridge' }));
    expect(await screen.findByText(/mem is registered as mem-2/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy the policy of mem' }));
    await waitFor(() => expect(inputs(core, 'policy.set')).toMatchObject([{ server: 'mem-2' }]));
    expect(inputs(core, 'policy.get')).toContainEqual({ server: 'mem' });
  });

  it('copies approved servers of project files, after it showed which, and then shows what routing changes', async () => {
    const core = withClients('routed', livedInClients(Date.now()));
    const { user } = renderApp(core, '/clients');
    const code = await open(user, 'Claude Code');
    await user.click(within(code).getByRole('button', { name: 'Show what would be copied' }));
    expect(await within(code).findByText('Would copy atlas-db (/home/ada/work/atlas).')).toBeVisible();
    expect(inputs(core, 'clients.copyToLocalScope')).toEqual([{ client: 'claude-code', dryRun: true }]);
    await user.click(within(code).getByRole('button', { name: 'Copy, then show what routing changes' }));
    await waitFor(() =>
      expect(inputs(core, 'clients.plan')).toContainEqual(
        expect.objectContaining({ clients: ['claude-code'], direction: 'connect' }),
      ),
    );
    expect(inputs(core, 'clients.copyToLocalScope')).toContainEqual({ client: 'claude-code', dryRun: false });
  });

  it('lists the tools of each server after routing, tells which failed, and tries again', async () => {
    const core = withClients('fresh', knownClients({ cursor: ['filesystem', 'linear'] }));
    core.failNext(
      'servers.refresh',
      new RpcError('refused', 'filesystem does not start.', 'Look at its log.'),
    );
    const { user } = renderApp(core);
    await user.click(await screen.findByRole('button', { name: 'Route through Drawbridge' }));
    expect(await screen.findByText('filesystem does not start. Look at its log.')).toBeVisible();
    expect(await screen.findByText(/2 servers, 8 tools, 1 could not be listed/)).toBeVisible();
    expect(screen.getByText('8 tools, observed')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try again: filesystem' }));
    expect(await screen.findByText('2 servers, 16 tools')).toBeVisible();
    expect(inputs(core, 'policy.set')).toEqual([]);
  });

  it('enforces the recommended rules of each server once its tools are listed, when that was chosen', async () => {
    const core = withClients('fresh', knownClients({ cursor: ['filesystem'] }));
    const { user } = renderApp(core);
    await user.click(await screen.findByRole('radio', { name: /^Enforce the recommended rules/ }));
    await user.click(screen.getByRole('button', { name: 'Route through Drawbridge' }));
    expect(await screen.findByText('8 tools, enforced')).toBeVisible();
    const order = core.calls.map(({ name }) => name).filter((name) => /^(servers|policy)\./.test(name));
    expect(order).toEqual(['servers.refresh', 'policy.get', 'policy.set']);
    expect(inputs(core, 'policy.set')).toEqual([
      expect.objectContaining({ server: 'filesystem', basedOn: 'r1' }),
    ]);
  });

  it('says what failed, keeps it in sight, and goes on with the others', async () => {
    const core = withClients('fresh', knownClients({ cursor: ['a'], zed: ['b'] }));
    core.failNext('clients.apply', new RpcError('refused', 'mcp.json may not be written.'));
    const { user } = renderApp(core);
    await user.click(await screen.findByRole('button', { name: 'Route through Drawbridge' }));
    expect(await screen.findByText('mcp.json may not be written.')).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Go on with the others' }));
    expect(await screen.findByText('Routed. Now restart the clients')).toBeVisible();
    expect(screen.getAllByText('Waiting for first handshake')).toHaveLength(1);
  });

  it('offers to merge the same server under two names, and plans again with it', async () => {
    const core = withClients('fresh', knownClients({ cursor: ['files'] }));
    core.plan = (usual, merge) => ({
      ...usual,
      files: usual.files.map((file) => ({
        ...file,
        entries: file.entries.map((each) => ({ ...each, sameAs: merge ? null : 'filesystem' })),
      })),
    });
    const { user } = renderApp(core);
    const box = await screen.findByRole('checkbox', { name: /^Merge 1 server/ });
    expect(screen.getByText(/files is filesystem/)).toBeVisible();
    await user.click(box);
    await user.click(await screen.findByRole('button', { name: 'Route through Drawbridge' }));
    await waitFor(() =>
      expect(inputs(core, 'clients.apply')).toEqual([expect.objectContaining({ merge: true })]),
    );
  });
});

describe('the clients page', () => {
  it('puts what wants attention first, filters by text and by state, and says when nothing matches', async () => {
    const { user } = renderApp(withClients('routed', livedInClients(Date.now())), '/clients');
    await screen.findByRole('button', { name: /^Windsurf/ });
    const names = () =>
      screen
        .getAllByRole('button', { expanded: false })
        .map((each) => each.querySelector('.font-medium')?.textContent)
        .filter(Boolean);
    expect(names().slice(0, 2)).toEqual(['Windsurf', 'Codex']);
    await user.click(screen.getByRole('button', { name: 'Problems 2' }));
    expect(names()).toEqual(['Windsurf', 'Codex']);
    await user.click(screen.getByRole('button', { name: 'All 12' }));
    await user.type(screen.getByLabelText('Filter clients and servers'), 'linear');
    expect(names()).toEqual(['Cursor']);
    await user.type(screen.getByLabelText('Filter clients and servers'), 'zzz');
    expect(screen.getByText('No client matches.')).toBeVisible();
  });

  it('says of each client what it is like now', async () => {
    renderApp(withClients('routed', livedInClients(Date.now())), '/clients');
    const desktop = await row('Claude Desktop');
    expect(within(desktop).getByText(/Running now/)).toBeVisible();
    expect(within(desktop).getByText(/^Restart needed\. Quit Claude Desktop fully/)).toBeVisible();
    expect(within(await row('Cursor')).getByText('Not routed: notion')).toBeVisible();
    expect(within(await row('Windsurf')).getByRole('alert')).toHaveTextContent('line 12, column 3');
    const vscode = await row('VS Code');
    expect(within(vscode).getByText('Left as it is')).toBeVisible();
    expect(within(vscode).queryByRole('button', { name: /Route/ })).toBeNull();
  });

  it('keeps an edited entry or puts ours back, by the entry it is', async () => {
    const core = withClients('routed', livedInClients(Date.now()));
    const { user } = renderApp(core, '/clients');
    const codex = await open(user, 'Codex');
    await user.click(within(codex).getByRole('button', { name: 'Keep docs as it was edited' }));
    expect(await screen.findByText('docs stays as you changed it.')).toBeVisible();
    expect(inputs(core, 'clients.settleHandEdit')).toEqual([
      { client: 'codex', file: '/home/ada/.codex/mcp.json', name: 'docs', project: null, keep: 'mine' },
    ]);
    await waitFor(() => expect(within(codex).queryByRole('button', { name: /^Keep docs/ })).toBeNull());
  });

  it('tells of extensions, project files and shared files what can be done', async () => {
    const { user } = renderApp(withClients('routed', livedInClients(Date.now())), '/clients');
    expect(within(await open(user, 'Claude Desktop')).getByText(/turn the extension off/)).toBeVisible();
    const code = await open(user, 'Claude Code');
    expect(within(code).getByText('Project file')).toBeVisible();
    expect(within(code).getByText(/your own settings for that project/)).toBeVisible();
    expect(within(code).getByText(/Also read by Warp/)).toBeVisible();
    expect(within(code).getByRole('link', { name: 'Policy of sentry' })).toHaveAttribute(
      'href',
      '#/policies/sentry',
    );
  });

  it('explains what a client dropped by itself, and still offers undo', async () => {
    const clients = livedInClients(Date.now()).map(
      (view): ClientView =>
        view.id === 'gemini-cli'
          ? {
              ...view,
              state: 'direct',
              entries: view.entries.map((entry) => ({
                ...entry,
                state: 'skipped',
                reason: 'It was dropped.',
              })),
            }
          : view,
    );
    const { user } = renderApp(withClients('routed', clients), '/clients');
    const gemini = await open(user, 'Gemini CLI');
    expect(within(gemini).getByText('Dropped by client')).toBeVisible();
    expect(within(gemini).getByText(/You did not ask for that/)).toBeVisible();
    expect(within(gemini).getByRole('button', { name: 'Undo Gemini CLI' })).toBeEnabled();
  });

  it('pauses a client', async () => {
    const core = withClients('routed', livedInClients(Date.now()));
    const { user } = renderApp(core, '/clients');
    await user.click(within(await open(user, 'Cursor')).getByRole('button', { name: 'Pause Cursor' }));
    await user.click(await screen.findByRole('menuitem', { name: 'For 15 minutes' }));
    await waitFor(() => expect(inputs(core, 'clients.pause')).toEqual([{ client: 'cursor', minutes: 15 }]));
  });

  it('shows the steps of a client that was not found', async () => {
    const { user } = renderApp(withClients('routed', livedInClients(Date.now())), '/clients');
    await user.click(await screen.findByRole('button', { name: /^Also known/ }));
    await user.click(screen.getByRole('button', { name: 'Show the steps for Cherry Studio' }));
    const dialog = await screen.findByRole('dialog', { name: 'Set up Cherry Studio by hand' });
    expect(within(dialog).getByText('npx drawbridge token cherry-studio')).toBeVisible();
  });

  it('teaches where there is no client, and says that it looks before it has looked', async () => {
    const core = withClients('routed', []);
    renderApp(core, '/clients');
    expect(await screen.findByText('Looking for AI clients…')).toBeVisible();
    act(() => core.patch({ clients: knownClients({}) }));
    expect(await screen.findByText('No AI client was found')).toBeVisible();
    expect(screen.getByText(/usual places of \d+ clients, such as Claude Desktop/)).toBeVisible();
  });
});
