import type { ApprovalOutcome, TicketKey } from '../approvals/types.ts';
import { sha256 } from '../codec/index.ts';
import type { CallFacts, Verdict } from '../policy/types.ts';
import type { ToolEntry } from '../tools/types.ts';
import {
  auditFailedText,
  type DecisionMeta,
  deniedText,
  overflowText,
  pendingText,
  refusedText,
  time,
  unknownTool,
  withdrawnText,
} from './answers.ts';
import type { Conversation } from './conversation.ts';
import { hold, holdTime } from './hold.ts';
import type { Approved, Pending } from './pending.ts';
import { callRecord, type Judged } from './records.ts';

/** How often a policy or definition that changes under a waiting prompt makes the call ask again. */
const MAX_ROUNDS = 5;

/** Rules that deny before it is looked at whether the server lists the tool. */
const BEFORE_ANY_TOOL: ReadonlySet<string> = new Set(['mode:raised', 'client:paused']);

/**
 * Judges a tools/call and runs it, or answers why not (policy.md, order of judgement). Everything up to the forwarding
 * happens in one go when nobody has to be asked.
 */
export function startCall(session: Conversation, pending: Pending): void {
  if (!session.listing.missing(pending.call.name)) {
    new CallRun(session, pending).begin();
    return;
  }
  session.listing.read().then(
    () => {
      if (session.pending.get(pending.id) === pending) new CallRun(session, pending).begin();
    },
    (error: Error) => {
      if (session.pending.get(pending.id) === pending) new CallRun(session, pending).unlistable(error);
    },
  );
}

class CallRun {
  readonly #session: Conversation;
  readonly #pending: Pending;
  readonly #tool: string;
  #definition: ToolEntry | undefined;
  #rounds = 0;
  #heldMs: number | null = null;

  constructor(session: Conversation, pending: Pending) {
    this.#session = session;
    this.#pending = pending;
    this.#tool = pending.call.name;
  }

  begin(): void {
    const session = this.#session;
    this.judge(session.goesOn(this.#pending));
  }

  judge(approved: Approved | undefined): void {
    const facts = this.#facts();
    const verdict = this.#session.deps.policy.judge(facts);
    if (this.#definition === undefined && !BEFORE_ANY_TOOL.has(verdict.rule)) this.#unknown(verdict, true);
    else if (verdict.decision === 'hide' || !this.#mistaken(verdict)) this.#act(verdict, facts, approved);
  }

  /** Refuses a call that is not as the revision wants it, whatever the policy says. */
  #mistaken(verdict: Verdict): boolean {
    const refusal = this.#definition && this.#session.refusal(this.#pending, this.#definition);
    if (!refusal) return false;
    const { rule, why: reason, raw, status } = refusal;
    this.#refuse(verdict, { decision: 'deny', rule, reason }, raw, status);
    return true;
  }

  #act(verdict: Verdict, facts: CallFacts, approved: Approved | undefined): void {
    if (verdict.decision === 'allow') this.#run(verdict, facts, approved);
    else if (verdict.decision === 'ask') {
      if (approved && sameKey(approved.key, this.#key(facts, verdict))) this.#run(verdict, facts, approved);
      else this.#ask(verdict, facts);
    } else if (verdict.decision === 'hide') this.#unknown(verdict, false);
    else this.#deny(verdict);
  }

  #facts(): CallFacts {
    const { client, server, id, deps } = this.#session;
    const { call } = this.#pending;
    this.#definition = deps.catalogue.find(server, this.#tool);
    return {
      clientId: client.id,
      server,
      session: id,
      tool: this.#tool,
      args: call.arguments,
      argsDigest: call.argumentsDigest(),
      definition: this.#definition,
    };
  }

  /**
   * Members of the call beside its arguments count as well: answers to questions, or a state, could make another call of
   * the one a person allowed.
   */
  #key(facts: CallFacts, verdict: Verdict): TicketKey {
    const extras = this.#pending.call.extrasDigest();
    return {
      clientId: facts.clientId,
      server: facts.server,
      tool: facts.tool,
      argsDigest: extras === undefined ? facts.argsDigest : sha256(`${facts.argsDigest} ${extras}`),
      definitionHash: facts.definition?.hash ?? '',
      policyVersion: verdict.policyVersion,
    };
  }

  #run(verdict: Verdict, facts: CallFacts, approved: Approved | undefined): void {
    const session = this.#session;
    const pending = this.#pending;
    const reserved = session.deps.policy.reserve(facts, approved !== undefined);
    if (!reserved.ok) {
      // The last word on limits; what it asks was not asked yet, unless the very same was approved already.
      if (reserved.verdict.decision === 'ask' && approved) this.#deny(reserved.verdict);
      else this.#act(reserved.verdict, facts, approved);
      return;
    }
    pending.reservation = reserved.reservation;
    pending.facts = facts;
    pending.approved = approved;
    const judged: Judged = approved
      ? { decision: 'approved', approvedBy: approved.by, heldMs: this.#heldMs, rule: verdict.rule }
      : { decision: 'allow' };
    this.#record(reserved.verdict, judged, (failed) => {
      if (failed) reserved.reservation.release();
      // A call that was cancelled meanwhile is not there any more, and nothing is sent then.
      else session.forward(pending);
    });
  }

  /**
   * Writes the record without which nothing runs, together with those of the other calls that came in this turn of the event
   * loop: a commit is by far the dearest part of a call. A call whose record failed is answered.
   */
  #record(verdict: Verdict, judged: Judged, then: (failed: Error | undefined) => void): void {
    const pending = this.#pending;
    const { audit } = this.#session.deps;
    try {
      const record = callRecord(this.#session.caller, pending, this.#definition, verdict, judged);
      pending.seq = audit.beginSoon(record, (failed) => {
        if (failed) this.#unwritten(failed);
        then(failed);
      });
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
      pending.seq = session.deps.audit.begin(
        callRecord(session.caller, pending, this.#definition, verdict, judged),
      );
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
  #refuse(verdict: Verdict, judged: Judged, raw: Buffer | undefined, status?: number): void {
    const pending = this.#pending;
    if (!this.#begin(verdict, { heldMs: this.#heldMs, ...judged })) return;
    this.#session.finish(pending, {
      status: raw ? 'not-run' : 'cancelled',
      resultDigest: null,
      resultBytes: null,
      error: null,
    });
    if (raw) this.#session.conclude(pending, raw, status);
  }

  #deny(verdict: Verdict): void {
    const { rule, reason, freeAt } = verdict;
    const text = deniedText(this.#tool, reason, freeAt, this.#session.deps.clock.now());
    const meta: DecisionMeta = { decision: 'deny', rule, reason };
    const whole = freeAt === undefined ? meta : { ...meta, freeAt: time(freeAt) };
    this.#refuse(verdict, { decision: 'deny' }, this.#session.notRun(this.#pending, text, whole));
  }

  /** Hidden, or not there at all: the client cannot tell which. */
  #unknown(verdict: Verdict, unlisted: boolean): void {
    const judged: Judged = unlisted
      ? {
          decision: 'hide',
          rule: 'gateway:unlisted',
          reason: 'The server does not list a tool of this name.',
        }
      : { decision: 'hide' };
    this.#refuse(verdict, judged, unknownTool(this.#pending.id, this.#tool));
  }

  /** The list of tools could not be read, so nothing is known about the tool. */
  unlistable(error: Error): void {
    const { deps } = this.#session;
    const verdict = deps.policy.judge(this.#facts());
    const reason = `The tools of ${this.#session.server} could not be listed, so the call could not be judged: ${error.message}`;
    const meta: DecisionMeta = { decision: 'error', rule: 'gateway:unlisted', reason };
    this.#refuse(
      verdict,
      { decision: 'deny', rule: 'gateway:unlisted', reason },
      this.#session.notRun(this.#pending, reason, meta),
    );
  }

  #ask(verdict: Verdict, facts: CallFacts): void {
    const session = this.#session;
    const { approvals } = session.deps;
    const key = this.#key(facts, verdict);
    const grant = approvals.spend(key);
    if (grant) {
      this.#run(verdict, facts, { by: grant.by, key });
      return;
    }
    if (++this.#rounds > MAX_ROUNDS) {
      this.#withdrawn(verdict, 'The policy kept changing while the person was asked.');
      return;
    }
    const definition = this.#definition as ToolEntry;
    const held = approvals.ask({
      ...key,
      clientName: session.caller.clientName,
      toolTitle: definition.title,
      risk: definition.risk,
      why: verdict.reason + besides(this.#pending),
      rule: verdict.rule,
      argumentsText: this.#pending.call.argumentsText(),
      holdMs: holdTime(session.client.id, this.#pending.message.progressToken !== undefined, session.limits),
    });
    hold(session, this.#pending, held).then(
      ({ outcome, heldMs }) => {
        this.#heldMs = (this.#heldMs ?? 0) + heldMs;
        this.#decided(verdict, key, held.approvalId, outcome);
      },
      (error: Error) => {
        session.deps.log('error', 'waiting for an approval failed', error);
        this.#withdrawn(verdict, 'Drawbridge could not wait for the answer.');
      },
    );
  }

  #decided(verdict: Verdict, key: TicketKey, approvalId: string, outcome: ApprovalOutcome): void {
    const pending = this.#pending;
    if (this.#session.pending.get(pending.id) !== pending) {
      // Cancelled, or the client hung up: whatever the person says now, nothing is run.
      const reason = outcome.kind === 'withdrawn' ? outcome.reason : 'The client gave the call up.';
      this.#refuse(verdict, { decision: 'withdrawn', reason }, undefined);
    } else if (outcome.kind === 'allowed') this.judge({ by: outcome.by, key });
    else if (outcome.kind === 'withdrawn') this.#withdrawn(verdict, outcome.reason);
    else if (outcome.kind === 'overflow') {
      const reason = 'Too many calls wait for the person already.';
      const meta: DecisionMeta = { decision: 'deny', rule: 'approval:overflow', reason };
      this.#refuse(
        verdict,
        { decision: 'deny', rule: meta.rule, reason },
        this.#session.notRun(pending, overflowText(this.#tool), meta),
      );
    } else if (outcome.kind === 'denied') {
      const reason = outcome.message ?? 'The person denied it.';
      const meta: DecisionMeta = { decision: 'refused', rule: verdict.rule, reason, approvalId };
      this.#refuse(
        verdict,
        { decision: 'refused', approvedBy: outcome.by, reason },
        this.#session.notRun(pending, refusedText(this.#tool, outcome.message), meta),
      );
    } else {
      const { rule, reason } = verdict;
      const meta: DecisionMeta = { decision: 'pending', rule, reason, approvalId };
      this.#refuse(
        verdict,
        { decision: 'pending' },
        this.#session.notRun(pending, pendingText(this.#tool, approvalId), meta),
      );
    }
  }

  #withdrawn(verdict: Verdict, reason: string): void {
    const meta: DecisionMeta = { decision: 'withdrawn', rule: verdict.rule, reason };
    this.#refuse(
      verdict,
      { decision: 'withdrawn', reason },
      this.#session.notRun(this.#pending, withdrawnText(this.#tool, reason), meta),
    );
  }
}

/** What the person who is asked must know beside the arguments. */
function besides({ call }: Pending): string {
  return call.extras.length === 0 ? '' : ` Beside its arguments the call carries ${call.extras.join(', ')}.`;
}

function sameKey(a: TicketKey, b: TicketKey): boolean {
  return a.definitionHash === b.definitionHash && a.policyVersion === b.policyVersion;
}
