import { Children } from './children.ts';
import { StartError } from './command.ts';
import { Known } from './facts.ts';
import { HttpConnection, type HttpOptions } from './http.ts';
import { ModernHttpConnection } from './http-modern.ts';
import type { Keeper } from './keeper.ts';
import { LegacySseConnection } from './legacy-sse.ts';
import { secretsOf } from './limits.ts';
import { LogRing } from './log-ring.ts';
import type { LoginPath } from './login-path.ts';
import { probeHttp } from './probe-http.ts';
import { probeStdio, type Verdict } from './probe-stdio.ts';
import type { StdioConnection } from './stdio.ts';
import {
  type CloseReason,
  type Era,
  type ResolvedHttp,
  type ResolvedServer,
  type ResolvedStdio,
  type ServerHealth,
  type UpstreamConnection,
  type UpstreamDeps,
  UpstreamError,
  type UpstreamLimits,
} from './types.ts';

export interface UpstreamOptions {
  readonly name: string;
  readonly deps: UpstreamDeps;
  readonly limits: UpstreamLimits;
  readonly loginPath: () => Promise<LoginPath>;
  readonly keeper: Keeper;
  readonly changed: () => void;
}

/** One server: its connections, its health, its log, and what is known of it. */
export class Upstream {
  readonly ring: LogRing;
  readonly #o: UpstreamOptions;
  readonly #children: Children;
  /** Processes that are only asked for their era. Their ends do not keep the server from being started. */
  readonly #probes: Children;
  readonly #known: Known;
  readonly #connections = new Set<UpstreamConnection>();
  /** Connections that took a message from the server. */
  readonly #proven = new Set<UpstreamConnection>();
  #starting = 0;
  #asking: Promise<Era> | undefined;
  /** Grows when the server is reset; what began before then is not kept. */
  #generation = 0;
  #problem: { status: 'failed' | 'signin'; text: string } | undefined;
  #shown = '';

  constructor(options: UpstreamOptions) {
    const { name, deps } = options;
    this.#o = options;
    this.ring = new LogRing(deps.ports.clock);
    this.#children = new Children(options);
    this.#probes = new Children(options);
    this.#known = new Known({
      server: name,
      clock: deps.ports.clock,
      log: deps.ports.log,
      store: deps.facts,
    });
  }

  health(): ServerHealth {
    const connections = this.#connections.size;
    const at = (status: ServerHealth['status'], text: string | null = null): ServerHealth => ({
      status,
      text,
      connections,
    });
    if (this.#problem) return at(this.#problem.status, this.#problem.text);
    if (this.#proven.size > 0) return at('running');
    return at(this.#starting > 0 || connections > 0 ? 'starting' : 'idle');
  }

  childPids(): number[] {
    return [...this.#children.pids(), ...this.#probes.pids()];
  }

  async connect(era: Era): Promise<UpstreamConnection> {
    const generation = this.#generation;
    this.#starting++;
    this.#tell();
    try {
      const config = await this.#config();
      const connection =
        config.kind === 'stdio' ? await this.#spawn(config, era) : await this.#dial(config, era);
      if (generation !== this.#generation) {
        await connection.close();
        throw this.#changedMeanwhile();
      }
      return connection;
    } catch (error) {
      throw this.#startFailed(error, generation);
    } finally {
      this.#starting--;
      this.#tell();
    }
  }

  /** See {@link Upstreams.era}. Those who ask at the same time get one answer. */
  async era(): Promise<Era> {
    const known = this.#known.era;
    if (known !== undefined) return known;
    if (this.#asking) return this.#asking;
    const asking = this.#ask().finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    this.#asking = asking;
    return asking;
  }

  async #ask(): Promise<Era> {
    const generation = this.#generation;
    try {
      const config = await this.#config();
      const known = this.#known.era;
      if (known !== undefined) return known;
      const { era, firm } = await this.#probe(config);
      if (generation !== this.#generation) throw this.#changedMeanwhile();
      this.#known.learnEra(era, firm);
      this.ring.add(
        'event',
        `It speaks a ${era} revision of MCP${firm ? '' : ', as far as its silence tells'}.`,
      );
      return era;
    } catch (error) {
      throw this.#startFailed(error, generation);
    }
  }

  async #probe(config: ResolvedServer): Promise<Verdict> {
    const { name, deps, limits } = this.#o;
    if (config.kind !== 'stdio') {
      if (config.kind === 'sse' || this.#known.sse) return { era: 'legacy', firm: true };
      return probeHttp({ server: name, config, ports: deps.ports, limits, auth: deps.auth });
    }
    // What the server prints for a question of ours does not belong in its log; an error text holds its last lines.
    const ring = new LogRing(deps.ports.clock);
    ring.hide(secretsOf(config));
    const unheard = { answered: () => {}, ended: () => {}, greeted: () => {} };
    const start = (): Promise<UpstreamConnection> => this.#probes.start(config, ring, unheard);
    return probeStdio(start, deps.ports.clock);
  }

  /** The configuration of now. Its secrets are kept out of the log from here on. */
  async #config(): Promise<ResolvedServer> {
    const { name, deps } = this.#o;
    const config = await deps.config(name);
    if (!config) throw new UpstreamError('unsent', `There is no server named "${name}".`);
    this.ring.hide(secretsOf(config));
    this.#known.use(config);
    return config;
  }

  #changedMeanwhile(): UpstreamError {
    return new UpstreamError(
      'unsent',
      `The server "${this.#o.name}" was stopped or changed while it was being started.`,
    );
  }

  #startFailed(error: unknown, generation: number): UpstreamError {
    const { name, deps } = this.#o;
    const current = generation === this.#generation;
    if (error instanceof UpstreamError) {
      if (current && error.kind === 'signin') this.#problem = { status: 'signin', text: error.message };
      return error;
    }
    const message =
      error instanceof StartError
        ? `The server "${name}" could not be started. ${this.ring.clean(error.message)}`
        : `The server "${name}" could not be started: ${this.ring.clean((error as Error).message)}`;
    this.ring.add('event', message);
    if (current) this.#problem = { status: 'failed', text: message };
    deps.ports.log('warn', message);
    return new UpstreamError('unsent', message);
  }

  async #spawn(config: ResolvedStdio, era: Era): Promise<UpstreamConnection> {
    let heard = false;
    const connection: StdioConnection = await this.#children.start(config, this.ring, {
      answered: () => {
        heard = true;
        this.#prove(connection);
      },
      greeted: (answer) => this.#known.greeted(answer),
      ended: (reason) => {
        // A modern server answers whatever comes first; one that ends instead may be of another version.
        if (era === 'modern' && !heard && !reason.expected) this.#known.doubt();
        this.#left(connection, reason);
      },
    });
    this.ring.add('event', `Started ${config.command} (process ${connection.pid}).`);
    this.#connections.add(connection);
    return connection;
  }

  async #dial(config: ResolvedHttp, era: Era): Promise<UpstreamConnection> {
    const { name, deps, limits } = this.#o;
    if (config.kind === 'sse' && era === 'modern') {
      throw new UpstreamError(
        'unsent',
        `The server "${name}" speaks HTTP+SSE, which no modern revision of MCP has.`,
      );
    }
    let connection: UpstreamConnection | undefined;
    const options: HttpOptions = {
      server: name,
      config,
      ports: deps.ports,
      parse: deps.parse,
      limits,
      auth: deps.auth,
      ring: this.ring,
      answered: () => {
        if (connection) this.#prove(connection);
      },
      greeted: (answer) => this.#known.greeted(answer),
      failed: (error) => this.#failed(error),
      ended: (reason) => {
        if (connection) this.#left(connection, reason);
      },
    };
    if (config.kind === 'sse') connection = await LegacySseConnection.open(options);
    else if (era === 'modern')
      connection = new ModernHttpConnection({ ...options, doubted: () => this.#known.doubt() });
    else {
      const asSse = (): Promise<UpstreamConnection | undefined> => this.#trySse(options);
      connection = (this.#known.sse && (await asSse())) || new HttpConnection({ ...options, asSse });
    }
    this.#connections.add(connection);
    return connection;
  }

  /** Undefined when what is at the address of a server of kind `http` is no server of HTTP+SSE. */
  async #trySse(options: HttpOptions): Promise<UpstreamConnection | undefined> {
    try {
      const connection = await LegacySseConnection.open(options);
      this.#known.learnSse(true);
      return connection;
    } catch (error) {
      // Where it cannot be reached at all, what was known of it may still be true.
      if (!(error instanceof UpstreamError) || error.kind !== 'failed') throw error;
      this.ring.add('event', `It does not speak HTTP+SSE: ${error.message}`);
      this.#known.learnSse(false);
      return undefined;
    }
  }

  #prove(connection: UpstreamConnection): void {
    if (!this.#connections.has(connection)) return;
    this.#proven.add(connection);
    this.#problem = undefined;
    this.#tell();
  }

  /** A message that could not be delivered. A lost session is no fault of the server, and an HTTP error is an answer. */
  #failed(error: UpstreamError): void {
    if (error.kind === 'signin') this.#problem = { status: 'signin', text: error.message };
    else if (error.kind === 'unsent') this.#problem = { status: 'failed', text: error.message };
    else return;
    this.ring.add('event', error.message);
    this.#tell();
  }

  #left(connection: UpstreamConnection, reason: CloseReason): void {
    this.#connections.delete(connection);
    this.#proven.delete(connection);
    this.ring.add('event', reason.message);
    if (!reason.expected && !reason.sessionLost && this.#proven.size === 0) {
      this.#problem = { status: 'failed', text: reason.message };
    }
    this.#tell();
  }

  /** Tells only real changes. */
  #tell(): void {
    const now = JSON.stringify(this.health());
    if (now === this.#shown) return;
    this.#shown = now;
    this.#o.changed();
  }

  /** A person signed in: what the server wanted is there. */
  signedIn(): void {
    if (this.#problem?.status !== 'signin') return;
    this.#problem = undefined;
    this.#tell();
  }

  /** Closes all connections and forgets what went wrong; a changed configuration also what is known of the server. */
  async reset(forget: boolean): Promise<void> {
    this.#generation++;
    this.#asking = undefined;
    this.#problem = undefined;
    if (forget) this.#known.forget();
    await Promise.all([
      this.#probes.reset(),
      this.#children.reset(),
      ...[...this.#connections].map((connection) => connection.close()),
    ]);
    this.#tell();
  }
}
