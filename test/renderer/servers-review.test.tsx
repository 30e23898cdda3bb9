// @module-tag slow
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { createUiCore, type UiCore } from '../fakes/ui/ui-core.ts';
import { pin, risk, tool } from '../fakes/ui/ui-data.ts';
import { blockTool, definitionChange, NEW_HASH, pinHistory } from '../fakes/ui/ui-pins.ts';
import { renderApp } from './render-app.tsx';

const inputs = (core: UiCore, wanted: string) =>
  core.calls.filter(({ name }) => name === wanted).map(({ input }) => input);

/** A core in which `write_file` of `filesystem` waits for a review. */
function changed(): UiCore {
  const core = createUiCore('routed');
  blockTool(core, 'filesystem', 'write_file', pinHistory(Date.now()));
  return core;
}
const review = async (user: ReturnType<typeof renderApp>['user']) => {
  await user.click(await screen.findByRole('button', { name: 'Review write_file' }));
  const dialog = await screen.findByRole('dialog', { name: 'Review write_file' });
  await within(dialog).findByText('annotations.readOnlyHint');
  return dialog;
};
/** Accept is armed once the definition stood still. */
const accept = async (user: ReturnType<typeof renderApp>['user'], dialog: HTMLElement) => {
  const button = within(dialog).getByRole('button', { name: 'Accept this definition' });
  await waitFor(() => expect(button).toBeEnabled());
  await user.click(button);
};

describe('a tool whose definition waits for a review', () => {
  it('says so in its row, with the reasons, instead of a toggle that would have no effect', async () => {
    const core = changed();
    renderApp(core, '/servers/filesystem');
    const badge = await screen.findByRole('button', { name: /^Waits for review: write_file\./ });
    expect(badge).toHaveAccessibleName(/readOnlyHint: true.*webhook.*speaks to the model/);
    expect(screen.queryByRole('group', { name: 'Rule for write_file' })).toBeNull();
    expect(screen.getByText(/After that the rule is: allow\./)).toBeInTheDocument();
    expect(screen.getByRole('group', { name: 'Rule for read_file' })).toBeVisible();
  });

  it('shows the reasons under the focus', async () => {
    const { user } = renderApp(changed(), '/servers/filesystem');
    const badge = await screen.findByRole('button', { name: /^Waits for review: write_file/ });
    for (let presses = 0; document.activeElement !== badge; presses++) {
      expect(presses).toBeLessThan(80);
      await user.tab();
    }
    expect(await screen.findByText(/takes the argument “webhook”/)).toBeVisible();
  });

  it('is found by the filter, which counts those that wait', async () => {
    const { user } = renderApp(changed(), '/servers/filesystem');
    await screen.findByText('read_file');
    await user.selectOptions(screen.getByLabelText('Definition'), 'Waiting for review (1)');
    await waitFor(() => expect(screen.queryByText('read_file')).toBeNull());
    expect(screen.getByText('write_file')).toBeVisible();
    expect(screen.getByText('1 of 8 tools')).toBeVisible();
  });

  it('is reviewed by what changed, field by field, and by every reason in words', async () => {
    const { user } = renderApp(changed(), '/servers/filesystem');
    const dialog = await review(user);
    for (const words of ['Declares less risk', 'New arguments', 'Speaks to the model'])
      expect(within(dialog).getByText(words)).toBeVisible();
    for (const reason of definitionChange(0).reasons)
      expect(within(dialog).getAllByText(reason)[0]).toBeVisible();
    expect(dialog.querySelectorAll('ins').length).toBeGreaterThan(2);
    expect(within(dialog).getByText('inputSchema.properties.webhook')).toBeVisible();
    expect(within(dialog).getByRole('button', { name: 'Keep blocked' })).toHaveFocus();
    expect(within(dialog).getByText('First definition seen')).toBeVisible();
    await user.click(within(dialog).getByText('Passed as harmless'));
    expect(await within(dialog).findByText('Write file')).toBeVisible();
  });

  it('is accepted by the hash that is on the screen', async () => {
    const core = changed();
    const { user } = renderApp(core, '/servers/filesystem');
    const dialog = await review(user);
    expect(within(dialog).getByRole('button', { name: 'Accept this definition' })).toBeDisabled();
    await accept(user, dialog);
    expect(inputs(core, 'pins.accept')).toEqual([
      { server: 'filesystem', tool: 'write_file', hash: NEW_HASH },
    ]);
    expect(await screen.findByText('The definition of write_file is accepted.')).toBeVisible();
    expect(await screen.findByRole('group', { name: 'Rule for write_file' })).toBeVisible();
  });

  it('is not accepted when it is another by now: that is said, and the newest one is shown', async () => {
    const core = changed();
    const { user } = renderApp(core, '/servers/filesystem');
    const dialog = await review(user);
    const newest = definitionChange(Date.now(), {
      to: 'sha256:d4',
      fields: [{ path: 'title', parts: [{ kind: 'added', text: 'Newest' }] }],
    });
    const next = pinHistory(Date.now(), { review: newest });
    core.pins.set('filesystem/write_file', { ...next, pin: { ...next.pin, hash: 'sha256:d4' } });
    core.tools.set(
      'filesystem',
      (core.tools.get('filesystem') ?? []).map((each) =>
        each.name === 'write_file' ? { ...each, pin: { ...each.pin, hash: 'sha256:d4' } } : each,
      ),
    );
    await accept(user, dialog);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(/changed again.*nothing was accepted/);
    expect(await within(dialog).findByText('Newest')).toBeVisible();
    await accept(user, dialog);
    await waitFor(() =>
      expect(inputs(core, 'pins.accept').at(-1)).toEqual({
        server: 'filesystem',
        tool: 'write_file',
        hash: 'sha256:d4',
      }),
    );
  });

  it('stays blocked when the dialog is left, and can be hidden instead', async () => {
    const core = changed();
    const { user } = renderApp(core, '/servers/filesystem');
    let dialog = await review(user);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(inputs(core, 'pins.accept')).toEqual([]);
    dialog = await review(user);
    await user.click(within(dialog).getByRole('button', { name: 'Hide this tool' }));
    await waitFor(() =>
      expect(inputs(core, 'policy.setTool')).toEqual([
        { server: 'filesystem', tools: ['write_file'], action: 'hide' },
      ]),
    );
    expect(inputs(core, 'pins.accept')).toEqual([]);
    // Its place in the list is what the policy says again, and it still waits.
    expect(await screen.findByRole('group', { name: 'Rule for write_file' })).toBeVisible();
    expect(screen.getByRole('button', { name: /^Waits for review: write_file/ })).toBeVisible();
  });

  it('is one press away from the list of servers and from the palette', async () => {
    const core = changed();
    const { user } = renderApp(core, '/servers');
    await user.click(await screen.findByRole('link', { name: '1 tool waits for review: filesystem' }));
    expect(await screen.findByText('1 of 8 tools')).toBeVisible();
    await user.keyboard('{Control>}k{/Control}review changed{Enter}');
    expect(window.location.hash).toBe('#/servers/filesystem/review');
  });
});

describe('the detail of a tool', () => {
  it('shows the class with its reasons, and the whole definition', async () => {
    const core = createUiCore('routed');
    core.tools.set('filesystem', [
      tool('sync', {
        title: 'Sync',
        description: 'Line one.\nLine two.',
        risk: risk('Write', { confidence: 0.5, flags: ['egress'], reasons: ['nothing says what it does'] }),
        pin: pin({ state: 'new', reasons: ['It is very like a tool that was removed: sync_all.'] }),
        inputSchema: { type: 'object', properties: { to: { type: 'string' } } },
        annotations: { readOnlyHint: true },
      }),
    ]);
    const { user } = renderApp(core, '/servers/filesystem');
    await user.click(await screen.findByRole('button', { name: 'Show sync' }));
    const pane = screen.getByRole('complementary', { name: 'About sync' });
    expect(within(pane).getByRole('heading', { name: 'sync' })).toHaveFocus();
    expect(within(pane).getByText('nothing says what it does')).toBeVisible();
    expect(within(pane).getByText('What is unclear:')).toBeVisible();
    expect(within(pane).getByText(/very like a tool that was removed/)).toBeVisible();
    const definition = (label: string) => pane.querySelector(`[data-definition="${label}"]`)?.textContent;
    expect(definition('Description')).toBe('Line one.\nLine two.');
    expect(definition('Arguments (input schema)')).toBe(
      JSON.stringify({ type: 'object', properties: { to: { type: 'string' } } }, null, 2),
    );
    expect(definition('Annotations')).toContain('"readOnlyHint": true');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary', { name: 'About sync' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Show sync' })).toHaveFocus();
  });
});

describe('a quarantined server', () => {
  const quarantined = (): UiCore => {
    const core = changed();
    core.state = {
      ...core.state,
      servers: core.state.servers.map((each) =>
        each.name === 'filesystem'
          ? { ...each, quarantine: 'It switched between two definitions of write_file 3 times.' }
          : each,
      ),
    };
    return core;
  };

  it('says why and what it means, and is released after a question', async () => {
    const core = quarantined();
    const { user } = renderApp(core, '/servers/filesystem');
    const bar = await screen.findByRole('alert');
    expect(bar).toHaveTextContent(/switched between two definitions.*is blocked/);
    await user.click(within(bar).getByRole('button', { name: 'Release' }));
    const dialog = await screen.findByRole('dialog', { name: 'Release filesystem?' });
    expect(dialog).toHaveTextContent(/still waits for its own review/);
    expect(inputs(core, 'pins.release')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Release' }));
    await waitFor(() => expect(inputs(core, 'pins.release')).toEqual([{ server: 'filesystem' }]));
    await waitFor(() => expect(screen.queryByText(/switched between/)).toBeNull());
  });

  it('is named in the list of servers', async () => {
    renderApp(quarantined(), '/servers');
    expect(
      await screen.findByRole('link', { name: 'Quarantined, 1 tool waits for review: filesystem' }),
    ).toBeVisible();
  });
});

describe('many tools at once', () => {
  it('are those the filter shows: one press chooses them, one sets a rule, one a limit', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers/filesystem');
    await screen.findByText('read_file');
    await user.selectOptions(screen.getByLabelText('Class'), 'Write');
    await waitFor(() => expect(screen.queryByText('read_file')).toBeNull());
    await user.click(screen.getByLabelText('Select all shown tools'));
    const bar = screen.getByText('Set selected to').parentElement as HTMLElement;
    await user.click(within(bar).getByRole('button', { name: 'Ask' }));
    await user.click(screen.getByRole('button', { name: 'Limit' }));
    await user.click(await screen.findByRole('button', { name: 'Set limit' }));
    await waitFor(() =>
      expect(inputs(core, 'policy.setTool')).toEqual([
        { server: 'filesystem', tools: ['write_file', 'edit_file'], action: 'ask' },
        {
          server: 'filesystem',
          tools: ['write_file', 'edit_file'],
          limit: { max: 10, window: 'minute' },
        },
      ]),
    );
    expect(await screen.findByText('The limit of 2 tools is set.')).toBeVisible();
  });
});
