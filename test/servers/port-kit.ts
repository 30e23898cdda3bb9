import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Core, createCore } from '../../main/core/create-core.ts';
import { nodePorts } from '../../main/host/node/node-ports.ts';
import { type Contract, contract } from '../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../shared/rpc/client.ts';
import { memoryPair } from '../../shared/rpc/transport.ts';

/** A home folder with clients in it, cores on one data folder, and a stranger that takes ports. */
export interface PortScene {
  readonly dir: string;
  write(place: string, text: string): void;
  read(place: string): string;
  /** A core that does not listen yet. The one before has to be stopped. */
  make(): Promise<Core & { call: RpcClient<Contract>['call'] }>;
  /** Somebody else listens on that port of 127.0.0.1 from now on; 0 for any. */
  take(port: number): Promise<number>;
}

export function portScene(): PortScene {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-port-'));
  const cores: Core[] = [];
  const strangers: Server[] = [];
  onTestFinished(async () => {
    for (const core of cores) await core.stop();
    for (const stranger of strangers) await new Promise((done) => stranger.close(done));
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    dir,
    write(place, text) {
      mkdirSync(dirname(join(dir, place)), { recursive: true });
      writeFileSync(join(dir, place), text);
    },
    read: (place) => readFileSync(join(dir, place), 'utf8'),
    async make() {
      const bridge = { command: join(dir, 'data/bin/drawbridge-bridge'), args: [] };
      const ports = nodePorts({ bridge, log: () => {} });
      const core = await createCore({
        // Nothing of the account this test runs in is looked at, and no client runs.
        ports: {
          ...ports,
          machine: { ...ports.machine, home: dir, env: { HOME: dir, PATH: process.env.PATH } },
          processes: async () => new Set(['init']),
        },
        dataDir: join(dir, 'data'),
        version: '0',
        host: 'headless',
        pid: process.pid,
        onStopRequest: () => {},
      });
      cores.push(core);
      const [ours, theirs] = memoryPair();
      core.attach(theirs, 'manager');
      const client = createRpcClient(contract, ours);
      return Object.assign(core, { call: client.call.bind(client) });
    },
    take(port) {
      const stranger = createServer();
      strangers.push(stranger);
      return new Promise((done, fail) => {
        stranger.once('error', fail).listen(port, '127.0.0.1', () => {
          done((stranger.address() as AddressInfo).port);
        });
      });
    },
  };
}

export const CURSOR = '.cursor/mcp.json';
export const DESKTOP = '.config/Claude/claude_desktop_config.json';
export const CODEX = '.codex/config.toml';
/** Three clients, two of which call an address, one of which starts the bridge. */
export const BEFORE: Readonly<Record<string, string>> = {
  [CURSOR]:
    '{\n\t"mcpServers": {\n\t\t"one": { "command": "/bin/false", "args": ["a"] },\n\t\t"two": { "command": "/bin/false" }\n\t}\n}\n',
  [DESKTOP]: '{ "mcpServers": { "one": { "command": "/bin/false", "args": ["a"] } }, "theme": "dark" }\n',
  [CODEX]: '# mine\n[mcp_servers.three]\ncommand = "/bin/false" # three\n',
};
