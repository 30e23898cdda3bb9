// @module-tag slow
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readForm, splitCommand } from '../../renderer/features/servers/add-server-form.ts';
import { serverRules } from '../../renderer/features/shared/server-rules.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import { inMode } from '../fakes/server-modes.ts';
import { createUiCore, SIGN_IN_ISSUER, signIn, type UiCore } from '../fakes/ui/ui-core.ts';
import { server, tool } from '../fakes/ui/ui-data.ts';
import { renderApp } from './render-app.tsx';

afterEach(() => void vi.restoreAllMocks());

const inputs = (core: UiCore, wanted: string) =>
  core.calls.filter(({ name }) => name === wanted).map(({ input }) => input);
/** An urgent note is there twice: to be seen, and to be read out at once. */
const sees = async (text: string) => expect((await screen.findAllByText(text))[0]).toBeVisible();
const toggle = (name: string, action: string) =>
  within(screen.getByRole('group', { name: `Rule for ${name}` })).getByRole('button', { name: action });

describe('the tools of a server', () => {
  it('sets one tool with one press', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/filesystem');
    await screen.findByText('read_file');
    await user.click(toggle('read_file', 'Deny'));
    expect(toggle('read_file', 'Deny')).toHaveAttribute('aria-pressed', 'true');
    expect(await screen.findByText('read_file: deny.')).toBeVisible();
    expect(inputs(core, 'policy.setTool')).toEqual([
      { server: 'filesystem', tools: ['read_file'], action: 'deny' },
    ]);
  });

  it('takes the change back when the core refuses it', async () => {
    const core = createUiCore('routed');
    core.failNext(
      'policy.setTool',
      new RpcError('refused', 'The policy file is read-only.', 'Make it writable.'),
    );
    const { user } = renderApp(core, '/servers/filesystem');
    await screen.findByText('read_file');
    await user.click(toggle('read_file', 'Hide'));
    await sees('The policy file is read-only.');
    await sees('Make it writable.');
    await waitFor(() => expect(toggle('read_file', 'Allow')).toHaveAttribute('aria-pressed', 'true'));
  });

  it('sets many at once', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/filesystem');
    await user.click(await screen.findByLabelText('Select read_file'));
    await user.click(screen.getByLabelText('Select write_file'));
    expect(screen.getByText('2 tools selected')).toBeVisible();
    const bar = screen.getByText('Set selected to').parentElement as HTMLElement;
    await user.click(within(bar).getByRole('button', { name: 'Ask' }));
    await waitFor(() =>
      expect(inputs(core, 'policy.setTool')).toEqual([
        { server: 'filesystem', tools: ['read_file', 'write_file'], action: 'ask' },
      ]),
    );
  });

  it('sets and removes a limit, and refuses what is no number', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/filesystem');
    await user.click(await screen.findByRole('button', { name: 'Limit of write_file: 30 / minute' }));
    const field = await screen.findByLabelText('Calls');
    await user.clear(field);
    await user.type(field, '2.5');
    await user.click(screen.getByRole('button', { name: 'Set limit' }));
    expect(screen.getByText('Give a whole number, 0 or more.')).toBeVisible();
    await user.clear(field);
    await user.type(field, '5');
    await user.selectOptions(screen.getByLabelText('Per'), 'hour');
    await user.click(screen.getByRole('button', { name: 'Set limit' }));
    await user.click(await screen.findByRole('button', { name: 'Limit of write_file: 5 / hour' }));
    await user.click(await screen.findByRole('button', { name: 'Remove' }));
    await waitFor(() =>
      expect(inputs(core, 'policy.setTool')).toEqual([
        { server: 'filesystem', tools: ['write_file'], limit: { max: 5, window: 'hour' } },
        { server: 'filesystem', tools: ['write_file'], limit: null },
      ]),
    );
  });

  it('filters, and draws only the rows in sight of ten thousand', async () => {
    const core = createUiCore('routed');
    core.tools.set(
      'filesystem',
      Array.from({ length: 10_000 }, (_, at) => tool(`tool_${at}`)),
    );
    const { user } = renderApp(core, '/servers/filesystem');
    await screen.findByText('tool_0');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
    await user.type(screen.getByLabelText('Filter tools'), 'tool_9999');
    expect(await screen.findByText('tool_9999')).toBeVisible();
    expect(screen.getByText(/1 of 10.000 tools/)).toBeVisible();
  });

  it('lists tools on demand where none were seen', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/memory');
    await screen.findByText('The tools were not listed yet');
    await user.click(screen.getAllByRole('button', { name: 'List tools' })[0] as HTMLElement);
    expect(await screen.findByText('read_file')).toBeVisible();
    expect(screen.getByText('The server lists 8 tools.')).toBeVisible();
  });

  it('says why a listing failed', async () => {
    const core = createUiCore('routed');
    core.failNext(
      'servers.refresh',
      new RpcError('refused', 'The command npx was not found.', 'Install Node.'),
    );
    const { user } = renderApp(core, '/servers/memory');
    await user.click((await screen.findAllByRole('button', { name: 'List tools' }))[0] as HTMLElement);
    await sees('The command npx was not found.');
  });
});

describe('the policy of a server', () => {
  it('checks while typing, names what is wrong by its path, and saves what is right', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/filesystem');
    await user.click(await screen.findByRole('tab', { name: 'Policy' }));
    const field = await screen.findByLabelText('Policy document (JSON)');
    fireEvent.change(field, { target: { value: '{ "tools": { "read_file": { "action": "alow" } } }' } });
    expect(await screen.findByText('/tools/read_file/action')).toBeVisible();
    expect(screen.getByText(/Did you mean “allow”/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    fireEvent.change(field, { target: { value: '{ "version": "1" }' } });
    await screen.findByText('The document is correct.');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('The policy is saved and in force.')).toBeVisible();
    expect(core.policies.get('filesystem')).toBe('{ "version": "1" }');
  });

  it('shows the recommended rules as a diff and saves exactly those', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/github');
    await user.click(await screen.findByRole('button', { name: 'Review and enforce' }));
    expect(await screen.findByText(/"delete_file": \{ "action": "ask" \}/)).toBeVisible();
    await user.click(screen.getByRole('checkbox', { name: /Strict/ }));
    await screen.findByText(/"delete_file": \{ "action": "deny" \}/);
    await user.click(screen.getByRole('button', { name: 'Save and enforce' }));
    await waitFor(() => expect(core.policies.get('github')).toContain('"deny" }'));
    expect(await screen.findByText('Enforcing')).toBeVisible();
  });
});

describe('adding and removing a server', () => {
  it('adds from a command line and opens the new server', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/add-server');
    await user.type(await screen.findByLabelText(/^Name/), 'notes');
    await user.type(screen.getByLabelText(/^Command line/), 'npx -y "my server" --root /tmp');
    await user.type(screen.getByLabelText(/^Environment/), 'LEVEL=info');
    const dialog = screen.getByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Add server' }));
    expect(await screen.findByRole('heading', { name: 'notes' })).toBeVisible();
    expect(inputs(core, 'servers.add')).toEqual([
      {
        name: 'notes',
        config: {
          kind: 'stdio',
          command: 'npx',
          args: ['-y', 'my server', '--root', '/tmp'],
          env: { LEVEL: 'info' },
        },
      },
    ]);
  });

  it('says what is wrong beside the form', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/add-server');
    await user.type(await screen.findByLabelText(/^Name/), 'github');
    await user.type(screen.getByLabelText(/^Command line/), 'npx x');
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Add server' }));
    expect(await screen.findByText('A server is already named “github”.')).toBeVisible();
    expect(inputs(core, 'servers.add')).toEqual([]);
  });

  it('asks before it removes', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/postgres');
    await user.click(await screen.findByRole('button', { name: 'Remove server' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByRole('button', { name: 'Cancel' })).toHaveFocus();
    expect(inputs(core, 'servers.remove')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Remove server' }));
    await waitFor(() => expect(inputs(core, 'servers.remove')).toEqual([{ name: 'postgres' }]));
    expect(await screen.findByRole('heading', { name: 'Servers' })).toBeVisible();
  });

  it('splits command lines as a shell does', () => {
    expect(splitCommand(`a 'b c' "d \\"e\\"" f\\ g ''`)).toEqual(['a', 'b c', 'd "e"', 'f g', '']);
    expect(splitCommand('C:\\node\\npx.cmd x')).toEqual(['C:\\node\\npx.cmd', 'x']);
    expect(splitCommand('a "b')).toBeUndefined();
    expect(splitCommand('  ')).toEqual([]);
  });

  it('reads headers, and names the line that is none', () => {
    const form = {
      kind: 'http' as const,
      name: 'x',
      command: '',
      env: '',
      cwd: '',
      url: ' https://e.example/mcp ',
      headers: 'X-A: b: c',
    };
    expect(readForm(form)).toEqual({
      config: { kind: 'http', url: 'https://e.example/mcp', headers: { 'X-A': 'b: c' } },
    });
    expect(readForm({ ...form, headers: 'nonsense' })).toEqual({
      problem: '“nonsense” is not of the form Name: value.',
    });
  });
});

describe('signing in to a server', () => {
  const opened = (): ReturnType<typeof vi.spyOn> => vi.spyOn(window, 'open').mockReturnValue(null);

  it('opens the page, waits, and says where one is signed in; signing out is one press', async () => {
    const open = opened();
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/linear');
    await screen.findByText('This server wants you to sign in.');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await screen.findByText(`Finish the sign-in in your browser, at ${SIGN_IN_ISSUER}.`);
    const url = `${SIGN_IN_ISSUER}/authorize?client_id=drawbridge&state=linear`;
    expect(open.mock.calls).toEqual([[url, '_blank', 'noopener,noreferrer']]);
    const again = screen.getByRole('link', { name: 'Open the page again' });
    expect(again).toHaveAttribute('href', url);
    expect(again).toHaveAttribute('rel', 'noopener noreferrer');
    expect(screen.getByText(/^(10:00|9:5\d) left$/)).toBeVisible();

    core.patch({
      servers: core.state.servers.map((each) =>
        each.name === 'linear'
          ? { ...each, status: 'idle', statusText: null, signIn: signIn('signed-in') }
          : each,
      ),
    });
    await screen.findByText(`Signed in at ${SIGN_IN_ISSUER}`);
    expect(screen.queryByRole('button', { name: /Sign in/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByText('You are not signed in to this server.')).toBeVisible();
    expect(inputs(core, 'servers.signOut')).toEqual([{ name: 'linear' }]);
  });

  it('can be given up', async () => {
    opened();
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/linear');
    await user.click(await screen.findByRole('button', { name: 'Sign in' }));
    await user.click(await screen.findByRole('button', { name: 'Cancel sign-in' }));
    expect(await screen.findByRole('button', { name: 'Sign in' })).toBeVisible();
    expect(inputs(core, 'servers.cancelSignIn')).toEqual([{ name: 'linear' }]);
  });

  it('begins in the list of servers, too', async () => {
    const open = opened();
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers');
    await user.click(await screen.findByRole('button', { name: 'Sign in: linear' }));
    expect(await screen.findByText('Waiting for browser')).toBeVisible();
    expect(open.mock.calls).toHaveLength(1);
  });

  it('says in words why it is not possible', async () => {
    const core = createUiCore('routed');
    core.failNext('servers.signIn', new RpcError('refused', 'https://auth.example could not be asked.'));
    const { user } = renderApp(core, '/servers/linear');
    await user.click(await screen.findByRole('button', { name: 'Sign in' }));
    await sees('https://auth.example could not be asked.');
  });

  it('asks for a client ID where the authorization server wants one made by hand', async () => {
    const open = opened();
    const core = createUiCore('routed');
    core.failNext(
      'servers.signIn',
      new RpcError('needs_client', 'It lets no program register itself.', 'Register Drawbridge there.'),
    );
    const { user } = renderApp(core, '/servers/linear');
    await user.click(await screen.findByRole('button', { name: 'Sign in' }));
    const dialog = await screen.findByRole('dialog', { name: 'A client ID is needed for linear' });
    expect(dialog).toHaveTextContent('It lets no program register itself. Register Drawbridge there.');
    expect(within(dialog).getByRole('button', { name: 'Sign in' })).toBeDisabled();
    await user.type(within(dialog).getByLabelText('Client ID'), ' abc ');
    await user.type(within(dialog).getByLabelText(/^Client secret/), 'hush');
    await user.click(within(dialog).getByRole('button', { name: 'Sign in' }));
    await screen.findByText(/Finish the sign-in/);
    expect(inputs(core, 'servers.signIn')).toEqual([
      { name: 'linear' },
      { name: 'linear', client: { id: 'abc', secret: 'hush' } },
    ]);
    expect(open.mock.calls).toHaveLength(1);
  });

  it('makes no link of an address that is no web page', async () => {
    const open = opened();
    const core = createUiCore('routed');
    renderApp(core, '/servers/linear');
    await screen.findByRole('button', { name: 'Sign in' });
    core.patch({
      servers: core.state.servers.map((each) =>
        each.name === 'linear'
          ? { ...each, signIn: signIn('waiting', { url: 'javascript:alert(1)', until: Date.now() + 60_000 }) }
          : each,
      ),
    });
    await screen.findByText(/Finish the sign-in/);
    expect(screen.queryByRole('link', { name: 'Open the page again' })).toBeNull();
    expect(open.mock.calls).toEqual([]);
  });

  it('keeps the sign-in and says what it lacks', async () => {
    const core = createUiCore('routed');
    const text =
      'A call needs more permissions than this sign-in has: files:write. Sign in again to grant them.';
    core.state = {
      ...core.state,
      servers: [server('api', { kind: 'http', signIn: signIn('signed-in', { text }) })],
    };
    renderApp(core, '/servers/api');
    expect(await screen.findByText(text)).toBeVisible();
    expect(screen.getByText(`Signed in at ${SIGN_IN_ISSUER}`)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Sign in again' })).toBeVisible();
  });
});

describe('what is said about the rules of a server', () => {
  const enforce = { mode: 'enforce', until: null } as const;
  const recommended = { source: 'recommended', version: 'r', broken: null } as const;
  it.each([
    [
      'raised beats all',
      server('a', { mode: 'bypass' }),
      { mode: 'raised', until: null } as const,
      'Denying everything',
    ],
    [
      'bypass beats its own mode',
      server('a', { mode: 'enforce' }),
      { mode: 'bypass', until: 1 } as const,
      'Letting everything through',
    ],
    [
      'unconfirmed rules observe',
      server('a', { policy: recommended }),
      enforce,
      'Observing recommended rules',
    ],
    [
      'unless its own mode enforces',
      server('a', { policy: recommended, mode: 'enforce' }),
      enforce,
      'Enforcing',
    ],
    [
      'a broken file is said',
      server('a', { policy: { source: 'file', version: 'v', broken: 'x' } }),
      enforce,
      'Policy file is broken',
    ],
    ['observe for everything', server('a'), { mode: 'observe', until: null } as const, 'Observing'],
  ])('%s', (_name, view, everywhere, text) => {
    expect(serverRules(inMode(view, everywhere, 0)).text).toBe(text);
  });
});
