import { ended } from '../../../../shared/text/model.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import type { GatewayDeps, GatewayLimits, SessionInfo } from '../types.ts';
import { Lane } from './lane.ts';
import { Programs } from './programs.ts';
import { Tasks } from './tasks.ts';

/** All lanes of the gateway: one for each client and server that speak a modern revision. */
export class Lanes {
  readonly #deps: GatewayDeps;
  readonly #limits: GatewayLimits;
  readonly #lanes = new Map<string, Lane>();
  readonly #tasks = new Tasks();
  readonly programs: Programs;

  constructor(deps: GatewayDeps, limits: GatewayLimits) {
    this.#deps = deps;
    this.#limits = limits;
    this.programs = new Programs(deps);
  }

  of(client: ClientIdentity, server: string): Lane {
    const key = `${client.id}\n${server}`;
    let lane = this.#lanes.get(key);
    if (!lane) {
      lane = new Lane(this.#deps, this.#limits, { client, server, tasks: this.#tasks });
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  each(visit: (lane: Lane) => void): void {
    for (const lane of this.#lanes.values()) visit(lane);
  }

  async endWhere(match: (lane: Lane) => boolean, why: string): Promise<void> {
    const ending = [...this.#lanes].filter(([, lane]) => match(lane));
    for (const [key] of ending) this.#lanes.delete(key);
    await Promise.all(ending.map(([, lane]) => lane.end(why)));
  }

  info(): SessionInfo[] {
    return [...this.#lanes.values()].map((lane) => ({
      id: lane.id,
      clientId: lane.client.id,
      server: lane.server,
      software: this.programs.of(lane.client.id)?.software ?? '',
      protocolVersion: this.programs.of(lane.client.id)?.protocolVersion ?? null,
      createdAt: lane.createdAt,
      usedAt: lane.usedAt,
      inFlight: lane.requests.byId.size,
      connected: lane.link.connected,
    }));
  }

  /** Headers, signs of life and idle ends that are due. */
  tick(): void {
    const now = this.#deps.clock.monotonic();
    for (const [key, lane] of [...this.#lanes]) {
      lane.tick(now);
      if (lane.requests.byId.size > 0) {
        lane.usedTick = now;
        continue;
      }
      const idle = now - lane.usedTick;
      const { sessionIdleMs, upstreamIdleMs, upstreamGoneMs } = this.#limits;
      const forgotten = idle > sessionIdleMs;
      if (!forgotten && idle <= (lane.left ? upstreamGoneMs : upstreamIdleMs)) continue;
      if (!forgotten && !lane.link.busy) continue;
      if (forgotten) this.#lanes.delete(key);
      const over = forgotten ? lane.end(ended.idleModern) : lane.link.rest();
      over.catch((error: unknown) => {
        this.#deps.log('warn', `an idle connection to ${lane.server} did not close in order`, error);
      });
    }
  }
}
