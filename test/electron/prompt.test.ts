import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Contract } from '../../shared/contract.ts';
import type { RpcClient } from '../../shared/rpc/client.ts';
import { visibleText } from '../../shared/text/untrusted.ts';
import { type Home, node, root, scratchHome, until } from '../interop/kit.ts';
import { slowness } from '../kit/slowness.ts';
import { type Desktop, startDesktop } from './desktop.ts';
import { ALLOWED, connectClient, givenTo, launch, manager, type RunningApp } from './kit.ts';

interface Vector {
  id: string;
  group: string;
  threat: string;
  frame?: { params?: { arguments?: { cmd: string } } };
}
const { vectors } = JSON.parse(readFileSync(join(root, 'test/fixtures/attack_vectors.json'), 'utf8')) as {
  vectors: Vector[];
};
const rendered = vectors.filter(
  ({ group, frame }) => group === 'approval_render' && frame?.params?.arguments,
);
const TOOL = 'write_note';
const ODD_TOOL = '<b>send</b>';
const ODD_TITLE = '<b>safe</b>\u202egpj\nRisk: Low';

let desktop: Desktop;
let home: Home;
let running: RunningApp;
let core: RpcClient<Contract> & { pid: number };
let client: Client;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  desktop = await startDesktop();
  home = scratchHome();
  running = await launch(desktop, home, '--hidden');
  core = await manager(home);
  const tools = home.write(
    'tools.json',
    JSON.stringify([
      { name: TOOL, description: 'Writes a note.', inputSchema: { type: 'object' } },
      { name: ODD_TOOL, title: ODD_TITLE, description: 'Sends.', inputSchema: { type: 'object' } },
    ]),
  );
  await core.call('servers.add', {
    name: 'mail',
    config: {
      kind: 'stdio',
      command: node,
      args: [join(root, 'test/fixtures/servers/kit.ts'), tools],
      env: {},
    },
  });
  await core.call('policy.set', { server: 'mail', text: JSON.stringify({ version: '1', default: 'ask' }) });
  client = await connectClient(core);
  await client.listTools();
  expect(await running.windows()).toEqual([]);
  const first = call({ command: 'the window is made for it' });
  page = await running.page('approval');
  await until('the prompt', async (see) => see(await popup()).visible);
  await denyAll();
  await first;
  page.setDefaultTimeout(8000);
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.evaluate(() => {
    const seen = window as unknown as { violations: string[] };
    seen.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      seen.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
});
afterAll(async () => {
  await client?.close();
  core?.close();
  await running?.quit();
  await desktop?.stop();
  home?.remove();
});

const popup = async () => {
  const window = (await running.windows()).find(({ url }) => url.includes('#/approval'));
  if (!window) throw new Error('There is no approval window');
  return window;
};
const call = (args: Record<string, unknown>): Promise<unknown> =>
  client.callTool({ name: TOOL, arguments: args });
/** Denies what waits, and waits until the window is gone. */
const denyAll = async (): Promise<void> => {
  for (const { id } of (await core.call('core.state', {})).approvals)
    await core.call('approvals.decide', { id, decision: 'deny' });
  await until('no prompt', async (see) => !see(await popup()).visible);
};
const textOf = (selector: string): Promise<string | null> =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => element.textContent);

test('the window gives its page two functions and nothing of Node or Electron', async () => {
  expect(await givenTo(page)).toEqual(ALLOWED);
});

describe('the time to the screen', () => {
  test('shows a call within 200 ms of its arrival', async () => {
    await page.evaluate(() => {
      const painted: Record<string, number> = {};
      (window as unknown as { painted: typeof painted }).painted = painted;
      new MutationObserver(() => {
        const text = document.querySelector('[data-field=nonce] dd')?.textContent;
        if (!text || text in painted) return;
        painted[text] = 0;
        // A hidden window runs no frames: the first is drawn when it is on the screen, and the second follows it.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            painted[text] = Date.now();
          }),
        );
      }).observe(document, { subtree: true, childList: true, characterData: true });
    });
    const times: number[] = [];
    let slow = slowness();
    for (let round = 0; round < 15; round++) {
      const nonce = `n-${round}`;
      const sent = Date.now();
      const answer = call({ command: 'git push origin main', nonce });
      const painted = await until('the prompt on the screen', () =>
        page.evaluate(
          (text) =>
            (window as unknown as { painted: Record<string, number> }).painted[JSON.stringify(text)] ||
            undefined,
          nonce,
        ),
      );
      expect((await popup()).visible).toBe(true);
      times.push(painted - sent);
      await denyAll();
      await answer;
    }
    slow = Math.max(slow, slowness());
    const [first = 0, ...warm] = times;
    const sorted = [...warm].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    console.log(
      `From sending a call to its prompt on the screen: median ${median} ms, worst ${sorted.at(-1)} ms of ${sorted.length}; the first one ${first} ms.`,
    );
    expect(median).toBeLessThan(200 * slow);
  });
});

describe('arguments of a hostile agent in the real window', () => {
  test('there are vectors', () => expect(rendered.length).toBeGreaterThanOrEqual(7));
  test.each(rendered)('$id $threat', async ({ frame }) => {
    const args = frame?.params?.arguments as { cmd: string };
    const answer = call(args);
    await page.locator('[data-field=cmd]').waitFor();
    expect(await textOf('[data-field=cmd] dd')).toBe(visibleText(args.cmd, { multiline: true }));
    await page.getByRole('button', { name: 'Exact JSON' }).click();
    const { argumentsText } = await until(
      'the prompt',
      async () => (await core.call('core.state', {})).approvals[0],
    );
    expect(JSON.parse(argumentsText)).toEqual(args);
    expect(await textOf('[data-part=whole]')).toBe(visibleText(argumentsText, { multiline: true }));
    expect(await textOf('[data-part=whole]')).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
    expect(
      await page
        .locator('[data-part=whole]')
        .evaluate((element) => element.querySelectorAll('*:not(span)').length),
    ).toBe(0);
    await denyAll();
    await answer;
  });
  test('ap-manykeys: the telling one of 301 is in sight, and Allow waits for the end', async () => {
    const answer = call({
      ...Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`field_${at}`, at])),
      cmd: 'rm -rf ~',
    });
    await page.getByText('301 arguments').waitFor();
    expect(await textOf('[data-part=first]')).toBe('cmdrm -rf ~');
    await page.waitForTimeout(700);
    expect(await page.getByRole('button', { name: 'Allow once' }).getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('region', { name: 'The call, whole' }).evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await page.locator('button:not([aria-disabled])', { hasText: 'Allow once' }).waitFor();
    await denyAll();
    await answer;
  });
  test('ap-toolname: names of tags, bidi and lines are text, in the window and in the tray', async () => {
    // Hidden characters block a tool until a person has looked at it.
    const odd = (await core.call('servers.tools', { name: 'mail' })).find(({ name }) => name === ODD_TOOL);
    expect(odd?.pin?.state).toBe('blocked');
    await core.call('pins.accept', { server: 'mail', tool: ODD_TOOL, hash: odd?.pin?.hash ?? '' });
    const answer = client.callTool({ name: ODD_TOOL, arguments: { cmd: 'x' } });
    await page.getByText('The server calls it').waitFor();
    await page.getByText('<b>safe</b>U+202EgpjU+000ARisk: Low').waitFor();
    expect(await textOf('h2')).toBe('Cursor wants to use <b>send</b> on mail');
    expect(await page.locator('b').count()).toBe(0);
    await until('the call in the tray', async (see) =>
      see((await desktop.tray.menu()).map(({ label }) => label)).includes('1 call waiting…'),
    );
    await denyAll();
    await answer;
    const after = await until('the call in the tray', async () => {
      const labels = (await desktop.tray.menu()).map(({ label = '' }) => label);
      return labels.some((label) => label.includes('Cursor: <b>send</b> on mail, ')) ? labels : undefined;
    });
    for (const label of after) expect(label).not.toMatch(/[\u202e\n]/);
  });
  test('nothing ran, nothing asked, no policy was violated', async () => {
    expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('the window', () => {
  test('becomes as high as a long call needs, and stays on the display', async () => {
    const height = (): Promise<number> =>
      running.app.evaluate(
        ({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()
            .find((window) => window.webContents.getURL().includes('approval'))
            ?.getBounds().height ?? 0,
      );
    const short = call({ cmd: 'ls' });
    await page.locator('[data-field=cmd]').waitFor();
    const small = await until('a small window', async () => ((await height()) < 600 ? height() : undefined));
    await denyAll();
    await short;
    const long = call({ body: 'a line\n'.repeat(200) });
    await page.locator('[data-field=body]').waitFor();
    const large = await until('a larger window', async () =>
      (await height()) > small + 100 ? height() : undefined,
    );
    expect(large).toBeLessThanOrEqual(900);
    await denyAll();
    await long;
  });
});
