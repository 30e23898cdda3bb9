import { isObject } from '../../../../shared/base/is-object.ts';
import type { CallRecord, OutcomeRecord } from '../../audit/types.ts';
import { errorMessage, INVALID_REQUEST } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { CallFacts } from '../../policy/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import type { SendOptions, UpstreamConnection, UpstreamError } from '../../upstream/types.ts';
import type { Reply } from '../streams/reply.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';
import type { UpstreamLink } from '../upstream/server-link.ts';
import type { Listing } from '../upstream/tool-listing.ts';
import { type DecisionMeta, notRun } from './answer-texts.ts';
import { startCall } from './call-pipeline.ts';
import { deliver } from './delivery.ts';
import { type Approved, Pending } from './pending.ts';
import { type Caller, passRecord } from './records.ts';

/** JSON-RPC server error: the upstream is not there, or did not answer. */
export const UPSTREAM_FAILED = -32000;

export interface ConversationOptions {
  /** Names it in the policy and the audit. */
  readonly id: string;
  readonly client: ClientIdentity;
  readonly server: string;
}

/** Why a call is not taken, and its answer. */
export interface Refusal {
  readonly rule: string;
  readonly why: string;
  readonly raw: Buffer;
  /** HTTP status. */
  readonly status: number;
}

/**
 * What a client and a server have under way over one upstream connection: requests, from their arrival to their answer.
 * What differs between the eras is left to {@link Session} (legacy) and Lane (modern).
 */
export abstract class Conversation {
  readonly id: string;
  readonly client: ClientIdentity;
  readonly server: string;
  readonly deps: GatewayDeps;
  readonly limits: GatewayLimits;
  readonly caller: Caller;
  abstract readonly link: UpstreamLink;
  abstract readonly listing: Listing;
  /** Results say what type they are (MCP 2026-07-28, overview, result type). */
  abstract readonly modern: boolean;
  /** Requests without an answer, by id, in the order they came. */
  readonly pending = new Map<string, Pending>();
  ended = false;

  constructor(deps: GatewayDeps, limits: GatewayLimits, options: ConversationOptions) {
    this.deps = deps;
    this.limits = limits;
    this.id = options.id;
    this.client = options.client;
    this.server = options.server;
    this.caller = {
      clientId: options.client.id,
      clientName: deps.clientName(options.client.id),
      server: options.server,
      session: options.id,
    };
  }

  /** Takes a request of the client; its answer goes to `reply`. */
  request(message: RpcMessage, reply: Reply): void {
    const pending = this.admit(message, reply);
    if (pending) this.start(pending);
  }

  /** Judges a call; records anything else, and sends it. */
  protected start(pending: Pending): void {
    if (pending.message.call) startCall(this, pending);
    else if (this.record(pending)) this.forward(pending);
  }

  /** Undefined when it was refused, because it cannot be told from another one. */
  protected admit(message: RpcMessage, reply: Reply): Pending | undefined {
    const id = message.id as string;
    const refuse = (why: string): undefined => {
      reply.answer(errorMessage(id, INVALID_REQUEST, why));
    };
    if (this.pending.has(id)) return refuse(`The id ${id} belongs to a request that is not answered yet.`);
    if (this.pending.size >= this.limits.maxInFlight)
      return refuse(`More than ${this.limits.maxInFlight} requests wait already.`);
    const pending = new Pending(message, reply, this.deps.clock.monotonic());
    if (message.method === 'tools/list') pending.cursor = cursorOf(message);
    this.pending.set(id, pending);
    return pending;
  }

  /** Writes the record of a request that is not judged. False when that failed; the request is answered then. */
  protected record(pending: Pending, instead?: Pick<CallRecord, 'decision' | 'reason'>): boolean {
    if (pending.method === 'ping') return true;
    try {
      pending.seq = this.deps.audit.begin({ ...this.recordOf(pending), ...instead });
      return true;
    } catch (error) {
      this.deps.log('error', `${pending.method} was refused: its audit record could not be written`, error);
      const why = 'Drawbridge could not write its record of this request and did not forward it.';
      this.conclude(pending, errorMessage(pending.id, UPSTREAM_FAILED, why));
      return false;
    }
  }

  protected recordOf(pending: Pending): CallRecord {
    return passRecord(this.caller, pending.message);
  }

  /** Answers a request that is not judged without passing it on, and records that. */
  refuse(pending: Pending, raw: Buffer, reason: string, status?: number): void {
    if (!this.record(pending, { decision: 'deny', reason })) return;
    this.conclude(pending, raw, status);
    this.finish(pending, { status: 'not-run', resultDigest: null, resultBytes: null, error: reason });
  }

  /** Sends a request's own bytes to the server. */
  forward(pending: Pending): void {
    deliver(this, pending);
  }

  /** Answers a request for which there will be no answer of the server. */
  fail(pending: Pending, why: string, how: { signIn?: boolean; status: OutcomeRecord['status'] }): void {
    const raw =
      how.signIn && pending.message.call
        ? this.notRun(pending, why, { decision: 'error', rule: 'gateway:signin', reason: why })
        : errorMessage(pending.id, UPSTREAM_FAILED, why);
    this.conclude(pending, raw);
    this.finish(pending, { status: how.status, resultDigest: null, resultBytes: null, error: why });
  }

  /** The result of a call that the gateway gives instead of the server. */
  notRun(pending: Pending, text: string, meta: DecisionMeta): Buffer {
    return notRun(pending.id, text, meta, this.modern);
  }

  /**
   * Gives a request its answer and forgets it.
   * @param status HTTP status of an error, where the answer is not a stream
   */
  conclude(pending: Pending, raw: Buffer, status?: number): Promise<void> | undefined {
    if (this.pending.get(pending.id) === pending) this.pending.delete(pending.id);
    return pending.reply.answer(raw, status);
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

  /** The client takes a request back. True when the server has it and must hear of that. */
  protected withdraw(pending: Pending, why: string): boolean {
    this.pending.delete(pending.id);
    const sent = pending.state === 'sent';
    if (pending.state === 'held') pending.held?.withdraw(why);
    else {
      if (!sent) pending.reservation?.release();
      this.finish(pending, { status: 'cancelled', resultDigest: null, resultBytes: null, error: null });
    }
    return sent;
  }

  /** Answers everything that waits, because there will be no answer of the server. */
  protected failAll(why: string): void {
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
  }

  /** A tool as the policy judges it: with what its definition's history says against it. */
  definition(tool: string): CallFacts['definition'] {
    const entry = this.deps.catalogue.find(this.server, tool);
    const block = entry && this.deps.pins.block(this.server, tool);
    return block ? { hash: entry.hash, risk: entry.risk, block } : entry;
  }

  /** Whether this client is shown the tool. The text of a blocked definition must not reach a model. */
  sees(tool: string): boolean {
    const block = this.deps.pins.block(this.server, tool);
    return this.deps.policy.lists(this.client.id, this.server, tool, block);
  }

  /** What the client gets to see of the server's answer. @throws AmbiguousList when nothing of it can be shown */
  abstract shown(pending: Pending, message: RpcMessage): Buffer;

  /** Why this call cannot be taken, whatever the policy says; known once its tool is. */
  refusal(_pending: Pending, _definition: ToolEntry): Refusal | undefined {
    return undefined;
  }

  /** Who allowed the call that this one goes on with, when it is its next round. */
  goesOn(_pending: Pending): Approved | undefined {
    return undefined;
  }

  /** How a request is handed to the connection; called when it is about to be. */
  sending(_pending: Pending): SendOptions | undefined {
    return undefined;
  }

  /** The upstream lost the session this request was sent in. True when the request can be sent again. */
  sessionLost(_connection: UpstreamConnection, _error: UpstreamError): boolean {
    return false;
  }
}

function cursorOf(message: RpcMessage): string | undefined {
  const { params } = message.value();
  return isObject(params) && typeof params.cursor === 'string' ? params.cursor : undefined;
}
