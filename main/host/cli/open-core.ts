import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Contract, contract } from '../../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../../shared/rpc/client.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { memoryPair } from '../../../shared/rpc/transport.ts';
import { commandLine } from '../../../shared/text/command-line.ts';
import { createCore } from '../../core/create-core.ts';
import type { Machine } from '../../core/ports.ts';
import { createStartAtLogin } from '../autostart/start-at-login.ts';
import { tryLock } from '../data-folder/data-lock.ts';
import { installLaunchers } from '../launcher/install.ts';
import { stderrLog } from '../node/log.ts';
import { homeFolder, nodePorts } from '../node/node-ports.ts';
import { VERSION } from '../node/version.ts';
import { runningCore } from '../run-core.ts';
import { connectControl } from '../transports/ws-transport.ts';

const t = commandLine.common;

/** How long a command waits for another command on the same data folder. */
const LOCK_WAIT_MS = 15_000;
const LOCK_STEP_MS = 50;

export interface OpenedCore {
  client(): Promise<RpcClient<Contract>>;
  isRunning(): boolean;
  close(): Promise<void>;
}

/** A command talks to the running core, or, when there is none, to one of its own that never listens. */
export function openCore(dataDir: string): OpenedCore {
  let opened: Promise<{ client: RpcClient<Contract>; close(): Promise<void> }> | undefined;
  return {
    async client() {
      opened ??= open(dataDir);
      return (await opened).client;
    },
    isRunning: () => runningCore(dataDir) !== undefined,
    async close() {
      if (opened) await (await opened).close();
    },
  };
}

async function open(dataDir: string): Promise<{ client: RpcClient<Contract>; close(): Promise<void> }> {
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const running = runningCore(dataDir);
    if (running) {
      const client = createRpcClient(
        contract,
        await connectControl(running.control, running.token, 'manager'),
      );
      return { client, close: async () => client.close() };
    }
    const lock = tryLock(dataDir);
    if (lock) return openOwn(dataDir, lock);
    if (Date.now() > deadline) throw new RpcError('refused', t.dataHeld(dataDir), t.endHolder);
    await new Promise((resolve) => setTimeout(resolve, LOCK_STEP_MS));
  }
}

async function openOwn(
  dataDir: string,
  lock: { release(): void },
): Promise<{ client: RpcClient<Contract>; close(): Promise<void> }> {
  try {
    const core = await createCore({
      ports: nodePorts({
        bridge: installLaunchers(dataDir, { bridge: bridgeProgram() }),
        startAtLogin: createStartAtLogin({
          platform: process.platform,
          env: process.env,
          home: homeFolder(),
          dataDir,
          app: false,
        }),
        log: stderrLog('warn'),
      }),
      dataDir,
      version: VERSION,
      host: 'command',
      pid: process.pid,
      onStopRequest: () => {},
    });
    const [ours, theirs] = memoryPair();
    core.attach(theirs, 'manager');
    const client = createRpcClient(contract, ours);
    return {
      client,
      async close() {
        client.close();
        await core.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The built programs stand in one folder; chunks of them in another below it. */
export function outMainDir(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.endsWith('chunks') ? dirname(here) : here;
}

/** What a stdio-only client has to start: the Node that runs now, and the bridge beside this program. */
export function bridgeProgram(): Machine['bridge'] {
  const out = outMainDir();
  // Run from its sources, this file lies one folder deeper than the program.
  const script = basename(out) === 'cli' ? join(out, '..', 'bridge.ts') : join(out, 'bridge.js');
  return { command: process.execPath, args: [script] };
}
