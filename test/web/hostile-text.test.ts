import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { visibleText } from '../../shared/text/untrusted.ts';
import { approval, tool } from '../fakes/ui-data.ts';
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
const kit = startKit();
const size = { width: 560, height: 640 };

it('has the vectors', () => {
  expect(rendered.length).toBeGreaterThanOrEqual(7);
});

describe('arguments of a hostile agent', () => {
  it.each(rendered)(
    '$id $threat: every code point is shown, nothing runs, nothing is cut',
    async ({ frame }) => {
      const text = JSON.stringify(frame?.params?.arguments, null, 2);
      const { page, context, core, complaints } = await kit.open('routed', '/approval', size);
      core.patch({ approvals: [approval(Date.now(), { argumentsText: text })] });
      const whole = page.locator('[data-part=whole]');
      await whole.waitFor();
      expect(await whole.evaluate((element) => element.textContent)).toBe(
        visibleText(text, { multiline: true }),
      );
      // Only our own span and chips: no element is made from data.
      expect(await whole.evaluate((element) => [...element.querySelectorAll('*:not(span)')].length)).toBe(0);
      // Nothing is beyond the edge: it wraps, and scrolls downwards only.
      const box = page.getByRole('region', { name: 'Arguments, whole and as sent' });
      expect(await box.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
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
    expect(await page.locator('[data-part=first]').textContent()).toBe('"cmd": "rm -rf ~"');
    await page.getByText('Scroll to the end of the arguments to allow').waitFor();
    await page.waitForTimeout(700);
    const allow = page.getByRole('button', { name: 'Allow once' });
    expect(await allow.getAttribute('aria-disabled')).toBe('true');
    await allow.click({ force: true });
    expect(core.calls.filter(({ name }) => name === 'approvals.decide')).toEqual([]);
    await page.getByRole('region', { name: 'Arguments, whole and as sent' }).evaluate((element) => {
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
    await page.getByRole('button', { name: 'Deny', exact: true }).waitFor();
    expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe(
      `${shown} wants to use ${shown} (${shown}!) on ${shown}`,
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

  it('stays quick with a megabyte of arguments', async () => {
    const { page, context, core } = await kit.open('routed', '/approval', size);
    await page.getByText('No call is waiting').waitFor();
    const text = JSON.stringify({ content: 'word '.repeat(200_000) }, null, 2);
    const start = performance.now();
    core.patch({ approvals: [approval(Date.now(), { argumentsText: text })] });
    await page.getByRole('button', { name: 'Deny', exact: true }).waitFor();
    expect(await page.locator('[data-part=whole]').evaluate((element) => element.textContent?.length)).toBe(
      text.length,
    );
    // Far above what it takes (well under a second), far below what a quadratic walk would.
    expect(performance.now() - start).toBeLessThan(10_000);
    await context.close();
  });
});
