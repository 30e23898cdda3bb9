/**
 * `npm run dev:web [-- --data DIR]`: a headless core from the sources, and the interface with hot reload in a browser.
 * Prints one address. The interface comes from Vite's server, and its WebSocket goes through there to the core, which
 * checks Host, Origin and token as always. Changes of renderer/ and shared/ are seen at once; for those of main/ start it
 * again. Without `--data` everything is in a folder that is removed at the end, and the home folder is an empty one: from
 * there a client could be routed and never put back.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createServer, type InlineConfig, type ViteDevServer } from 'vite';
import config from '../electron.vite.config.ts';
import { CORE_NODE_FLAGS } from '../main/host/node/core-flags.ts';

const root = resolve(import.meta.dirname, '..');

function dataOption(): string | undefined {
  try {
    return parseArgs({ options: { data: { type: 'string' } } }).values.data;
  } catch (error) {
    console.error(`${(error as Error).message}\nUsage: npm run dev:web [-- --data DIR]`);
    process.exit(2);
  }
}

const given = dataOption();
const scratch = given === undefined ? mkdtempSync(join(tmpdir(), 'drawbridge-dev-')) : undefined;
let core: ChildProcess | undefined;
let server: ViteDevServer | undefined;

/** Starts the core; gives the address of the interface that it serves itself, with the token behind it. */
async function startCore(): Promise<URL> {
  const data = scratch === undefined ? resolve(given as string) : join(scratch, 'data');
  const env = { ...process.env };
  if (scratch !== undefined) {
    env.HOME = join(scratch, 'home');
    mkdirSync(env.HOME);
  }
  const words = ['serve', '--json', '--no-open', '--data', data];
  // The preferred port is left to the Drawbridge that may run here for good.
  if (scratch !== undefined) words.push('--port', '0');
  const child = spawn(process.execPath, [...CORE_NODE_FLAGS, join(root, 'main/host/cli.ts'), ...words], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  core = child;
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The core ended with code ${code} before it was ready; see above.`);
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  ended.catch(() => void stop(1));
  const info = JSON.parse(line) as { ui?: string | null; error?: { message: string } };
  if (info.error) throw new Error(info.error.message);
  if (!info.ui)
    throw new Error(`The app runs on ${data} already. End it first, or use another --data folder.`);
  return new URL(info.ui);
}

/** Vite's server for renderer/, which hands `/control` on to the core. */
async function startVite(ui: URL): Promise<ViteDevServer> {
  const { renderer } = config as { renderer: InlineConfig };
  const vite = await createServer({
    plugins: renderer.plugins,
    configFile: false,
    root: join(root, 'renderer'),
    cacheDir: join(root, 'node_modules/.cache/dev-web'),
    logLevel: 'warn',
    clearScreen: false,
    server: {
      host: '127.0.0.1',
      port: 5173,
      proxy: {
        '/control': {
          target: `ws://${ui.host}`,
          ws: true,
          // The Host that the core expects of a page of its own.
          changeOrigin: true,
          configure(proxy) {
            proxy.on('proxyReqWs', (request, incoming, socket) => {
              // The core would see our Origin instead of a foreign one, so it is checked here.
              if (incoming.headers.origin === originOf(vite)) request.setHeader('origin', ui.origin);
              else socket.destroy();
            });
          },
        },
      },
    },
  });
  return vite.listen();
}

function originOf({ httpServer }: ViteDevServer): string {
  const address = httpServer?.address();
  if (!address || typeof address === 'string') throw new Error('The server of Vite does not listen.');
  return `http://127.0.0.1:${address.port}`;
}

let stopping = false;
async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await server?.close();
  if (core && core.exitCode === null && core.signalCode === null) {
    core.kill('SIGTERM');
    await once(core, 'exit');
  }
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

try {
  const ui = await startCore();
  server = await startVite(ui);
  console.log(`Interface with hot reload: ${originOf(server)}/${ui.hash}`);
  console.log(
    scratch === undefined
      ? 'Stop it with Ctrl-C.'
      : 'Data and home folder are new, and removed at the end. Stop it with Ctrl-C.',
  );
} catch (error) {
  console.error((error as Error).message);
  await stop(1);
}
