import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { ElectronApplication, Page } from 'playwright-core';
import { readCoreFile } from '../../main/host/data-folder/core-file.ts';
import { connectControl } from '../../main/host/transports/ws-transport.ts';
import { APP_VARIABLE, electronExecutable, findElectron } from '../../scripts/electron-dist.ts';
import { type Contract, contract } from '../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../shared/rpc/client.ts';
import { type Home, node, root, until } from '../interop/kit.ts';
import type { Desktop } from './desktop.ts';

const { _electron } = createRequire(import.meta.url)('playwright-core') as typeof import('playwright-core');

/** The product, held back until the test is attached. */
const APP = join(root, 'test/electron/app');

export interface RunningApp {
  readonly app: ElectronApplication;
  readonly pid: number;
  /** What the app and its core wrote to standard output and error. */
  output(): string;
  page(kind: 'manager' | 'approval'): Promise<Page>;
  /** Whether each window is on the screen and has the focus. */
  windows(): Promise<{ title: string; url: string; visible: boolean; focused: boolean }[]>;
  /** Quits in order, as from the tray, and waits until the process is gone. */
  quit(): Promise<void>;
  /** kill -9 of the main process. */
  kill(): Promise<void>;
}

export async function launch(desktop: Desktop, home: Home, ...args: string[]): Promise<RunningApp> {
  const dist = await findElectron({ allowStandIn: true });
  if (!dist) throw new Error('There is no Electron for this machine, and no stand-in.');
  const app = await _electron.launch({
    executablePath: electronExecutable(dist),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), APP, ...args],
    env: { ...(home.env as Record<string, string>), ...desktop.env, [APP_VARIABLE]: APP },
    timeout: 120_000,
  });
  const child = app.process();
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  let ended = false;
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      ended = true;
      resolve();
    }),
  );
  const is = (kind: string, page: Page): boolean =>
    page.url().includes('#/approval') === (kind === 'approval');
  return {
    app,
    pid: child.pid as number,
    output: () => text,
    page: (kind) => until(`the ${kind} window`, () => app.windows().find((page) => is(kind, page))),
    windows: () =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => ({
          title: window.getTitle(),
          url: window.webContents.getURL(),
          visible: window.isVisible(),
          focused: window.isFocused(),
        })),
      ),
    async quit() {
      // The answer may be lost with the process that gives it.
      void app.evaluate(({ app }) => app.quit()).catch(() => {});
      try {
        await until('the end of the app', () => ended);
      } catch (error) {
        // The next file must find nothing of it.
        child.kill('SIGKILL');
        throw new Error(`${(error as Error).message}\nIt wrote: ${text.slice(-4000)}`);
      }
    },
    async kill() {
      process.kill(child.pid as number, 'SIGKILL');
      await gone;
    },
  };
}

/** A manager's connection to the core that runs for a home, from outside the app. */
export async function manager(home: Home, notPid?: number): Promise<RpcClient<Contract> & { pid: number }> {
  return until('a running core', async () => {
    const file = readCoreFile(home.data);
    if (!file || file.pid === notPid) return undefined;
    try {
      const transport = await connectControl(file.control, file.token, 'manager');
      return Object.assign(createRpcClient(contract, transport), { pid: file.pid });
    } catch {
      return undefined;
    }
  });
}

const POLICY = JSON.stringify({ version: '1', default: 'ask' });

/** A stdio server that asks for every call; its process is known by `marker` on its command line. */
export async function addAskingServer(
  home: Home,
  core: RpcClient<Contract>,
  marker: string,
  program = join(root, 'test/fixtures/servers/kit.ts'),
): Promise<void> {
  const tools = home.write(
    `${marker}.json`,
    JSON.stringify([{ name: 'send_mail', description: 'Sends a mail.', inputSchema: { type: 'object' } }]),
  );
  await core.call('servers.add', {
    name: 'mail',
    config: { kind: 'stdio', command: node, args: [program, tools], env: {} },
  });
  await core.call('policy.set', { server: 'mail', text: POLICY });
}

/** A real client of the gateway, identified as Cursor. */
export async function connectClient(core: RpcClient<Contract>): Promise<Client> {
  const { core: info } = await core.call('core.state', {});
  const { token } = await core.call('clients.token', { client: 'cursor' });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${info.gateway}/s/mail/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }) as Parameters<Client['connect']>[0],
  );
  return client;
}

/** What a page was given by its preload script, and what of Node or Electron it could reach. */
export function givenTo(page: Page): Promise<{ given: string[]; frozen: boolean; leaked: string[] }> {
  return page.evaluate(() => {
    const all = window as unknown as Record<string, unknown>;
    const given = all.drawbridge as Record<string, unknown>;
    return {
      given: Object.entries(given).map(([name, value]) => `${name}: ${typeof value}`),
      frozen: Object.isFrozen(given),
      leaked: [
        'require',
        'process',
        'module',
        'Buffer',
        'global',
        'electron',
        'ipcRenderer',
        '__dirname',
      ].filter((name) => name in all),
    };
  });
}
/** All that a page may have. */
export const ALLOWED = { given: ['send: function', 'onMessage: function'], frozen: true, leaked: [] };
