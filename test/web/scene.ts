import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type RunningCore, runCore } from '../../main/host/run-core.ts';
import { type Contract, contract } from '../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../shared/rpc/client.ts';
import { memoryPair } from '../../shared/rpc/transport.ts';
import { Stage } from '../scenarios/stage.ts';
import { launchBrowser, type Watched, watchedPage } from './browser.ts';
import { uiDir } from './build-ui.ts';

/** A core in this process and a page in a real browser, for one file of tests. */
export function browserStage(size: { width: number; height: number }): () => Stage {
  const home = mkdtempSync(join(tmpdir(), 'drawbridge-scene-'));
  const oldHome = process.env.HOME;
  let browser: Awaited<ReturnType<typeof launchBrowser>>;
  let core: RunningCore;
  let rpc: RpcClient<Contract>;
  let watched: Watched;
  let stage: Stage;
  const start = async (): Promise<void> => {
    core = await runCore({
      dataDir: join(home, 'data'),
      host: 'headless',
      gatewayPort: 0,
      uiDir: uiDir(),
      machineBridge: { command: process.execPath, args: ['bridge.js'] },
      log: () => {},
      onStopRequest: () => {},
    });
    const [mine, theirs] = memoryPair();
    core.attach(theirs, 'manager');
    rpc = createRpcClient(contract, mine);
    watched = await watchedPage(browser, size);
    await watched.page.goto(core.info.ui ?? '');
    await watched.page.locator('main').first().waitFor();
  };
  beforeAll(async () => {
    process.env.HOME = home;
    browser = await launchBrowser();
    await start();
    stage = new Stage({
      dir: home,
      rpc: () => rpc,
      page: async (route) => {
        await watched.page.evaluate((to) => {
          location.hash = to;
        }, route);
        return watched.page;
      },
      complaints: async () => watched.complaints,
      async restart() {
        await core.stop();
        await watched.context.close();
        await start();
      },
    });
  });
  afterAll(async () => {
    await browser?.close();
    await core?.stop();
    process.env.HOME = oldHome;
    rmSync(home, { recursive: true, force: true });
  });
  return () => stage;
}
