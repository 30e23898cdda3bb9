import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningCore, runCore } from '../../main/host/run-core.ts';
import { launchBrowser, watchedPage } from './browser.ts';
import { uiDir } from './build-ui.ts';

const require = createRequire(import.meta.url);
const everything = join(
  dirname(require.resolve('@modelcontextprotocol/server-everything/package.json')),
  'dist',
  'index.js',
);
const home = mkdtempSync(join(tmpdir(), 'drawbridge-web-'));
const config = join(home, '.cursor', 'mcp.json');
const before = `{
  // my own servers
  "mcpServers": {
    "everything": { "command": "node", "args": [${JSON.stringify(everything)}], "env": { "API_KEY": "sk-canary-51f0c2" } },
  }
}
`;
const oldHome = process.env.HOME;
let core: RunningCore;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, before);
  process.env.HOME = home;
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
  process.env.HOME = oldHome;
  rmSync(home, { recursive: true, force: true });
});

it('routes a client, asks about one of its calls, shows it in the activity, and puts everything back', async () => {
  const { page, complaints } = await watchedPage(browser);
  await page.goto(core.info.ui ?? '');
  await page.getByText('Found 1 client, 1 server.').waitFor();
  await page.getByRole('button', { name: 'Show changes: Cursor' }).click();
  await page.getByRole('region', { name: /Changes to/ }).waitFor();
  expect(await page.locator('body').textContent()).not.toContain('sk-canary-51f0c2');
  expect(readFileSync(config, 'utf8')).toBe(before);
  await page.getByRole('button', { name: 'Route through Drawbridge' }).click();
  await page.getByText('Waiting for first handshake').waitFor();
  const routed = readFileSync(config, 'utf8');
  expect(routed).not.toContain('sk-canary-51f0c2');

  // The client, as its rewritten entry says.
  const [, url = '', authorization = ''] = /"url": "([^"]+)".*"Authorization": "([^"]+)"/.exec(routed) ?? [];
  const client = new Client({ name: 'cursor-stand-in', version: '1.2.3' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization } } }),
  );
  await page.getByText(/Connected: cursor-stand-in/).waitFor();

  await page.getByRole('button', { name: 'Go to the overview' }).click();
  await page.getByRole('link', { name: 'Servers', exact: true }).click();
  await page.getByRole('link', { name: 'everything', exact: true }).click();
  await page.getByRole('button', { name: 'List tools' }).first().click();
  const rule = page.getByRole('group', { name: 'Rule for echo' });
  await rule.getByRole('button', { name: 'Ask' }).click();
  await page.getByText('echo: ask.').first().waitFor();

  const call = client.callTool({ name: 'echo', arguments: { message: 'over the bridge' } });
  const panel = page.getByRole('complementary', { name: 'Calls waiting' });
  await panel.getByRole('heading', { name: /wants to use echo/ }).waitFor();
  await panel.getByRole('button', { name: 'Exact JSON' }).click();
  expect(await panel.locator('[data-part=whole]').textContent()).toBe('{\n  "message": "over the bridge"\n}');
  await panel.locator('button:not([aria-disabled])', { hasText: 'Allow once' }).click();
  expect(await call).toMatchObject({ content: [{ type: 'text', text: 'Echo: over the bridge' }] });

  const refused = client.callTool({ name: 'echo', arguments: { message: 'again' } });
  await panel.getByRole('button', { name: 'Deny with a message' }).click();
  await panel.getByLabel('Message to the agent').fill('Use the other tool.');
  await panel.getByRole('button', { name: 'Deny and send' }).click();
  expect(JSON.stringify(await refused)).toContain('Use the other tool.');

  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByRole('row').filter({ hasText: 'echo' }).filter({ hasText: 'Approved' }).click();
  await page.getByRole('complementary', { name: 'Call' }).getByText('over the bridge').waitFor();
  await page.getByRole('row').filter({ hasText: 'echo' }).filter({ hasText: 'Refused' }).click();

  // A rule made from the refused call: what begins like it is not asked about any more.
  await page.getByRole('complementary', { name: 'Call' }).getByText('again').waitFor();
  await page.getByRole('button', { name: 'Make a rule…' }).click();
  const builder = page.getByRole('dialog', { name: 'A rule from this call' });
  await builder.getByRole('button', { name: 'Begins with' }).click();
  await builder.getByRole('textbox', { name: 'What args.message begins with' }).fill('ag');
  await builder.getByText(/Would have matched 1 of the last 2 calls/).waitFor();
  await builder.getByRole('button', { name: 'Save rule' }).click();
  await builder.waitFor({ state: 'hidden' });
  expect(await client.callTool({ name: 'echo', arguments: { message: 'again and again' } })).toMatchObject({
    content: [{ type: 'text', text: 'Echo: again and again' }],
  });

  // The policy is tried on what was recorded, and saved from the keyboard.
  await page.getByRole('link', { name: 'Policies' }).click();
  await page.getByRole('link', { name: 'everything', exact: true }).click();
  const editor = page.getByRole('textbox', { name: /^Policy document/ });
  await editor.fill(
    '{\n  "version": "1",\n  "default": "deny",\n  "tools": { "ech": { "actoin": "ask" } }\n}',
  );
  await page.getByRole('button', { name: /^Go to line 4/ }).waitFor();
  await editor.fill(
    '{\n  "version": "1",\n  "default": "allow",\n  "tools": { "echo": { "action": "deny" } }\n}',
  );
  await page.getByText('The document is correct.').waitFor();
  await page.getByRole('button', { name: 'Simulate' }).click();
  await page.getByText('Of your last 3 calls this would have denied 3').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByText('The policy is saved and in force.').waitFor();
  expect(JSON.stringify(await client.callTool({ name: 'echo', arguments: { message: 'no' } }))).toContain(
    'denied',
  );
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('heading', { name: 'Approvals in the last 30 days' }).waitFor();
  await page.getByText('of answers allowed').waitFor();
  await client.close();

  await page.getByRole('link', { name: 'Clients' }).click();
  await page.getByRole('button', { name: 'Restore all' }).click();
  await page
    .getByRole('dialog', { name: /Restore every client/ })
    .getByRole('button', { name: 'Restore all' })
    .click();
  await page.getByText('Not routed', { exact: true }).waitFor();
  expect(readFileSync(config, 'utf8')).toBe(before);
  expect(complaints).toEqual([]);
});
