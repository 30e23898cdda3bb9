import type { Verdict } from '../../policy/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import {
  auditFailedText,
  type DecisionMeta,
  deniedText,
  overflowText,
  pausedText,
  pendingText,
  refusedText,
  time,
  unknownTool,
  withdrawnText,
} from './answer-texts.ts';
import type { Conversation } from './conversation.ts';
import type { Pending } from './pending.ts';
import { callRecord, type Judged } from './records.ts';

/** Records one call, and answers it where it is not run. */
export class CallAnswers {
  /** The tool, once it was looked up. */
  definition: ToolEntry | undefined;
  /** How long a person was asked, ms. */
  heldMs: number | null = null;
  /** Told the number of each record that was written. */
  recorded: ((seq: number) => void) | undefined;
  readonly #session: Conversation;
  readonly #pending: Pending;
  readonly #tool: string;

  constructor(session: Conversation, pending: Pending) {
    this.#session = session;
    this.#pending = pending;
    this.#tool = pending.call.name;
  }

  /**
   * Writes the record without which nothing runs, together with those of the other calls that came in this turn of the event
   * loop: a commit is by far the dearest part of a call. A call whose record failed is answered.
   */
  record(verdict: Verdict, judged: Judged, then: (failed: Error | undefined) => void): void {
    const pending = this.#pending;
    const { audit } = this.#session.deps;
    try {
      const record = callRecord(this.#session.caller, pending, this.definition, verdict, judged);
      const seq = audit.beginSoon(record, (failed) => {
        if (failed) this.#unwritten(failed);
        else this.recorded?.(seq);
        then(failed);
      });
      pending.seq = seq;
    } catch (error) {
      this.#unwritten(error as Error);
      then(error as Error);
    }
  }

  /** Writes the record of a call that is not run, at once. False when that failed; the call is answered then. */
  #begin(verdict: Verdict, judged: Judged): boolean {
    const session = this.#session;
    const pending = this.#pending;
    try {
      const record = callRecord(session.caller, pending, this.definition, verdict, judged);
      pending.seq = session.deps.audit.begin(record);
      this.recorded?.(pending.seq);
      return true;
    } catch (error) {
      this.#unwritten(error as Error);
      return false;
    }
  }

  #unwritten(error: Error): void {
    const pending = this.#pending;
    pending.seq = undefined;
    this.#session.deps.log(
      'error',
      `a call of ${this.#tool} was refused: its audit record could not be written`,
      error,
    );
    const reason = 'The record of the call could not be written.';
    this.#session.conclude(
      pending,
      this.#session.notRun(pending, auditFailedText(this.#tool), {
        decision: 'error',
        rule: 'gateway:audit',
        reason,
      }),
    );
  }

  /** Records a call that is not run, then answers it. `raw` is absent when nobody waits for an answer. */
  refuse(verdict: Verdict, judged: Judged, raw: Buffer | undefined, status?: number): void {
    const pending = this.#pending;
    if (!this.#begin(verdict, { heldMs: this.heldMs, ...judged })) return;
    this.#session.finish(pending, {
      status: raw ? 'not-run' : 'cancelled',
      resultDigest: null,
      resultBytes: null,
      error: null,
    });
    if (raw) this.#session.conclude(pending, raw, status);
  }

  #refuseWith(verdict: Verdict, judged: Judged, text: string, meta: DecisionMeta): void {
    this.refuse(verdict, judged, this.#session.notRun(this.#pending, text, meta));
  }

  denied(verdict: Verdict): void {
    const { rule, reason, freeAt } = verdict;
    const now = this.#session.deps.clock.now();
    const text =
      rule === 'client:paused'
        ? pausedText(this.#tool, freeAt, now)
        : deniedText(this.#tool, reason, freeAt, now);
    const meta: DecisionMeta = { decision: 'deny', rule, reason };
    const whole = freeAt === undefined ? meta : { ...meta, freeAt: time(freeAt) };
    this.#refuseWith(verdict, { decision: 'deny' }, text, whole);
  }

  /** Hidden, or not there at all: the client cannot tell which. */
  unknown(verdict: Verdict, unlisted: boolean): void {
    const judged: Judged = unlisted
      ? {
          decision: 'hide',
          rule: 'gateway:unlisted',
          reason: 'The server does not list a tool of this name.',
        }
      : { decision: 'hide' };
    this.refuse(verdict, judged, unknownTool(this.#pending.id, this.#tool));
  }

  /** The list of tools could not be read, so nothing is known about the tool. */
  unlistable(verdict: Verdict, error: Error): void {
    const reason = `The tools of ${this.#session.server} could not be listed, so the call could not be judged: ${error.message}`;
    const rule = 'gateway:unlisted';
    this.#refuseWith(verdict, { decision: 'deny', rule, reason }, reason, {
      decision: 'error',
      rule,
      reason,
    });
  }

  /** Cancelled, or the client hung up, while a person was asked. */
  givenUp(verdict: Verdict, reason: string): void {
    this.refuse(verdict, { decision: 'withdrawn', reason }, undefined);
  }

  withdrawn(verdict: Verdict, reason: string): void {
    const meta: DecisionMeta = { decision: 'withdrawn', rule: verdict.rule, reason };
    this.#refuseWith(verdict, { decision: 'withdrawn', reason }, withdrawnText(this.#tool, reason), meta);
  }

  overflow(verdict: Verdict): void {
    const reason = 'Too many calls wait for the person already.';
    const rule = 'approval:overflow';
    this.#refuseWith(verdict, { decision: 'deny', rule, reason }, overflowText(this.#tool), {
      decision: 'deny',
      rule,
      reason,
    });
  }

  refused(verdict: Verdict, approvalId: string, by: string, message: string | null): void {
    const reason = message ?? 'The person denied it.';
    const meta: DecisionMeta = { decision: 'refused', rule: verdict.rule, reason, approvalId };
    this.#refuseWith(
      verdict,
      { decision: 'refused', approvedBy: by, reason },
      refusedText(this.#tool, message),
      meta,
    );
  }

  pending(verdict: Verdict, approvalId: string): void {
    const { rule, reason } = verdict;
    const meta: DecisionMeta = { decision: 'pending', rule, reason, approvalId };
    this.#refuseWith(verdict, { decision: 'pending' }, pendingText(this.#tool, approvalId), meta);
  }
}
