// @module-tag slow
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { plainWords } from '../../renderer/features/approvals/prompt/plain-words.ts';
import { entriesOf } from '../../renderer/features/approvals/queue/entries.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import type { ApprovalView } from '../../shared/schemas/approval.ts';
import { createUiCore } from '../fakes/ui/ui-core.ts';
import { approval, risk } from '../fakes/ui/ui-data.ts';
import { renderApp } from './render-app.tsx';

afterEach(() => void vi.restoreAllMocks());

async function shown(...approvals: ApprovalView[]) {
  const core = createUiCore('routed');
  core.patch({ approvals });
  const { user } = renderApp(core, '/approval', { role: 'approver', ownApprovalWindow: true });
  await screen.findByRole('button', { name: /^Deny( all \d+)?$/ });
  const sent = (name: string) => core.calls.filter((call) => call.name === name).map(({ input }) => input);
  const menu = async (item: RegExp) => {
    await waitFor(() =>
      expect(screen.getByRole('button', { name: /^(Allow once|Hold to allow)$/ })).not.toHaveAttribute(
        'aria-disabled',
      ),
    );
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(await screen.findByRole('menuitem', { name: item }));
  };
  return { core, user, sent, menu };
}
const issues = (n: number, more: Partial<ApprovalView> = {}) =>
  Array.from({ length: n }, (_, at) =>
    approval(Date.now(), {
      id: `ap-${at}`,
      argumentsDigest: `sha256:${at}`,
      server: 'github',
      tool: 'create_issue',
      risk: risk('Write'),
      argumentsText: JSON.stringify({ repo: 'atlas', title: `Issue ${at}` }, null, 2),
      ...more,
    }),
  );

describe('a rule made in the prompt', () => {
  it('is shown in words, follows what is chosen, and is saved as it was shown', async () => {
    const { user, sent, menu } = await shown(approval(Date.now()));
    await menu(/Always allow/);
    expect(await screen.findByText(/run_command is allowed for Cursor when/)).toBeVisible();
    await user.click(screen.getAllByRole('button', { name: 'Anything' })[1] as HTMLElement);
    expect(
      await screen.findByText(
        'run_command is allowed for Cursor when args.command is "git push origin main".',
      ),
    ).toBeVisible();
    expect(screen.getByText(/Would have matched 14 of the last 500 calls/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Save rule and allow' }));
    await waitFor(() => expect(sent('approvals.decide')).toHaveLength(1));
    expect(sent('approvals.decide')).toMatchObject([
      {
        decision: 'allow',
        scope: 'always',
        argumentsDigest: 'sha256:9f2c51b7aa04e1c3d2f8',
        rule: [
          { path: 'args.command', use: 'exactly' },
          { path: 'args.cwd', use: 'any' },
        ],
      },
    ]);
  });
  it('is left with Escape, and no key of it allows the call', async () => {
    const { user, sent, menu } = await shown(approval(Date.now()));
    await menu(/Always allow/);
    await screen.findByText(/Would have matched/);
    fireEvent.keyDown(screen.getByRole('button', { name: 'Save rule and allow' }), {
      key: 'Enter',
      ctrlKey: true,
    });
    await user.keyboard('{Escape}');
    expect(await screen.findByRole('button', { name: 'Deny' })).toHaveFocus();
    expect(sent('approvals.decide')).toEqual([]);
  });
  it.each([
    ['a Critical call', { risk: risk('Destructive') }, /Critical calls are asked for each time/],
    [
      'a Financial call',
      { risk: risk('Financial', { severity: 'High' }) },
      /move money are asked for each time/,
    ],
    ['an unreviewed definition', { reviewed: false }, /Nobody has reviewed this tool/],
    ['a call the core lets be allowed once only', { scopes: ['once' as const] }, /only once/],
  ])('is not offered for %s, and the menu says why', async (_name, more, why) => {
    const { user } = await shown(approval(Date.now(), more));
    await user.click(screen.getByRole('button', { name: 'More' }));
    expect(await screen.findByText(why)).toBeVisible();
    expect(screen.queryByRole('menuitem', { name: /15 minutes|until Drawbridge|Always/ })).toBeNull();
  });
});

describe('edited arguments', () => {
  it('are checked as they are typed, compared, and sent; a refusal stays in place', async () => {
    const { core, user, sent, menu } = await shown(approval(Date.now()));
    await menu(/Edit the arguments/);
    const field = await screen.findByLabelText<HTMLTextAreaElement>('Arguments as JSON');
    const allow = () => screen.getByRole('button', { name: 'Allow with the changes' });
    expect(allow()).toHaveAttribute('aria-disabled', 'true');
    fireEvent.change(field, { target: { value: '{\n  "command": "git push"\n  "cwd": "/"\n}' } });
    expect(await screen.findByText('Line 3, column 3: a comma is expected.')).toBeVisible();
    fireEvent.change(field, { target: { value: '["x"]' } });
    expect(await screen.findByText(/are a JSON object/)).toBeVisible();
    fireEvent.change(field, { target: { value: '{"cwd": "/", "cwd": "/tmp"}' } });
    expect(await screen.findByText('Line 1, column 14: this name is there twice.')).toBeVisible();
    expect(allow()).toHaveAttribute('aria-disabled', 'true');
    const edited = '{"command": "git push origin draft"}';
    fireEvent.change(field, { target: { value: edited } });
    const changes = await screen.findByRole('region', { name: 'What you change' });
    expect(changes).toHaveTextContent('git push origin draft');
    core.failNext(
      'approvals.decide',
      new RpcError('refused', 'The policy denies this call: args.cwd is missing.', 'Change it.'),
    );
    await user.click(allow());
    expect(await screen.findByText('The policy denies this call: args.cwd is missing.')).toBeVisible();
    expect(field.value).toBe(edited);
    await user.click(allow());
    await waitFor(() => expect(sent('approvals.decide')).toHaveLength(2));
    expect(sent('approvals.decide')[1]).toEqual({
      id: 'ap-1',
      decision: 'allow',
      scope: 'once',
      editedArguments: edited,
      argumentsDigest: 'sha256:9f2c51b7aa04e1c3d2f8',
    });
  });
  it('show what hides as escapes', async () => {
    const { menu } = await shown(
      approval(Date.now(), { argumentsText: '{\n  "cmd": "a\u202eb\u{e0041}"\n}' }),
    );
    await menu(/Edit the arguments/);
    expect((await screen.findByLabelText<HTMLTextAreaElement>('Arguments as JSON')).value).toBe(
      '{\n  "cmd": "a\\u202eb\\udb40\\udc41"\n}',
    );
  });
  it('are not offered when nobody holds on the line', async () => {
    const { user } = await shown(approval(Date.now(), { state: 'pending' }));
    await user.click(screen.getByRole('button', { name: 'More' }));
    expect(await screen.findByText(/Nobody holds on the line/)).toBeVisible();
    expect(screen.queryByRole('menuitem', { name: /Edit/ })).toBeNull();
  });
});

describe('several calls of one tool', () => {
  it('are one entry, each whole, allowed together with the digests that were shown', async () => {
    const { sent, user } = await shown(...issues(3));
    expect(screen.getByRole('heading', { level: 2 })).toHaveTextContent(
      '3 calls of create issue create_issue waiting, from Cursor on github',
    );
    expect(screen.getByRole('region', { name: 'The same in all 3' })).toHaveTextContent('atlas');
    for (const at of [0, 1, 2])
      expect(document.querySelector(`[data-call=ap-${at}]`)).toHaveTextContent(`"Issue ${at}"`);
    const allow = screen.getByRole('button', { name: 'Allow all 3' });
    await waitFor(() => expect(allow).not.toHaveAttribute('aria-disabled'));
    await user.click(allow);
    await screen.findByText('No call is waiting');
    expect(sent('approvals.decideMany')).toEqual([
      {
        decision: 'allow',
        calls: [0, 1, 2].map((at) => ({ id: `ap-${at}`, argumentsDigest: `sha256:${at}` })),
      },
    ]);
  });
  it('do not take in calls that come while they are looked at', async () => {
    const { core, sent, user } = await shown(...issues(2));
    await act(async () => core.patch({ approvals: issues(4) }));
    expect(await screen.findByText('2 more calls came meanwhile.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Deny all 2' }));
    await waitFor(() => expect(sent('approvals.decideMany')).toHaveLength(1));
    expect(sent('approvals.decideMany')).toMatchObject([
      { decision: 'deny', calls: [{ id: 'ap-0' }, { id: 'ap-1' }] },
    ]);
    await user.click(await screen.findByRole('button', { name: 'Show' }));
    expect(await screen.findByRole('button', { name: 'Deny all 2' })).toBeVisible();
    expect(document.querySelector('[data-call=ap-3]')).toHaveTextContent('"Issue 3"');
  });
  it('can be decided one by one', async () => {
    const { sent, user } = await shown(...issues(3));
    await user.click(screen.getByRole('button', { name: 'Decide alone: Call 2 of 3' }));
    expect(document.querySelector('[data-field=title]')).toHaveTextContent('Issue 1');
    await user.click(await screen.findByRole('button', { name: 'Deny' }));
    await waitFor(() => expect(sent('approvals.decide')).toMatchObject([{ id: 'ap-1', decision: 'deny' }]));
    await user.click(await screen.findByRole('button', { name: 'All 2 together' }));
    expect(await screen.findByRole('button', { name: 'Allow all 2' })).toBeVisible();
  });
  it('of a Critical class are never allowed together', async () => {
    const { sent } = await shown(...issues(3, { risk: risk('Destructive') }));
    expect(screen.getByText('Critical calls are allowed one by one.')).toBeVisible();
    expect(screen.queryByRole('button', { name: /Allow all/ })).toBeNull();
    fireEvent.keyDown(screen.getByRole('button', { name: 'Deny all 3' }), { key: 'Enter', ctrlKey: true });
    expect(sent('approvals.decideMany')).toEqual([]);
  });
  it.each([
    ['client', { clientId: 'claude-code' }],
    ['server', { server: 'gitlab' }],
    ['tool', { tool: 'close_issue' }],
    ['definition', { definitionHash: 'sha256:other' }],
    ['class of risk', { risk: risk('Destructive') }],
    ['flags', { risk: risk('Write', { flags: ['bulk'] }) }],
    ['rule', { rule: '/tools/create_issue/ask_if/3' }],
    ['review', { reviewed: false }],
  ] satisfies [string, Partial<ApprovalView>][])(
    'never share an entry when the %s differs',
    (_what, more) => {
      const [one, two] = issues(2);
      const entries = entriesOf([one as ApprovalView, { ...(two as ApprovalView), ...more }]);
      expect(entries).toHaveLength(2);
    },
  );
});

describe('a definition that is not the reviewed one', () => {
  it('is said with the difference, as text', async () => {
    const change = {
      from: 'sha256:a',
      to: 'sha256:b',
      at: 1,
      direction: 'blocks' as const,
      kinds: ['adds-instructions' as const],
      reasons: ['The description tells the model what to do.'],
      fields: [
        { path: 'description', parts: [{ kind: 'added' as const, text: '<b>Send</b> a copy\u202e' }] },
      ],
    };
    await shown(approval(Date.now(), { change, reviewed: false }));
    const banner = screen.getByRole('region', { name: /changed since it was last reviewed/ });
    expect(within(banner).getByText('The description tells the model what to do.')).toBeVisible();
    expect(banner.querySelector('[data-part=added]')?.textContent).toBe('<b>Send</b> a copyU+202E');
    expect(banner.querySelector('b')).toBeNull();
  });
  it('or was never reviewed, is said', async () => {
    await shown(approval(Date.now(), { reviewed: false }));
    expect(screen.getByText('This tool is new: nobody has reviewed it.')).toBeVisible();
  });
});

describe('a client that asks too often', () => {
  it('can be paused from the prompt, and goes on when it is resumed', async () => {
    const { sent, user } = await shown(approval(Date.now(), { perMinute: 12, offerPause: true }));
    expect(screen.getByText('Cursor asked 12 times in the last minute.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Pause Cursor…' }));
    expect(
      screen.getByText(/Every call of Cursor is denied from now on, and so is the one that waits/),
    ).toBeVisible();
    expect(sent('clients.pause')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Pause Cursor' }));
    await waitFor(() => expect(sent('clients.pause')).toEqual([{ client: 'cursor', minutes: 15 }]));
    await user.click(await screen.findByRole('button', { name: 'Resume Cursor' }));
    await waitFor(() => expect(sent('clients.resume')).toEqual([{ client: 'cursor' }]));
  });
});

describe('the end of a prompt', () => {
  it('is put off while a person is on the window, and said so only when it is', async () => {
    const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    const { sent } = await shown(approval(Date.now(), { state: 'pending', expiresAt: Date.now() + 60_000 }));
    expect(screen.getByText(/Given up in/)).toBeVisible();
    expect(sent('approvals.attend')).toEqual([]);
    focus.mockReturnValue(true);
    fireEvent.focus(window);
    expect(await screen.findByText(/Not given up while you are here/)).toBeVisible();
    expect(sent('approvals.attend')).toEqual([{ id: 'ap-1' }]);
    focus.mockReturnValue(false);
    fireEvent.blur(window);
    expect(await screen.findByText(/Given up in/)).toBeVisible();
  });
});

describe('a tool in plain words', () => {
  it.each([
    ['create_issue', 'create issue'],
    ['createIssue', 'create issue'],
    ['browser.navigate-back', 'browser navigate back'],
    ['echo', null],
    ['cre\u0430te_issue', null],
    ['a b', null],
  ])('%s', (name, words) => expect(plainWords(name)).toBe(words));
});
