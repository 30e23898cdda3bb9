// @module-tag slow
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { argumentsOf, isMany } from '../../renderer/features/approvals/arguments/fields.ts';
import { HOLD_MS } from '../../renderer/features/approvals/prompt/use-hold.ts';
import { ARM_MS } from '../../renderer/ui/use-armed.ts';
import { contract } from '../../shared/contract.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import { createUiCore, type UiCore } from '../fakes/ui/ui-core.ts';
import { approval, risk } from '../fakes/ui/ui-data.ts';
import { renderApp } from './render-app.tsx';

const decisions = (core: UiCore) =>
  core.calls.filter(({ name }) => name === 'approvals.decide').map(({ input }) => input);

/** The prompt's window with these prompts waiting, on a clock of the test. */
async function shown(...approvals: ReturnType<typeof approval>[]) {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const core = createUiCore('routed');
  core.patch({ approvals });
  const app = renderApp(core, '/approval', { role: 'approver', ownApprovalWindow: true });
  await screen.findByRole('button', { name: 'Deny' });
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  return {
    core,
    pass,
    app,
    allow: () => screen.getByRole('button', { name: /^(Allow once|Hold to allow)/ }),
  };
}

describe('the approval prompt', () => {
  it('says who wants what where and why, with the whole arguments', async () => {
    await shown(approval(Date.now(), { count: 12 }));
    expect(screen.getByRole('heading', { level: 2 })).toHaveTextContent(
      /^Cursor wants to use run command run_command on filesystem$/,
    );
    expect(screen.getByText(/The server calls it/)).toHaveTextContent('Run a shell command');
    expect(screen.getByText(/It takes free-form code/)).toBeVisible();
    expect(screen.getByText(/The policy asks before run_command runs/)).toBeVisible();
    expect(screen.getByText(/12 identical calls/)).toBeVisible();
    expect(document.querySelector('[data-field=command]')).toHaveTextContent('git push origin main');
    fireEvent.click(screen.getByRole('button', { name: 'Exact JSON' }));
    expect(document.querySelector('[data-part=whole]')?.textContent).toBe(
      '{\n  "command": "git push origin main",\n  "cwd": "/home/ada/work/atlas"\n}',
    );
    expect(screen.getByText(/Cursor waits 0:\d\d more/)).toBeVisible();
    expect(document.querySelector('[aria-live=assertive].sr-only')).toHaveTextContent(
      'The call waits for you',
    );
  });

  it('starts at Deny, and arms Allow only when the content has stood still', async () => {
    const { core, pass, allow } = await shown(approval(Date.now()));
    expect(screen.getByRole('button', { name: 'Deny' })).toHaveFocus();
    fireEvent.click(allow());
    expect(decisions(core)).toEqual([]);
    await pass(ARM_MS - 100);
    await act(async () =>
      core.patch({
        approvals: [
          approval(Date.now(), { argumentsText: '{"command":"rm"}', argumentsDigest: 'sha256:other' }),
        ],
      }),
    );
    await waitFor(() => expect(screen.getByText('rm')).toBeVisible());
    await pass(ARM_MS - 100);
    fireEvent.click(allow());
    expect(decisions(core)).toEqual([]);
    await pass(200);
    fireEvent.click(allow());
    await waitFor(() =>
      expect(decisions(core)).toEqual([
        { id: 'ap-1', decision: 'allow', scope: 'once', argumentsDigest: 'sha256:other' },
      ]),
    );
  });

  it('does not arm again because identical calls join', async () => {
    const { core, pass, allow } = await shown(approval(Date.now()));
    await pass(ARM_MS);
    await act(async () => core.patch({ approvals: [approval(Date.now(), { count: 2 })] }));
    await waitFor(() => expect(screen.getByText(/2 identical calls/)).toBeVisible());
    expect(allow()).not.toHaveAttribute('aria-disabled');
  });

  it('arms again for the next prompt, whatever the last one was', async () => {
    const { core, pass, allow } = await shown(
      approval(Date.now()),
      approval(Date.now(), { id: 'ap-2', tool: 'edit_file' }),
    );
    await pass(ARM_MS);
    expect(allow()).not.toHaveAttribute('aria-disabled');
    await act(async () =>
      core.patch({ approvals: [approval(Date.now(), { id: 'ap-2', tool: 'edit_file' })] }),
    );
    await waitFor(() => expect(screen.getByRole('heading', { level: 2 })).toHaveTextContent('edit_file'));
    expect(allow()).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getByRole('button', { name: 'Deny' })).toHaveFocus();
  });

  it('takes Ctrl Enter for allow, Ctrl Backspace for deny, Escape for later', async () => {
    const close = vi.spyOn(window, 'close').mockImplementation(() => undefined);
    const { core, pass } = await shown(
      approval(Date.now()),
      approval(Date.now(), { id: 'ap-2', tool: 'edit_file' }),
    );
    const deny = () => screen.getByRole('button', { name: 'Deny' });
    fireEvent.keyDown(deny(), { key: 'Enter', ctrlKey: true });
    expect(decisions(core)).toEqual([]);
    await pass(ARM_MS);
    fireEvent.keyDown(deny(), { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(decisions(core)).toHaveLength(1));
    await waitFor(() => expect(core.state.approvals).toHaveLength(1));
    await pass(50);
    fireEvent.keyDown(deny(), { key: 'Backspace', metaKey: true });
    await waitFor(() => expect(decisions(core)).toHaveLength(2));
    expect(decisions(core)).toMatchObject([{ decision: 'allow' }, { decision: 'deny', id: 'ap-2' }]);
    await act(async () => core.patch({ approvals: [approval(Date.now(), { id: 'ap-3' })] }));
    fireEvent.keyDown(await screen.findByRole('button', { name: 'Deny' }), { key: 'Escape' });
    expect(close).toHaveBeenCalledOnce();
    expect(decisions(core)).toHaveLength(2);
  });

  it('denies with a message, and no key in that form allows', async () => {
    const { core, pass } = await shown(approval(Date.now()));
    await pass(ARM_MS);
    fireEvent.click(screen.getByRole('button', { name: 'Deny with a message' }));
    const field = screen.getByLabelText('Message to the agent');
    fireEvent.change(field, { target: { value: 'Open a pull request instead.' } });
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(decisions(core)).toHaveLength(1));
    expect(decisions(core)).toMatchObject([{ decision: 'deny', message: 'Open a pull request instead.' }]);
  });

  it('wants a Critical call held for a second', async () => {
    const { core, pass, allow } = await shown(approval(Date.now(), { risk: risk('Destructive') }));
    await pass(ARM_MS);
    fireEvent.click(allow());
    fireEvent.pointerDown(allow(), { button: 0 });
    await pass(HOLD_MS - 100);
    fireEvent.pointerUp(screen.getByRole('button', { name: 'Keep holding' }));
    await pass(500);
    expect(decisions(core)).toEqual([]);
    fireEvent.pointerDown(allow(), { button: 0 });
    await pass(HOLD_MS);
    await waitFor(() => expect(decisions(core)).toMatchObject([{ decision: 'allow', scope: 'once' }]));
  });

  it('offers only the scopes the core offers', async () => {
    vi.useRealTimers();
    const core = createUiCore('routed');
    core.patch({ approvals: [approval(Date.now(), { scopes: ['once', '15m'] })] });
    const { user } = renderApp(core, '/approval', { role: 'approver', ownApprovalWindow: true });
    const more = await screen.findByRole('button', { name: 'More' });
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Allow once' })).not.toHaveAttribute('aria-disabled'),
    );
    await user.click(more);
    const items = await screen.findAllByRole('menuitem');
    expect(items.map((item) => item.textContent)).toEqual([
      'Allow this exact call for 15 minutes',
      'Edit the arguments…',
      'Pause Cursor…',
    ]);
    await user.click(items[0] as HTMLElement);
    await waitFor(() => expect(decisions(core)).toMatchObject([{ scope: '15m' }]));
  });

  it('says what went wrong when the core refuses the decision', async () => {
    const { core, pass, allow } = await shown(approval(Date.now()));
    core.failNext(
      'approvals.decide',
      new RpcError('conflict', 'The call changed meanwhile.', 'Look at it again.'),
    );
    await pass(ARM_MS);
    fireEvent.click(allow());
    // An urgent note is there twice: to be seen, and to be read out at once.
    expect((await screen.findAllByText('The call changed meanwhile.'))[0]).toBeVisible();
    expect(screen.getAllByText('Look at it again.')[0]).toBeVisible();
  });

  it('uses only what an approver may', async () => {
    const { core, pass, allow } = await shown(approval(Date.now()));
    await pass(ARM_MS);
    fireEvent.click(allow());
    await screen.findByText('No call is waiting');
    for (const { name } of core.calls)
      expect(contract.calls[name as keyof typeof contract.calls].roles).toContain('approver');
  });
});

describe('the approval panel', () => {
  it('slides in by itself and does not take the focus from someone who types', async () => {
    vi.useRealTimers();
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/servers');
    const filter = await screen.findByLabelText('Filter servers');
    await user.click(filter);
    await act(async () => core.patch({ approvals: [approval(Date.now())] }));
    const panel = await screen.findByRole('complementary', { name: 'Calls waiting' });
    expect(filter).toHaveFocus();
    await user.click(within(panel).getByRole('button', { name: 'Decide later' }));
    expect(screen.queryByRole('complementary')).toBeNull();
    await user.click(screen.getByRole('button', { name: /Calls waiting/ }));
    expect(await screen.findByRole('button', { name: 'Deny' })).toHaveFocus();
  });

  it('stays closed where prompts have a window of their own', async () => {
    vi.useRealTimers();
    const core = createUiCore('routed');
    renderApp(core, '/servers', { ownApprovalWindow: true });
    await screen.findByLabelText('Filter servers');
    await act(async () => core.patch({ approvals: [approval(Date.now())] }));
    expect(await screen.findByRole('button', { name: /Calls waiting/ })).toBeVisible();
    expect(screen.queryByRole('complementary')).toBeNull();
  });
});

describe('what to look at first', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`benign_${at}`, at]));
  const firsts = (text: string, ...byRule: string[]) =>
    argumentsOf(text, byRule)
      .list.filter(({ first }) => first)
      .map(({ raw }) => raw);
  it.each(['cmd', 'targetPath', 'api_key', 'recipients', 'sql'])('finds %s among 300', (name) => {
    const text = JSON.stringify({ ...many, [name]: 'x' }, null, 2);
    const parsed = argumentsOf(text, []);
    expect(parsed.count).toBe(301);
    expect(isMany(parsed)).toBe(true);
    expect(parsed.list[0]).toMatchObject({ key: name, first: 'telling', raw: `"${name}": "x"` });
    expect(firsts(text)).toEqual([`"${name}": "x"`]);
  });
  it('puts what the rule names before everything else', () => {
    const text = JSON.stringify({ cmd: 'x', note: 'y', benign: 1 });
    const { list } = argumentsOf(text, ['args.note[*].id']);
    expect(list.map(({ key, first }) => [key, first])).toEqual([
      ['note', 'rule'],
      ['cmd', 'telling'],
      ['benign', null],
    ]);
    // A name within another name is not meant, nor is one further down.
    for (const path of ['args.notes', 'args.to.note', 'args'])
      expect(argumentsOf(text, [path]).list[0]?.key).toBe('cmd');
  });
  it('finds a name in quotes, and the names that read like it', () => {
    const text = JSON.stringify({ cmd: 1, 'a "key".b': 2, CMD: 3, ｎote: 4 });
    expect(firsts(text, 'args["a \\"key\\".b"]').slice(0, 1)).toEqual(['"a \\"key\\".b":2']);
    expect(firsts(text, 'args.note').slice(0, 1)).toEqual(['"ｎote":4']);
    expect(firsts(text, 'args.cmd').slice(0, 2)).toEqual(['"cmd":1', '"CMD":3']);
  });
  it('keeps numbers as they were written', () => {
    const text = `{${Object.keys(many)
      .map((key) => `"${key}": 1`)
      .join(',')}, "amount": 12345678901234567890.10}`;
    expect(firsts(text)).toEqual(['"amount": 12345678901234567890.10']);
  });
  it('sets nothing apart where all is in sight anyway, or there is no object', () => {
    expect(isMany(argumentsOf('{"cmd": "x"}', []))).toBe(false);
    expect(argumentsOf('[1]', [])).toEqual({ count: null, list: [] });
  });
});
