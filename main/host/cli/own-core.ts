import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contract, contract } from '../../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../../shared/rpc/client.ts';
import { memoryPair } from '../../../shared/rpc/transport.ts';
import { createCore } from '../../core/create-core.ts';
import type { Machine } from '../../core/ports.ts';
import { createStartAtLogin } from '../autostart/start-at-login.ts';
import { tryLock } from '../data-folder/data-lock.ts';
import { installLaunchers, launchersOf } from '../launcher/install.ts';
import { stderrLog } from '../node/log.ts';
import { homeFolder, nodePorts } from '../node/node-ports.ts';
import { VERSION } from '../node/version.ts';
import { bridgeProgram } from './programs.ts';

interface Own {
  readonly client: RpcClient<Contract>;
  close(): Promise<void>;
}

/** A core of this command's own, which never listens; undefined while another process holds the data folder. */
export async function openOwn(dataDir: string): Promise<Own | undefined> {
  const lock = tryLock(dataDir);
  if (!lock) return undefined;
  try {
    const bridge = installLaunchers(dataDir, { bridge: bridgeProgram() });
    return await begin({ dataDir, namedDataDir: dataDir, bridge }, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A core in a folder that is gone afterwards, which answers as one in `dataDir` would. */
export async function openTrial(dataDir: string): Promise<Own> {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-trial-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const bridge = { command: launchersOf(dataDir).bridge, args: [] };
  try {
    return await begin({ dataDir: folder, namedDataDir: dataDir, bridge }, remove);
  } catch (error) {
    remove();
    throw error;
  }
}

/** @param release once the core has stopped */
async function begin(
  { dataDir, namedDataDir, bridge }: { dataDir: string; namedDataDir: string; bridge: Machine['bridge'] },
  release: () => void,
): Promise<Own> {
  const core = await createCore({
    ports: nodePorts({
      bridge,
      startAtLogin: createStartAtLogin({
        platform: process.platform,
        env: process.env,
        home: homeFolder(),
        dataDir: namedDataDir,
        app: false,
      }),
      log: stderrLog('warn', { stacks: false }),
    }),
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
      release();
    },
  };
}
