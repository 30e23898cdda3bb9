import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Contract, contract } from '../../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../../shared/rpc/client.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { memoryPair } from '../../../shared/rpc/transport.ts';
import { commandLine } from '../../../shared/text/command-line.ts';
import { createCore } from '../../core/create-core.ts';
import type { Machine } from '../../core/ports.ts';
import { tryLock } from '../data-folder/data-lock.ts';
import { stderrLog } from '../node/log.ts';
import { nodePorts } from '../node/node-ports.ts';
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

/**
 * A command talks to the running core, or, when there is none, to one of its own that never listens.
 * @param looksOnly the command changes nothing: a data folder that is not there is not made for it
 */
export function openCore(dataDir: string, looksOnly = false): OpenedCore {
  let opened: Promise<{ client: RpcClient<Contract>; close(): Promise<void> }> | undefined;
  return {
    async client() {
      opened ??= looksOnly && !existsSync(dataDir) ? openTrial(dataDir) : open(dataDir);
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

/** A core in a folder that is gone afterwards, which answers as one in `dataDir` would. */
async function openTrial(dataDir: string): ReturnType<typeof openOwn> {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-trial-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    return await openOwn(folder, { release: remove }, dataDir);
  } catch (error) {
    remove();
    throw error;
  }
}

async function openOwn(
  dataDir: string,
  lock: { release(): void },
  namedDataDir = dataDir,
): Promise<{ client: RpcClient<Contract>; close(): Promise<void> }> {
  try {
    const core = await createCore({
      ports: nodePorts({ bridge: bridgeProgram(), log: stderrLog('warn', { stacks: false }) }),
      dataDir,
      namedDataDir,
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
  return { command: process.execPath, args: [join(outMainDir(), 'bridge.js')] };
}
