import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { createUiCore, type UiCore } from '../fakes/ui/ui-core.ts';
import { serveUiCore, TOKEN } from '../fakes/ui/ui-core-server.ts';
import { launchBrowser, type Watched, watchedPage } from './browser.ts';
import { uiDir } from './build-ui.ts';

export interface OpenOptions {
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
  /** A page to use again instead of one of its own: what it was on is left, and its complaints are forgotten. */
  reuse?: Watched;
}
export interface Kit {
  readonly browser: Browser;
  readonly token: string;
  /** Opens the interface at a route, on a core of its own or on one that was prepared. */
  open(
    scenario: 'fresh' | 'empty' | 'routed' | UiCore,
    path: string,
    options?: OpenOptions,
  ): Promise<Watched & { core: UiCore; origin: string }>;
}

/** One build and one browser for a file of tests; a core and a server for each page. */
export function startKit(): Kit {
  let browser: Browser;
  const servers: Awaited<ReturnType<typeof serveUiCore>>[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(servers.map((server) => server.stop()));
  });
  return {
    get browser() {
      return browser;
    },
    token: TOKEN,
    async open(scenario, path, options) {
      const core = typeof scenario === 'string' ? createUiCore(scenario) : scenario;
      const server = await serveUiCore(uiDir(), core);
      servers.push(server);
      const watched = options?.reuse ?? (await watchedPage(browser, options));
      watched.complaints.length = 0;
      await watched.page.goto(`${server.origin}/#token=${TOKEN}`);
      await watched.page.locator('main').first().waitFor();
      await watched.page.evaluate((to) => {
        location.hash = to;
      }, path);
      return { ...watched, core, origin: server.origin };
    },
  };
}

/** Presses Tab until what has the focus matches, and fails when it never does. */
export async function tabTo(page: Page, name: string | RegExp, most = 60): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (typeof name === 'string' ? focused.trim() === name : name.test(focused)) return;
    seen.push(focused.trim().slice(0, 30));
  }
  expect.fail(`Tab never reached ${name}. It passed: ${seen.join(' | ')}`);
}
