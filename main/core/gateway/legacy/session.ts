import { ended } from '../../../../shared/text/model.ts';
import { advertiseListChanged, notificationMessage } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import type { UpstreamConnection } from '../../upstream/types.ts';
import { start } from '../call/call-pipeline.ts';
import { connectionClosed } from '../call/delivery.ts';
import type { EraRules } from '../call/era-rules.ts';
import { type Failure, InFlight, type InFlightOptions } from '../call/in-flight.ts';
import { passAnswer } from '../call/pass-answer.ts';
import type { Pending } from '../call/pending.ts';
import { KeptSession } from '../kept/kept-session.ts';
import { SESSION_HEADER } from '../limits.ts';
import type { Shelf } from '../streams/event-buffer.ts';
import type { Outbox } from '../streams/outbox.ts';
import type { Reply } from '../streams/reply.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';
import { UpstreamLink } from '../upstream/server-link.ts';
import { ToolListing } from '../upstream/tool-listing.ts';
import { Used } from '../used.ts';
import { abandon, giveUp, onLine } from './absence.ts';
import type { ClientSession } from './client-session.ts';
import { agreedIn, wantedVersion } from './initialize.ts';
import { carrier, type Routed, route } from './route-message.ts';
import { ServerRequests } from './server-requests.ts';
import { sessionOutbox } from './session-outbox.ts';
import { cancel, hangUp, saidIn } from './take-back.ts';

/*
 * A session and a lane (modern/lane.ts) are the same thing in two eras: what one client has with one server. The order of
 * the methods is the same in both files.
 */

const LIST_CHANGED = 'notifications/tools/list_changed';

export interface SessionOptions extends InFlightOptions {
  /** It has not begun and never will. @param why a sentence */
  refused(why: string): void;
  /** Where the session is one of an aggregate: the aggregate's outbox, and how it shows the server's messages. */
  readonly outbox?: Outbox;
  readonly show?: (session: Session, message: RpcMessage) => Buffer;
  readonly owner?: Owner;
  /** Room for what clients missed, of all sessions. Without it nothing can be resumed. */
  readonly shelf?: Shelf;
}

/** The session that one is a part of: whether the client is there is asked of it. */
export type Owner = Pick<ClientSession, 'attended' | 'left'>;

/**
 * One client's session with one server in a revision with sessions (2024-11-05 … 2025-11-25): it begins with initialize, the
 * server may ask the client, and streams can be resumed. In revisions without sessions this is a `Lane` (`modern/lane.ts`).
 */
export class Session extends Used implements ClientSession, EraRules, Routed {
  readonly id: string;
  readonly client: ClientIdentity;
  readonly server: string;
  readonly requests: InFlight;
  readonly link: UpstreamLink;
  readonly outbox: Outbox;
  readonly listing: ToolListing;
  /** Requests of the server that the client has not answered. */
  readonly asked: ServerRequests;
  protocolVersion: string | null = null;
  software = '';
  ended = false;
  #hasTools = false;
  readonly #deps: GatewayDeps;
  readonly #owner: Owner | undefined;
  /** Where the server may run only while it is used. */
  readonly #kept: KeptSession | undefined;
  /** There will be no session. */
  readonly #refused: (why: string) => void;
  /** A server's message as the client sees it: with its own bytes, but for ids in an aggregate. */
  readonly show: (message: RpcMessage) => Buffer = ({ raw }) => raw;

  constructor(deps: GatewayDeps, limits: GatewayLimits, options: SessionOptions) {
    super(deps.clock);
    const { id, client, server, show, shelf } = options;
    this.id = id;
    this.client = client;
    this.server = server;
    this.#deps = deps;
    this.requests = new InFlight(deps, limits, options, false);
    this.#owner = options.owner;
    this.#refused = (why) => options.refused(why);
    this.link = new UpstreamLink({
      server,
      upstreams: deps.upstreams,
      log: deps.log,
      idPrefix: `drawbridge-${deps.randomBytes(9).toString('base64url')}-`,
      receive: (message, forId) => this.#receive(message, forId),
      hungUp: (forId) => this.requests.byId.get(forId)?.reply.hangUp?.(),
      greeted: (answer) => this.#kept?.greeted(answer),
      woken: async (ask) => this.#kept?.woken(ask),
      closed: (reason, connection) => {
        this.asked.takeBack(reason.message, this.outbox, (cancelled) => route(this, cancelled, undefined));
        connectionClosed(this, reason, connection);
      },
    });
    this.asked = new ServerRequests({ log: deps.log, caller: this.requests.caller, link: this.link });
    if (show) this.show = (message) => show(this, message);
    this.outbox =
      options.outbox ??
      sessionOutbox(deps, limits, {
        shelf,
        version: () => this.protocolVersion ?? this.#wantedVersion(),
        dropped: (request) => this.asked.dropped(request),
      });
    const { kept, upstreams } = deps;
    this.#kept =
      kept &&
      new KeptSession({
        servers: kept,
        server,
        session: this,
        note: (text) => upstreams.note?.(server, text),
      });
    this.listing = new ToolListing(deps, {
      clientId: client.id,
      server,
      ask: (method, params) => this.link.ask(method, params),
    });
  }

  get inFlight(): number {
    return this.requests.byId.size;
  }

  get attended(): boolean {
    return this.#owner?.attended ?? (this.outbox.listening || onLine(this.requests));
  }

  get connected(): boolean {
    return this.link.connected;
  }

  /** Takes a request of the client; its answer goes to `reply`. */
  request(message: RpcMessage, reply: Reply): void {
    this.touch();
    const pending = this.requests.admit(message, reply);
    if (!pending) return;
    if (this.#kept) this.#kept.take(pending);
    else start(this, pending);
  }

  sending(pending: Pending): undefined {
    if (!this.outbox.listening && pending.reply.carries && pending.method !== 'initialize') {
      for (const raw of this.outbox.take()) pending.reply.push(raw, pending.since);
    }
    this.link.remember(pending.message);
  }

  sessionLost(connection: UpstreamConnection): boolean {
    this.asked.clear();
    this.link.renew(connection);
    return true;
  }

  #receive(message: RpcMessage, forId: string | undefined): void | Promise<void> {
    if (message.kind !== 'response') {
      this.#kept?.told(message);
      return route(this, message, forId);
    }
    const pending = message.id === undefined ? undefined : this.requests.byId.get(message.id);
    if (pending?.state !== 'sent') {
      this.#deps.log('debug', `${this.server} answered a request that does not wait (id ${message.id})`);
      return undefined;
    }
    this.#kept?.heard(pending, message);
    return this.answered(pending, message);
  }

  answered(pending: Pending, message: RpcMessage): Promise<void> | undefined {
    const wait = passAnswer(this, pending, message);
    if (pending.method === 'initialize') {
      if (message.isError) this.#refused(ended.notAccepted);
      // Until the client goes on, it may just as well not accept what was agreed on.
      else this.left = true;
    }
    return wait;
  }

  shown(pending: Pending, message: RpcMessage): Buffer {
    if (pending.method === 'initialize') {
      if (!message.isError) return this.#initialized(pending, message);
      pending.reply.omit(SESSION_HEADER);
    } else if (pending.method === 'tools/list' && !message.isError) {
      return this.listing.answer(message, pending.cursor);
    }
    return message.raw;
  }

  /** The session begins: notes what was agreed on. */
  #initialized(pending: Pending, message: RpcMessage): Buffer {
    const agreed = agreedIn(pending.message, message);
    if (!agreed) return message.raw;
    const { protocolVersion, software } = agreed;
    this.protocolVersion = protocolVersion;
    this.software = software;
    this.#hasTools = agreed.hasTools;
    this.link.agreed(pending.message, protocolVersion);
    this.#deps.onHandshake(this.client.id, { software, protocolVersion });
    return advertiseListChanged(message.raw);
  }

  fail(pending: Pending, why: string, how: Failure): void {
    const initialize = pending.method === 'initialize';
    if (initialize) pending.reply.omit(SESSION_HEADER);
    this.requests.fail(pending, why, how);
    if (initialize) this.#refused(ended.notAccepted);
  }

  /** Hands over a notification. @throws UpstreamError */
  async notify(message: RpcMessage): Promise<void> {
    this.touch();
    if (message.method === 'notifications/cancelled' && message.cancels !== undefined) {
      if (!cancel(this.requests, message.cancels, saidIn(message))) return;
    }
    this.link.remember(message);
    if (this.#kept?.drops(message)) return;
    const connection = await this.link.ready();
    await connection.send(message);
  }

  /** Takes the client's answer to a request of the server. False when the server asked nothing of that id. */
  async respond(message: RpcMessage): Promise<boolean> {
    this.touch();
    if (message.id === undefined || !this.asked.settle(message.id)) return false;
    const connection = await this.link.answering();
    await connection.send(message);
    return true;
  }

  /** The client closed the POST of these requests. */
  hungUp(ids: readonly string[], reply: Reply): void {
    this.left = true;
    if (hangUp(this.requests, ids, reply)) this.#refused(ended.beforeBegun);
  }

  /** The client's first GET stream is open, or its last one closed. */
  listens(open: boolean): void {
    this.link.listening = open;
    if (open) this.link.openStream();
  }

  /** The client came back for a request under way: what waits for any stream goes with it. */
  resumed(): void {
    const pending = this.outbox.listening ? undefined : carrier(this, undefined);
    if (!pending) return;
    const now = this.#deps.clock.monotonic();
    for (const raw of this.outbox.take()) pending.reply.push(raw, now);
  }

  /** The revision the client asked for, while initialize is not answered. */
  #wantedVersion(): string | null {
    for (const { method, message } of this.requests.byId.values()) {
      if (method === 'initialize') return wantedVersion(message) ?? null;
    }
    return null;
  }

  notifyToolsChanged(): void {
    if (!this.#hasTools || this.ended) return;
    this.outbox.send(notificationMessage(LIST_CHANGED), undefined, LIST_CHANGED);
  }

  tick(now: number): void {
    const { headersMs, keepAliveMs } = this.requests.limits;
    for (const { reply } of this.requests.byId.values()) reply.tick(now, headersMs, keepAliveMs);
    this.outbox.tick(now, keepAliveMs);
    if (this.#owner) this.left = this.#owner.left;
    this.#kept?.tick(now);
    abandon(this, now);
  }

  async rest(): Promise<void> {
    for (const pending of [...this.requests.byId.values()]) giveUp(this, pending);
    this.asked.clear();
    if (this.link.busy) await this.link.rest();
  }

  /** Ends it: what waits is answered, the upstream connection closed. @param why a sentence */
  async end(why: string): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    this.asked.clear();
    this.requests.failAll(why, (...failed) => this.fail(...failed));
    this.outbox.end();
    await this.link.end();
  }
}
