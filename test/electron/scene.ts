import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Contract } from '../../shared/contract.ts';
import type { RpcClient } from '../../shared/rpc/client.ts';
import { type Home, scratchHome, until } from '../interop/kit.ts';
import { Stage } from '../scenarios/stage.ts';
import { type Desktop, startDesktop } from './desktop.ts';
import { addAskingServer, connectClient, launch, manager, type RunningApp } from './kit.ts';

/** The app with its own core and both windows, the approval window made by a call, for one file of tests. A restart is the death of the core. */
export function appStage(): () => Stage {
  let desktop: Desktop;
  let home: Home;
  let running: RunningApp;
  let core: RpcClient<Contract> & { pid: number };
  let stage: Stage;
  const pages: Page[] = [];
  const complaints: string[] = [];
  const watch = async (kind: 'manager' | 'approval'): Promise<Page> => {
    const page = await running.page(kind);
    if (pages.includes(page)) return page;
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`request failed: ${request.url()}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.evaluate(() => {
      const seen = window as unknown as { violations: string[] };
      seen.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        seen.violations.push(`CSP ${event.violatedDirective}: ${event.blockedURI}`);
      });
    });
    pages.push(page);
    return page;
  };
  const hasPrompts = async (): Promise<boolean> =>
    (await running.windows()).some(({ url }) => url.includes('#/approval'));
  /** The approval window is there for calls only, and for a while after them. */
  const prompts = async (): Promise<Page> => {
    if (await hasPrompts()) return watch('approval');
    const client = await connectClient(core);
    const answer = client.callTool({ name: 'send_mail', arguments: {} });
    const page = await watch('approval');
    const shown = async (): Promise<boolean> =>
      (await running.windows()).some(({ url, visible }) => visible && url.includes('#/approval'));
    await until('the prompt', shown);
    for (const { id } of (await core.call('core.state', {})).approvals)
      await core.call('approvals.decide', { id, decision: 'deny' });
    await answer;
    await client.close();
    await until('no prompt', async () => !(await shown()));
    return page;
  };
  beforeAll(async () => {
    desktop = await startDesktop();
    home = scratchHome();
    running = await launch(desktop, home);
    core = await manager(home);
    await watch('manager');
    await addAskingServer(home, core, `drawbridge-scene-${process.pid}`);
    stage = new Stage({
      dir: home.dir,
      rpc: () => core,
      async page(route) {
        if (route === '/approval') return prompts();
        const page = await running.page('manager');
        await page.evaluate((to) => {
          location.hash = to;
        }, route);
        return page;
      },
      async complaints() {
        const open = pages.filter((page) => !page.isClosed());
        const violations = open.map((page) =>
          page.evaluate(() => (window as unknown as { violations: string[] }).violations),
        );
        return [...complaints, ...(await Promise.all(violations)).flat()];
      },
      async restart() {
        const { pid } = core;
        process.kill(pid, 'SIGKILL');
        core.close();
        core = await manager(home, pid);
        expect(core.pid).not.toBe(pid);
        // The windows have a connection to the new core when the tray no longer says that there is none.
        await until('the new core', async () =>
          (await desktop.tray.menu())[0]?.label.startsWith('The core') ? undefined : true,
        );
      },
      notifications: () => desktop.notifications.open(),
    });
  });
  afterAll(async () => {
    core?.close();
    await running?.quit();
    await desktop?.stop();
    home?.remove();
  });
  return () => stage;
}
