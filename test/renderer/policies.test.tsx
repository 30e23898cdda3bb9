// @module-tag slow
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { placeMessages } from '../../renderer/features/policies/editor/locate.ts';
import { policyDiff } from '../../renderer/features/policies/editor/policy-diff.ts';
import { policySummary } from '../../renderer/features/policies/policy-summary.ts';
import { tell } from '../../renderer/ui/toast.tsx';
import { RpcError } from '../../shared/rpc/frames.ts';
import { createUiCore, type UiCore } from '../fakes/ui/ui-core.ts';
import { cpuTime } from '../kit/cpu-time.ts';
import { renderApp } from './render-app.tsx';

const inputs = (core: UiCore, wanted: string) =>
  core.calls.filter(({ name }) => name === wanted).map(({ input }) => input);
const editor = async () =>
  (await screen.findByRole('textbox', { name: 'Policy document (JSON)' })) as HTMLTextAreaElement;
const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const saveKey = () => fireEvent.keyDown(window, { key: 's', ctrlKey: true });

describe('the list of policies', () => {
  it('says where each policy comes from, how much it says, for whom, and what is not saved', async () => {
    const core = createUiCore('routed');
    core.policies.set(
      'filesystem',
      '{"version":"1","tools":{"a":{},"b":{}},"clients":{"cursor":{"tools":{"a":{"action":"deny"}}}}}',
    );
    core.patch({
      servers: core.state.servers.map((each) =>
        each.name === 'postgres'
          ? { ...each, policy: { ...each.policy, broken: 'postgres.json: Line 3: a comma is missing.' } }
          : each,
      ),
    });
    const { user } = renderApp(core, '/policies');
    const row = async (name: string) =>
      (await screen.findByRole('link', { name })).closest('[role=row]') as HTMLElement;
    expect(await within(await row('filesystem')).findByText('3 rules')).toBeVisible();
    expect(within(await row('filesystem')).getByText('also for Cursor')).toBeVisible();
    expect(within(await row('github')).getByText('Recommended rules')).toBeVisible();
    expect(within(await row('postgres')).getByText('Broken file')).toBeVisible();
    await user.click(await screen.findByRole('link', { name: 'filesystem' }));
    type(await editor(), '{"version":"1"}');
    await user.click(screen.getByRole('link', { name: 'All policies' }));
    expect(within(await row('filesystem')).getByText('Not saved')).toBeVisible();
    await user.type(screen.getByRole('searchbox', { name: 'Filter servers' }), 'nothing like it');
    expect(await screen.findByText('No server matches “nothing like it”.')).toBeVisible();
  });

  it('teaches the next step where there is none', async () => {
    renderApp(createUiCore('empty'), '/policies');
    expect(await screen.findByText('No policy yet')).toBeVisible();
  });
});

describe('one policy', () => {
  it('places a problem at its line, goes there, and saves nothing that is wrong', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/policies/filesystem');
    const field = await editor();
    const bad = field.value.replace('"read_file": {}', '"read_file": { "action": "alow" }');
    type(field, bad);
    await user.click(await screen.findByRole('button', { name: 'Go to line 5: "alow" is not an action.' }));
    expect(field).toHaveFocus();
    expect(bad.slice(field.selectionStart, field.selectionEnd)).toBe(
      '    "read_file": { "action": "alow" },',
    );
    expect(screen.getByText('Did you mean “allow”?')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Simulate' })).toBeDisabled();
    saveKey();
    expect(inputs(core, 'policy.set')).toEqual([]);
  });

  it('shows what differs, saves with Ctrl S over the version it began from, and discards', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/policies/filesystem');
    const field = await editor();
    const before = field.value;
    type(field, before.replace('"ask"', '"deny"'));
    const diff = await screen.findByRole('region', { name: 'Changes against the policy in force' });
    expect(diff).toHaveTextContent('added + "delete_file": { "action": "deny" }');
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    expect(field).toHaveValue(before);
    saveKey();
    type(field, before.replace('"ask"', '"hide"'));
    // A toast is a dialog to screen readers, and must not keep the key from working.
    act(() => tell('Something else was done.'));
    expect(await screen.findByText('Something else was done.')).toBeVisible();
    saveKey();
    expect(await screen.findByText('The policy is saved and in force.')).toBeVisible();
    expect(inputs(core, 'policy.set')).toEqual([
      { server: 'filesystem', text: before.replace('"ask"', '"hide"'), basedOn: 'v1' },
    ]);
    await waitFor(() => expect(screen.getByText('In force')).toBeVisible());
  });

  it('keeps the text when the policy changed meanwhile, and goes on from the new one when asked to', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/policies/filesystem');
    const field = await editor();
    type(field, '{ "version": "1" }');
    await act(async () =>
      core.patch({
        servers: core.state.servers.map((each) =>
          each.name === 'filesystem' ? { ...each, policy: { ...each.policy, version: 'v9' } } : each,
        ),
      }),
    );
    expect(await screen.findByText(/The policy changed meanwhile/)).toBeVisible();
    saveKey();
    expect(inputs(core, 'policy.set')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Keep my text' }));
    expect(field).toHaveValue('{ "version": "1" }');
    saveKey();
    await waitFor(() => expect(inputs(core, 'policy.set')).toHaveLength(1));
    expect(inputs(core, 'policy.set')[0]).toMatchObject({ basedOn: 'v9' });
  });

  it('tries the text on recorded calls, leads to each, and keeps the text while one is looked at', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/policies/filesystem');
    type(await editor(), '{ "version": "1" }');
    fireEvent.keyDown(await editor(), { key: 'Enter', ctrlKey: true });
    expect(
      await screen.findByText(/Of your last \d+ calls this would have denied \d+, asked \d+\./),
    ).toBeVisible();
    expect(inputs(core, 'policy.simulate')).toEqual([
      { server: 'filesystem', text: '{ "version": "1" }', limit: 500 },
    ]);
    const table = screen.getByRole('table', { name: /calls? judged otherwise/ });
    const [first] = within(table).getAllByRole('row').slice(1);
    expect(first).toHaveTextContent('AllowedAskeddelete_file needs approval.');
    type(await editor(), '{ "version": "1" } ');
    expect(screen.getByText(/For an earlier text/)).toBeVisible();
    await user.click(within(first as HTMLElement).getByRole('link'));
    expect(await screen.findByRole('complementary', { name: 'Call' })).toBeVisible();
    await act(async () => {
      window.location.hash = '#/policies/filesystem';
    });
    expect(await editor()).toHaveValue('{ "version": "1" } ');
  });

  it('says when simulating fails, and when there is nothing to try it on', async () => {
    const core = createUiCore('routed');
    core.failNext('policy.simulate', new RpcError('internal', 'The record could not be read.'));
    const { user } = renderApp(core, '/policies/filesystem');
    await user.click(await screen.findByRole('button', { name: 'Simulate' }));
    expect(await screen.findByText('The record could not be read.')).toBeVisible();
    core.activity.length = 0;
    await user.click(screen.getByRole('button', { name: 'Simulate' }));
    expect(await screen.findByText(/No call of this server is recorded yet/)).toBeVisible();
  });

  it('begins with recommended or strict rules or an imported file, never directly in force', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/policies/filesystem');
    const field = await editor();
    await user.click(screen.getByRole('button', { name: 'Start from' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Strict rules' }));
    await waitFor(() => expect(field.value).toContain('"deny" }'));
    await user.click(screen.getByRole('button', { name: 'Start from' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Import a file…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Import a policy' });
    const source = within(dialog).getByRole('textbox', { name: 'Policy, YAML or JSON' });
    type(source, 'no policy');
    await user.click(within(dialog).getByRole('button', { name: 'Read it' }));
    expect(await within(dialog).findByText('This is neither YAML with rules nor JSON.')).toBeVisible();
    await user.upload(
      dialog.querySelector('input[type=file]') as HTMLInputElement,
      new File(['version: 1\nrules: []\n'], 'policy.yaml', { type: 'text/yaml' }),
    );
    expect(await within(dialog).findByText(/The counter counts per client here/)).toBeVisible();
    await user.click(within(dialog).getByRole('button', { name: 'Put it into the editor' }));
    await waitFor(() => expect(field.value).toContain('create_charge'));
    expect(inputs(core, 'policy.set')).toEqual([]);
  });

  it('sets what is only for one client apart, by its name', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/policies/filesystem');
    await user.click(await screen.findByRole('button', { name: 'Start from' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Import a file…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Import a policy' });
    type(within(dialog).getByRole('textbox', { name: 'Policy, YAML or JSON' }), 'rules: for a client');
    await user.click(within(dialog).getByRole('button', { name: 'Read it' }));
    const said = await within(dialog).findByRole('region', { name: 'What it says' });
    const heading = within(said).getByRole('heading', { name: 'Only for Cursor' });
    expect(heading.nextElementSibling).toHaveTextContent(/^create_refund is denied\.$/);
  });
});

describe('observing', () => {
  it('counts what enforcing would have done, leads to the calls, and enforces server by server', async () => {
    const core = createUiCore('routed');
    const { user } = renderApp(core, '/policies');
    expect(await screen.findByText(/^3 servers are observed, not enforced\./)).toHaveTextContent(
      /In the last 7 days enforcing would have asked \d+ times\.$/,
    );
    await user.click(screen.getByRole('button', { name: 'Look and enforce…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Observed servers' });
    await user.click(within(dialog).getByRole('button', { name: 'Enforce github' }));
    await waitFor(() =>
      expect(within(dialog).queryByRole('button', { name: 'Enforce github' })).not.toBeInTheDocument(),
    );
    expect(inputs(core, 'policy.set')).toMatchObject([{ server: 'github', basedOn: 'r1' }]);
    await user.click(within(dialog).getByRole('button', { name: 'Enforce linear' }));
    await waitFor(() => expect(inputs(core, 'mode.set')).toEqual([{ server: 'linear', mode: null }]));
    await user.click(within(dialog).getByRole('button', { name: 'Enforce memory' }));
    expect(await within(dialog).findByText('Every server is enforced.')).toBeVisible();
  });

  it('shows the calls that enforcing would have stopped', async () => {
    const core = createUiCore('routed');
    renderApp(core, '/activity/would/ask/github');
    const rows = await screen.findAllByRole('row');
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows.slice(1, -1)) expect(row).toHaveTextContent('Allowed, would be asked');
    expect(inputs(core, 'audit.page')).toContainEqual({ server: 'github', would: 'ask', limit: 100 });
    expect(screen.getByRole('combobox', { name: 'Decision' })).toHaveValue('would-ask');
  });
});

describe('places in a text', () => {
  const text =
    '{\n  "tools": {\n    "a/b": {\n      "limits": [\n        { "max": 1 }\n      ]\n    }\n  }\n}\n';
  const at = (path: string, message = 'Wrong.') =>
    placeMessages(text, { problems: [{ path, message }], warnings: [] })[0];

  it('are taken from the message, else from the pointer or the deepest part of it that is there', () => {
    expect(at('', 'Line 4, column 9: a value is expected here.')).toMatchObject({
      line: 4,
      message: 'A value is expected here.',
    });
    expect(at('/tools/a~1b')?.line).toBe(3);
    expect(at('/tools/a~1b/limits/0/max')?.line).toBe(5);
    expect(at('/tools/a~1b/limits/0/window')?.line).toBe(5);
    expect(at('/default')?.line).toBe(1);
    expect(placeMessages('', { problems: [], warnings: [{ path: '/x', message: 'W' }] })[0]?.line).toBe(null);
  });

  it('order problems and warnings by line', () => {
    const placed = placeMessages(text, {
      problems: [{ path: '/tools/a~1b/limits', message: 'Second.', suggestion: 'limit' }],
      warnings: [{ path: '/tools', message: 'First.' }],
    });
    expect(placed.map(({ message, tone, line }) => [message, tone, line])).toEqual([
      ['First.', 'warn', 2],
      ['Second.', 'bad', 4],
    ]);
  });
});

it('counts the rules of every layer of a document, and of nothing else', () => {
  expect(
    policySummary(
      '{"hide":["x"],"all_tools":{"limits":[1,2],"rate_limit":"1/day"},"tools":{"a":{}},"clients":{"c":{"tools":{"b":{}}}}}',
    ),
  ).toEqual({ rules: 6, clients: ['c'] });
  expect(policySummary('[]')).toBe(null);
  expect(policySummary('{')).toBe(null);
});

it('compares long documents without holding up the window', () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `  "tool_${at}": {},`);
  const diff = policyDiff(lines.join('\n'), lines.with(2500, '  "tool_x": {},').join('\n'));
  expect(diff).toContain('+  "tool_x": {},');
  const before = cpuTime();
  expect(policyDiff(lines.join('\n'), lines.map((line) => `${line} `).join('\n'))).toBe(null);
  expect(cpuTime() - before).toBeLessThan(1000);
  expect(policyDiff('a', 'a')).toBe('');
});
