/**
 * The desktop app at rest: no window open, six clients connected. Prints the proportional set size of each of its
 * processes, and the time from a call to its prompt, with the approval window kept (warm) and without it (cold):
 *
 *   npm run build && node test/bench/at-rest.ts [--rounds N]
 *
 * It needs Linux, Xvfb and dbus-daemon. Clients speak Streamable HTTP: a client on stdio has one bridge process more.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Contract } from '../../shared/contract.ts';
import type { RpcClient } from '../../shared/rpc/client.ts';
import { startDesktop } from '../electron/desktop.ts';
import { addAskingServer, launch, manager, type RunningApp } from '../electron/kit.ts';
import { scratchHome, until } from '../interop/kit.ts';
import { processesBelow, proportionalMb } from './process.ts';
import { median } from './stats.ts';

const CLIENTS = ['cursor', 'claude-code', 'codex', 'vscode', 'gemini-cli', 'windsurf'];
const BUDGET_MB = 250;
/** Longer than an app that was just started needs to end what it began, milliseconds. */
const SETTLED_MS = 20_000;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const desktop = await startDesktop();
const home = scratchHome();
const app = await launch(desktop, home, '--hidden');
const core = await manager(home);
try {
  await addAskingServer(home, core, `drawbridge-bench-${process.pid}`);
  const clients: Client[] = [];
  for (const id of CLIENTS) clients.push(await connect(core, id));
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  console.log('At rest, after the start:');
  printMemory(app.pid);

  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    await closeApproval(app);
    cold.push(await timeToPrompt(app, core, clients[0] as Client, `cold-${round}`));
    warm.push(await timeToPrompt(app, core, clients[0] as Client, `warm-${round}`));
  }
  printTimes('cold (the window is made for the call)', cold);
  printTimes('warm (the window is kept)', warm);
  console.log('With the approval window kept, hidden:');
  printMemory(app.pid);
  await closeApproval(app);
  console.log('At rest again:');
  printMemory(app.pid);
  for (const client of clients) await client.close();
} finally {
  core.close();
  await app.quit();
  await desktop.stop();
  home.remove();
}

function printMemory(main: number): void {
  let sum = 0;
  let servers = 0;
  for (const pid of processesBelow(main)) {
    const mb = proportionalMb(pid);
    if (mb === 0) continue;
    // Some of Chromium's processes put spaces between the words. Those without a type are servers: not the app's own.
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/);
    if (pid !== main && !words.some((word) => word.startsWith('--type='))) {
      servers += mb;
      continue;
    }
    sum += mb;
    const kind = words.find((word) => word.startsWith('--type='))?.slice(7) ?? 'main';
    const detail = words.find((word) => word.startsWith('--utility-sub-type='))?.slice(19) ?? '';
    console.log(`${mb.toFixed(1).padStart(8)} MB  ${kind} ${detail}`);
  }
  console.log(`${sum.toFixed(1).padStart(8)} MB  all; the budget is ${BUDGET_MB} MB`);
  console.log(`${servers.toFixed(1).padStart(8)} MB  the test's servers, which are not the app's own\n`);
}

function printTimes(what: string, times: readonly number[]): void {
  const all = [...times].sort((a, b) => a - b);
  console.log(
    `From a call to its prompt, ${what}: median ${median(all)} ms, ${all[0]} to ${all.at(-1)} ms of ${all.length}`,
  );
}

async function connect(rpc: RpcClient<Contract>, id: string): Promise<Client> {
  const { core: info } = await rpc.call('core.state', {});
  const { token } = await rpc.call('clients.token', { client: id });
  const client = new Client({ name: id, version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${info.gateway}/s/mail/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }) as Parameters<Client['connect']>[0],
  );
  return client;
}

/** What the app does by itself when nothing waited for a while. */
async function closeApproval({ app }: RunningApp): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows())
      if (window.webContents.getURL().includes('#/approval')) window.destroy();
  });
  await until('no window', () => app.windows().length === 0);
}

/** Milliseconds from sending a call to the second frame in which its prompt is in a visible window. */
async function timeToPrompt(
  running: RunningApp,
  rpc: RpcClient<Contract>,
  client: Client,
  to: string,
): Promise<number> {
  const sent = Date.now();
  // A failure of what follows is to be seen, and not that the call is lost with it.
  const answer = client.callTool({ name: 'send_mail', arguments: { to } }).catch(String);
  const page = await running.page('approval');
  const painted = await page.evaluate(
    (text) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          const there = document.visibilityState === 'visible' && document.body.textContent.includes(text);
          if (there) requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())));
          else setTimeout(look, 4);
        };
        look();
      }),
    to,
  );
  for (const { id } of (await rpc.call('core.state', {})).approvals)
    await rpc.call('approvals.decide', { id, decision: 'deny' });
  await answer;
  await until('no prompt', async () => (await running.windows()).every(({ visible }) => !visible));
  return painted - sent;
}
