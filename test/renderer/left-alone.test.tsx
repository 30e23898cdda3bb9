// @module-tag slow
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { RpcError } from '../../shared/rpc/frames.ts';
import { livedInClients } from '../fakes/ui/ui-clients.ts';
import { createUiCore, type UiCore } from '../fakes/ui/ui-core.ts';
import { renderApp } from './render-app.tsx';

const inputs = (core: UiCore, wanted: string) =>
  core.calls.filter(({ name }) => name === wanted).map(({ input }) => input);
/** Cursor, Zed, opencode and Goose have a server each that is not routed. */
const unrouted = (): UiCore => {
  const core = createUiCore('routed');
  core.state = { ...core.state, clients: livedInClients(Date.now()) };
  return core;
};

describe('servers that are not routed', () => {
  it('are offered on the overview, routed with one click bound to their plan, or left for good', async () => {
    const core = unrouted();
    const { user } = renderApp(core);
    const bar = await screen.findByRole('region', { name: '4 servers are not routed.' });
    expect(within(bar).getByText('notion in Cursor')).toBeVisible();
    expect(within(bar).getByRole('link', { name: '1 more in Clients' })).toBeVisible();
    await user.click(within(bar).getByRole('button', { name: 'Route it: Cursor' }));
    await waitFor(() =>
      expect(inputs(core, 'clients.apply')).toEqual([
        { clients: ['cursor'], direction: 'connect', digests: { cursor: 'digest-cursor-connect' } },
      ]),
    );
    const less = await screen.findByRole('region', { name: '3 servers are not routed.' });
    for (const name of ['Zed', 'opencode', 'Goose'])
      await user.click(within(less).getByRole('button', { name: `Leave it: ${name}` }));
    await waitFor(() => expect(screen.queryByRole('region', { name: /not routed/ })).toBeNull());
    // The core keeps it: another window of the same core does not offer them either.
    expect(inputs(core, 'clients.leaveAlone')).toHaveLength(3);
    expect(core.state.clients.find(({ id }) => id === 'zed')?.entries).toMatchObject([{ leftAlone: true }]);
    expect(localStorage.length).toBe(0);
  });

  it('say so on the page of the clients once they were left, and are offered again when asked', async () => {
    const core = unrouted();
    const { user } = renderApp(core);
    await user.click(await screen.findByRole('button', { name: 'Leave it: Cursor' }));
    await screen.findByRole('region', { name: '3 servers are not routed.' });
    await user.keyboard('gc');
    const toggle = await screen.findByRole('button', { name: /^Cursor\b/ });
    await user.click(toggle);
    const cursor = toggle.closest('li') as HTMLElement;
    expect(within(cursor).getByText(/the overview does not offer it any more/)).toBeVisible();
    await user.click(within(cursor).getByRole('button', { name: 'Offer it again: notion' }));
    await waitFor(() => expect(within(cursor).queryByText(/does not offer it any more/)).toBeNull());
    await user.keyboard('go');
    expect(await screen.findByRole('region', { name: '4 servers are not routed.' })).toBeVisible();
  });

  it('takes over what an earlier version kept in the browser, once', async () => {
    const core = unrouted();
    const zed = core.state.clients.find(({ id }) => id === 'zed')?.entries[0];
    const key = ['zed', zed?.file, '', zed?.name, zed?.target].join('\n');
    localStorage.setItem('drawbridge.left-alone', JSON.stringify([key, 'gone\nf\n\nx\ny', 'nonsense']));
    renderApp(core);
    expect(await screen.findByRole('region', { name: '3 servers are not routed.' })).toBeVisible();
    expect(inputs(core, 'clients.leaveAlone')).toEqual([
      {
        entries: [{ client: 'zed', file: zed?.file, project: null, name: zed?.name, target: zed?.target }],
        leave: true,
      },
    ]);
    await waitFor(() => expect(localStorage.getItem('drawbridge.left-alone')).toBeNull());
  });

  it('keeps what an earlier version left for the next time when the core is away', async () => {
    const core = unrouted();
    localStorage.setItem('drawbridge.left-alone', JSON.stringify(['zed\n/f\n\na\nb']));
    core.failNext('clients.leaveAlone', new RpcError('disconnected', 'gone'));
    renderApp(core);
    await waitFor(() => expect(inputs(core, 'clients.leaveAlone')).toHaveLength(1));
    expect(await screen.findByRole('region', { name: '4 servers are not routed.' })).toBeVisible();
    expect(localStorage.getItem('drawbridge.left-alone')).not.toBeNull();
  });
});
