import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type Core, createCore } from '../../main/core/create-core.ts';
import type { Clock } from '../../main/core/ports.ts';
import { nodePorts, systemClock } from '../../main/host/node/node-ports.ts';
import { type Contract, contract } from '../../shared/contract.ts';
import { createRpcClient, type RpcClient } from '../../shared/rpc/client.ts';
import { memoryPair } from '../../shared/rpc/transport.ts';
import type { ServerConfig } from '../../shared/schemas/server.ts';
import type { State } from '../../shared/schemas/state.ts';
import { RawClient } from '../fakes/raw-client.ts';

const kit = join(import.meta.dirname, '../fixtures/servers/kit.ts');

/** A tool as a server lists it. */
export interface Listed {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly annotations?: object;
}

/** A folder in which real servers and a whole core live; what the servers receive is kept in it. */
export class Place {
  readonly dir: string;
  readonly dataDir: string;

  constructor(dir = mkdtempSync(join(tmpdir(), 'drawbridge-day-'))) {
    this.dir = dir;
    this.dataDir = join(dir, 'data');
  }

  /** How to start a real stdio server that lists these tools and echoes their calls. */
  server(name: string, tools: readonly Listed[]): ServerConfig {
    const file = join(this.dir, `${name}.json`);
    // No behaviour of the fixture may be hidden behind an ordinary name.
    writeFileSync(
      file,
      JSON.stringify({ tools, behaviours: Object.fromEntries(tools.map((tool) => [tool.name, 'echo'])) }),
    );
    return {
      kind: 'stdio',
      command: process.execPath,
      args: [kit, file],
      env: { KIT_RECORD: join(this.dir, `${name}.received`) },
    };
  }
  /** The arguments of every call of a tool that reached a server. */
  ran(name: string, tool?: string): unknown[] {
    const record = join(this.dir, `${name}.received`);
    if (!existsSync(record)) return [];
    return readFileSync(record, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"tools/call"'))
      .map((line) => (JSON.parse(line) as { params: { name: string; arguments: unknown } }).params)
      .filter((params) => tool === undefined || params.name === tool)
      .map((params) => params.arguments);
  }
  clear(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The product without a host: a real gateway, real files, real children; only the clock may be a test's. */
export class WholeCore {
  readonly core: Core;
  readonly gateway: string;
  readonly #ui: RpcClient<Contract>;
  #state: State | undefined;
  #changes = new Set<() => void>();

  private constructor(core: Core, gateway: string) {
    this.core = core;
    this.gateway = gateway;
    const [mine, its] = memoryPair();
    core.attach(its, 'manager');
    this.#ui = createRpcClient(contract, mine);
    this.#ui.open('state', (event) => {
      this.#state =
        'whole' in event ? event.whole : this.#state && { ...this.#state, ...event.slice, rev: event.rev };
      for (const tell of this.#changes) tell();
    });
  }

  static async start(place: Place, clock: Clock = systemClock): Promise<WholeCore> {
    const ports = nodePorts({ bridge: { command: process.execPath, args: ['bridge.js'] }, log: () => {} });
    const core = await createCore({
      // Nothing of the account this test runs in is looked at.
      ports: { ...ports, clock, machine: { ...ports.machine, home: place.dir } },
      dataDir: place.dataDir,
      version: '0.0.0-test',
      host: 'headless',
      pid: process.pid,
      onStopRequest: () => {},
    });
    const { gateway } = await core.start(0);
    const whole = new WholeCore(core, gateway);
    await whole.sees(() => true);
    return whole;
  }

  get call(): RpcClient<Contract>['call'] {
    return this.#ui.call.bind(this.#ui);
  }
  get state(): State {
    if (!this.#state) throw new Error('The state has not come yet.');
    return this.#state;
  }
  /** Told after every change of the state, until the function it gives is called. */
  onState(tell: () => void): () => void {
    this.#changes.add(tell);
    return () => this.#changes.delete(tell);
  }
  /** Resolves once the state is so. */
  async sees(what: (state: State) => boolean, ms = 60_000): Promise<void> {
    const isSo = (): boolean => this.#state !== undefined && what(this.#state);
    if (isSo()) return;
    await new Promise<void>((done, fail) => {
      const stop = this.onState(() => isSo() && end(done));
      const timer = setTimeout(
        () =>
          end(() =>
            fail(
              new Error(
                `The state did not become so within ${ms} ms: ${what}\nLast seen: ${inspect(this.#state, { depth: 6 }).slice(0, 4000)}`,
              ),
            ),
          ),
        ms,
      );
      const end = (then: () => void): void => {
        stop();
        clearTimeout(timer);
        then();
      };
    });
  }

  /** Adds a server, lists its tools, and enforces the recommended rules for them. */
  async addWithRecommended(name: string, config: ServerConfig): Promise<void> {
    await this.call('servers.add', { name, config });
    await this.call('servers.refresh', { name });
    const { text } = await this.call('policy.recommend', { server: name });
    await this.call('policy.set', { server: name, text });
  }
  /** A client with a session on one server, by its own token. */
  async connect(client: string, server: string): Promise<RawClient> {
    const { token } = await this.call('clients.token', { client });
    const raw = new RawClient(`${this.gateway}/s/${server}/mcp`);
    raw.headers.authorization = `Bearer ${token}`;
    await raw.initialize();
    return raw;
  }
  async stop(): Promise<void> {
    this.#ui.close();
    await this.core.stop();
  }
}
