import { besideReason, reasons } from '../../../../shared/text/model.ts';
import type { ApprovalOutcome, TicketKey, WaitingCall } from '../../approvals/types.ts';
import { sha256 } from '../../codec/index.ts';
import type { CallFacts, Verdict } from '../../policy/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import type { GatewayLimits } from '../types.ts';
import type { Approved } from './approved.ts';
import type { CallRefusals } from './call-refusals.ts';
import type { CallWork } from './call-work.ts';
import { editedCall } from './edited-call.ts';
import { hold, holdTime } from './hold.ts';
import { since } from './patience.ts';
import type { Pending } from './pending.ts';

/** How often a policy or definition that changes under a waiting prompt makes the call ask again. */
const MAX_ROUNDS = 5;
/** However little patience is left, a person gets a moment, ms. */
const SHORTEST_HOLD_MS = 1000;

type Allowed = Extract<ApprovalOutcome, { readonly kind: 'allowed' }>;

/** A question that a person was asked about a call. */
interface Question {
  readonly verdict: Verdict;
  readonly key: TicketKey;
  readonly approvalId: string;
}

/** Holds a call while a person is asked about it (docs/approvals.md), and says how it goes on. */
export class Asking implements WaitingCall {
  readonly #work: CallWork;
  readonly #refusals: CallRefusals;
  readonly #again: (approved: Approved | undefined) => void;
  #rounds = 0;

  /** @param again judges the call from the beginning, with what the person said of it */
  constructor(work: CallWork, refusals: CallRefusals, again: (approved: Approved | undefined) => void) {
    this.#work = work;
    this.#refusals = refusals;
    this.#again = again;
  }

  ask(verdict: Verdict, key: TicketKey): void {
    const { era, pending } = this.#work;
    const { deps, caller, limits } = era.requests;
    if (++this.#rounds > MAX_ROUNDS) {
      this.#refusals.withdrawn(verdict, reasons.policyUnsteady);
      return;
    }
    const definition = this.#work.definition as ToolEntry;
    const held = deps.approvals.ask(
      {
        ...key,
        clientName: caller.clientName,
        toolTitle: definition.title,
        risk: definition.risk,
        reviewed: deps.pins.reviewed(key.server, key.tool, key.definitionHash),
        change: deps.pins.change(key.server, key.tool) ?? null,
        why: verdict.reason + besides(pending),
        rule: verdict.rule,
        fields: verdict.fields ?? [],
        argumentsText: pending.call.argumentsText(),
        holdMs: this.#holdMs(caller.clientId, limits),
      },
      this,
    );
    this.#work.recorded = (seq) => held.recorded(seq);
    hold(era, pending, held).then(
      ({ outcome, heldMs }) => {
        this.#work.heldMs = (this.#work.heldMs ?? 0) + heldMs;
        this.#decided({ verdict, key, approvalId: held.approvalId }, outcome);
      },
      (error: Error) => {
        deps.log('error', 'waiting for an approval failed', error);
        this.#refusals.withdrawn(verdict, reasons.waitFailed);
      },
    );
  }

  /** What is left of the client's patience: time before the call was held counts as well. */
  #holdMs(clientId: string, limits: GatewayLimits): number {
    const { pending, era } = this.#work;
    const { clock, patience } = era.requests.deps;
    const whole = holdTime(clientId, pending.message.progressToken !== undefined, limits, patience);
    return Math.max(whole - since(clock, pending.came), Math.min(whole, SHORTEST_HOLD_MS));
  }

  /** What the policy says now, while a person is asked. */
  judge(): ReturnType<WaitingCall['judge']> {
    return this.#judged(this.#work.facts());
  }

  judgeWith(argumentsText: string): ReturnType<WaitingCall['judgeWith']> {
    const edited = this.#edited(argumentsText);
    if ('why' in edited) return { decision: 'impossible', why: edited.why };
    return this.#judged(this.#work.facts(edited.call));
  }

  #judged(facts: CallFacts): ReturnType<WaitingCall['judge']> {
    const { policy, pins } = this.#work.era.requests.deps;
    const { decision, rule, reason, policyVersion } = policy.judge(facts);
    const definitionHash = facts.definition?.hash ?? '';
    const reviewed = pins.reviewed(facts.server, facts.tool, definitionHash);
    const why = reason + besides(this.#work.pending);
    return { decision, rule, why, definitionHash, reviewed, policyVersion };
  }

  #decided(question: Question, outcome: ApprovalOutcome): void {
    const { verdict, approvalId } = question;
    const refusals = this.#refusals;
    if (this.#work.pending.over && outcome.kind === 'pending') refusals.ranOut(verdict, approvalId);
    else if (this.#work.pending.over) {
      // Cancelled, or the client hung up: whatever the person says now, nothing is run.
      refusals.givenUp(verdict, outcome.kind === 'withdrawn' ? outcome.reason : reasons.givenUp);
    } else if (outcome.kind === 'allowed') this.#allowed(question, outcome);
    else if (outcome.kind === 'again') this.#again(undefined);
    else if (outcome.kind === 'withdrawn') refusals.withdrawn(verdict, outcome.reason);
    else if (outcome.kind === 'overflow') refusals.overflow(verdict);
    else if (outcome.kind === 'denied') refusals.refused(verdict, approvalId, outcome.by, outcome.message);
    else refusals.pending(verdict, approvalId);
  }

  #allowed({ verdict, key }: Question, { by, policyVersion, argumentsText }: Allowed): void {
    const { era, pending } = this.#work;
    if (argumentsText !== undefined && !this.#change(argumentsText, by, verdict)) return;
    const approved = { by, key: { ...key, policyVersion }, decidedNow: true };
    // What the server says of the tool now may be another thing than what the person looked at.
    era.listing.whenRead(key.tool, (error) => {
      if (pending.over) this.#refusals.givenUp(verdict, reasons.givenUp);
      else if (error) this.#refusals.unlistable(verdict, error);
      else this.#again(approved);
    });
  }

  /** Puts the person's arguments in the place of the client's; what is then judged and forwarded is that. */
  #change(argumentsText: string, by: string, verdict: Verdict): boolean {
    const edited = this.#edited(argumentsText);
    if ('why' in edited) {
      this.#refusals.withdrawn(verdict, reasons.editUnusable(edited.why));
      return false;
    }
    this.#work.pending.change(edited.message, by, verdict.rule);
    return true;
  }

  #edited(argumentsText: string): ReturnType<typeof editedCall> {
    const { era, pending } = this.#work;
    return editedCall(pending, argumentsText, era.requests.deps.settings.get().maxMessageBytes);
  }
}

/** What the person who is asked must know beside the arguments. */
function besides({ call }: Pending): string {
  return call.extras.length === 0 ? '' : besideReason.carries(call.extras);
}

/**
 * What an approval of a call is bound to. Members of the call beside its arguments count as well: answers to questions, or a
 * state, could make another call of the one a person allowed.
 */
export function ticketKey({ call }: Pending, facts: CallFacts, verdict: Verdict): TicketKey {
  const extras = call.extrasDigest();
  return {
    clientId: facts.clientId,
    server: facts.server,
    tool: facts.tool,
    argsDigest: extras === undefined ? facts.argsDigest : sha256(`${facts.argsDigest} ${extras}`),
    definitionHash: facts.definition?.hash ?? '',
    policyVersion: verdict.policyVersion,
  };
}

/** Whether an approval answers what is asked now, for the same call. */
export function sameQuestion(a: TicketKey, b: TicketKey): boolean {
  return a.definitionHash === b.definitionHash && a.policyVersion === b.policyVersion;
}
