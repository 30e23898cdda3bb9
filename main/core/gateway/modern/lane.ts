import { advertiseListChanged, errorMessage, limitCaching, METHOD_NOT_FOUND } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import type { SendOptions, UpstreamConnection } from '../../upstream/types.ts';
import type { Approved } from '../call/approved.ts';
import { start } from '../call/call-pipeline.ts';
import { connectionClosed } from '../call/delivery.ts';
import type { EraRules, Malformed } from '../call/era-rules.ts';
import { GATEWAY_RULES } from '../call/gateway-rules.ts';
import { type Failure, InFlight } from '../call/in-flight.ts';
import { passAnswer } from '../call/pass-answer.ts';
import type { Pending } from '../call/pending.ts';
import { HEADER_MISMATCH } from '../http/http-answers.ts';
import type { SentHeaders } from '../http/sent-headers.ts';
import type { Reply } from '../streams/reply.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';
import { UpstreamLink } from '../upstream/server-link.ts';
import { ToolListing } from '../upstream/tool-listing.ts';
import { Used } from '../used.ts';
import { cancelledMessage } from './cancelling.ts';
import { ClientTasks } from './client-tasks.ts';
import { modernHeaders, ownMeta } from './era.ts';
import { codeOf, statusOf } from './error-status.ts';
import { govern } from './govern.ts';
import type { LaneParts } from './lane-parts.ts';
import { mirrored, requestHeaders } from './mirrored-headers.ts';
import { noteResult } from './note-result.ts';
import { paramFault } from './param-headers.ts';
import { Rounds } from './rounds.ts';
import { routeNotification } from './route-notification.ts';
import { own, Subscriptions } from './subscriptions.ts';
import type { Tasks } from './tasks.ts';
import { WireNames } from './wire-names.ts';

/*
 * A lane and a session (legacy/session.ts) are the same thing in two eras: what one client has with one server. The order of
 * the methods is the same in both files.
 */

/** How long clients may keep what the policy filters, ms. */
const FRESH_MS = 5000;

export interface LaneOptions {
  readonly client: ClientIdentity;
  readonly server: string;
  /** Of all lanes. */
  readonly tasks: Tasks;
}

/**
 * Everything one client has under way with one server in a revision without sessions (MCP 2026-07-28): one upstream
 * connection, whose requests stand for themselves. What the policy and approvals count by session is counted by it, and so
 * by the client's credential, whatever a request says about its sender. In revisions with sessions this is a `Session`
 * (`legacy/session.ts`).
 */
export class Lane extends Used implements EraRules, LaneParts {
  readonly id: string;
  readonly client: ClientIdentity;
  readonly server: string;
  readonly requests: InFlight;
  readonly link: UpstreamLink;
  readonly listing: ToolListing;
  readonly tasks: ClientTasks;
  readonly rounds = new Rounds();
  readonly subscriptions: Subscriptions;
  readonly #deps: GatewayDeps;
  readonly #names: WireNames;
  #ended = false;

  constructor(deps: GatewayDeps, limits: GatewayLimits, { client, server, tasks }: LaneOptions) {
    super(deps.clock);
    this.id = `modern:${client.id}:${server}`;
    this.client = client;
    this.server = server;
    this.#deps = deps;
    this.requests = new InFlight(deps, limits, { id: this.id, client, server }, true);
    this.tasks = new ClientTasks(tasks, this.requests.caller, deps);
    this.subscriptions = new Subscriptions(this.requests);
    const idPrefix = `drawbridge-${deps.randomBytes(9).toString('base64url')}-`;
    this.#names = new WireNames(idPrefix, this.requests);
    this.link = new UpstreamLink({
      server,
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
    this.listing = new ToolListing(deps, {
      clientId: client.id,
      server,
      ask: (method, params) =>
        this.link.ask(method, { ...params, _meta: ownMeta() }, { headers: modernHeaders(method) }),
    });
  }

  /**
   * Takes a request of the client; gives what {@link hungUp} ends.
   * @param headers as the client sent them
   */
  request(message: RpcMessage, reply: Reply, headers: SentHeaders): Pending | undefined {
    this.touch();
    const named = this.#names.distinct(message, reply);
    const pending = this.requests.admit(named.message, named.reply);
    if (!pending) return undefined;
    pending.headers = headers;
    if (pending.message.call || govern(this, pending)) start(this, pending);
    return pending;
  }

  malformed({ headers, sent, id }: Pending, { definition }: ToolEntry): Malformed | undefined {
    const why = headers && paramFault(definition, sent.arguments, headers);
    if (why === undefined) return undefined;
    return { ...GATEWAY_RULES.headers(why), raw: errorMessage(id, HEADER_MISMATCH, why), status: 400 };
  }

  goesOn(pending: Pending): Approved | undefined {
    const { clock, settings } = this.#deps;
    return this.rounds.resume(pending, clock.monotonic(), settings.get().maxMessageBytes);
  }

  sending(pending: Pending): SendOptions {
    pending.abort = new AbortController();
    const { message } = pending;
    const definition = message.call && this.#deps.catalogue.find(this.server, message.call.name);
    return { signal: pending.abort.signal, headers: requestHeaders(message, definition) };
  }

  /** There are no sessions to lose. */
  sessionLost(): boolean {
    return false;
  }

  #receive(message: RpcMessage, forId: string | undefined, status: number | undefined): void | Promise<void> {
    if (message.kind === 'notification') return routeNotification(this, message, forId);
    if (message.kind === 'request') {
      const what = `${this.server} sent a request (${message.method}), which this revision does not know`;
      this.#deps.log('warn', what);
      return undefined;
    }
    const pending = message.id === undefined ? undefined : this.requests.byId.get(message.id);
    if (pending?.state !== 'sent') {
      if (message.id !== undefined) this.#names.answered(message.id);
      this.#deps.log('debug', `${this.server} answered a request that does not wait (id ${message.id})`);
      return undefined;
    }
    if (!message.isError)
      return passAnswer(this, pending, message, { note: noteResult(this, pending, message) });
    const code = codeOf(message);
    if (code === METHOD_NOT_FOUND && this.#takeOver(pending)) return undefined;
    // An HTTP server says its own status; one on stdio has none.
    return passAnswer(this, pending, message, {
      status: status ?? (forId === undefined ? statusOf(code) : undefined),
    });
  }

  /**
   * The server has no subscriptions, but its list of tools changes with the policy: that much is told by the gateway.
   * False when this is not about that.
   */
  #takeOver(pending: Pending): boolean {
    if (!this.listing.hasTools || !this.subscriptions.takeOver(pending)) return false;
    pending.connection = undefined;
    return true;
  }

  shown(pending: Pending, message: RpcMessage): Buffer {
    if (message.isError) return message.raw;
    if (pending.method === 'server/discover')
      return limitCaching(advertiseListChanged(message.raw), FRESH_MS);
    if (pending.method !== 'tools/list') return message.raw;
    return limitCaching(this.listing.answer(message, pending.cursor), FRESH_MS);
  }

  /** A subscription that was open just ends: its client opens another one. */
  fail(pending: Pending, why: string, how: Failure): void {
    if (this.subscriptions.get(pending)?.acknowledged) this.requests.endSilently(pending, how.status, why);
    else this.requests.fail(pending, why, how);
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

  /** The client closed the stream of this request: it cancels it (cancellation, transport-specific). */
  hungUp(pending: Pending): void {
    if (pending.over) return;
    this.left = true;
    const { connection } = pending;
    const sent = this.requests.withdraw(pending, GATEWAY_RULES.hungUp.reason);
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
      this.#deps.log('debug', `${this.server} could not be told of a cancelled request`, error);
    });
  }

  /** The policy changed what the client sees. */
  notifyToolsChanged(): void {
    this.subscriptions.toolsChanged();
  }

  /** Headers and signs of life that are due; ms of the monotonic clock. */
  tick(now: number): void {
    const { headersMs, keepAliveMs } = this.requests.limits;
    for (const pending of [...this.requests.byId.values()]) {
      const { state, since, reply } = pending;
      if (!reply.here) {
        this.hungUp(pending);
        continue;
      }
      // Until the server could answer, its status may still be one of an error.
      const early = state === 'waiting' || (state === 'sent' && now - since < headersMs);
      reply.tick(now, early ? Number.POSITIVE_INFINITY : headersMs, keepAliveMs);
    }
  }

  /** Ends it: what waits is answered, the upstream connection closed. @param why a sentence */
  async end(why: string): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    for (const pending of this.subscriptions.open()) {
      this.requests.conclude(pending, own.ended(pending.id));
      this.requests.finish(pending, { status: 'ok', resultDigest: null, resultBytes: null, error: null });
    }
    this.requests.failAll(why, (...failed) => this.fail(...failed));
    await this.link.end();
  }
}
