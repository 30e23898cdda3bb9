// @module-tag slow
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { suggestedBeginning } from '../../renderer/features/rules/beginning.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import { createUiCore, type UiCore } from '../fakes/ui/ui-core.ts';
import { missedCall } from '../fakes/ui/ui-rules.ts';
import { renderApp } from './render-app.tsx';

const inputs = (core: UiCore, wanted: string) =>
  core.calls.filter(({ name }) => name === wanted).map(({ input }) => input);

/** Call 396: Claude Code called read_file of filesystem, and was denied. */
async function openRule(core: UiCore) {
  const shown = renderApp(core, '/activity/396');
  await shown.user.click(await screen.findByRole('button', { name: 'Make a rule…' }));
  const dialog = await screen.findByRole('dialog', { name: 'A rule from this call' });
  await within(dialog).findByRole('button', { name: 'Save rule' });
  return { ...shown, dialog };
}

describe('a rule from a call', () => {
  it('follows what is chosen for each argument, the client and the effect, in words', async () => {
    const core = createUiCore('routed');
    const { user, dialog } = await openRule(core);
    const ui = within(dialog);
    const path = within(ui.getByRole('group', { name: 'How args.path is compared' }));
    await user.click(path.getByRole('button', { name: 'Begins with' }));
    expect(ui.getByRole('textbox', { name: 'What args.path begins with' })).toHaveValue('/home/ada/notes/');
    fireEvent.change(ui.getByRole('textbox', { name: 'What args.path begins with' }), {
      target: { value: '/home/ada/' },
    });
    const token = within(ui.getByRole('group', { name: 'How args.token is compared' }));
    await user.click(token.getByRole('button', { name: 'Anything' }));
    await user.click(ui.getByRole('button', { name: 'Every client' }));
    await user.click(ui.getByRole('button', { name: 'Deny' }));
    expect(await ui.findByText(/is denied if args\.path begins with "\/home\/ada\/"\.$/)).toBeVisible();
    expect(ui.getByText(/Would have matched 57 of the last 500 calls of this server\./)).toBeVisible();
    expect(inputs(core, 'policy.draftRule')[0]).toEqual({ seq: 396, effect: 'allow', everyClient: false });
    expect(inputs(core, 'policy.draftRule').at(-1)).toEqual({
      seq: 396,
      effect: 'deny',
      everyClient: true,
      fields: [
        { path: 'args.path', use: 'begins', value: '"/home/ada/"' },
        { path: 'args.token', use: 'any', value: '"••••••"' },
      ],
    });
    // Back to the whole value, which the beginning has not replaced.
    await user.click(path.getByRole('button', { name: 'Exactly' }));
    expect(ui.getByRole('region', { name: 'args.path' })).toHaveTextContent('"/home/ada/notes/396.md"');
    await user.click(path.getByRole('button', { name: 'Begins with' }));
    expect(ui.getByRole('textbox', { name: 'What args.path begins with' })).toHaveValue('/home/ada/');
  });

  it('saves the document of the draft over the version it was made from', async () => {
    const core = createUiCore('routed');
    const { user, dialog } = await openRule(core);
    await user.click(within(dialog).getByText('Show what changes in the policy'));
    expect(
      await within(dialog).findByRole('region', { name: 'What changes in the policy' }),
    ).toHaveTextContent('"allow_if"');
    await user.click(within(dialog).getByRole('button', { name: 'Save rule' }));
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    const [saved] = inputs(core, 'policy.set') as { text: string }[];
    expect(saved).toMatchObject({ server: 'filesystem', basedOn: 'v1' });
    expect(saved?.text).toContain('allow_if');
    expect(await screen.findByText(/The rule is saved\./)).toBeVisible();
  });

  it('is worked out again when the policy changed meanwhile, and says so', async () => {
    const core = createUiCore('routed');
    core.failNext('policy.set', new RpcError('conflict', 'changed'));
    const { user, dialog } = await openRule(core);
    const before = inputs(core, 'policy.draftRule').length;
    await user.click(within(dialog).getByRole('button', { name: 'Save rule' }));
    expect(await within(dialog).findByText(/worked out again/)).toBeVisible();
    await waitFor(() => expect(inputs(core, 'policy.draftRule')).toHaveLength(before + 1));
    await act(async () =>
      core.patch({
        servers: core.state.servers.map((each) =>
          each.name === 'filesystem' ? { ...each, policy: { ...each.policy, version: 'v9' } } : each,
        ),
      }),
    );
    await waitFor(() => expect(inputs(core, 'policy.draftRule')).toHaveLength(before + 2));
    await user.click(await within(dialog).findByRole('button', { name: 'Save rule' }));
    await waitFor(() => expect(inputs(core, 'policy.set').at(-1)).toMatchObject({ basedOn: 'v9' }));
  });

  it('cannot be saved when it would not have its effect', async () => {
    const core = createUiCore('routed');
    core.refuseRules = 'The policy says that already.';
    const { dialog } = await openRule(core);
    expect(await within(dialog).findByText('The policy says that already.')).toBeVisible();
    expect(within(dialog).getByRole('button', { name: 'Save rule' })).toBeDisabled();
  });

  it('says when it cannot be worked out, and tries again', async () => {
    const core = createUiCore('routed');
    core.failNext('policy.draftRule', new RpcError('bad_input', 'The arguments are not an object.'));
    const { user } = renderApp(core, '/activity/396');
    await user.click(await screen.findByRole('button', { name: 'Make a rule…' }));
    expect(await screen.findByText('The arguments are not an object.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: 'Save rule' })).toBeEnabled();
  });

  it.each([
    ['/home/ada/notes/a.md', '/home/ada/notes/'],
    ['~/a.md', '~/a.md'],
    ['C:\\Users\\ada\\a.md', 'C:\\Users\\ada\\'],
    ['/etc', '/etc'],
    ['https://api.example.com/v1/x?y=/z', 'https://api.example.com/'],
    ['git push origin', 'git '],
    ['main', 'main'],
    ['', ''],
  ])('suggests of %j the beginning %j', (text, beginning) => {
    expect(suggestedBeginning(JSON.stringify(text))).toBe(JSON.stringify(beginning));
  });
});

describe('missed calls', () => {
  it('shows each whole, with why it asked, and makes a rule from it', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/missed');
    expect(await screen.findByText('The policy asks before run_command runs.')).toBeVisible();
    expect(screen.getByRole('region', { name: 'Arguments of run_command' })).toHaveTextContent(
      '"command": "git push origin main"',
    );
    expect(screen.getByText(/The client gave up first, asked 3 times/)).toBeVisible();
    expect(screen.getByRole('region', { name: 'Arguments of delete_file' })).toHaveTextContent(
      '/home/ada/notes/U+202Eold.md',
    );
    expect(screen.queryByRole('button', { name: 'Make a rule for delete_file' })).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Make a rule for merge_pull_request' }));
    expect(await screen.findByRole('dialog', { name: 'A rule from this call' })).toBeVisible();
    await waitFor(() =>
      expect(inputs(core, 'policy.draftRule')[0]).toMatchObject({ seq: 395, effect: 'allow' }),
    );
  });

  it('are counted beside the page, dismissed one by one or all after asking, and then teach', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/missed');
    expect(await screen.findByRole('link', { name: 'Missed 3 missed calls' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Dismiss run_command' }));
    expect(await screen.findByRole('link', { name: 'Missed 2 missed calls' })).toBeVisible();
    expect(inputs(core, 'approvals.dismiss')).toEqual([{ id: 'm-1' }]);
    await user.click(screen.getByRole('button', { name: 'Dismiss all…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Dismiss 2 missed calls?' });
    await user.click(within(dialog).getByRole('button', { name: 'Dismiss all' }));
    expect(await screen.findByText('Nothing was missed')).toBeVisible();
    expect(inputs(core, 'approvals.dismiss').at(-1)).toEqual({});
    expect(screen.getByRole('link', { name: 'Missed' })).toBeVisible();
  });

  it('come in when a question leaves the waiting ones', async () => {
    const core = createUiCore('empty');
    renderApp(core, '/missed');
    expect(await screen.findByText('Nothing was missed')).toBeVisible();
    core.missed = [missedCall('m-9', Date.now())];
    await act(async () => core.patch({ approvals: [] }));
    expect(inputs(core, 'approvals.missed')).toHaveLength(1);
    const { approval } = await import('../fakes/ui/ui-data.ts');
    await act(async () => core.patch({ approvals: [approval(Date.now())] }));
    await act(async () => core.patch({ approvals: [] }));
    expect(await screen.findByText('The policy asks before run_command runs.')).toBeVisible();
  });

  it('are searched through, and say when they cannot be read', async () => {
    const core = createUiCore('routed');
    core.failNext('approvals.missed', new RpcError('internal', 'The list could not be read.'));
    const { user } = renderApp(core, '/missed');
    expect(await screen.findByText('The list could not be read.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await user.type(await screen.findByRole('searchbox', { name: 'Filter missed calls' }), 'squash');
    await waitFor(() =>
      expect(screen.queryByText('The policy asks before run_command runs.')).not.toBeInTheDocument(),
    );
    expect(screen.getByRole('region', { name: 'Arguments of merge_pull_request' })).toBeVisible();
  });
});

describe('approval health', () => {
  it('shows how prompts go, and makes a rule of what is always answered alike', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/');
    expect(await screen.findByText(/11 answers came within two seconds/)).toBeVisible();
    expect(screen.getByText('6.4 s')).toBeVisible();
    expect(screen.getByText('84 %')).toBeVisible();
    expect(
      screen.getByRole('img', { name: /^Prompts each day, the last 30 days\. .*: 7 prompts/ }),
    ).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Make a rule for list_issues from Cursor' }));
    expect(await screen.findByRole('dialog', { name: 'A rule from this call' })).toBeVisible();
    await waitFor(() =>
      expect(inputs(core, 'policy.draftRule')[0]).toMatchObject({ seq: 392, effect: 'allow' }),
    );
  });

  it('is short where nothing has asked, and says when it cannot be read', async () => {
    const core = createUiCore('routed');
    core.health = { ...core.health, prompts: 0 };
    core.failNext('approvals.health', new RpcError('internal', 'No health.'));
    const { user } = renderApp(core, '/');
    expect(await screen.findByText('No health.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('No call has asked you in this time.')).toBeVisible();
  });
});
