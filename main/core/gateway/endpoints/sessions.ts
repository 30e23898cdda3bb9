import { ended } from '../../../../shared/text/model.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import { Aggregate } from '../aggregate/aggregate.ts';
import { BodyRoom } from '../http/body.ts';
import { ALL } from '../http/guard.ts';
import type { ClientSession } from '../legacy/client-session.ts';
import { Session, type SessionOptions } from '../legacy/session.ts';
import { Shelf } from '../streams/event-buffer.ts';
import type { GatewayDeps, GatewayLimits, SessionInfo } from '../types.ts';

/** All sessions of the gateway: made, found, and ended when they are idle. */
export class Sessions {
  readonly #deps: GatewayDeps;
  readonly #limits: GatewayLimits;
  readonly #byId = new Map<string, ClientSession>();
  readonly #shelf: Shelf;
  /** Room for large bodies, of all sessions. */
  readonly room: BodyRoom;

  constructor(deps: GatewayDeps, limits: GatewayLimits) {
    this.#deps = deps;
    this.#limits = limits;
    this.room = new BodyRoom(limits.maxInFlightBytes);
    this.#shelf = new Shelf(limits.resumeBytesAll);
  }

  /** Undefined when there are too many and the clients of all of them are there. */
  create(client: ClientIdentity, server: string): ClientSession | undefined {
    return server === ALL ? this.#join(client) : this.#open(client, server);
  }

  #open(
    client: ClientIdentity,
    server: string,
    own?: (id: string) => Pick<SessionOptions, 'outbox' | 'show' | 'owner'>,
  ): Session | undefined {
    const id = this.#newId();
    if (id === undefined) return undefined;
    const session = new Session(this.#deps, this.#limits, {
      id,
      client,
      server,
      shelf: this.#shelf,
      refused: (why) => this.end(session, why),
      ...own?.(id),
    });
    this.#byId.set(id, session);
    return session;
  }

  #join(client: ClientIdentity): Aggregate | undefined {
    const id = this.#newId();
    if (id === undefined) return undefined;
    const aggregate = new Aggregate(this.#deps, this.#limits, {
      id,
      client,
      shelf: this.#shelf,
      open: (server, own) => this.#open(client, server, own),
      close: (session, why) => this.end(session, why),
    });
    this.#byId.set(id, aggregate);
    return aggregate;
  }

  #newId(): string | undefined {
    if (this.#byId.size >= this.#limits.maxSessions && !this.#makeRoom()) return undefined;
    return this.#deps.randomBytes(24).toString('base64url');
  }

  /** Only the client that began a session may use it, and only for its server. */
  find(id: string, client: ClientIdentity, server: string): ClientSession | undefined {
    const session = this.#byId.get(id);
    return session && session.client.id === client.id && session.server === server ? session : undefined;
  }

  end(session: ClientSession, why: string): void {
    this.#byId.delete(session.id);
    session.end(why).catch((error: unknown) => {
      this.#deps.log('warn', `a session with ${session.server} did not end in order`, error);
    });
  }

  async endWhere(match: (session: ClientSession) => boolean, why: string): Promise<void> {
    const ending = [...this.#byId.values()].filter(match);
    for (const session of ending) this.#byId.delete(session.id);
    await Promise.all(ending.map((session) => session.end(why)));
  }

  each(visit: (session: ClientSession) => void): void {
    for (const session of this.#byId.values()) visit(session);
  }

  info(): SessionInfo[] {
    return [...this.#byId.values()].map((session) => ({
      id: session.id,
      clientId: session.client.id,
      server: session.server,
      software: session.software,
      protocolVersion: session.protocolVersion,
      createdAt: session.createdAt,
      usedAt: session.usedAt,
      inFlight: session.inFlight,
      connected: session.connected,
    }));
  }

  /** Headers, signs of life and idle ends that are due. */
  tick(): void {
    const now = this.#deps.clock.monotonic();
    const limits = this.#limits;
    for (const session of [...this.#byId.values()]) {
      session.tick(now);
      if (session.attended) {
        session.usedTick = now;
        continue;
      }
      const idle = now - session.usedTick;
      if (idle > limits.sessionIdleMs) this.end(session, ended.idle);
      else if (idle > (session.left ? limits.upstreamGoneMs : limits.upstreamIdleMs)) this.#rest(session);
    }
  }

  #rest(session: ClientSession): void {
    session.rest().catch((error: unknown) => {
      this.#deps.log('warn', `an idle connection to ${session.server} did not close in order`, error);
    });
  }

  #makeRoom(): boolean {
    let oldest: ClientSession | undefined;
    for (const session of this.#byId.values()) {
      if (session.attended) continue;
      if (!oldest || session.usedTick < oldest.usedTick) oldest = session;
    }
    if (oldest) this.end(oldest, ended.madeRoom);
    return oldest !== undefined;
  }
}
