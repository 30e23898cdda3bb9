import type { ClientIdentity } from '../settings/types.ts';
import { BodyRoom } from './body.ts';
import { Shelf } from './kept-events.ts';
import { Session } from './session.ts';
import type { GatewayDeps, GatewayLimits, SessionInfo } from './types.ts';

/** All sessions of the gateway, and what time does to them. */
export class Sessions {
  readonly #deps: GatewayDeps;
  readonly #limits: GatewayLimits;
  readonly #byId = new Map<string, Session>();
  readonly #shelf: Shelf;
  /** Large bodies of all sessions. */
  readonly room: BodyRoom;

  constructor(deps: GatewayDeps, limits: GatewayLimits) {
    this.#deps = deps;
    this.#limits = limits;
    this.room = new BodyRoom(limits.maxInFlightBytes);
    this.#shelf = new Shelf(limits.resumeBytesAll);
  }

  /** Undefined when there are too many and none of them is idle. */
  create(client: ClientIdentity, server: string): Session | undefined {
    if (this.#byId.size >= this.#limits.maxSessions && !this.#makeRoom()) return undefined;
    const id = this.#deps.randomBytes(24).toString('base64url');
    const session = new Session(this.#deps, this.#limits, {
      id,
      client,
      server,
      shelf: this.#shelf,
      refused: () => this.end(session, 'The server did not accept the session.'),
    });
    this.#byId.set(id, session);
    return session;
  }

  /** Only the client that began a session may use it, and only for its server. */
  find(id: string, client: ClientIdentity, server: string): Session | undefined {
    const session = this.#byId.get(id);
    return session && session.client.id === client.id && session.server === server ? session : undefined;
  }

  end(session: Session, why: string): void {
    this.#byId.delete(session.id);
    session.end(why).catch((error: unknown) => {
      this.#deps.log('warn', `a session with ${session.server} did not end in order`, error);
    });
  }

  async endWhere(match: (session: Session) => boolean, why: string): Promise<void> {
    const ending = [...this.#byId.values()].filter(match);
    for (const session of ending) this.#byId.delete(session.id);
    await Promise.all(ending.map((session) => session.end(why)));
  }

  each(visit: (session: Session) => void): void {
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
      inFlight: session.pending.size,
      connected: session.link.connected,
    }));
  }

  /** Headers, signs of life and idle ends that are due. */
  tick(): void {
    const now = this.#deps.clock.monotonic();
    const limits = this.#limits;
    for (const session of [...this.#byId.values()]) {
      for (const { reply } of session.pending.values()) reply.tick(now, limits.headersMs, limits.keepAliveMs);
      session.outbox.tick(now, limits.keepAliveMs);
      if (session.pending.size > 0 || session.outbox.listening) {
        session.usedTick = now;
        continue;
      }
      const idle = now - session.usedTick;
      if (idle > limits.sessionIdleMs) this.end(session, 'The session was not used for long.');
      else if (idle > (session.leftStream ? limits.upstreamGoneMs : limits.upstreamIdleMs))
        this.#rest(session);
    }
  }

  #rest(session: Session): void {
    if (!session.link.connected) return;
    session.asked.clear();
    session.link.rest().catch((error: unknown) => {
      this.#deps.log('warn', `an idle connection to ${session.server} did not close in order`, error);
    });
  }

  #makeRoom(): boolean {
    let oldest: Session | undefined;
    for (const session of this.#byId.values()) {
      if (session.pending.size > 0 || session.outbox.listening) continue;
      if (!oldest || session.usedTick < oldest.usedTick) oldest = session;
    }
    if (oldest) this.end(oldest, 'Too many sessions are open, and this one was idle the longest.');
    return oldest !== undefined;
  }
}
