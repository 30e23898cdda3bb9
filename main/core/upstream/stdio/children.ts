import { sentences } from '../../../../shared/text/sentences.ts';
import type { LoginShell } from '../../login-shell/index.ts';
import { Backoff } from '../backoff.ts';
import type { LogRing } from '../log-ring.ts';
import { type ResolvedStdio, type UpstreamDeps, UpstreamError, type UpstreamLimits } from '../types.ts';
import { StdioConnection, type StdioOptions } from './connection.ts';
import type { Keeper } from './keeper.ts';
import { startChild } from './start-child.ts';

export interface ChildrenOptions {
  readonly name: string;
  readonly deps: UpstreamDeps;
  readonly limits: UpstreamLimits;
  readonly loginShell: Pick<LoginShell, 'look'>;
  readonly keeper: Keeper;
}

export type ChildEvents = Pick<StdioOptions, 'answered' | 'dropped' | 'ended' | 'greeted'>;

/** The processes of one server: started, kept count of until the last of their group is gone, and ended. */
export class Children {
  readonly #o: ChildrenOptions;
  readonly #backoff: Backoff;
  readonly #alive = new Set<StdioConnection>();
  /** Starts under way: ending everything waits for what they bring. */
  readonly #starting = new Set<Promise<StdioConnection>>();
  #resets = 0;

  constructor(options: ChildrenOptions) {
    this.#o = options;
    this.#backoff = new Backoff(options.deps.ports.clock, options.limits.quickEndMs);
  }

  pids(): number[] {
    return [...this.#alive].map((child) => child.pid);
  }

  /**
   * @param ring where its output and what happens to it is noted
   * @throws StartError, or UpstreamError while the server may not be started yet because it kept ending at once
   */
  async start(config: ResolvedStdio, ring: LogRing, events: ChildEvents): Promise<StdioConnection> {
    const { name } = this.#o;
    const wait = this.#backoff.waitMs();
    if (wait > 0) {
      throw new UpstreamError(
        'unsent',
        sentences(
          `The server "${name}" ${this.#backoff.how}; it is started again in ${Math.ceil(wait / 1000)} seconds at the earliest.`,
          ring.tail(0),
        ),
      );
    }
    const starting = this.#launch(config, ring, events);
    this.#starting.add(starting);
    return starting.finally(() => this.#starting.delete(starting));
  }

  async #launch(config: ResolvedStdio, ring: LogRing, events: ChildEvents): Promise<StdioConnection> {
    const { name, deps, limits, keeper } = this.#o;
    const resets = this.#resets;
    const shell = await this.#o.loginShell.look();
    if (resets !== this.#resets)
      throw new UpstreamError('unsent', `The server "${name}" was stopped while it was being started.`);
    const { child, note } = await startChild(config, shell, deps.ports);
    const connection = new StdioConnection({
      server: name,
      child,
      note,
      ports: deps.ports,
      parse: deps.parse,
      limits,
      ring,
      ...events,
      ended: (reason, livedMs) => {
        if (!reason.expected) this.#backoff.died(livedMs, connection.answered);
        events.ended(reason, livedMs);
      },
    });
    this.#alive.add(connection);
    keeper.watch(connection.pid);
    void connection.gone.then(() => {
      this.#alive.delete(connection);
      keeper.forget(connection.pid);
    });
    return connection;
  }

  /**
   * Ends every process there is now, those being started too, and forgets how often they ended. Resolves when none of
   * them is left. One that is started from now on is not touched.
   */
  async reset(): Promise<void> {
    this.#resets++;
    this.#backoff.forget();
    const alive = [...this.#alive];
    const started = Promise.allSettled(this.#starting).then((all) =>
      Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined))),
    );
    await Promise.all([started, ...alive.map((child) => child.close())]);
  }
}
