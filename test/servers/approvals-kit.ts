import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Core, createCore } from '../../main/core/create-core.ts';
import type { Clock } from '../../main/core/ports.ts';
import { nodePorts } from '../../main/host/node/node-ports.ts';
import { type Contract, contract } from '../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../shared/rpc/client.ts';
import { memoryPair } from '../../shared/rpc/transport.ts';
import type { ApprovalView } from '../../shared/schemas/approval.ts';
import { realClock, tool } from '../fakes/gateway-parts.ts';
import { type Open, RawClient, until } from '../fakes/raw-client.ts';

/** The time of this machine, with jumps: of the wall clock alone (sleep, a clock that was set), or of the monotonic one. */
export class JumpingClock implements Clock {
  #wall = 0;
  #mono = 0;
  now = (): number => realClock.now() + this.#wall;
  monotonic = (): number => realClock.monotonic() + this.#mono;
  after = realClock.after;
  every = realClock.every;
  /** Milliseconds; no timer runs earlier for it. */
  jump(wall: number, mono = 0): void {
    this.#wall += wall;
    this.#mono += mono;
  }
}

export const ASKING =
  '{"version":"1","default":"allow","tools":{"echo":{"action":"ask"},"log":{"action":"ask"}}}';

/** A whole core on a folder of its own, whose servers really run and write down what they get. */
export class ApprovalsKit {
  readonly dir = mkdtempSync(join(tmpdir(), 'drawbridge-approvals-'));
  readonly clock = new JumpingClock();
  core!: Core;
  rpc!: RpcClient<Contract>;
  url = '';
  readonly #cores: Core[] = [];

  static async start(): Promise<ApprovalsKit> {
    const kit = new ApprovalsKit();
    kit.tools(['echo', 'log'].map((name) => tool(name)));
    await kit.#open(join(kit.dir, 'data'));
    await kit.addServer('files');
    return kit;
  }

  async addServer(name: 'files' | 'other'): Promise<void> {
    const server = join(import.meta.dirname, '../fixtures/servers/kit.ts');
    const config = {
      kind: 'stdio' as const,
      command: process.execPath,
      args: [server, join(this.dir, 'tools.json')],
      env: { KIT_RECORD: join(this.dir, `${name}.received`) },
    };
    await this.rpc.call('servers.add', { name, config });
    await this.rpc.call('servers.refresh', { name });
    await this.rpc.call('policy.set', { server: name, text: ASKING });
  }

  tools(definitions: object[]): void {
    writeFileSync(join(this.dir, 'tools.json'), JSON.stringify(definitions));
  }

  async #open(dataDir: string): Promise<void> {
    const ports = nodePorts({ bridge: { command: 'node', args: [] }, log: () => {} });
    this.core = await createCore({
      ports: { ...ports, clock: this.clock, machine: { ...ports.machine, home: this.dir } },
      dataDir,
      version: '0',
      host: 'headless',
      pid: process.pid,
      onStopRequest: () => {},
    });
    this.#cores.push(this.core);
    const [ours, theirs] = memoryPair();
    this.core.attach(theirs, 'manager');
    this.rpc = createRpcClient(contract, ours);
    // Any free port: other tests, and a core that a person runs, may have the usual one.
    this.url = (await this.core.start(0)).gateway;
  }

  /** What a core finds on the disk after the one before was killed in this very moment. */
  async killAndStart(): Promise<void> {
    const copy = join(this.dir, `data-${this.#cores.length}`);
    cpSync(join(this.dir, 'data'), copy, { recursive: true });
    await this.#open(copy);
  }

  async client(id = 'codex', server = 'files'): Promise<RawClient> {
    const client = new RawClient(`${this.url}/s/${server}/mcp`);
    const { token } = await this.rpc.call('clients.token', { client: id });
    client.headers.authorization = `Bearer ${token}`;
    await client.initialize();
    return client;
  }

  /** Calls that reached a server, as it got them. */
  ran(): object[] {
    return ['files', 'other'].flatMap((name) => {
      const file = join(this.dir, `${name}.received`);
      if (!existsSync(file)) return [];
      return readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"tools/call"'))
        .map((line) => (JSON.parse(line) as { params: object }).params);
    });
  }

  prompts(): ApprovalView[] {
    return this.core.parts.approvals.list();
  }
  async prompt(): Promise<ApprovalView> {
    await until(() => this.prompts().length > 0);
    return this.prompts()[0] as ApprovalView;
  }
  allow(id: string, more: object = {}) {
    return this.rpc.call('approvals.decide', { id, decision: 'allow', ...more });
  }
  /** The time a caller can hold is over. */
  async holdOver(open: Open): Promise<void> {
    this.clock.jump(60_000);
    this.prompts();
    await open.done;
  }

  async stop(): Promise<void> {
    for (const core of this.#cores) await core.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
