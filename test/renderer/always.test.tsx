// @module-tag slow
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { formOf, KEPT, readEdit } from '../../renderer/features/servers/edit-server-form.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import type { ServerConfig } from '../../shared/schemas/server.ts';
import { createUiCore, type UiCore } from '../fakes/ui/ui-core.ts';
import { renderApp } from './render-app.tsx';

const inputs = (core: UiCore, wanted: string) =>
  core.calls.filter(({ name }) => name === wanted).map(({ input }) => input);

describe('start at login', () => {
  it.each([false, true])(
    'is offered on the first run and put on with the first routing (no said: %s)',
    async (no) => {
      const core = createUiCore('fresh');
      const { user } = renderApp(core);
      const box = await screen.findByRole('checkbox', { name: /Start Drawbridge at login/ });
      expect(box).toBeChecked();
      if (no) await user.click(box);
      expect(inputs(core, 'startAtLogin.set')).toEqual([]);
      await user.click(screen.getByRole('button', { name: 'Route through Drawbridge' }));
      expect(await screen.findByText('Routed. Now restart the clients')).toBeVisible();
      await waitFor(() => expect(inputs(core, 'startAtLogin.set')).toEqual(no ? [] : [{ on: true }]));
    },
  );

  it('is a switch in the settings', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/settings');
    await user.click(await screen.findByRole('button', { name: 'On' }));
    expect(await screen.findByText('Drawbridge starts at login.')).toBeVisible();
    expect(await screen.findByText('/home/ada/.config/autostart/drawbridge.desktop')).toBeVisible();
    expect(inputs(core, 'startAtLogin.set')).toEqual([{ on: true }]);
  });
});

describe('settings', () => {
  it('has a field for each key; what does not fit is said there', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/settings');
    for (const label of ['Port of the interface', 'Largest message', 'Origins that may call', 'Loop guard'])
      expect(await screen.findByRole('textbox', { name: label })).toBeVisible();
    const days = screen.getByRole('textbox', { name: 'Keep the record for' });
    await user.clear(days);
    await user.type(days, '0{Enter}');
    expect(await screen.findByText('retention.days takes a whole number from 1 to 3660.')).toBeVisible();
    await user.clear(days);
    await user.type(days, '90{Enter}');
    expect(await screen.findByText('Saved: Keep the record for.')).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Use the default' }));
    await waitFor(() => expect(days).toHaveValue('30'));
  });

  it('moves the port after its plan was shown', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/settings');
    await user.click(await screen.findByRole('button', { name: 'Choose another' }));
    expect(await screen.findByText('Move the gateway from port 7717 to 7718')).toBeVisible();
    expect(inputs(core, 'gateway.move')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Move' }));
    await waitFor(() => expect(inputs(core, 'gateway.move')).toEqual([{ port: 7718 }]));
  });
});

describe('a server', () => {
  it('is edited and renamed; secrets stay where their bullets stay', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/filesystem');
    await user.click(await screen.findByRole('button', { name: 'Edit server' }));
    const env = await screen.findByRole('textbox', { name: /Environment/ });
    expect(env).toHaveValue(`API_TOKEN=${KEPT}\nLEVEL=info`);
    await user.clear(env);
    await user.type(env, `API_TOKEN=${KEPT}{Enter}LEVEL=debug`);
    const name = screen.getByRole('textbox', { name: /^Name/ });
    await user.clear(name);
    await user.type(name, 'files');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(inputs(core, 'servers.rename')).toEqual([{ name: 'filesystem', to: 'files' }]),
    );
    expect(inputs(core, 'servers.edit')).toMatchObject([
      {
        name: 'filesystem',
        config: { env: { API_TOKEN: { secret: 'server/filesystem/env/API_TOKEN' }, LEVEL: 'debug' } },
      },
    ]);
  });

  it('is restarted, stopped, switched off and on; a failure is said', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/filesystem');
    await user.click(await screen.findByRole('button', { name: 'Restart server' }));
    expect(await screen.findByText('filesystem was started again.')).toBeVisible();
    core.failNext('servers.stop', new RpcError('refused', 'It does not end.'));
    await user.click(screen.getByRole('button', { name: 'Stop server' }));
    expect(await screen.findAllByText('It does not end.')).not.toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Switch server off' }));
    expect(await screen.findByText(/This server is switched off/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Switch on' }));
    await waitFor(() => expect(screen.queryByText(/This server is switched off/)).toBeNull());
  });
});

const CONFIGS: ServerConfig[] = [
  {
    kind: 'stdio',
    command: 'C:\\Program Files\\x "y".exe',
    args: ['', `it's`, 'a b', { secret: 'server/s/args/3' }, 'c\\', '\\"'],
    env: { A: { secret: 'server/s/env/A' }, B: 'b=c' },
    cwd: '/some where',
  },
  {
    kind: 'http',
    url: { secret: 'server/s/url', origin: 'https://x.example' },
    headers: { Authorization: { secret: 'server/s/header/Authorization' }, X: 'y: z' },
    oauth: { clientId: 'me' },
  },
];
it.each(CONFIGS)('a form that nobody changed says what was there before ($kind)', (config) => {
  expect(readEdit(formOf('s', config), config)).toEqual({ config });
  const other = { ...formOf('s', config), env: '', headers: '' };
  expect(JSON.stringify(readEdit(other, config))).not.toMatch(/server\/s\/(env|header)/);
});
it('a command that was changed says what stands in the form', () => {
  const [config] = CONFIGS as [ServerConfig];
  const form = { ...formOf('s', config), command: 'npx "a b" --flag' };
  expect(readEdit(form, config)).toMatchObject({ config: { command: 'npx', args: ['a b', '--flag'] } });
});
