import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Contract } from '../../shared/contract.ts';
import type { RpcClient } from '../../shared/rpc/client.ts';
import { alive, type Home, processesWith, root, scratchHome, until } from '../interop/kit.ts';
import { withSlowness } from '../kit/slowness.ts';
import { type Desktop, startDesktop } from './desktop.ts';
import { addAskingServer, connectClient, launch, manager, type RunningApp } from './kit.ts';

let desktop: Desktop;
let home: Home;
let running: RunningApp;
let core: RpcClient<Contract> & { pid: number };
let client: Client;
/** On the command line of the server's process and of nothing else. */
const marker = `drawbridge-l7-${process.pid}`;

beforeAll(async () => {
  desktop = await startDesktop();
  home = scratchHome();
  running = await launch(desktop, home);
  core = await manager(home);
  // One that does not end by itself: whatever is killed below must not leave it behind.
  await addAskingServer(home, core, marker, join(root, 'test/fixtures/servers/stubborn.ts'));
  client = await connectClient(core);
});
afterAll(async () => {
  await client.close();
  core.close();
  if (alive(running.pid)) await running.quit();
  await desktop.stop();
  home.remove();
});

const firstLine = async (): Promise<string> => (await desktop.tray.menu())[0]?.label ?? '';
const popup = async (): Promise<{ visible: boolean; focused: boolean }> => {
  const window = (await running.windows()).find(({ url }) => url.includes('#/approval'));
  // It is made for the first call that waits.
  return window ?? { visible: false, focused: false };
};
const call = (): Promise<unknown> =>
  client.callTool({ name: 'send_mail', arguments: { to: 'ann@example.org' } });
const waiting = () => until('a prompt', async () => (await core.call('core.state', {})).approvals[0]);

describe('a call that asks', () => {
  test('shows the prompt at once, without the focus, and the tray counts it', async () => {
    await running.app.evaluate(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows().find(
        (one) => !one.webContents.getURL().includes('approval'),
      );
      window?.show();
      window?.focus();
    });
    const managerFocused = async (): Promise<true | undefined> =>
      (await running.windows()).some(({ url, focused }) => focused && !url.includes('#/approval')) ||
      undefined;
    await until('the focus on the window', managerFocused);
    let answer: Promise<unknown> | undefined;
    const { value, slow } = await withSlowness(async () => {
      const began = performance.now();
      answer = call();
      await until('the prompt', async (see) => see(await popup()).visible);
      return performance.now() - began;
    });
    expect(value).toBeLessThan(1000 * slow);
    expect((await popup()).focused).toBe(false);
    expect(await managerFocused()).toBe(true);
    await until('the tray', async (see) => see(await firstLine()) === '1 call waits for you.');
    expect((await desktop.tray.menu()).map(({ label }) => label)).toContain('1 call waiting…');

    const { id } = await waiting();
    await core.call('approvals.decide', { id, decision: 'allow' });
    expect(JSON.stringify(await answer)).toContain('ann@example.org');
    await until('no prompt', async (see) => !see(await popup()).visible);
    await until('the tray', async (see) => !see(await firstLine()).includes('wait'));
    await until(
      'the call among the last ones',
      async () =>
        (await desktop.tray.menu()).some(({ label }) =>
          /^\d\d:\d\d.* {2}Cursor: send_mail on mail, approved$/.test(label),
        ) || undefined,
    );
  });
  test('can be decided later: the closed prompt comes back from the tray', async () => {
    const answer = call();
    await until('the prompt', async (see) => see(await popup()).visible);
    await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.webContents.getURL().includes('approval'))
        ?.close(),
    );
    expect((await popup()).visible).toBe(false);
    await desktop.tray.choose('1 call waiting…');
    await until('the prompt', async (see) => see(await popup()).visible);
    const { id } = await waiting();
    await core.call('approvals.decide', { id, decision: 'deny', message: 'Ask me tomorrow.' });
    expect(JSON.stringify(await answer)).toContain('Ask me tomorrow.');
  });
  test('can be decided by the approval window, which may do nothing else', async () => {
    const page = await running.page('approval');
    const answers = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const given = (
            window as unknown as {
              drawbridge: { send(text: string): void; onMessage(cb: (text: string) => void): void };
            }
          ).drawbridge;
          const got: string[] = [];
          given.onMessage((text) => {
            const frame = JSON.parse(text.startsWith('{') ? text : '{}') as {
              t?: string;
              id?: number;
              code?: string;
            };
            if (frame.id !== undefined && frame.id >= 900_000 && frame.t !== 'event')
              got.push(`${frame.t} ${frame.code ?? ''}`.trim());
            if (got.length === 3) resolve(got);
          });
          const send = (frame: object): void => given.send(JSON.stringify(frame));
          send({ t: 'call', id: 900_001, name: 'core.state', input: {} });
          send({ t: 'call', id: 900_002, name: 'mode.set', input: { mode: 'bypass' } });
          send({ t: 'call', id: 900_003, name: 'clients.token', input: { client: 'cursor' } });
        }),
    );
    expect((await answers).sort()).toEqual(['err forbidden', 'err forbidden', 'ok']);
  });
});

describe('a crash', () => {
  test('of the core is told in the tray, and the core comes back without a child left over', async () => {
    const [server] = await until('the server', () => {
      const found = processesWith(marker);
      return found.length > 0 ? found : undefined;
    });
    // A call that waits keeps the approval window, so that it lives through what follows.
    call().catch(() => 'It is lost with the core.');
    await until('the prompt', async (see) => see(await popup()).visible);
    const before = core.pid;
    process.kill(before, 'SIGKILL');
    // One look at the menu: a moment later the core is back, and the words are gone.
    const labels = await until('the words', async (see) => {
      const found = see((await desktop.tray.menu()).map(({ label = '' }) => label));
      return /^The core ended unexpectedly .* It is started again at /.test(found[0] ?? '') && found;
    });
    expect(labels).toContain('Start it now');
    await until('no prompt', async (see) => !see(await popup()).visible);
    core.close();
    core = await manager(home, before);
    await until('the tray', async (see) => !see(await firstLine()).startsWith('The core'));
    await until('the end of the old server', () => !alive(server as number));
    expect(alive(running.pid)).toBe(true);
  });
  test('leaves the windows with a connection to the new core', async () => {
    for (const kind of ['manager', 'approval'] as const) {
      const page = await running.page(kind);
      const pid = await until('an answer in the page', () =>
        page.evaluate(
          () =>
            new Promise<number | undefined>((resolve) => {
              const given = (
                window as unknown as {
                  drawbridge: { send(text: string): void; onMessage(cb: (text: string) => void): void };
                }
              ).drawbridge;
              setTimeout(() => resolve(undefined), 1000);
              given.onMessage((text) => {
                const frame = JSON.parse(text.startsWith('{') ? text : '{}') as {
                  id?: number;
                  output?: { core: { pid: number } };
                };
                if (frame.id === 910_000) resolve(frame.output?.core.pid);
              });
              given.send(JSON.stringify({ t: 'call', id: 910_000, name: 'core.state', input: {} }));
            }),
        ),
      );
      expect(pid).toBe(core.pid);
    }
  });
  test('of the app leaves no process behind', async () => {
    client = await connectClient(core);
    await client.listTools();
    const [server] = await until('the server', () => {
      const found = processesWith(marker);
      return found.length > 0 ? found : undefined;
    });
    await running.kill();
    for (const pid of [core.pid, server as number]) await until(`the end of ${pid}`, () => !alive(pid));
    expect(processesWith(marker)).toEqual([]);
    expect(processesWith(home.data)).toEqual([]);
  });
});

describe('without a tray', () => {
  test('the window stays when it is closed, and says why', async () => {
    desktop.tray.stop();
    running = await launch(desktop, home);
    const { app } = running;
    await until(
      'the window',
      async () => (await running.windows()).some(({ visible }) => visible) || undefined,
    );
    await app.evaluate(({ dialog }) => {
      const seen = globalThis as unknown as { said: string[] };
      seen.said = [];
      dialog.showMessageBox = (async (_window: unknown, options: Electron.MessageBoxOptions) => {
        seen.said.push(options.message);
        return { response: 1, checkboxChecked: false };
      }) as unknown as typeof dialog.showMessageBox;
    });
    const said = await until('the words', () =>
      app.evaluate(({ BrowserWindow }) => {
        for (const window of BrowserWindow.getAllWindows())
          if (!window.webContents.getURL().includes('approval')) window.close();
        const { said } = globalThis as unknown as { said: string[] };
        return said.length > 0 ? said : undefined;
      }),
    );
    expect(said[0]).toBe('This desktop shows no tray icons, so the window stays open');
    expect((await running.windows()).some(({ visible }) => visible)).toBe(true);
    await running.quit();
  });
});
