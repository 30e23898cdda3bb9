import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ToolView } from '../../shared/schemas/server.ts';
import { createUiCore } from '../fakes/ui/ui-core.ts';
import { filesystemTools } from '../fakes/ui/ui-data.ts';
import { withSlowness } from '../kit/slowness.ts';
import { startKit } from './kit.ts';

/** Typing and scrolling at 60 frames a second with 10 000 tools; a frame has 16.7 ms for everything. */
const TOOLS = 10_000;
const FRAMES = 60;
/** Script, style and layout of one frame that scrolls, ms of processor time: the rest of a frame is for painting. */
const FRAME_MS = 8;
/** The same of one key in the filter, with the rows it brings. */
const KEY_MS = 16;

const kit = startKit();
let page: Page;
let cdp: CDPSession;
let close: () => Promise<void>;

function manyTools(): ToolView[] {
  const some = filesystemTools(Date.now());
  return Array.from({ length: TOOLS }, (_, at) => {
    const like = some[at % some.length] as ToolView;
    return { ...like, name: `${like.name}_${at}` };
  });
}

beforeAll(async () => {
  const core = createUiCore('routed');
  core.tools.set('filesystem', manyTools());
  const opened = await kit.open(core, '/servers/filesystem');
  page = opened.page;
  close = () => opened.context.close();
  await page.getByText('read_file_0', { exact: true }).waitFor();
  cdp = await opened.context.newCDPSession(page);
  // Processor time of the page's own thread. It grows, too, where others take the processor's caches: limits are multiplied
  // by how slow the machine is.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
});
afterAll(() => close?.());

/** Script, style and layout since the page began, ms of processor time. */
async function worked(): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const wanted = ['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'];
  const found = metrics.filter(({ name }) => wanted.includes(name));
  expect(found.length).toBe(wanted.length);
  return found.reduce((sum, { value }) => sum + value * 1000, 0);
}

/** Scrolls a list by so many pixels for each frame, and waits until each frame is drawn. */
function scroll(list: string, pixels: number): Promise<number> {
  return page.evaluate(
    async ([selector, count, step]) => {
      const box = document.querySelector(selector) as HTMLElement;
      for (let at = 1; at <= count; at++) {
        box.scrollTop = at * step;
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      }
      return box.scrollTop;
    },
    [list, FRAMES, pixels] as const,
  );
}

async function scrollCost(list: string, pixels: number): Promise<number> {
  await scroll(list, pixels);
  const before = await worked();
  expect(await scroll(list, pixels)).toBe(FRAMES * pixels);
  return ((await worked()) - before) / FRAMES;
}

it(`scrolls ${TOOLS} tools with at most ${FRAME_MS} ms of work for a frame`, async () => {
  const { value: cost, slow } = await withSlowness(() => scrollCost('[role=rowgroup][tabindex]', 100));
  expect(cost).toBeLessThan(FRAME_MS * slow);
  expect(await page.getByRole('row').count(), 'only the rows in sight exist').toBeLessThan(60);
});

it(`filters ${TOOLS} tools with at most ${KEY_MS} ms of work for a key`, async () => {
  const filter = page.getByRole('searchbox', { name: 'Filter tools' });
  await filter.focus();
  const text = 'write_file_99';
  const { value: cost, slow } = await withSlowness(async () => {
    const before = await worked();
    for (const key of text) await page.keyboard.press(key);
    await page.getByText('write_file_9986', { exact: true }).waitFor();
    for (const _ of text) await page.keyboard.press('Backspace');
    await expect.poll(() => filter.inputValue()).toBe('');
    return ((await worked()) - before) / (2 * text.length);
  });
  expect(cost).toBeLessThan(KEY_MS * slow);
});

it(`scrolls the activity with at most ${FRAME_MS} ms of work for a frame`, async () => {
  await page.evaluate(() => {
    location.hash = '/activity';
  });
  await page.getByRole('row').nth(8).waitFor();
  const { value: cost, slow } = await withSlowness(() => scrollCost('[role=grid]', 56));
  expect(cost).toBeLessThan(FRAME_MS * slow);
});
