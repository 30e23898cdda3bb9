import type { ToolCall } from '../../codec/types.ts';
import type { CallFacts, Verdict } from '../../policy/types.ts';
import type { ToolEntry } from '../../tools/types.ts';
import type { Approved } from './approved.ts';
import { Asking, sameQuestion, ticketKey } from './asking.ts';
import { type Judged, recordSoon } from './call-record.ts';
import { CallRefusals } from './call-refusals.ts';
import type { CallWork } from './call-work.ts';
import { deliver } from './delivery.ts';
import type { EraRules } from './era-rules.ts';
import { POLICY_RULES } from './gateway-rules.ts';
import type { Pending } from './pending.ts';

/** Rules that deny before it is looked at whether the server lists the tool. */
const BEFORE_ANY_TOOL: ReadonlySet<string> = new Set([POLICY_RULES.raised, POLICY_RULES.paused]);

/**
 * What happens to a request that was admitted: a call is judged; anything else is recorded, and sent.
 *
 * A call goes on when the list of tools has been read, in the order of docs/policy.md: is its tool listed, what does the policy
 * say, what does a person say where it asks, what does the policy say now, are there counters left, is the record written.
 * Then its own bytes are sent. When nobody has to be asked, all this but the record happens in one go.
 */
export function start(era: EraRules, pending: Pending): void {
  if (!pending.message.call) {
    if (era.requests.record(pending)) deliver(era, pending);
    return;
  }
  const run = new CallRun(era, pending);
  era.listing.whenRead(pending.call.name, (error) => run.begin(error));
}

class CallRun implements CallWork {
  readonly era: EraRules;
  readonly pending: Pending;
  readonly #tool: string;
  definition: ToolEntry | undefined;
  heldMs: number | null = null;
  recorded: ((seq: number) => void) | undefined;
  #asking: Asking | undefined;

  constructor(era: EraRules, pending: Pending) {
    this.era = era;
    this.pending = pending;
    this.#tool = pending.call.name;
  }

  /** The list of tools has been read, or could not be. */
  begin(error: Error | undefined): void {
    const { era, pending } = this;
    if (pending.over) return;
    if (error) this.#refusals.unlistable(era.requests.deps.policy.judge(this.facts()), error);
    // What carries nothing beside its arguments goes on with no other call.
    else this.#decide(pending.call.extras.length === 0 ? undefined : era.goesOn?.(pending));
  }

  get #refusals(): CallRefusals {
    return new CallRefusals(this);
  }

  facts(call: ToolCall = this.pending.call): CallFacts {
    const { clientId, server, session } = this.era.requests.caller;
    return {
      clientId,
      server,
      session,
      tool: this.#tool,
      args: call.arguments,
      argsDigest: call.argumentsDigest(),
      definition: this.era.listing.judged(this.#tool),
    };
  }

  #decide(approved: Approved | undefined): void {
    const { era, pending } = this;
    const { policy, catalogue } = era.requests.deps;
    const facts = this.facts();
    const verdict = policy.judge(facts, approved?.decidedNow === true);
    const definition = catalogue.find(facts.server, this.#tool);
    this.definition = definition;
    if (definition === undefined && !BEFORE_ANY_TOOL.has(verdict.rule)) {
      this.#refusals.unlisted(verdict);
      return;
    }
    const malformed =
      definition && verdict.decision !== 'hide' ? era.malformed?.(pending, definition) : undefined;
    if (malformed) this.#refusals.malformed(verdict, malformed);
    else this.#act(verdict, facts, approved);
  }

  #act(verdict: Verdict, facts: CallFacts, approved: Approved | undefined): void {
    if (verdict.decision === 'allow') this.#run(verdict, facts, approved);
    else if (verdict.decision === 'ask') {
      const key = ticketKey(this.pending, facts, verdict);
      if (approved && sameQuestion(approved.key, key)) this.#run(verdict, facts, approved);
      else this.#ask(verdict, facts);
    } else if (verdict.decision === 'hide') this.#refusals.hidden(verdict);
    else this.#refusals.denied(verdict);
  }

  #ask(verdict: Verdict, facts: CallFacts): void {
    const key = ticketKey(this.pending, facts, verdict);
    const grant = this.era.requests.deps.approvals.spend(key);
    if (grant) {
      this.#run(verdict, facts, { by: grant.by, key, decidedNow: false });
      return;
    }
    this.#asking ??= new Asking(this, this.#refusals, (approved) => this.#decide(approved));
    this.#asking.ask(verdict, key);
  }

  #run(verdict: Verdict, facts: CallFacts, approved: Approved | undefined): void {
    const { era, pending } = this;
    // Judged a moment ago, with the loop guard; here any approval answers what is asked.
    const reserved = era.requests.deps.policy.reserve(facts, approved !== undefined);
    if (!reserved.ok) {
      // The last word on limits; what it asks was not asked yet, unless the very same was approved already.
      if (reserved.verdict.decision === 'ask' && approved) this.#refusals.denied(reserved.verdict);
      else this.#act(reserved.verdict, facts, approved);
      return;
    }
    pending.reservation = reserved.reservation;
    pending.facts = facts;
    pending.approved = approved;
    const { heldMs } = this;
    const judged: Judged = approved
      ? { decision: 'approved', approvedBy: approved.by, heldMs, rule: verdict.rule }
      : { decision: 'allow' };
    recordSoon(this, reserved.verdict, judged, (failed) => {
      if (failed) reserved.reservation.release();
      // A call that was cancelled meanwhile is over, and nothing is sent then.
      else deliver(era, pending);
    });
  }
}
