import { describe, expect, it } from 'vitest';
import { approval, risk } from '../fakes/ui/ui-data.ts';
import { startKit, tabTo } from './kit.ts';

const kit = startKit();

describe('with the keyboard alone', () => {
  it('looks at a diff, routes, and undoes', async () => {
    const { page, context, core, complaints } = await kit.open('fresh', '/');
    await page.getByText('Found 3 clients').waitFor();
    await tabTo(page, 'Show changes: Claude Desktop');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: /Changes to/ }).waitFor();
    await tabTo(page, 'Route Cursor');
    await page.keyboard.press('Space');
    expect(core.calls.some(({ name }) => name === 'clients.apply')).toBe(false);
    await tabTo(page, 'Route through Drawbridge');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /Routed/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Routed/);
    await tabTo(page, 'Undo everything');
    await page.keyboard.press('Enter');
    await page.getByText('Found 3 clients').waitFor();
    expect(core.state.clients.every(({ state }) => state !== 'routed')).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('reaches a tool and denies it', async () => {
    const { page, context, core } = await kit.open('routed', '/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'Servers' }).waitFor();
    await tabTo(page, 'filesystem');
    await page.keyboard.press('Enter');
    await page.getByText('write_file', { exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('write');
    await page.getByText('1 of 8 tools').waitFor();
    await tabTo(page, 'Allow');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => core.calls.find(({ name }) => name === 'policy.setTool')?.input)
      .toEqual({ server: 'filesystem', tools: ['write_file'], action: 'deny' });
    await context.close();
  });

  it('allows one call and denies the next, and an early key allows nothing', async () => {
    const { page, context, core, complaints } = await kit.open('routed', '/approval', {
      width: 560,
      height: 640,
    });
    await page.getByText('No call is waiting').waitFor();
    core.patch({
      approvals: [approval(Date.now()), approval(Date.now(), { id: 'ap-2', tool: 'edit_file' })],
    });
    await page.getByRole('button', { name: 'Deny', exact: true }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Deny');
    await page.keyboard.press('Control+Enter');
    expect(core.calls.filter(({ name }) => name === 'approvals.decide')).toEqual([]);
    await page.locator('button:not([aria-disabled])', { hasText: 'Allow once' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: /edit_file/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Deny');
    await page.keyboard.press('Enter');
    await page.getByText('No call is waiting').waitFor();
    expect(
      core.calls.filter(({ name }) => name === 'approvals.decide').map(({ input }) => input),
    ).toMatchObject([
      { id: 'ap-1', decision: 'allow', scope: 'once' },
      { id: 'ap-2', decision: 'deny' },
    ]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('holds Ctrl Enter for a Critical call', async () => {
    const { page, context, core } = await kit.open('routed', '/approval', { width: 560, height: 640 });
    core.patch({ approvals: [approval(Date.now(), { risk: risk('Financial') })] });
    await page.locator('button:not([aria-disabled])', { hasText: 'Hold to allow' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Hold to allow' }).waitFor();
    expect(core.calls.filter(({ name }) => name === 'approvals.decide')).toEqual([]);
    await page.keyboard.down('Control');
    await page.keyboard.down('Enter');
    await page.getByText('No call is waiting').waitFor();
    await page.keyboard.up('Enter');
    await page.keyboard.up('Control');
    expect(core.calls.filter(({ name }) => name === 'approvals.decide')).toHaveLength(1);
    await context.close();
  });

  it('goes through the calls, and closes what is open with Escape', async () => {
    const { page, context } = await kit.open('routed', '/activity');
    await page.getByRole('row').nth(8).waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-activedescendant')).toBe('call-301');
    await page.keyboard.press('End');
    await expect
      .poll(
        async () => {
          await page.keyboard.press('End');
          return page.getByRole('grid').getAttribute('aria-activedescendant');
        },
        // Several pages are fetched one after the other, on a machine that may be busy.
        { timeout: 10_000 },
      )
      .toBe('call-1');
    await page.getByText('That is the oldest call.').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Type a command/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: /^Type a command/ }).waitFor({ state: 'detached' });
    await context.close();
  });
});
