import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningCore, runCore } from '../../main/host/run-core.ts';
import { type AuthServer, startAuthServer } from '../fixtures/servers/auth-server.ts';
import { type ProtectedServer, startProtectedServer } from '../fixtures/servers/protected-server.ts';
import { until } from '../kit/until.ts';
import { launchBrowser, watchedPage } from './browser.ts';
import { uiDir } from './build-ui.ts';

const home = mkdtempSync(join(tmpdir(), 'drawbridge-sign-in-'));
const oldHome = process.env.HOME;
let authority: AuthServer;
let server: ProtectedServer;
let core: RunningCore;
let browser: Browser;

beforeAll(async () => {
  process.env.HOME = home;
  authority = await startAuthServer();
  server = await startProtectedServer(authority);
  core = await runCore({
    dataDir: join(home, 'data'),
    host: 'headless',
    gatewayPort: 0,
    uiDir: uiDir(),
    machineBridge: { command: process.execPath, args: ['bridge.js'] },
    log: () => {},
    onStopRequest: () => {},
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await core?.stop();
  await Promise.all([authority?.stop(), server?.stop()]);
  process.env.HOME = oldHome;
  rmSync(home, { recursive: true, force: true });
});

it('adds a server that wants a sign-in, signs in with a real browser, lists its tools, signs out', async () => {
  const { page, context, complaints } = await watchedPage(browser);
  await page.goto(core.info.ui ?? '');
  await page.locator('main').first().waitFor();
  await page.evaluate(() => {
    location.hash = '/add-server';
  });
  const dialog = page.getByRole('dialog');
  await dialog.getByText('HTTP address').click();
  await dialog.getByLabel(/^Name/).fill('api');
  await dialog.getByLabel(/^Address/).fill(server.url);
  await dialog.getByRole('button', { name: 'Add server' }).click();
  await page.getByRole('button', { name: 'List tools' }).first().click();
  await page.getByText('This server wants you to sign in.').waitFor();

  const opening = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const popup = await opening;
  await popup.getByRole('heading', { name: 'Signed in' }).waitFor();
  expect(await popup.locator('p').textContent()).toContain('signed in to api');
  // Its style is allowed by its hash, and it knows nothing of the page that opened it.
  expect(await popup.locator('h1').evaluate((element) => getComputedStyle(element).fontWeight)).toBe('600');
  expect(await popup.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);
  await popup.close();

  await page.getByText(`Signed in at ${authority.issuer}`).waitFor();
  await page.getByRole('button', { name: 'List tools' }).first().click();
  await page.getByText('echo', { exact: true }).waitFor();
  const html = await page.content();
  for (const secret of authority.secrets) expect(html).not.toContain(secret);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are not signed in to this server.').waitFor();
  // The page is told when the tokens are gone here; the authorization server is told meanwhile.
  await until('the revocation', (see) => see(authority.revocations).length > 0);
  expect(authority.revocations).toHaveLength(1);
  expect(complaints).toEqual([]);
});
