import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { UiCore } from '../fakes/ui/ui-core.ts';
import { approval } from '../fakes/ui/ui-data.ts';
import { definitionChange } from '../fakes/ui/ui-pins.ts';
import { startKit } from './kit.ts';

/** The prompt with something open in it, as axe sees it in both themes. */
const kit = startKit();
const choose = async (page: Page, item: string | RegExp): Promise<void> => {
  await page.locator('button:not([aria-disabled])', { hasText: 'Allow once' }).waitFor();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
};
const one = (core: UiCore, more: Parameters<typeof approval>[1] = {}): void =>
  core.patch({ approvals: [approval(Date.now(), { fields: ['args.command'], ...more })] });

const MENU = 'the menu';
const states: [string, (page: Page, core: UiCore) => Promise<unknown>][] = [
  [
    MENU,
    async (page, core) => {
      one(core);
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menu').waitFor();
    },
  ],
  [
    'the rule form',
    async (page, core) => {
      one(core);
      await choose(page, /^Always/);
      await page.getByRole('button', { name: 'Save rule and allow' }).waitFor();
    },
  ],
  [
    'the edit form',
    async (page, core) => {
      one(core);
      await choose(page, /^Edit/);
      await page.getByRole('textbox').first().waitFor();
    },
  ],
  [
    'the pause form',
    async (page, core) => {
      one(core);
      await choose(page, /^Pause Cursor/);
      await page.getByRole('button', { name: 'Until I resume it' }).waitFor();
    },
  ],
  [
    'a message with Deny',
    async (page, core) => {
      one(core);
      await page.getByRole('button', { name: 'Deny with a message' }).click();
      await page.getByRole('textbox').first().waitFor();
    },
  ],
  [
    'a changed definition',
    async (page, core) => {
      one(core, {
        reviewed: false,
        scopes: ['once'],
        change: definitionChange(Date.now(), { direction: 'passes' }),
      });
      await page.locator('ins').first().waitFor();
    },
  ],
  [
    'a group',
    async (page, core) => {
      core.patch({
        approvals: Array.from({ length: 4 }, (_, at) =>
          approval(Date.now(), {
            id: `ap-${at}`,
            tool: 'create_issue',
            argumentsText: JSON.stringify({ title: `Issue ${at}`, body: 'a\nb', repo: 'atlas' }, null, 2),
            argumentsDigest: `sha256:${at}`,
          }),
        ),
      });
      await page
        .getByRole('button', { name: /^(Show|All \d+ together)$/ })
        .or(page.getByText('Deny all 4'))
        .first()
        .waitFor();
      const together = page.getByRole('button', { name: /^All \d+ together$/ });
      if ((await together.count()) > 0) await together.click();
      await page.getByRole('button', { name: 'Deny all 4' }).waitFor();
    },
  ],
];

it.each(states)('%s: axe finds nothing in both themes, and nothing complains', async (name, open) => {
  const { page, core, complaints, context } = await kit.open('routed', '/approval', {
    width: 560,
    height: 640,
  });
  await open(page, core);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    // Only contrast depends on the theme. An open menu stands outside of all landmarks, and has the focus.
    if (colorScheme === 'dark') axe.withRules('color-contrast');
    else if (name === MENU) axe.disableRules('region');
    const { violations, passes } = await axe.analyze();
    expect(passes.length).toBeGreaterThan(0);
    expect(
      violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join('\n')}`),
    ).toEqual([]);
  }
  expect(complaints).toEqual([]);
  await context.close();
});
