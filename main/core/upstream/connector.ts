import type { LoginShell } from '../login-shell/index.ts';
import { NotUsable } from './errors/not-usable.ts';
import type { ServerFacts } from './facts.ts';
import { HttpConnection } from './http/connection.ts';
import { LegacySseConnection } from './http/legacy-sse.ts';
import { ModernHttpConnection } from './http/modern.ts';
import type { HttpOptions } from './http/options.ts';
import { portsFor } from './http/proxy.ts';
import type { LogRing } from './log-ring.ts';
import type { ServerState } from './server-state.ts';
import type { Children } from './stdio/children.ts';
import type { StdioConnection } from './stdio/connection.ts';
import {
  type CloseReason,
  type Era,
  type ResolvedHttp,
  type ResolvedServer,
  type ResolvedStdio,
  type UpstreamConnection,
  type UpstreamDeps,
  UpstreamError,
  type UpstreamLimits,
} from './types.ts';

export interface ConnectorOptions {
  /** Of the server. */
  readonly name: string;
  readonly deps: UpstreamDeps;
  readonly limits: UpstreamLimits;
  readonly loginShell: Pick<LoginShell, 'look'>;
  readonly ring: LogRing;
  readonly children: Children;
  readonly facts: ServerFacts;
  readonly state: ServerState;
}

/** Opens connections to one server, and passes on to its state, facts and log what they show. */
export class Connector {
  readonly #o: ConnectorOptions;

  constructor(options: ConnectorOptions) {
    this.#o = options;
  }

  /** @throws UpstreamError, and what stands in the way of starting a child */
  open(config: ResolvedServer, era: Era): Promise<UpstreamConnection> {
    return config.kind === 'stdio' ? this.#spawn(config, era) : this.#dial(config, era);
  }

  async #spawn(config: ResolvedStdio, era: Era): Promise<UpstreamConnection> {
    let heard = false;
    const connection: StdioConnection = await this.#o.children.start(config, this.#o.ring, {
      answered: () => {
        heard = true;
        this.#o.state.proved(connection);
      },
      dropped: (text) => this.#o.state.remarked(text),
      greeted: (answer) => this.#o.facts.greeted(answer),
      ended: (reason) => {
        // A modern server answers whatever comes first; one that ends instead may be of another version.
        if (era === 'modern' && !heard && !reason.expected) this.#o.facts.doubt();
        this.#left(connection, reason);
      },
    });
    this.#o.ring.add('event', `Started ${config.command} (process ${connection.pid}).`);
    this.#o.state.opened(connection);
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
      ports: await portsFor(new URL(config.url), deps.ports, this.#o.loginShell),
      parse: deps.parse,
      limits,
      auth: deps.auth,
      ring: this.#o.ring,
      answered: () => {
        if (connection) this.#o.state.proved(connection);
      },
      dropped: (text) => this.#o.state.remarked(text),
      greeted: (answer) => this.#o.facts.greeted(answer),
      failed: (error) => this.#failed(error),
      ended: (reason) => {
        if (connection) this.#left(connection, reason);
      },
    };
    if (config.kind === 'sse') connection = await LegacySseConnection.open(options);
    else if (era === 'modern')
      connection = new ModernHttpConnection({ ...options, doubted: () => this.#o.facts.doubt() });
    else {
      const asSse = (): Promise<UpstreamConnection | undefined> => this.#trySse(options);
      connection = (this.#o.facts.sse && (await asSse())) || new HttpConnection({ ...options, asSse });
    }
    this.#o.state.opened(connection);
    return connection;
  }

  /** Undefined when the server at this address does not speak HTTP+SSE. */
  async #trySse(options: HttpOptions): Promise<UpstreamConnection | undefined> {
    try {
      const connection = await LegacySseConnection.open(options);
      this.#o.facts.learnSse(true);
      return connection;
    } catch (error) {
      // Where it cannot be reached at all, what was known of it may still be true.
      if (!(error instanceof UpstreamError) || error.kind !== 'failed' || error instanceof NotUsable)
        throw error;
      this.#o.ring.add('event', `It does not speak HTTP+SSE: ${error.message}`);
      this.#o.facts.learnSse(false);
      return undefined;
    }
  }

  #failed(error: UpstreamError): void {
    if (this.#o.state.notDelivered(error)) this.#o.ring.add('event', error.message);
  }

  #left(connection: UpstreamConnection, reason: CloseReason): void {
    this.#o.ring.add('event', reason.message);
    this.#o.state.left(connection, reason);
  }
}
