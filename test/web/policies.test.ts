import { describe, expect, it } from 'vitest';
import { missedCall } from '../fakes/ui/ui-rules.ts';
import { withSlowness } from '../kit/slowness.ts';
import { startKit, tabTo } from './kit.ts';

const kit = startKit();
/** From a key to the next frame, ms, through the test's own connection to the browser; a person notices about 100. */
const SMOOTH_MS = 100;

describe('policies, with the keyboard alone', () => {
  it('edits, goes to the problem, simulates, looks at a call, comes back and saves', async () => {
    const { page, context, core, complaints } = await kit.open('routed', '/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'Policies' }).waitFor();
    await tabTo(page, 'filesystem');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Policy document (JSON)');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('{\n"version": "1",\n"tools": { "read_file": { "action": "alow" }');
    // Enter indents by itself behind an opening brace; the lines are as long as they were typed otherwise.
    const editor = page.getByRole('textbox', { name: /^Policy document/ });
    expect(await editor.inputValue()).toBe(
      '{\n  "version": "1",\n  "tools": { "read_file": { "action": "alow" }',
    );
    await page.getByText('1 problem to correct').waitFor();
    // Tab leaves the field; the way to the problem is the next stop.
    await tabTo(page, /^Go to line 3/, 2);
    await page.keyboard.press('Enter');
    expect(
      await editor.evaluate((field: HTMLTextAreaElement) =>
        field.value.slice(field.selectionStart, field.selectionEnd),
      ),
    ).toBe('  "tools": { "read_file": { "action": "alow" }');
    await page.keyboard.type('"tools": {}}');
    await page.getByText('The document is correct.').waitFor();
    // Undo is the field's own.
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+Shift+z');
    await page.getByText('The document is correct.').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText(/this would have denied/).waitFor();
    await tabTo(page, 'delete_file');
    await page.keyboard.press('Enter');
    await page.getByText('Arguments digest').waitFor();
    await page.goBack();
    expect(await editor.inputValue()).toContain('"tools": {}}');
    await page.keyboard.press('Control+s');
    await page.getByText('The policy is saved and in force.').waitFor();
    expect(core.calls.filter(({ name }) => name === 'policy.set')).toMatchObject([
      { input: { server: 'filesystem', basedOn: 'v1' } },
    ]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('makes a rule from a missed call', async () => {
    const { page, context, core } = await kit.open('routed', '/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.getByRole('heading', { name: 'Missed' }).waitFor();
    await tabTo(page, 'Make a rule for run_command');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save rule' }).waitFor();
    await tabTo(page, 'Exactly');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await tabTo(page, /^What args\.\w+ begins with$/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('/home/ada/');
    await page.getByText(/begins with "\/home\/ada\/"/).waitFor();
    await tabTo(page, 'Save rule');
    await page.keyboard.press('Enter');
    await page.getByText(/The rule is saved/).waitFor();
    expect(core.calls.filter(({ name }) => name === 'policy.set')).toHaveLength(1);
    await context.close();
  });
});

/** How long the middle one of some steps took, ms: other tests run at the same time. */
async function median(times: number, step: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let at = 0; at < times; at++) {
    const from = performance.now();
    await step();
    took.push(performance.now() - from);
  }
  return Math.round(took.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0);
}

describe('much of everything', () => {
  it('types, marks and scrolls in a document of 5000 lines', async () => {
    const { page, context, core } = await kit.open('routed', '/policies/postgres');
    const tools = Array.from({ length: 4990 }, (_, at) => `    "tool_${at}": {}`).join(',\n');
    const text = `{\n  "version": "1",\n  "tools": {\n${tools}\n  }\n}\n`;
    core.policies.set('filesystem', text.replace('"tool_4000": {}', '"tool_4000": { "action": "alow" }'));
    await page.evaluate(() => {
      location.hash = '/policies/filesystem';
    });
    const editor = page.getByRole('textbox', { name: /^Policy document/ });
    await expect.poll(async () => (await editor.inputValue()).length).toBeGreaterThan(text.length);
    await editor.focus();
    await page.keyboard.press('Control+Home');
    const frame = (): Promise<unknown> =>
      page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(null))));
    const { value: typing, slow } = await withSlowness(() =>
      median(15, async () => {
        await page.keyboard.type(' ');
        await frame();
      }),
    );
    console.log(`5000 lines: ${typing} ms from a key to the next frame`);
    expect(typing).toBeLessThan(SMOOTH_MS * slow);
    await page.getByText('1 problem to correct').waitFor();
    await editor.evaluate((field) => {
      field.scrollTop = field.scrollHeight;
    });
    await frame();
    // The last number stands beside the last line.
    const off = await page.evaluate(() => {
      const field = document.querySelector('textarea') as HTMLTextAreaElement;
      const numbers = field.parentElement?.previousElementSibling?.querySelector('pre') as HTMLElement;
      const textEnd = field.getBoundingClientRect().top - field.scrollTop + field.scrollHeight;
      return Math.round(numbers.getBoundingClientRect().bottom - textEnd);
    });
    expect(Math.abs(off)).toBeLessThanOrEqual(1);
    await context.close();
  });

  it('lists as many missed calls as there may be', async () => {
    const { page, context, core } = await kit.open('routed', '/');
    core.missed = Array.from({ length: 500 }, (_, at) =>
      missedCall(`m-${at}`, Date.now() - at * 60_000, {
        argumentsText: JSON.stringify({ command: 'x'.repeat(2000), at }, null, 2),
      }),
    );
    const from = performance.now();
    await page.evaluate(() => {
      location.hash = '/missed';
    });
    await page.getByRole('button', { name: 'Dismiss all…' }).waitFor();
    core.patch({ approvals: [] });
    await page.reload();
    await page.getByText('The newest 500 are shown.').waitFor();
    console.log(`500 missed calls: ${Math.round(performance.now() - from)} ms with a reload`);
    const filter = page.getByRole('searchbox', { name: 'Filter missed calls' });
    await filter.fill('"at": 499');
    await expect.poll(() => page.getByRole('listitem').filter({ hasText: 'wanted to call' }).count()).toBe(1);
    await context.close();
  });
});
