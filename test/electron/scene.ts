import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Contract } from '../../shared/contract.ts';
import type { RpcClient } from '../../shared/rpc/client.ts';
import { type Home, scratchHome, until } from '../interop/kit.ts';
import { Stage } from '../scenarios/stage.ts';
import { type Desktop, startDesktop } from './desktop.ts';
import { launch, manager, type RunningApp } from './kit.ts';

/** The app with its own core and both windows, for one file of tests. A restart is the death of the core. */
export function appStage(): () => Stage {
  let desktop: Desktop;
  let home: Home;
  let running: RunningApp;
  let core: RpcClient<Contract> & { pid: number };
  let stage: Stage;
  const pages: Page[] = [];
  const complaints: string[] = [];
  const watch = async (kind: 'manager' | 'approval'): Promise<void> => {
    const page = await running.page(kind);
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
  };
  beforeAll(async () => {
    desktop = await startDesktop();
    home = scratchHome();
    running = await launch(desktop, home);
    core = await manager(home);
    await watch('manager');
    await watch('approval');
    stage = new Stage({
      dir: home.dir,
      rpc: () => core,
      async page(route) {
        const page = await running.page(route === '/approval' ? 'approval' : 'manager');
        if (route !== '/approval')
          await page.evaluate((to) => {
            location.hash = to;
          }, route);
        return page;
      },
      async complaints() {
        const violations = pages.map((page) =>
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
