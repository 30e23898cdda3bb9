import { existsSync } from 'node:fs';
import { type Contract, contract } from '../../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../../shared/rpc/client.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { commandLine } from '../../../shared/text/command-line.ts';
import { runningCore } from '../data-folder/running-core.ts';
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
    // The whole core is loaded only where it is needed: with a running one a command answers in a fraction of the time.
    const { openOwn } = await import('./own-core.ts');
    const own = await openOwn(dataDir);
    if (own) return own;
    if (Date.now() > deadline) throw new RpcError('refused', t.dataHeld(dataDir), t.endHolder);
    await new Promise((resolve) => setTimeout(resolve, LOCK_STEP_MS));
  }
}

async function openTrial(dataDir: string): Promise<{ client: RpcClient<Contract>; close(): Promise<void> }> {
  const own = await import('./own-core.ts');
  return own.openTrial(dataDir);
}
