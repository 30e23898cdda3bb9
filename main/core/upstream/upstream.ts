import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { sentences } from '../../../shared/text/sentences.ts';
import { systemReason } from '../base/system-reason.ts';
import type { LoginShell } from '../login-shell/index.ts';
import { Connector } from './connector.ts';
import { ServerFacts } from './facts.ts';
import { probeHttp } from './http/probe.ts';
import { portsFor } from './http/proxy.ts';
import { secretsOf } from './limits.ts';
import { LogRing } from './log-ring.ts';
import { ServerState } from './server-state.ts';
import { Children } from './stdio/children.ts';
import type { Keeper } from './stdio/keeper.ts';
import { probeStdio, type Verdict } from './stdio/probe.ts';
import {
  type Era,
  type ResolvedServer,
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
  readonly loginShell: Pick<LoginShell, 'look'>;
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
  readonly #facts: ServerFacts;
  readonly #state: ServerState;
  readonly #connector: Connector;
  #asking: Promise<Era> | undefined;
  /** Grows when the server is reset; what began before then is not kept. */
  #generation = 0;

  constructor(options: UpstreamOptions) {
    const { name, deps } = options;
    this.#o = options;
    this.ring = new LogRing(deps.ports.clock);
    this.#state = new ServerState(options.changed, deps.ports.clock, () => this.ring.lastOutput());
    this.#children = new Children(options);
    this.#probes = new Children(options);
    this.#facts = new ServerFacts({
      server: name,
      clock: deps.ports.clock,
      log: deps.ports.log,
      store: deps.facts,
    });
    this.#connector = new Connector({
      loginShell: options.loginShell,
      name,
      deps,
      limits: options.limits,
      ring: this.ring,
      children: this.#children,
      facts: this.#facts,
      state: this.#state,
    });
  }

  health(): ServerHealth {
    return this.#state.health();
  }

  childPids(): number[] {
    return [...this.#children.pids(), ...this.#probes.pids()];
  }

  async connect(era: Era): Promise<UpstreamConnection> {
    const generation = this.#generation;
    return this.#state.starting(async () => {
      try {
        const config = await this.#config();
        const connection = await this.#connector.open(config, era);
        if (generation === this.#generation) return connection;
        await connection.close();
        throw this.#changedMeanwhile();
      } catch (error) {
        throw this.#notReached(error, generation);
      }
    });
  }

  /** See {@link Upstreams.era}. Those who ask at the same time get one answer. */
  async era(): Promise<Era> {
    const known = this.#facts.era;
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
      const known = this.#facts.era;
      if (known !== undefined) return known;
      const { era, firm } = await this.#probe(config);
      if (generation !== this.#generation) throw this.#changedMeanwhile();
      this.#facts.learnEra(era, firm);
      this.#state.works();
      this.ring.add(
        'event',
        `It speaks a ${era} revision of MCP${firm ? '' : ', as far as its silence tells'}.`,
      );
      return era;
    } catch (error) {
      throw this.#notReached(error, generation);
    }
  }

  async #probe(config: ResolvedServer): Promise<Verdict> {
    const { name, deps, limits } = this.#o;
    if (config.kind !== 'stdio') {
      if (config.kind === 'sse' || this.#facts.sse) return { era: 'legacy', firm: true };
      const ports = await portsFor(new URL(config.url), deps.ports, this.#o.loginShell);
      return probeHttp({ server: name, config, ports, limits, auth: deps.auth });
    }
    // What the server prints for a question of ours does not belong in its log; an error text holds its last lines.
    const ring = new LogRing(deps.ports.clock);
    ring.hide(secretsOf(config));
    const unheard = { answered: () => {}, dropped: () => {}, ended: () => {}, greeted: () => {} };
    const start = (): Promise<UpstreamConnection> => this.#probes.start(config, ring, unheard);
    return probeStdio(start, deps.ports.clock);
  }

  /** The configuration of now. Its secrets are kept out of the log from here on. */
  async #config(): Promise<ResolvedServer> {
    const { name, deps } = this.#o;
    const config = await deps.config(name);
    if (!config) throw new UpstreamError('unsent', `There is no server named "${name}".`);
    this.ring.hide(secretsOf(config));
    this.#facts.use(config);
    return config;
  }

  #changedMeanwhile(): UpstreamError {
    return new UpstreamError(
      'unsent',
      `The server "${this.#o.name}" was stopped or changed while it was being started.`,
    );
  }

  /** The error that a person sees when a start, or a question, failed. */
  #notReached(error: unknown, generation: number): UpstreamError {
    const { name, deps } = this.#o;
    let shown: UpstreamError;
    if (error instanceof UpstreamError) shown = error;
    else {
      const system = typeof (error as NodeJS.ErrnoException).code === 'string';
      const own = !system || error instanceof RpcError;
      const why = own ? this.ring.clean(messageOf(error)) : systemReason(error);
      shown = new UpstreamError('unsent', sentences(`The server "${name}" could not be started.`, why));
      this.ring.add('event', shown.message);
      deps.ports.log('warn', shown.message, own ? undefined : error);
    }
    // Of what was stopped or changed meanwhile, nothing is shown.
    if (generation === this.#generation) this.#state.notReached(shown);
    return shown;
  }

  signedIn(): void {
    this.#state.signedIn();
  }

  /** Closes all connections and forgets what went wrong; a changed configuration also what is known of the server. */
  async reset(forget: boolean): Promise<void> {
    const generation = ++this.#generation;
    this.#asking = undefined;
    if (forget) {
      this.#facts.forget();
      this.#o.deps.forgotten?.(this.#o.name);
    }
    await Promise.all([
      this.#probes.reset(),
      this.#children.reset(),
      ...this.#state.connections().map((connection) => connection.close()),
    ]);
    if (this.#generation === generation) this.#state.works();
  }
}
