import { isObject } from '../../../../shared/base/is-object.ts';
import { failed } from '../../../../shared/text/model.ts';
import type { CallRecord, OutcomeRecord } from '../../audit/types.ts';
import { errorMessage, INVALID_REQUEST } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import type { Reply } from '../streams/reply.ts';
import type { GatewayDeps, GatewayLimits } from '../types.ts';
import { GATEWAY_RULES } from './gateway-rules.ts';
import { notRunResult, type Told } from './not-run.ts';
import { since } from './patience.ts';
import { Pending } from './pending.ts';
import { type Caller, passRecord, taskRecord } from './records.ts';

/** JSON-RPC server error: the upstream is not there, or did not answer. */
export const UPSTREAM_FAILED = -32000;

export interface InFlightOptions {
  /** Names the session or lane in the policy and the audit. */
  readonly id: string;
  readonly client: ClientIdentity;
  readonly server: string;
}

/** How a request ended that got no answer of the server. */
export interface Failure {
  readonly status: OutcomeRecord['status'];
  /** The server wants a person to sign in: a call is told so in its result. */
  readonly signIn?: boolean;
}

/**
 * The requests that a client has under way with a server, each from its arrival to its answer, with its records. It
 * knows nothing of revisions: what an era does with a request is in `EraRules`.
 */
export class InFlight {
  readonly deps: GatewayDeps;
  readonly limits: GatewayLimits;
  readonly caller: Caller;
  /** Results say what type they are (MCP 2026-07-28, overview, result type). */
  readonly modern: boolean;
  /** Requests without an answer, by raw id, in the order they came. */
  readonly byId: ReadonlyMap<string, Pending>;
  readonly #byId = new Map<string, Pending>();

  constructor(deps: GatewayDeps, limits: GatewayLimits, options: InFlightOptions, modern: boolean) {
    this.deps = deps;
    this.limits = limits;
    this.modern = modern;
    this.byId = this.#byId;
    const { id, client, server } = options;
    this.caller = { clientId: client.id, clientName: deps.clientName(client.id), server, session: id };
  }

  /** Takes a request. Undefined when it was refused, because it cannot be told from another one. */
  admit(message: RpcMessage, reply: Reply): Pending | undefined {
    const id = message.id as string;
    const refuse = (why: string): undefined => {
      reply.answer(errorMessage(id, INVALID_REQUEST, why));
    };
    const { maxInFlight } = this.limits;
    if (this.#byId.has(id)) return refuse(failed.idTaken(id));
    if (this.#byId.size >= maxInFlight) return refuse(failed.tooManyWaiting(maxInFlight));
    const pending = new Pending(message, reply, this.deps.clock.monotonic());
    if (message.method === 'tools/list') pending.cursor = cursorOf(message);
    this.#byId.set(id, pending);
    return pending;
  }

  /** Writes the record of a request that is not judged. False when that failed; the request is answered then. */
  record(pending: Pending, instead?: Pick<CallRecord, 'decision' | 'reason'>): boolean {
    if (pending.method === 'ping') return true;
    const { message, task } = pending;
    try {
      const record = task ? taskRecord(this.caller, message, task) : passRecord(this.caller, message);
      pending.seq = this.deps.audit.begin({ ...record, ...instead });
      return true;
    } catch (error) {
      this.deps.log('error', `${pending.method} was refused: its audit record could not be written`, error);
      this.conclude(pending, errorMessage(pending.id, UPSTREAM_FAILED, failed.unrecorded));
      return false;
    }
  }

  /** Answers a request that is not judged without passing it on, and records that. */
  refuse(pending: Pending, raw: Buffer, reason: string, status?: number): void {
    if (!this.record(pending, { decision: 'deny', reason })) return;
    this.conclude(pending, raw, status);
    this.finish(pending, { status: 'not-run', resultDigest: null, resultBytes: null, error: reason });
  }

  /**
   * Gives a request its answer and forgets it. A promise asks to wait with more.
   * @param status HTTP status of an error, where the answer is not a stream
   */
  conclude(pending: Pending, raw: Buffer, status?: number): Promise<void> | undefined {
    const { reply, message } = pending;
    if (message.call && reply.here)
      this.deps.patience?.waited(
        this.caller.clientId,
        message.progressToken !== undefined,
        since(this.deps.clock, pending.came),
      );
    this.#forget(pending);
    return reply.answer(raw, status);
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

  /** The result of a call that the gateway gives instead of the server. */
  notRun(pending: Pending, told: Told): Buffer {
    return notRunResult(pending.id, told, this.modern);
  }

  /** Answers a request for which there will be no answer of the server. */
  fail(pending: Pending, why: string, { status, signIn }: Failure): void {
    const raw =
      signIn && pending.message.call
        ? this.notRun(pending, { text: why, meta: { decision: 'error', ...GATEWAY_RULES.signIn(why) } })
        : errorMessage(pending.id, UPSTREAM_FAILED, why);
    this.conclude(pending, raw);
    this.finish(pending, { status, resultDigest: null, resultBytes: null, error: why });
  }

  /** Ends the stream of a request without an answer. */
  endSilently(pending: Pending, status: OutcomeRecord['status'], error: string | null): void {
    this.#forget(pending);
    pending.reply.silent();
    this.finish(pending, { status, resultDigest: null, resultBytes: null, error });
  }

  /**
   * The client takes a request back. True when the server has it and must hear of that.
   * @param said the reason that the client gave
   */
  withdraw(pending: Pending, why: string, said?: string): boolean {
    this.#forget(pending);
    const sent = pending.state === 'sent';
    if (pending.state === 'held') this.#letGo(pending, why, said);
    else {
      if (!sent) pending.reservation?.release();
      this.finish(pending, { status: 'cancelled', resultDigest: null, resultBytes: null, error: null });
    }
    return sent;
  }

  /** A question stays where its client ran out of patience: the answer is for the identical call that may follow. */
  #letGo(pending: Pending, why: string, said: string | undefined): void {
    const { held, message, came } = pending;
    const { clock, patience } = this.deps;
    const { clientId } = this.caller;
    const takesProgress = message.progressToken !== undefined;
    const afterMs = since(clock, came);
    pending.ranOut = patience?.timedOut({ clientId, takesProgress, afterMs, said }) ?? false;
    if (pending.ranOut) held?.ranOut();
    else held?.withdraw(why);
  }

  /**
   * Answers everything that waits, because there will be no answer of the server.
   * @param fail answers a request that no person is asked about
   */
  failAll(why: string, fail: (pending: Pending, why: string, how: Failure) => void): void {
    for (const pending of [...this.#byId.values()]) this.failOne(pending, why, fail);
  }

  /** The same for one request. */
  failOne(pending: Pending, why: string, fail: (pending: Pending, why: string, how: Failure) => void): void {
    if (pending.state === 'held') {
      this.#forget(pending);
      pending.held?.withdraw(why);
      pending.reply.answer(errorMessage(pending.id, UPSTREAM_FAILED, why));
    } else {
      if (pending.state === 'waiting') pending.reservation?.release();
      fail(pending, why, { status: pending.state === 'sent' ? 'lost' : 'not-run' });
    }
  }

  #forget(pending: Pending): void {
    pending.over = true;
    if (this.#byId.get(pending.id) === pending) this.#byId.delete(pending.id);
  }
}

function cursorOf(message: RpcMessage): string | undefined {
  const { params } = message.value();
  return isObject(params) && typeof params.cursor === 'string' ? params.cursor : undefined;
}
