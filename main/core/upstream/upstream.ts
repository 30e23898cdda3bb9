import { Backoff } from './backoff.ts';
import { StartError } from './command.ts';
import { HttpConnection, type HttpOptions } from './http.ts';
import type { Keeper } from './keeper.ts';
import { LegacySseConnection } from './legacy-sse.ts';
import { secretsOf } from './limits.ts';
import { LogRing } from './log-ring.ts';
import type { LoginPath } from './login-path.ts';
import { startChild } from './start-child.ts';
import { StdioConnection } from './stdio.ts';
import {
  type CloseReason,
  type ResolvedHttp,
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

/** One server: its connections, its health, its log, and how soon it may be started again. */
export class Upstream {
  readonly ring: LogRing;
  readonly #o: UpstreamOptions;
  readonly #backoff: Backoff;
  readonly #connections = new Set<UpstreamConnection>();
  /** Connections that took a message from the server. */
  readonly #proven = new Set<UpstreamConnection>();
  /** Children until the last process of their group is gone, whether or not their connection was handed out. */
  readonly #children = new Set<StdioConnection>();
  #starting = 0;
  /** Starts of children under way: ending everything waits for what they bring. */
  readonly #spawning = new Set<Promise<unknown>>();
  /** Grows when the server is reset; what began before then is not kept. */
  #generation = 0;
  #problem: { status: 'failed' | 'signin'; text: string } | undefined;
  #shown = '';

  constructor(options: UpstreamOptions) {
    this.#o = options;
    this.ring = new LogRing(options.deps.ports.clock);
    this.#backoff = new Backoff(options.deps.ports.clock, options.limits.quickEndMs);
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
    return [...this.#children].map((child) => child.pid);
  }

  async connect(): Promise<UpstreamConnection> {
    const { name } = this.#o;
    const generation = this.#generation;
    this.#starting++;
    this.#tell();
    try {
      const config = await this.#o.deps.config(name);
      if (!config) throw new UpstreamError('unsent', `There is no server named "${name}".`);
      this.ring.hide(secretsOf(config));
      const connection = config.kind === 'stdio' ? await this.#spawn(config) : await this.#dial(config);
      if (generation !== this.#generation) {
        await connection.close();
        throw new UpstreamError(
          'unsent',
          `The server "${name}" was stopped or changed while it was being started.`,
        );
      }
      return connection;
    } catch (error) {
      throw this.#startFailed(error);
    } finally {
      this.#starting--;
      this.#tell();
    }
  }

  #startFailed(error: unknown): UpstreamError {
    const { name, deps } = this.#o;
    if (error instanceof UpstreamError) {
      if (error.kind === 'signin') this.#problem = { status: 'signin', text: error.message };
      return error;
    }
    const message =
      error instanceof StartError
        ? `The server "${name}" could not be started. ${this.ring.clean(error.message)}`
        : `The server "${name}" could not be started: ${this.ring.clean((error as Error).message)}`;
    this.ring.add('event', message);
    this.#problem = { status: 'failed', text: message };
    deps.ports.log('warn', message);
    return new UpstreamError('unsent', message);
  }

  async #spawn(config: ResolvedStdio): Promise<UpstreamConnection> {
    const { name, deps, limits } = this.#o;
    const wait = this.#backoff.waitMs();
    if (wait > 0) {
      throw new UpstreamError(
        'unsent',
        `The server "${name}" ended within seconds ${this.#backoff.deaths} times in a row; it is started again in ${Math.ceil(wait / 1000)} seconds at the earliest.${this.ring.tail(0)}`,
      );
    }
    const { path } = await this.#o.loginPath();
    const starting = startChild(config, path, deps.ports);
    this.#spawning.add(starting);
    const child = await starting.finally(() => this.#spawning.delete(starting));
    const connection: StdioConnection = new StdioConnection({
      server: name,
      child,
      ports: deps.ports,
      parse: deps.parse,
      limits,
      ring: this.ring,
      answered: () => {
        this.#prove(connection);
      },
      ended: (reason, livedMs) => {
        if (!reason.expected) this.#backoff.died(livedMs);
        this.#left(connection, reason);
      },
    });
    this.ring.add('event', `Started ${config.command} (process ${connection.pid}).`);
    this.#children.add(connection);
    this.#o.keeper.watch(connection.pid);
    void connection.gone.then(() => {
      this.#children.delete(connection);
      this.#o.keeper.forget(connection.pid);
    });
    this.#connections.add(connection);
    return connection;
  }

  async #dial(config: ResolvedHttp): Promise<UpstreamConnection> {
    const { name, deps, limits } = this.#o;
    let connection: UpstreamConnection | undefined;
    const options: HttpOptions = {
      server: name,
      config,
      ports: deps.ports,
      parse: deps.parse,
      limits,
      ring: this.ring,
      answered: () => {
        if (connection) this.#prove(connection);
      },
      failed: (error) => this.#failed(error),
      ended: (reason) => {
        if (connection) this.#left(connection, reason);
      },
    };
    connection =
      config.kind === 'http' ? new HttpConnection(options) : await LegacySseConnection.open(options);
    this.#connections.add(connection);
    return connection;
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

  /** Closes all connections and forgets what went wrong. Resolves when no child is left. */
  async reset(): Promise<void> {
    this.#generation++;
    this.#backoff.forget();
    this.#problem = undefined;
    await Promise.allSettled(this.#spawning);
    await Promise.all([...this.#connections].map((connection) => connection.close()));
    await Promise.all([...this.#children].map((child) => child.close()));
    this.#backoff.forget();
    this.#problem = undefined;
    this.#tell();
  }
}
