import { besideReason, notRun, reasons, time } from '../../../../shared/text/model.ts';
import type { Verdict } from '../../policy/types.ts';
import { type Judged, recordNow } from './call-record.ts';
import type { CallWork } from './call-work.ts';
import type { Malformed } from './era-rules.ts';
import { GATEWAY_RULES, type GatewayRule, POLICY_RULES } from './gateway-rules.ts';
import { type DecisionMeta, unknownTool } from './not-run.ts';

/** Every way in which a call is not run: each records it, then answers it. */
export class CallRefusals {
  readonly #work: CallWork;
  readonly #tool: string;

  constructor(work: CallWork) {
    this.#work = work;
    this.#tool = work.pending.call.name;
  }

  /** The policy denies it. */
  denied(verdict: Verdict): void {
    const { rule, reason, freeAt } = verdict;
    const now = this.#work.era.requests.deps.clock.now();
    const text =
      rule === POLICY_RULES.paused
        ? notRun.paused(this.#tool, freeAt, now)
        : rule === POLICY_RULES.raised
          ? notRun.raised(this.#tool, this.#raisedServer())
          : notRun.denied(this.#tool, reason, freeAt, now, verdict.byArguments);
    const meta: DecisionMeta = { decision: 'deny', rule, reason };
    const whole = freeAt === undefined ? meta : { ...meta, freeAt: time(freeAt) };
    this.#tell(verdict, { decision: 'deny' }, text, whole);
  }

  /** The server whose calls are stopped, where those to others are not. */
  #raisedServer(): string | undefined {
    const { deps, caller } = this.#work.era.requests;
    return deps.settings.get().mode.mode === 'raised' ? undefined : caller.server;
  }

  /** The policy hides its tool. */
  hidden(verdict: Verdict): void {
    this.#refuse(verdict, { decision: 'hide' }, unknownTool(this.#work.pending.id, this.#tool));
  }

  /** Its tool is not there; the client cannot tell that from a hidden one. */
  unlisted(verdict: Verdict): void {
    const judged: Judged = { decision: 'hide', ...GATEWAY_RULES.unlisted };
    this.#refuse(verdict, judged, unknownTool(this.#work.pending.id, this.#tool));
  }

  /** The list of tools could not be read, so that nothing is known about its tool. */
  unlistable(verdict: Verdict, error: Error): void {
    const { server } = this.#work.era.requests.caller;
    const rule = GATEWAY_RULES.unlistable(server, error.message);
    this.#tell(verdict, { decision: 'deny', ...rule }, rule.reason, { decision: 'error', ...rule });
  }

  /** It is not as its revision wants it, whatever the policy says. */
  malformed(verdict: Verdict, { rule, reason, raw, status }: Malformed): void {
    this.#refuse(verdict, { decision: 'deny', rule, reason }, raw, status);
  }

  /** Cancelled, or the client hung up, while a person was asked: there is nobody to answer. */
  givenUp(verdict: Verdict, reason: string): void {
    this.#refuse(verdict, { decision: 'withdrawn', reason }, undefined);
  }

  /** The question to the person was withdrawn. */
  withdrawn(verdict: Verdict, reason: string): void {
    const meta: DecisionMeta = { decision: 'withdrawn', rule: verdict.rule, reason };
    this.#tell(verdict, { decision: 'withdrawn', reason }, notRun.withdrawn(this.#tool, reason), meta);
  }

  /** The client's patience ended while a person was asked, whose answer still counts for the identical call. */
  ranOut(verdict: Verdict, approvalId: string): void {
    const reason = besideReason.ranOut(verdict.reason, approvalId);
    this.#refuse(verdict, { decision: 'pending', reason }, undefined);
  }

  /** Too many calls wait for a person. */
  overflow(verdict: Verdict): void {
    const rule: GatewayRule = GATEWAY_RULES.overflow;
    const text = notRun.overflow(this.#tool);
    this.#tell(verdict, { decision: 'deny', ...rule }, text, { decision: 'deny', ...rule });
  }

  /** A person denied it. @param message what the person says to that, or null */
  refused(verdict: Verdict, approvalId: string, by: string, message: string | null): void {
    const reason = message ?? reasons.refused;
    const meta: DecisionMeta = { decision: 'refused', rule: verdict.rule, reason, approvalId };
    const judged: Judged = { decision: 'refused', approvedBy: by, reason };
    this.#tell(verdict, judged, notRun.refused(this.#tool, message), meta);
  }

  /** The client cannot wait for the person's answer any longer. */
  pending(verdict: Verdict, approvalId: string): void {
    const { rule, reason } = verdict;
    const meta: DecisionMeta = { decision: 'pending', rule, reason, approvalId };
    this.#tell(verdict, { decision: 'pending' }, notRun.pending(this.#tool, approvalId), meta);
  }

  #tell(verdict: Verdict, judged: Judged, text: string, meta: DecisionMeta): void {
    const { era, pending } = this.#work;
    this.#refuse(verdict, judged, era.requests.notRun(pending, { text, meta }));
  }

  /** @param raw absent when nobody waits for an answer */
  #refuse(verdict: Verdict, judged: Judged, raw: Buffer | undefined, status?: number): void {
    const { era, pending, heldMs } = this.#work;
    if (!recordNow(this.#work, verdict, { heldMs, ...judged })) return;
    era.requests.finish(pending, {
      status: raw ? 'not-run' : 'cancelled',
      resultDigest: null,
      resultBytes: null,
      error: null,
    });
    if (raw) era.requests.conclude(pending, raw, status);
  }
}
