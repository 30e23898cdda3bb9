import type { OutcomeRecord } from '../audit/types.ts';
import { errorMessage, INVALID_REQUEST, notificationMessage } from '../codec/index.ts';
import type { RpcMessage } from '../codec/types.ts';
import type { ClientIdentity } from '../settings/types.ts';
import type { CloseReason, UpstreamConnection, UpstreamError } from '../upstream/types.ts';
import { answer } from './answering.ts';
import { notRun } from './answers.ts';
import { startCall } from './call-pipeline.ts';
import { SESSION_HEADER } from './limits.ts';
import { UpstreamLink } from './link.ts';
import { isObject, Listing } from './listing.ts';
import { Outbox } from './outbox.ts';
import { Pending } from './pending.ts';
import { type Caller, passRecord } from './records.ts';
import type { Reply } from './reply.ts';
import { route } from './routing.ts';
import type { GatewayDeps, GatewayLimits } from './types.ts';

/** JSON-RPC server error: the upstream is not there, or did not answer. */
const UPSTREAM_FAILED = -32000;
const LIST_CHANGED = 'notifications/tools/list_changed';
/** How long requests that a closed connection still carried may take to say so themselves. */
const LAST_WORDS_MS = 2000;
/** How long a connection that refuses messages may take to say that it is closed. */
const DYING_MS = 200;
/** Requests of a server that its client has not answered. */
const MAX_ASKED = 10_000;

export interface SessionOptions {
  readonly id: string;
  readonly client: ClientIdentity;
  readonly server: string;
  /** The server did not accept initialize. */
  refused(): void;
  /** Where the session is one of an aggregate: the aggregate's outbox, and how it shows the server's messages. */
  readonly outbox?: Outbox;
  readonly show?: (session: Session, message: RpcMessage) => Buffer;
}

/** One client's session with one server: its upstream connection, its requests, and what waits for it. */
export class Session {
  readonly id: string;
  readonly client: ClientIdentity;
  readonly server: string;
  readonly deps: GatewayDeps;
  readonly limits: GatewayLimits;
  readonly caller: Caller;
  readonly link: UpstreamLink;
  readonly outbox: Outbox;
  readonly listing: Listing;
  /** Requests without an answer, by id, in the order they came. */
  readonly pending = new Map<string, Pending>();
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
  ended = false;
  /** The server did not accept initialize: there is no session then. */
  readonly refused: () => void;
  /** A server's message as the client sees it: with its own bytes, but for ids in an aggregate. */
  readonly show: (message: RpcMessage) => Buffer = ({ raw }) => raw;

  constructor(deps: GatewayDeps, limits: GatewayLimits, options: SessionOptions) {
    this.deps = deps;
    this.limits = limits;
    this.id = options.id;
    this.client = options.client;
    this.server = options.server;
    this.refused = () => options.refused();
    this.createdAt = this.usedAt = deps.clock.now();
    this.usedTick = deps.clock.monotonic();
    this.caller = {
      clientId: options.client.id,
      clientName: deps.clientName(options.client.id),
      server: options.server,
      session: options.id,
    };
    this.link = new UpstreamLink({
      server: options.server,
      upstreams: deps.upstreams,
      log: deps.log,
      idPrefix: `drawbridge-${deps.randomBytes(9).toString('base64url')}-`,
      receive: (message, forId) => this.#receive(message, forId),
      closed: (reason, connection) => this.#closed(reason, connection),
    });
    const { show } = options;
    if (show) this.show = (message) => show(this, message);
    this.outbox =
      options.outbox ??
      new Outbox(
        limits,
        () => deps.clock.monotonic(),
        (request) => this.dropped(request),
      );
    this.listing = new Listing(options.server, deps.catalogue, this.link);
  }

  touch(): void {
    this.usedAt = this.deps.clock.now();
    this.usedTick = this.deps.clock.monotonic();
  }

  /** Takes a request of the client; its answer goes to `reply`. */
  request(message: RpcMessage, reply: Reply): void {
    const id = message.id as string;
    if (this.pending.has(id)) {
      reply.answer(
        errorMessage(id, INVALID_REQUEST, `The id ${id} belongs to a request that is not answered yet.`),
      );
      return;
    }
    if (this.pending.size >= this.limits.maxInFlight) {
      reply.answer(
        errorMessage(id, INVALID_REQUEST, `More than ${this.limits.maxInFlight} requests wait already.`),
      );
      return;
    }
    const pending = new Pending(message, reply, this.deps.clock.monotonic());
    this.pending.set(id, pending);
    if (message.call) {
      startCall(this, pending);
      return;
    }
    if (message.method !== 'ping') {
      try {
        pending.seq = this.deps.audit.begin(passRecord(this.caller, message));
      } catch (error) {
        this.deps.log('error', `${message.method} was refused: its audit record could not be written`, error);
        this.conclude(
          pending,
          errorMessage(
            id,
            UPSTREAM_FAILED,
            'Drawbridge could not write its record of this request and did not forward it.',
          ),
        );
        return;
      }
    }
    if (message.method === 'tools/list') pending.cursor = cursorOf(message);
    this.forward(pending);
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

  /** Sends a request's own bytes to the server. */
  forward(pending: Pending): void {
    const connection = this.link.ready();
    if (connection instanceof Promise) {
      connection.then(
        (ready) => this.#hand(pending, ready),
        (error: UpstreamError) => this.#sendFailed(pending, error, undefined),
      );
    } else this.#hand(pending, connection);
  }

  #hand(pending: Pending, connection: UpstreamConnection): void {
    if (this.pending.get(pending.id) !== pending) return;
    pending.state = 'sent';
    pending.connection = connection;
    pending.handedOver = false;
    pending.since = this.deps.clock.monotonic();
    if (!this.outbox.listening && pending.reply.carries && pending.method !== 'initialize') {
      for (const raw of this.outbox.take()) pending.reply.push(raw, pending.since);
    }
    this.link.remember(pending.message);
    connection.send(pending.message).then(
      () => {
        pending.handedOver = true;
      },
      (error: UpstreamError) => this.#sendFailed(pending, error, connection),
    );
  }

  #sendFailed(pending: Pending, error: UpstreamError, connection: UpstreamConnection | undefined): void {
    if (this.pending.get(pending.id) !== pending) return;
    const lost = error.kind === 'session-lost';
    if (
      connection &&
      (lost || error.kind === 'unsent') &&
      !pending.resent &&
      pending.method !== 'initialize'
    ) {
      pending.resent = true;
      pending.state = 'waiting';
      if (lost) {
        this.asked.clear();
        this.link.renew(connection);
        this.forward(pending);
      } else {
        // A child that is dying refuses messages a moment before its connection is closed.
        this.deps.clock.after(DYING_MS, () => {
          if (this.pending.get(pending.id) !== pending) return;
          if (this.link.isCurrent(connection)) this.#sendFailed(pending, error, undefined);
          else this.forward(pending);
        });
      }
      return;
    }
    const unsent = error.kind === 'unsent' || lost || connection === undefined;
    if (unsent) pending.reservation?.release();
    this.fail(pending, error.message, {
      signIn: error.kind === 'signin',
      status: unsent || error.kind === 'signin' ? 'not-run' : 'error',
    });
  }

  /** Answers a request for which there will be no answer of the server. */
  fail(pending: Pending, why: string, how: { signIn?: boolean; status: OutcomeRecord['status'] }): void {
    const raw =
      how.signIn && pending.message.call
        ? notRun(pending.id, why, { decision: 'error', rule: 'gateway:signin', reason: why })
        : errorMessage(pending.id, UPSTREAM_FAILED, why);
    if (pending.method === 'initialize') pending.reply.omit(SESSION_HEADER);
    this.conclude(pending, raw);
    this.finish(pending, { status: how.status, resultDigest: null, resultBytes: null, error: why });
    if (pending.method === 'initialize') this.refused();
  }

  /** Gives a request its answer and forgets it. */
  conclude(pending: Pending, raw: Buffer): Promise<void> | undefined {
    if (this.pending.get(pending.id) === pending) this.pending.delete(pending.id);
    return pending.reply.answer(raw);
  }

  /** Writes how a request ended, if there is a record that it began. */
  finish(pending: Pending, outcome: Omit<OutcomeRecord, 'durationMs'>): void {
    if (pending.seq === undefined) return;
    const durationMs = Math.max(0, this.deps.clock.monotonic() - pending.since);
    try {
      this.deps.audit.finish(pending.seq, { ...outcome, durationMs });
    } catch (error) {
      this.deps.log('error', `the outcome of record ${pending.seq} could not be written`, error);
    }
    pending.seq = undefined;
  }

  #receive(message: RpcMessage, forId: string | undefined): void | Promise<void> {
    if (message.kind !== 'response') return route(this, message, forId);
    const pending = message.id === undefined ? undefined : this.pending.get(message.id);
    if (pending?.state !== 'sent') {
      this.deps.log('debug', `${this.server} answered a request that does not wait (id ${message.id})`);
      return undefined;
    }
    return answer(this, pending, message);
  }

  sees(tool: string): boolean {
    return this.deps.policy.lists(this.client.id, this.server, tool);
  }

  /** Whether the cancellation is for the server to hear. */
  #cancel(id: string): boolean {
    const pending = this.pending.get(id);
    if (!pending) return true;
    if (pending.method === 'initialize') return false;
    this.pending.delete(id);
    const forward = pending.state === 'sent';
    if (pending.state === 'held') pending.held?.withdraw('The client cancelled the call.');
    else {
      if (!forward) pending.reservation?.release();
      this.finish(pending, { status: 'cancelled', resultDigest: null, resultBytes: null, error: null });
    }
    pending.reply.silent();
    return forward;
  }

  /** The client closed the POST of these requests. Only what waits for a person is given up (gateway.md, sessions). */
  hungUp(ids: readonly string[], reply: Reply): void {
    for (const id of ids) {
      const pending = this.pending.get(id);
      if (pending?.state !== 'held' || pending.reply !== reply) continue;
      this.pending.delete(id);
      pending.held?.withdraw('The client hung up.');
    }
  }

  #closed(reason: CloseReason, connection: UpstreamConnection): void {
    this.asked.clear();
    const carried = (pending: Pending): boolean =>
      pending.state === 'sent' && pending.connection === connection;
    const fail = (pending: Pending): void => {
      if (this.pending.get(pending.id) !== pending || !carried(pending)) return;
      const why = `${reason.message} It had not answered ${pending.method}, which may or may not have been done.`;
      this.fail(pending, why, { status: 'lost' });
    };
    for (const pending of [...this.pending.values()].filter(carried)) {
      // What is still being handed over learns from its own rejection whether it was sent at all.
      if (pending.handedOver) fail(pending);
      else this.deps.clock.after(LAST_WORDS_MS, () => fail(pending));
    }
  }

  /** A request of the server for which there is no room: it must not wait for ever. */
  dropped(request: string | undefined): void {
    this.deps.log(
      'warn',
      `${this.caller.clientName} does not listen; a message of ${this.server} was dropped`,
    );
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
    for (const pending of [...this.pending.values()]) {
      if (pending.state === 'held') {
        this.pending.delete(pending.id);
        pending.held?.withdraw(why);
        pending.reply.answer(errorMessage(pending.id, UPSTREAM_FAILED, why));
      } else {
        if (pending.state === 'waiting') pending.reservation?.release();
        this.fail(pending, why, { status: pending.state === 'sent' ? 'lost' : 'not-run' });
      }
    }
    this.outbox.end();
    await this.link.end();
  }
}

function cursorOf(message: RpcMessage): string | undefined {
  const { params } = message.value();
  return isObject(params) && typeof params.cursor === 'string' ? params.cursor : undefined;
}
