import { isObject } from '../../../../shared/base/is-object.ts';
import type { OutcomeRecord } from '../../audit/types.ts';
import {
  advertiseListChanged,
  errorMessage,
  notificationMessage,
  parseFromServer,
} from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { UpstreamConnection } from '../../upstream/types.ts';
import { withdrawnText } from '../call/answer-texts.ts';
import { Conversation, type ConversationOptions, UPSTREAM_FAILED } from '../call/conversation.ts';
import { connectionClosed } from '../call/delivery.ts';
import { answer } from '../call/pass-answer.ts';
import type { Pending } from '../call/pending.ts';
import { SESSION_HEADER } from '../limits.ts';
import type { Shelf } from '../streams/event-buffer.ts';
import { Outbox } from '../streams/outbox.ts';
import type { Reply } from '../streams/reply.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';
import { UpstreamLink } from '../upstream/server-link.ts';
import { Listing } from '../upstream/tool-listing.ts';
import type { ClientSession } from './client-session.ts';
import { carrier, route } from './route-message.ts';

const LIST_CHANGED = 'notifications/tools/list_changed';
/** Requests of a server that its client has not answered. */
const MAX_ASKED = 10_000;

export interface SessionOptions extends ConversationOptions {
  /** The server did not accept initialize. */
  refused(): void;
  /** Where the session is one of an aggregate: the aggregate's outbox, and how it shows the server's messages. */
  readonly outbox?: Outbox;
  readonly show?: (session: Session, message: RpcMessage) => Buffer;
  /** Room for what clients missed, of all sessions. Without it nothing can be resumed. */
  readonly shelf?: Shelf;
}

/** One client's session with one server in a revision with sessions (2024-11-05 … 2025-11-25). */
export class Session extends Conversation implements ClientSession {
  readonly modern = false;
  readonly link: UpstreamLink;
  readonly outbox: Outbox;
  readonly listing: Listing;
  /** Requests of the server that the client has not answered, by id. */
  readonly asked = new Set<string>();
  readonly createdAt: number;
  /** Ms since the epoch, and by the monotonic clock. */
  usedAt: number;
  usedTick: number;
  /** The client had a stream open and closed it. */
  leftStream = false;
  protocolVersion: string | null = null;
  software = '';
  hasTools = false;
  /** It was said already that messages are dropped. */
  #dropping = false;
  /** The server did not accept initialize: there is no session then. */
  readonly refused: () => void;
  /** A server's message as the client sees it: with its own bytes, but for ids in an aggregate. */
  readonly show: (message: RpcMessage) => Buffer = ({ raw }) => raw;

  constructor(deps: GatewayDeps, limits: GatewayLimits, options: SessionOptions) {
    super(deps, limits, options);
    this.refused = () => options.refused();
    this.createdAt = this.usedAt = deps.clock.now();
    this.usedTick = deps.clock.monotonic();
    this.link = new UpstreamLink({
      server: options.server,
      upstreams: deps.upstreams,
      log: deps.log,
      idPrefix: `drawbridge-${deps.randomBytes(9).toString('base64url')}-`,
      receive: (message, forId) => this.#receive(message, forId),
      hungUp: (forId) => this.pending.get(forId)?.reply.hangUp?.(),
      closed: (reason, connection) => {
        this.#takeBackAsked(reason.message);
        connectionClosed(this, reason, connection);
      },
    });
    const { show } = options;
    if (show) this.show = (message) => show(this, message);
    this.outbox =
      options.outbox ??
      new Outbox({
        limits,
        clock: deps.clock,
        dropped: (request) => this.dropped(request),
        resumption: options.shelf && {
          shelf: options.shelf,
          tag: () => deps.randomBytes(9).toString('base64url'),
          version: () => this.protocolVersion ?? this.#wantedVersion(),
        },
      });
    this.listing = new Listing(options.server, deps, (method, params) => this.link.ask(method, params));
  }

  touch(): void {
    this.usedAt = this.deps.clock.now();
    this.usedTick = this.deps.clock.monotonic();
  }

  get inFlight(): number {
    return this.pending.size;
  }

  get connected(): boolean {
    return this.link.connected;
  }

  tick(now: number): void {
    const { headersMs, keepAliveMs } = this.limits;
    for (const { reply } of this.pending.values()) reply.tick(now, headersMs, keepAliveMs);
    this.outbox.tick(now, keepAliveMs);
  }

  async rest(): Promise<void> {
    if (!this.link.connected) return;
    this.asked.clear();
    await this.link.rest();
  }

  /** The revision the client asked for, while initialize is not answered. */
  #wantedVersion(): string | null {
    for (const { method, message } of this.pending.values()) {
      if (method !== 'initialize') continue;
      const { params } = message.value();
      return isObject(params) && typeof params.protocolVersion === 'string' ? params.protocolVersion : null;
    }
    return null;
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
    const now = this.deps.clock.monotonic();
    for (const raw of this.outbox.take()) pending.reply.push(raw, now);
  }

  override sending(pending: Pending): undefined {
    if (!this.outbox.listening && pending.reply.carries && pending.method !== 'initialize') {
      for (const raw of this.outbox.take()) pending.reply.push(raw, pending.since);
    }
    this.link.remember(pending.message);
  }

  override sessionLost(connection: UpstreamConnection): boolean {
    this.asked.clear();
    this.link.renew(connection);
    return true;
  }

  override fail(
    pending: Pending,
    why: string,
    how: { signIn?: boolean; status: OutcomeRecord['status'] },
  ): void {
    const initialize = pending.method === 'initialize';
    if (initialize) pending.reply.omit(SESSION_HEADER);
    super.fail(pending, why, how);
    if (initialize) this.refused();
  }

  override shown(pending: Pending, message: RpcMessage): Buffer {
    if (pending.method === 'initialize') {
      if (!message.isError) return this.#initialized(pending, message);
      pending.reply.omit(SESSION_HEADER);
    } else if (pending.method === 'tools/list' && !message.isError) {
      return this.listing.answer(message, pending.cursor, (tool) => this.sees(tool));
    }
    return message.raw;
  }

  /** The session begins: notes what was agreed on. */
  #initialized(pending: Pending, message: RpcMessage): Buffer {
    const { result } = message.value();
    if (!isObject(result) || typeof result.protocolVersion !== 'string') return message.raw;
    const { protocolVersion } = result;
    const { params } = pending.message.value();
    const info = isObject(params) && isObject(params.clientInfo) ? params.clientInfo : undefined;
    this.protocolVersion = protocolVersion;
    this.hasTools = isObject(result.capabilities) && isObject(result.capabilities.tools);
    this.software = info ? `${String(info.name)} ${String(info.version)}`.slice(0, 200) : '';
    this.link.agreed(pending.message, protocolVersion);
    this.deps.onHandshake(this.client.id, { software: this.software, protocolVersion });
    return advertiseListChanged(message.raw);
  }

  /** Hands over a notification. @throws UpstreamError */
  async notify(message: RpcMessage): Promise<void> {
    if (message.method === 'notifications/cancelled' && message.cancels !== undefined) {
      if (!this.#cancel(message.cancels)) return;
    }
    this.link.remember(message);
    const connection = await this.link.ready();
    await connection.send(message);
  }

  /** Takes the client's answer to a request of the server. False when the server asked nothing of that id. */
  async respond(message: RpcMessage): Promise<boolean> {
    if (message.id === undefined || !this.asked.delete(message.id)) return false;
    const connection = await this.link.ready();
    await connection.send(message);
    return true;
  }

  #receive(message: RpcMessage, forId: string | undefined): void | Promise<void> {
    if (message.kind !== 'response') return route(this, message, forId);
    const pending = message.id === undefined ? undefined : this.pending.get(message.id);
    if (pending?.state !== 'sent') {
      this.deps.log('debug', `${this.server} answered a request that does not wait (id ${message.id})`);
      return undefined;
    }
    const wait = answer(this, pending, message);
    if (pending.method === 'initialize' && message.isError) this.refused();
    return wait;
  }

  /** Whether the cancellation is for the server to hear. */
  #cancel(id: string): boolean {
    const pending = this.pending.get(id);
    if (!pending) return true;
    if (pending.method === 'initialize') return false;
    const sent = this.withdraw(pending, 'The client cancelled the call.');
    pending.reply.silent();
    return sent;
  }

  /** The client closed the POST of these requests. Only what waits for a person is given up (gateway.md, sessions). */
  hungUp(ids: readonly string[], reply: Reply): void {
    for (const id of ids) {
      const pending = this.pending.get(id);
      if (pending?.state !== 'held' || pending.reply !== reply) continue;
      const why = 'The client hung up.';
      this.withdraw(pending, why);
      // Kept for a client that comes back for its stream.
      const meta = { decision: 'withdrawn', rule: 'gateway:hung-up', reason: why } as const;
      reply.answer(this.notRun(pending, withdrawnText(pending.call.name, why), meta));
    }
  }

  /** The server that asked is gone: nobody needs the answers. */
  #takeBackAsked(why: string): void {
    for (const id of [...this.asked]) {
      this.asked.delete(id);
      if (this.outbox.withdraw(id)) continue;
      const params = `{"requestId":${id},"reason":${JSON.stringify(why)}}`;
      const cancelled = parseFromServer(
        Buffer.from(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`),
      );
      if (cancelled.ok && 'message' in cancelled) route(this, cancelled.message, undefined);
    }
  }

  /** A message of the server for which there is no room. A request must not wait for ever. */
  dropped(request: string | undefined): void {
    if (!this.#dropping) {
      const { clientName } = this.caller;
      this.deps.log('warn', `${clientName} does not listen; messages of ${this.server} are dropped`);
      this.#dropping = true;
    }
    if (request === undefined || !this.asked.delete(request)) return;
    void this.#tellServer(errorMessage(request, UPSTREAM_FAILED, 'The client does not listen.'));
  }

  async #tellServer(raw: Buffer): Promise<void> {
    try {
      await this.link.say(raw);
    } catch (error) {
      this.deps.log('debug', `${this.server} could not be told that its request was dropped`, error);
    }
  }

  /** Notes a request of the server. False when there are too many: then it is refused. */
  noteAsked(id: string): boolean {
    if (this.asked.size >= MAX_ASKED) {
      void this.#tellServer(errorMessage(id, UPSTREAM_FAILED, 'Too many requests wait for the client.'));
      return false;
    }
    this.asked.add(id);
    return true;
  }

  notifyToolsChanged(): void {
    if (!this.hasTools || this.ended) return;
    this.outbox.send(notificationMessage(LIST_CHANGED), undefined, LIST_CHANGED);
  }

  /** Ends it: what waits is answered, the upstream connection closed. */
  async end(why: string): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    this.asked.clear();
    this.failAll(why);
    this.outbox.end();
    await this.link.end();
  }
}
