// @module-tag slow
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { merge } from '../../renderer/features/activity/use-activity.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import { createUiCore, type UiCore } from '../fakes/ui/ui-core.ts';
import { activityRow } from '../fakes/ui/ui-data.ts';
import { renderApp } from './render-app.tsx';

const inputs = (core: UiCore, wanted: string) =>
  core.calls.filter(({ name }) => name === wanted).map(({ input }) => input);

describe('the first run', () => {
  it('shows what was found, writes nothing before the button, and binds each apply to the plan shown', async () => {
    const core = createUiCore('fresh');
    const { user } = renderApp(core);
    expect(await screen.findByText('Found 3 clients, 11 servers.')).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Show changes: Cursor' }));
    expect(await screen.findByText(/"url": "http:\/\/127.0.0.1:7420\/s\/filesystem\/mcp"/)).toBeVisible();
    await user.click(screen.getByRole('checkbox', { name: 'Route Claude Code' }));
    expect(inputs(core, 'clients.apply')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Route through Drawbridge' }));
    expect(await screen.findByText('Routed. Now restart the clients')).toBeVisible();
    expect(inputs(core, 'clients.apply')).toEqual(
      ['claude-desktop', 'cursor'].map((id) => ({
        clients: [id],
        direction: 'connect',
        digests: { [id]: `digest-${id}-connect` },
      })),
    );
  });

  it('turns waiting into connected when a client connects, and undoes everything', async () => {
    const core = createUiCore('fresh');
    const { user } = renderApp(core);
    await user.click(await screen.findByRole('button', { name: 'Route through Drawbridge' }));
    await waitFor(() => expect(screen.getAllByText('Waiting for first handshake')).toHaveLength(3));
    await act(async () =>
      core.patch({
        clients: core.state.clients.map((client) =>
          client.id === 'cursor'
            ? { ...client, lastHandshake: { at: Date.now(), software: 'cursor 1.0' } }
            : client,
        ),
      }),
    );
    expect(await screen.findByText('Connected: cursor 1.0')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Undo everything' }));
    expect(await screen.findByText('Everything is as it was.')).toBeVisible();
    expect(inputs(core, 'clients.apply').at(-1)).toEqual({
      clients: ['claude-desktop', 'claude-code', 'cursor'],
      direction: 'disconnect',
    });
  });

  it('goes on with the other clients when one fails, and says which and why', async () => {
    const core = createUiCore('fresh');
    core.failNext('clients.apply', new RpcError('conflict', 'The file changed since.'));
    const { user } = renderApp(core);
    await user.click(await screen.findByRole('button', { name: 'Route through Drawbridge' }));
    expect(await screen.findByText('The file changed since.')).toBeVisible();
    expect(await screen.findByText('Failed')).toBeVisible();
    expect(screen.getAllByText('Routed')).toHaveLength(2);
  });

  it('teaches the next step where nothing was found', async () => {
    renderApp(createUiCore('empty'));
    expect(await screen.findByText('No AI client with MCP servers was found')).toBeVisible();
  });
});

describe('clients', () => {
  it('shows the plan before it undoes, and plans again on a conflict', async () => {
    const core = createUiCore('routed');
    core.failNext('clients.apply', new RpcError('conflict', 'changed'));
    const { user } = renderApp(core, '/clients');
    await user.click(
      (await screen.findAllByRole('button', { name: 'Undo Claude Desktop' }))[0] as HTMLElement,
    );
    const dialog = await screen.findByRole('dialog', { name: 'Undo routing of Claude Desktop' });
    await within(dialog).findByRole('region', { name: /Changes to/ });
    await user.click(within(dialog).getByRole('button', { name: 'Undo routing' }));
    expect(await screen.findByText(/The file changed meanwhile/)).toBeVisible();
    expect(inputs(core, 'clients.plan')).toHaveLength(2);
    await user.click(within(dialog).getByRole('button', { name: 'Undo routing' }));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: /^Undo routing/ })).toBeNull());
  });

  it('restores all after asking', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/clients');
    await user.click(await screen.findByRole('button', { name: 'Restore all' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Restore all' }));
    expect(await screen.findByText('2 clients restored.')).toBeVisible();
  });
});

describe('activity', () => {
  it('lists newest first, moves with the keys, and shows the call in full', async () => {
    const core = createUiCore('routed');
    renderApp(core, '/activity');
    const grid = await screen.findByRole('grid');
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    const details = await screen.findByRole('complementary', { name: 'Call' });
    expect(await within(details).findByText(/notes\/400.md/)).toBeVisible();
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    expect(await within(details).findByText(/notes\/399.md/)).toBeVisible();
    expect(grid).toHaveAttribute('aria-activedescendant', 'call-399');
  });

  it('takes in new calls by the tick, and filters in the core', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/activity');
    await screen.findByRole('grid');
    act(() => core.addCall({ ...activityRow(401, Date.now()), tool: 'brand_new' }));
    expect(await screen.findByText('brand_new')).toBeVisible();
    await user.selectOptions(screen.getByLabelText('Decision'), 'deny');
    await waitFor(() => expect(inputs(core, 'audit.page').at(-1)).toEqual({ decision: 'deny', limit: 100 }));
    await user.type(screen.getByLabelText('Search arguments and names'), 'zzz');
    expect(await screen.findByText('No call matches the filters')).toBeVisible();
    await user.click(screen.getAllByRole('button', { name: 'Clear filters' })[0] as HTMLElement);
    expect(await screen.findByText('brand_new')).toBeVisible();
  });

  it('exports page after page', async () => {
    const core = createUiCore('routed');
    const parts: Blob[] = [];
    URL.createObjectURL = vi.fn((blob: Blob) => {
      parts.push(blob);
      return 'blob:x';
    }) as typeof URL.createObjectURL;
    URL.revokeObjectURL = vi.fn();
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    const { user } = renderApp(core, '/activity');
    await user.click(await screen.findByRole('button', { name: 'Export' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Export as CSV' }));
    expect(await screen.findByText(/Saved as drawbridge-audit-.*\.csv/)).toBeVisible();
    expect(await parts[0]?.text()).toBe('csv after 0\ncsv after 200\n');
    click.mockRestore();
  });

  it('joins pages without a gap, and lets go of what it cannot reach', () => {
    const rows = (from: number, to: number) =>
      Array.from({ length: from - to + 1 }, (_, at) => activityRow(from - at, 0));
    const known = { key: 'k', rows: rows(300, 1), atEnd: true, loaded: true };
    const joined = merge(known, 'k', rows(310, 211));
    expect(joined.rows.map(({ seq }) => seq)).toEqual(rows(310, 1).map(({ seq }) => seq));
    expect(joined.atEnd).toBe(true);
    const far = merge(known, 'k', rows(900, 801));
    expect(far.rows).toHaveLength(100);
    expect(far.atEnd).toBe(false);
    expect(merge(known, 'other', rows(5, 1)).atEnd).toBe(true);
  });
});

describe('around every page', () => {
  it('raises and lowers the bridge, and lets through with a countdown', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core);
    await user.click(await screen.findByRole('button', { name: 'Raise the bridge' }));
    expect(await screen.findByText('Bridge raised')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Lower the bridge' }));
    await user.click(await screen.findByRole('button', { name: 'Let through for 15 minutes' }));
    expect(await screen.findByText(/ends in 1[45]:\d\d/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Stop letting through' }));
    expect(await screen.findByText('Guarding')).toBeVisible();
    expect(inputs(core, 'mode.set')).toEqual([
      { mode: 'raised' },
      { mode: null },
      { mode: 'bypass', minutes: 15 },
      { mode: null },
    ]);
  });

  it('opens the palette with Ctrl K, goes with g and a letter, and filters with /', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core);
    await screen.findByRole('heading', { name: 'Overview' });
    await user.keyboard('gs');
    expect(await screen.findByRole('heading', { name: 'Servers' })).toBeVisible();
    await user.keyboard('/');
    expect(screen.getByLabelText('Filter servers')).toHaveFocus();
    await user.keyboard('ga');
    expect(screen.getByLabelText('Filter servers')).toHaveValue('ga');
    await user.keyboard('{Control>}k{/Control}');
    const field = await screen.findByRole('combobox');
    await waitFor(() => expect(field).toHaveFocus());
    await user.keyboard('github{Enter}');
    expect(await screen.findByRole('heading', { name: 'github' })).toBeVisible();
  });

  it('says when the connection is lost and when it is back', async () => {
    const core = createUiCore('routed');
    const { cut } = renderApp(core);
    await screen.findByRole('heading', { name: 'Overview' });
    act(() => cut());
    expect(await screen.findByText(/The connection to the core is lost/)).toBeVisible();
    await waitFor(() => expect(screen.queryByText(/The connection to the core is lost/)).toBeNull());
  });

  it('keeps the theme', async () => {
    const { user } = renderApp(createUiCore('routed'), '/settings');
    await user.click(await screen.findByRole('button', { name: 'Dark' }));
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(localStorage.getItem('drawbridge.theme')).toBe('dark');
    await user.click(screen.getByRole('button', { name: 'System' }));
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });

  it('shows the diagnostics with what to do', async () => {
    renderApp(createUiCore('routed'), '/settings');
    expect(await screen.findByText('Start the database first.')).toBeVisible();
    expect(screen.getByText('/home/ada/.local/share/drawbridge')).toBeVisible();
  });
});
