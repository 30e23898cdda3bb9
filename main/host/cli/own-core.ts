import { type Contract, contract } from '../../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../../shared/rpc/client.ts';
import { memoryPair } from '../../../shared/rpc/transport.ts';
import { createCore } from '../../core/create-core.ts';
import { createStartAtLogin } from '../autostart/start-at-login.ts';
import { tryLock } from '../data-folder/data-lock.ts';
import { installLaunchers } from '../launcher/install.ts';
import { stderrLog } from '../node/log.ts';
import { homeFolder, nodePorts } from '../node/node-ports.ts';
import { VERSION } from '../node/version.ts';
import { bridgeProgram } from './programs.ts';

/** A core of this command's own, which never listens; undefined while another process holds the data folder. */
export async function openOwn(
  dataDir: string,
): Promise<{ client: RpcClient<Contract>; close(): Promise<void> } | undefined> {
  const lock = tryLock(dataDir);
  if (!lock) return undefined;
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
