import type { ApprovalOutcome, TicketKey, WaitingCall } from '../../approvals/types.ts';
import { sha256 } from '../../codec/index.ts';
import type { ToolCall } from '../../codec/types.ts';
import type { CallFacts, Verdict } from '../../policy/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import { CallAnswers } from './call-answers.ts';
import type { Conversation } from './conversation.ts';
import { editedCall } from './edited.ts';
import { hold, holdTime } from './hold.ts';
import type { Approved, Pending } from './pending.ts';
import type { Judged } from './records.ts';

/** How often a policy or definition that changes under a waiting prompt makes the call ask again. */
const MAX_ROUNDS = 5;

/** Rules that deny before it is looked at whether the server lists the tool. */
const BEFORE_ANY_TOOL: ReadonlySet<string> = new Set(['mode:raised', 'client:paused']);

/**
 * Judges a tools/call and runs it, or answers why not (policy.md, order of judgement). Everything up to the forwarding
 * happens in one go when nobody has to be asked.
 */
export function startCall(session: Conversation, pending: Pending): void {
  session.listing.whenRead(pending.call.name, (error) => {
    if (session.pending.get(pending.id) !== pending) return;
    const run = new CallRun(session, pending);
    if (error) run.unlistable(error);
    else run.begin();
  });
}

class CallRun implements WaitingCall {
  readonly #session: Conversation;
  readonly #pending: Pending;
  readonly #tool: string;
  readonly #answers: CallAnswers;
  #rounds = 0;

  constructor(session: Conversation, pending: Pending) {
    this.#session = session;
    this.#pending = pending;
    this.#tool = pending.call.name;
    this.#answers = new CallAnswers(session, pending);
  }

  begin(): void {
    this.#decide(this.#session.goesOn(this.#pending));
  }

  unlistable(error: Error): void {
    const verdict = this.#session.deps.policy.judge(this.#facts());
    this.#answers.unlistable(verdict, error);
  }

  /** What the policy says now, while a person is asked. */
  judge(): ReturnType<WaitingCall['judge']> {
    return this.#judged(this.#facts());
  }

  judgeWith(argumentsText: string): ReturnType<WaitingCall['judgeWith']> {
    const edited = editedCall(this.#session, this.#pending, argumentsText);
    if ('why' in edited) return { decision: 'impossible', why: edited.why };
    return this.#judged(this.#facts(edited.call));
  }

  #judged(facts: CallFacts): ReturnType<WaitingCall['judge']> {
    const { decision, rule, reason, policyVersion } = this.#session.deps.policy.judge(facts);
    const definitionHash = facts.definition?.hash ?? '';
    const reviewed = this.#session.deps.pins.reviewed(facts.server, facts.tool, definitionHash);
    return {
      decision,
      rule,
      why: reason + besides(this.#pending),
      definitionHash,
      reviewed,
      policyVersion,
    };
  }

  #decide(approved: Approved | undefined): void {
    const facts = this.#facts();
    const { policy, catalogue } = this.#session.deps;
    const verdict = policy.judge(facts, approved?.decidedNow === true);
    const definition = catalogue.find(facts.server, this.#tool);
    this.#answers.definition = definition;
    if (definition === undefined && !BEFORE_ANY_TOOL.has(verdict.rule)) this.#answers.unknown(verdict, true);
    else if (verdict.decision === 'hide' || !this.#mistaken(verdict)) this.#act(verdict, facts, approved);
  }

  /** Refuses a call that is not as the revision wants it, whatever the policy says. */
  #mistaken(verdict: Verdict): boolean {
    const { definition } = this.#answers;
    const refusal = definition && this.#session.refusal(this.#pending, definition);
    if (!refusal) return false;
    const { rule, why: reason, raw, status } = refusal;
    this.#answers.refuse(verdict, { decision: 'deny', rule, reason }, raw, status);
    return true;
  }

  #act(verdict: Verdict, facts: CallFacts, approved: Approved | undefined): void {
    if (verdict.decision === 'allow') this.#run(verdict, facts, approved);
    else if (verdict.decision === 'ask') {
      if (approved && sameKey(approved.key, this.#key(facts, verdict))) this.#run(verdict, facts, approved);
      else this.#ask(verdict, facts);
    } else if (verdict.decision === 'hide') this.#answers.unknown(verdict, false);
    else this.#answers.denied(verdict);
  }

  #facts(call: ToolCall = this.#pending.call): CallFacts {
    const { client, server, id } = this.#session;
    return {
      clientId: client.id,
      server,
      session: id,
      tool: this.#tool,
      args: call.arguments,
      argsDigest: call.argumentsDigest(),
      definition: this.#session.definition(this.#tool),
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
    // Judged a moment ago, with the loop guard; here any approval answers what is asked.
    const reserved = session.deps.policy.reserve(facts, approved !== undefined);
    if (!reserved.ok) {
      // The last word on limits; what it asks was not asked yet, unless the very same was approved already.
      if (reserved.verdict.decision === 'ask' && approved) this.#answers.denied(reserved.verdict);
      else this.#act(reserved.verdict, facts, approved);
      return;
    }
    pending.reservation = reserved.reservation;
    pending.facts = facts;
    pending.approved = approved;
    const { heldMs } = this.#answers;
    const judged: Judged = approved
      ? { decision: 'approved', approvedBy: approved.by, heldMs, rule: verdict.rule }
      : { decision: 'allow' };
    this.#answers.record(reserved.verdict, judged, (failed) => {
      if (failed) reserved.reservation.release();
      // A call that was cancelled meanwhile is not there any more, and nothing is sent then.
      else session.forward(pending);
    });
  }

  #ask(verdict: Verdict, facts: CallFacts): void {
    const session = this.#session;
    const pending = this.#pending;
    const { approvals, pins } = session.deps;
    const key = this.#key(facts, verdict);
    const grant = approvals.spend(key);
    if (grant) {
      this.#run(verdict, facts, { by: grant.by, key, decidedNow: false });
      return;
    }
    if (++this.#rounds > MAX_ROUNDS) {
      this.#answers.withdrawn(verdict, 'The policy kept changing while the person was asked.');
      return;
    }
    const definition = this.#answers.definition as ToolEntry;
    const held = approvals.ask(
      {
        ...key,
        clientName: session.caller.clientName,
        toolTitle: definition.title,
        risk: definition.risk,
        reviewed: pins.reviewed(key.server, key.tool, key.definitionHash),
        change: pins.change(key.server, key.tool) ?? null,
        why: verdict.reason + besides(pending),
        rule: verdict.rule,
        fields: verdict.fields ?? [],
        argumentsText: pending.call.argumentsText(),
        holdMs: holdTime(session.client.id, pending.message.progressToken !== undefined, session.limits),
      },
      this,
    );
    this.#answers.recorded = (seq) => held.recorded(seq);
    hold(session, pending, held).then(
      ({ outcome, heldMs }) => {
        this.#answers.heldMs = (this.#answers.heldMs ?? 0) + heldMs;
        this.#decided(verdict, key, held.approvalId, outcome);
      },
      (error: Error) => {
        session.deps.log('error', 'waiting for an approval failed', error);
        this.#answers.withdrawn(verdict, 'Drawbridge could not wait for the answer.');
      },
    );
  }

  #decided(verdict: Verdict, key: TicketKey, approvalId: string, outcome: ApprovalOutcome): void {
    const pending = this.#pending;
    const answers = this.#answers;
    if (this.#session.pending.get(pending.id) !== pending) {
      // Cancelled, or the client hung up: whatever the person says now, nothing is run.
      answers.givenUp(
        verdict,
        outcome.kind === 'withdrawn' ? outcome.reason : 'The client gave the call up.',
      );
    } else if (outcome.kind === 'allowed') {
      const { by, policyVersion, argumentsText } = outcome;
      if (argumentsText !== undefined && !this.#change(argumentsText, by, verdict)) return;
      const approved = { by, key: { ...key, policyVersion }, decidedNow: true };
      // What the server says of the tool now may be another thing than what the person looked at.
      this.#session.listing.whenRead(this.#tool, (error) => {
        if (this.#session.pending.get(pending.id) !== pending)
          answers.givenUp(verdict, 'The client gave the call up.');
        else if (error) answers.unlistable(verdict, error);
        else this.#decide(approved);
      });
    } else if (outcome.kind === 'again') this.#decide(undefined);
    else if (outcome.kind === 'withdrawn') answers.withdrawn(verdict, outcome.reason);
    else if (outcome.kind === 'overflow') answers.overflow(verdict);
    else if (outcome.kind === 'denied') answers.refused(verdict, approvalId, outcome.by, outcome.message);
    else answers.pending(verdict, approvalId);
  }

  /** Puts the person's arguments in the place of the client's; what is then judged and forwarded is that. */
  #change(argumentsText: string, by: string, verdict: Verdict): boolean {
    const edited = editedCall(this.#session, this.#pending, argumentsText);
    if ('why' in edited) {
      this.#answers.withdrawn(verdict, `The person's arguments could not be used: ${edited.why}`);
      return false;
    }
    this.#pending.change(edited.message, by, verdict.rule);
    return true;
  }
}

/** What the person who is asked must know beside the arguments. */
function besides({ call }: Pending): string {
  return call.extras.length === 0 ? '' : ` Beside its arguments the call carries ${call.extras.join(', ')}.`;
}

function sameKey(a: TicketKey, b: TicketKey): boolean {
  return a.definitionHash === b.definitionHash && a.policyVersion === b.policyVersion;
}
