import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { visibleText } from '../../shared/text/untrusted.ts';
import { approval, tool } from '../fakes/ui/ui-data.ts';
import { slowness } from '../kit/slowness.ts';
import { startKit } from './kit.ts';

interface Vector {
  id: string;
  group: string;
  threat: string;
  frame?: { params?: { arguments?: unknown } };
}
const { vectors } = JSON.parse(
  readFileSync(new URL('../fixtures/attack_vectors.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] };
const rendered = vectors.filter(
  ({ group, frame }) => group === 'approval_render' && frame?.params?.arguments,
);
const HIDDEN = /(?![\n])[\p{C}\p{Zl}\p{Zp}\p{Variation_Selector}]|(?! )\p{Zs}/u;
const kit = startKit();
const size = { width: 560, height: 640 };

it('has the vectors', () => {
  expect(rendered.length).toBeGreaterThanOrEqual(7);
});

/** The text of a value as JSON.parse gives it, by its top-level name. */
const readableOf = (page: Page, key: string) =>
  page.locator(`[data-field=${key}] dd`).evaluate((element) => element.textContent);

describe('arguments of a hostile agent', () => {
  it.each(rendered)(
    '$id $threat: every code point is shown, nothing runs, nothing is cut, and Allow waits for reading',
    async ({ frame }) => {
      const args = frame?.params?.arguments as { cmd: string };
      const text = JSON.stringify(args, null, 2);
      const { page, context, core, complaints } = await kit.open('routed', '/approval', size);
      core.patch({ approvals: [approval(Date.now(), { argumentsText: text })] });
      const box = page.getByRole('region', { name: 'The call, whole' });
      await box.waitFor();
      expect(await readableOf(page, 'cmd')).toBe(visibleText(args.cmd, { multiline: true }));
      const look = async (part: string): Promise<void> => {
        const shown = page.locator(`[data-part=${part}]`);
        // Only our own elements: none is made from data, and none that loads, links or runs.
        expect(
          await shown.evaluate((element) =>
            [...element.querySelectorAll('*')]
              .map((each) => each.localName)
              .filter((name) => !['span', 'div', 'dl', 'dt', 'dd'].includes(name)),
          ),
        ).toEqual([]);
        expect(await shown.evaluate((element) => element.textContent)).not.toMatch(HIDDEN);
        // Nothing is beyond the edge: it wraps, and scrolls downwards only.
        expect(await box.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
      };
      await look('readable');
      await page.getByRole('button', { name: 'Exact JSON' }).click();
      const whole = page.locator('[data-part=whole]');
      expect(await whole.evaluate((element) => element.textContent)).toBe(
        visibleText(text, { multiline: true }),
      );
      await look('whole');
      // As the client might write it: the characters themselves, not their escapes.
      const bare = `{\n  "cmd": "${args.cmd.replaceAll('"', '\\"').replaceAll('\n', '\\n')}"\n}`;
      core.patch({ approvals: [approval(Date.now(), { id: 'ap-2', argumentsText: bare })] });
      // The new prompt begins with what is readable; a click before it is there would go to the old one.
      await page.locator('[data-part=readable]').waitFor();
      await page.getByRole('button', { name: 'Exact JSON' }).click();
      expect(await whole.evaluate((element) => element.textContent)).toBe(
        visibleText(bare, { multiline: true }),
      );
      await look('whole');
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it('ap-manykeys: surfaces the telling one of 301, and Allow waits until all was in sight', async () => {
    const args = {
      ...Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`field_${at}`, at])),
      cmd: 'rm -rf ~',
    };
    const { page, context, core } = await kit.open('routed', '/approval', size);
    core.patch({ approvals: [approval(Date.now(), { argumentsText: JSON.stringify(args, null, 2) })] });
    await page.getByText('301 arguments').waitFor();
    expect(await page.locator('[data-part=first]').textContent()).toBe('cmdrm -rf ~');
    expect(await page.locator('[data-part=first]').isVisible()).toBe(true);
    await page.getByText('Scroll to the end to allow').waitFor();
    await page.waitForTimeout(700);
    const allow = page.getByRole('button', { name: 'Allow once' });
    expect(await allow.getAttribute('aria-disabled')).toBe('true');
    await allow.click({ force: true });
    await page.keyboard.press('Control+Enter');
    expect(core.calls.filter(({ name }) => name === 'approvals.decide')).toEqual([]);
    await page.getByRole('region', { name: 'The call, whole' }).evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await page.locator('button:not([aria-disabled])', { hasText: 'Allow once' }).click();
    await page.getByText('No call is waiting').waitFor();
    await context.close();
  });

  it('ap-toolname: names are escaped in the sentence, the list and what is read out', async () => {
    const name = '<b>safe</b>\u202egpj\nRisk: Low';
    const { page, context, core, complaints } = await kit.open('routed', '/approval', size);
    const hostile = { tool: name, toolTitle: `${name}!`, server: name, clientName: name };
    core.patch({
      approvals: [approval(Date.now(), hostile), approval(Date.now(), { ...hostile, id: 'ap-2' })],
    });
    const shown = '<b>safe</b>U+202EgpjU+000ARisk: Low';
    await page.getByRole('button', { name: 'Deny all 2' }).waitFor();
    expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe(
      `2 calls of ${shown} waiting, from ${shown} on ${shown}`,
    );
    await page.getByText(`The server calls it: ${shown}!`).waitFor();
    await page.getByRole('button', { name: 'One by one' }).click();
    await page.getByText('2 calls of').waitFor();
    expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe(
      `${shown} wants to use ${shown} on ${shown}`,
    );
    const everything = await page.evaluate(
      () => document.body.textContent + document.documentElement.outerHTML,
    );
    expect(everything).not.toContain('\u202e');
    expect(await page.locator('b').count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('a list of tools with hostile names and descriptions shows them as text', async () => {
    const { page, context, core, complaints } = await kit.open('routed', '/');
    core.tools.set('filesystem', [
      tool('a<script>alert(1)</script>', {
        description: '<img src=x onerror=alert(1)> [x](http://evil.example)\u202e',
      }),
    ]);
    await page.evaluate(() => {
      location.hash = '/servers/filesystem';
    });
    await page.getByText('a<script>alert(1)</script>').waitFor();
    expect(
      await page.getByRole('table').evaluate((element) => element.querySelectorAll('img, script, a').length),
    ).toBe(0);
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain('\u202e');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([
    ['words', 'word '.repeat(200_000)],
    ['one line without a space', 'x'.repeat(1_000_000)],
    ['hidden characters', 'a\u200b'.repeat(250_000)],
    ['lines', 'a line of text\n'.repeat(60_000)],
  ])('stays quick with a megabyte of %s', async (name, content) => {
    const { page, context, core } = await kit.open('routed', '/approval', size);
    await page.getByText('No call is waiting').waitFor();
    const text = JSON.stringify({ content }, null, 2);
    let slow = slowness();
    const start = performance.now();
    core.patch({ approvals: [approval(Date.now(), { argumentsText: text })] });
    await page.getByRole('button', { name: 'Deny', exact: true }).waitFor();
    const shown = performance.now() - start;
    const box = page.getByRole('region', { name: 'The call, whole' });
    if (name !== 'hidden characters')
      expect(await readableOf(page, 'content')).toBe(visibleText(content, { multiline: true }));
    await page.waitForTimeout(700);
    expect(await page.getByRole('button', { name: 'Allow once' }).getAttribute('aria-disabled')).toBe('true');
    const scrolling = performance.now();
    await box.evaluate(async (element) => {
      for (let step = 1; step <= 10; step++) {
        element.scrollTop = (element.scrollHeight * step) / 10;
        await new Promise(requestAnimationFrame);
      }
    });
    const scrolled = (performance.now() - scrolling) / 10;
    slow = Math.max(slow, slowness());
    console.log(`${name}: shown after ${Math.round(shown)} ms, ${Math.round(scrolled)} ms a scroll`);
    // Far above what it takes on a slow machine, far below what a quadratic walk would.
    expect(shown).toBeLessThan(5_000 * slow);
    expect(scrolled).toBeLessThan(500 * slow);
    // Scrolling to the end, which may come to be further down as what was never in sight is laid out, opens Allow.
    await expect
      .poll(async () => {
        await box.evaluate((element) => {
          element.scrollTop = element.scrollHeight;
        });
        return page.getByRole('button', { name: 'Allow once' }).getAttribute('aria-disabled');
      })
      .toBe(null);
    await context.close();
  });
});
