import { isObject } from '../../../../shared/base/is-object.ts';
import type { CallRecord, OutcomeRecord } from '../../audit/types.ts';
import {
  advertiseListChanged,
  errorMessage,
  limitCaching,
  METHOD_NOT_FOUND,
  withArguments,
} from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import type { SendOptions, UpstreamConnection } from '../../upstream/types.ts';
import { Conversation, type ConversationOptions, type Refusal } from '../call/conversation.ts';
import { connectionClosed } from '../call/delivery.ts';
import { answer } from '../call/pass-answer.ts';
import type { Approved, Pending } from '../call/pending.ts';
import { passRecord, taskRecord } from '../call/records.ts';
import { HEADER_MISMATCH } from '../http/http-answers.ts';
import type { Reply } from '../streams/reply.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';
import { UpstreamLink } from '../upstream/server-link.ts';
import { Listing } from '../upstream/tool-listing.ts';
import { afterwards } from './afterwards.ts';
import { cancelledMessage } from './cancelling.ts';
import { modernHeaders, ownMeta } from './era.ts';
import { govern } from './govern.ts';
import { mirrored } from './mirrored.ts';
import { paramFault, paramHeaders } from './param-headers.ts';
import { Rounds } from './rounds.ts';
import { routeNotification } from './route-notification.ts';
import type { SentHeaders } from './sent-headers.ts';
import { own, Subscriptions } from './subscriptions.ts';
import type { Task, Tasks } from './tasks.ts';
import { WireNames } from './wire-names.ts';

/** How long clients may keep what the policy filters, ms. */
const FRESH_MS = 5000;
/** HTTP status of errors that a stdio server gives without one (MCP 2026-07-28, transports). */
const STATUS: Readonly<Record<number, number>> = {
  [-32601]: 404,
  [-32020]: 400,
  [-32021]: 400,
  [-32022]: 400,
};

/**
 * Everything one client has under way with one server in a revision without sessions (MCP 2026-07-28): one upstream
 * connection, whose requests stand for themselves. What the policy and approvals count by session is counted by it, and so
 * by the client's credential, whatever a request says about its sender.
 */
export class Lane extends Conversation {
  readonly modern = true;
  readonly link: UpstreamLink;
  readonly listing: Listing;
  readonly tasks: Tasks;
  readonly rounds = new Rounds();
  readonly subscriptions: Subscriptions;
  readonly createdAt: number;
  /** Ms since the epoch, and by the monotonic clock. */
  usedAt: number;
  usedTick: number;
  readonly #names: WireNames;

  constructor(
    deps: GatewayDeps,
    limits: GatewayLimits,
    options: Omit<ConversationOptions, 'id'> & { readonly tasks: Tasks },
  ) {
    super(deps, limits, { ...options, id: `modern:${options.client.id}:${options.server}` });
    this.tasks = options.tasks;
    this.subscriptions = new Subscriptions(deps.clock);
    this.createdAt = this.usedAt = deps.clock.now();
    this.usedTick = deps.clock.monotonic();
    const idPrefix = `drawbridge-${deps.randomBytes(9).toString('base64url')}-`;
    this.#names = new WireNames(idPrefix, this.pending);
    this.link = new UpstreamLink({
      server: options.server,
      upstreams: deps.upstreams,
      log: deps.log,
      era: 'modern',
      idPrefix,
      receive: (message, forId, status) => this.#receive(message, forId, status),
      closed: (reason, connection) => {
        this.#names.clear();
        connectionClosed(this, reason, connection);
      },
    });
    this.listing = new Listing(options.server, deps, (method, params) =>
      this.link.ask(method, { ...params, _meta: ownMeta() }, { headers: modernHeaders(method) }),
    );
  }

  touch(): void {
    this.usedAt = this.deps.clock.now();
    this.usedTick = this.deps.clock.monotonic();
  }

  /** The server is known to have tools. */
  get listsTools(): boolean {
    return (this.deps.catalogue.list(this.server)?.length ?? 0) > 0;
  }

  /**
   * Takes a request of the client; gives what {@link hungUp} ends.
   * @param headers as the client sent them
   */
  take(message: RpcMessage, reply: Reply, headers: SentHeaders): Pending | undefined {
    this.touch();
    const named = this.#names.distinct(message, reply);
    const pending = this.admit(named.message, named.reply);
    if (!pending) return undefined;
    pending.headers = headers;
    if (pending.message.call || govern(this, pending)) this.start(pending);
    return pending;
  }

  /** A task of this client; `foreign` when it is another client's. */
  taskOf(id: string): Task | 'foreign' | undefined {
    const task = this.tasks.find(this.server, id);
    return task && task.facts.clientId !== this.client.id ? 'foreign' : task;
  }

  protected override recordOf(pending: Pending): CallRecord {
    return pending.task
      ? taskRecord(this.caller, pending.message, pending.task)
      : passRecord(this.caller, pending.message);
  }

  override refusal(pending: Pending, definition: ToolEntry): Refusal | undefined {
    const { headers, sent, id } = pending;
    const why = headers && paramFault(definition.definition, sent.arguments, headers);
    if (why === undefined) return undefined;
    return { rule: 'gateway:headers', why, raw: errorMessage(id, HEADER_MISMATCH, why), status: 400 };
  }

  /**
   * The counters the first round took are given back before the next one is judged and takes them itself: a call with
   * questions in between counts once.
   */
  override goesOn(pending: Pending): Approved | undefined {
    const round = this.rounds.take(pending.call, pending.message, this.deps.clock.monotonic());
    if (!round) return undefined;
    round.reservation?.release();
    pending.follows = round.seq;
    const { edit } = round;
    if (!edit) return round.approved;
    const { maxMessageBytes } = this.deps.settings.get();
    const changed = withArguments(pending.message, edit.argumentsText, maxMessageBytes);
    if (!changed.ok) return undefined;
    pending.change(changed.message, edit.by, edit.rule);
    return round.approved;
  }

  override sending(pending: Pending): SendOptions {
    pending.abort = new AbortController();
    const { message } = pending;
    const definition = message.call && this.deps.catalogue.find(this.server, message.call.name);
    return {
      signal: pending.abort.signal,
      headers: {
        ...mirrored(message),
        ...(definition && message.call ? paramHeaders(definition.definition, message.call.arguments) : {}),
      },
    };
  }

  override shown(pending: Pending, message: RpcMessage): Buffer {
    if (message.isError) return message.raw;
    if (pending.method === 'server/discover')
      return limitCaching(advertiseListChanged(message.raw), FRESH_MS);
    if (pending.method !== 'tools/list') return message.raw;
    const shown = this.listing.answer(message, pending.cursor, (tool) => this.sees(tool));
    return limitCaching(shown, FRESH_MS);
  }

  #receive(message: RpcMessage, forId: string | undefined, status: number | undefined): void | Promise<void> {
    if (message.kind === 'notification') return routeNotification(this, message, forId);
    if (message.kind === 'request') {
      this.deps.log(
        'warn',
        `${this.server} sent a request (${message.method}), which this revision does not know`,
      );
      return undefined;
    }
    const pending = message.id === undefined ? undefined : this.pending.get(message.id);
    if (pending?.state !== 'sent') {
      if (message.id !== undefined) this.#names.answered(message.id);
      this.deps.log('debug', `${this.server} answered a request that does not wait (id ${message.id})`);
      return undefined;
    }
    if (!message.isError) return answer(this, pending, message, { note: afterwards(this, pending, message) });
    const code = codeOf(message);
    if (code === METHOD_NOT_FOUND && this.#serve(pending)) return undefined;
    // An HTTP server says its own status; one on stdio has none.
    const mapped = status ?? (forId === undefined && code !== undefined ? STATUS[code] : undefined);
    return answer(this, pending, message, { status: mapped });
  }

  /**
   * The server has no subscriptions, but its list of tools changes with the policy: that much is told by the gateway.
   * False when this is not about that.
   */
  #serve(pending: Pending): boolean {
    if (!this.listsTools || !this.subscriptions.takeOver(pending)) return false;
    pending.connection = undefined;
    return true;
  }

  /** The server tears a subscription down (cancellation, behavior requirements). */
  subscriptionCancelled(id: string | undefined): undefined {
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (!pending || !this.subscriptions.has(pending)) {
      this.deps.log('warn', `${this.server} cancelled something that is not a subscription`);
      return;
    }
    this.#over(pending, 'ok', null);
  }

  notifyToolsChanged(): void {
    this.subscriptions.toolsChanged();
  }

  override conclude(pending: Pending, raw: Buffer, status?: number): Promise<void> | undefined {
    this.subscriptions.delete(pending);
    return super.conclude(pending, raw, status);
  }

  /** A subscription that was open just ends: its client opens another one. */
  override fail(
    pending: Pending,
    why: string,
    how: { signIn?: boolean; status: OutcomeRecord['status'] },
  ): void {
    if (this.subscriptions.get(pending)?.acknowledged) this.#over(pending, how.status, why);
    else super.fail(pending, why, how);
  }

  /** Ends the stream of a request without an answer. */
  #over(pending: Pending, status: OutcomeRecord['status'], error: string | null): void {
    this.pending.delete(pending.id);
    this.subscriptions.delete(pending);
    pending.reply.silent();
    this.finish(pending, { status, resultDigest: null, resultBytes: null, error });
  }

  /** The client closed the stream of this request: it cancels it (cancellation, transport-specific). */
  hungUp(pending: Pending): void {
    if (this.pending.get(pending.id) !== pending) return;
    const { connection } = pending;
    const sent = this.withdraw(pending, 'The client hung up.');
    this.subscriptions.delete(pending);
    pending.reply.silent();
    if (!sent || !connection) return;
    pending.abort?.abort();
    this.#names.cancelled(pending);
    void pending.sending?.then(() => {
      // A server over HTTP sees its stream close. On stdio the request was handed over for good, and must be told.
      if (!pending.handedOver) this.#names.answered(pending.id);
      else if (this.link.isCurrent(connection)) this.#tellCancelled(pending, connection);
    });
  }

  #tellCancelled(pending: Pending, connection: UpstreamConnection): void {
    connection.send(cancelledMessage(pending.id)).catch((error: unknown) => {
      this.deps.log('debug', `${this.server} could not be told of a cancelled request`, error);
    });
  }

  /** Hands over a notification. @throws UpstreamError */
  async notify(message: RpcMessage): Promise<void> {
    this.touch();
    // Over HTTP a closed stream cancels; an id alone could be that of another client with the same credential.
    if (message.method === 'notifications/cancelled' || message.method === 'notifications/initialized')
      return;
    const connection = await this.link.ready();
    await connection.send(message, { headers: mirrored(message) });
  }

  /** Headers and signs of life that are due; ms of the monotonic clock. */
  tick(now: number): void {
    const { headersMs, keepAliveMs } = this.limits;
    for (const { state, since, reply } of this.pending.values()) {
      // Until the server could answer, its status may still be one of an error.
      const early = state === 'waiting' || (state === 'sent' && now - since < headersMs);
      reply.tick(now, early ? Number.POSITIVE_INFINITY : headersMs, keepAliveMs);
    }
  }

  /** Ends it: what waits is answered, the upstream connection closed. */
  async end(why: string): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    for (const pending of this.subscriptions.open()) {
      this.conclude(pending, own.ended(pending.id));
      this.finish(pending, { status: 'ok', resultDigest: null, resultBytes: null, error: null });
    }
    this.failAll(why);
    await this.link.end();
  }
}

function codeOf(message: RpcMessage): number | undefined {
  const { error } = message.value();
  return isObject(error) && typeof error.code === 'number' ? error.code : undefined;
}
