import { OFFER_PAUSE_AT } from '../../../shared/limits.ts';
import type { ApprovalScope, ApprovalView } from '../../../shared/schemas/approval.ts';
import type { Clock } from '../ports.ts';
import { type Deadline, deadline } from './deadline.ts';
import { prettyJson } from './pretty.ts';
import { scopesFor } from './scopes.ts';
import type { ApprovalOutcome, ApprovalRequest, WaitingCall } from './types.ts';

/** How long a prompt waits for a person, at least. */
export const PROMPT_MS = 10 * 60_000;
/** A caller that can hold longer than that still leaves this much time for a late answer. */
const AFTER_HOLD_MS = 60_000;

/** A prompt that a person is looking at is not given up within this. */
const ATTENDED_MS = 2 * 60_000;

interface Caller {
  readonly call: WaitingCall;
  readonly hold: Deadline;
  readonly settle: (outcome: ApprovalOutcome) => void;
  readonly stopTimer: () => void;
}

/** One question to the person, with all the identical calls behind it. */
export class Prompt {
  readonly id: string;
  readonly createdAt: number;
  readonly scopes: readonly ApprovalScope[];
  /** Set while a rule is being written: nothing else may decide it meanwhile. */
  deciding = false;
  /** Cancels the timer that ends this prompt. */
  stopTimer: () => void = () => undefined;
  /** How many calls asked in all; one that comes back because it was told to is not one more. */
  asked = 0;
  readonly #clock: Clock;
  readonly #began: number;
  readonly #holding = new Set<Caller>();
  /** Callers that were told to call again and have not yet. */
  #told = 0;
  #end: Deadline;
  #holdUntil = 0;
  #text: string | undefined;
  #request: ApprovalRequest;
  #newest: WaitingCall;

  constructor(clock: Clock, id: string, request: ApprovalRequest, call: WaitingCall) {
    this.#clock = clock;
    this.id = id;
    this.#request = request;
    this.#newest = call;
    this.createdAt = clock.now();
    this.#began = clock.monotonic();
    this.scopes = scopesFor(request);
    this.#end = deadline(clock, PROMPT_MS);
  }

  get request(): ApprovalRequest {
    return this.#request;
  }
  get holding(): number {
    return this.#holding.size;
  }
  get told(): number {
    return this.#told;
  }
  /** When the prompt is given up, ms since the epoch. */
  get endsAt(): number {
    return this.#end.at;
  }
  get expired(): boolean {
    return this.#end.passed();
  }
  /** How long it has stood, ms; by the monotonic clock. */
  get age(): number {
    return this.#clock.monotonic() - this.#began;
  }
  /** The calls on the line, or the last one that was. */
  get calls(): readonly WaitingCall[] {
    return this.#holding.size > 0 ? [...this.#holding].map(({ call }) => call) : [this.#newest];
  }

  /** A person is looking at it: it stays for {@link ATTENDED_MS} at least. What its callers were told does not change. */
  attend(): void {
    const left = this.#end.at - this.#clock.now();
    if (left < ATTENDED_MS) this.#end = deadline(this.#clock, ATTENDED_MS);
  }

  /** The same question stands under another version of the policy: from now on that is what is answered. */
  rebind(policyVersion: string): void {
    this.#request = { ...this.#request, policyVersion };
  }

  /** Puts one more identical call behind the question. `changed` is called when its hold is over. */
  join(
    call: WaitingCall,
    holdMs: number,
    changed: () => void,
  ): { outcome: Promise<ApprovalOutcome>; leave: (reason: string) => boolean; tell: () => boolean } {
    const { promise, resolve } = Promise.withResolvers<ApprovalOutcome>();
    // A caller that was told to call again has come back: it is not one more call.
    if (this.#told > 0) this.#told -= 1;
    else this.asked += 1;
    this.#newest = call;
    const hold = deadline(this.#clock, holdMs);
    const caller: Caller = {
      call,
      hold,
      settle: resolve,
      stopTimer: this.#clock.after(holdMs, () => {
        if (this.#tell(caller)) changed();
      }),
    };
    // Those that were told to call again do not hold any more.
    this.#holdUntil = this.#holding.size > 0 ? Math.max(this.#holdUntil, hold.at) : hold.at;
    this.#holding.add(caller);
    this.#end = deadline(
      this.#clock,
      Math.max(this.#end.at - this.#clock.now(), PROMPT_MS, holdMs + AFTER_HOLD_MS),
    );
    return {
      outcome: promise,
      tell: () => this.#tell(caller),
      leave: (reason) => {
        if (!this.#holding.delete(caller)) return false;
        caller.stopTimer();
        caller.settle({ kind: 'withdrawn', reason });
        return true;
      },
    };
  }

  /** Tells callers whose hold is over by the clock, though their timer has not run yet (the machine slept). */
  sweep(): boolean {
    let any = false;
    for (const caller of this.#holding) if (caller.hold.passed()) any = this.#tell(caller) || any;
    return any;
  }

  /** Answers everybody who still holds; gives how many. */
  settleAll(outcome: ApprovalOutcome): number {
    const callers = [...this.#holding];
    this.#holding.clear();
    for (const caller of callers) {
      caller.stopTimer();
      caller.settle(outcome);
    }
    return callers.length;
  }

  /** @param perMinute prompts of this client within the last minute */
  view(perMinute: number): ApprovalView {
    const request = this.#request;
    this.#text ??= prettyJson(request.argumentsText);
    return {
      id: this.id,
      createdAt: this.createdAt,
      clientId: request.clientId,
      clientName: request.clientName,
      server: request.server,
      tool: request.tool,
      toolTitle: request.toolTitle,
      risk: request.risk,
      definitionHash: request.definitionHash,
      reviewed: request.reviewed,
      change: request.change,
      why: request.why,
      rule: request.rule,
      fields: [...request.fields],
      argumentsText: this.#text,
      argumentsDigest: request.argsDigest,
      count: this.holding + this.told,
      perMinute,
      offerPause: perMinute >= OFFER_PAUSE_AT,
      state: this.holding > 0 ? 'holding' : 'pending',
      holdUntil: this.#holdUntil,
      expiresAt: this.#end.at,
      scopes: [...this.scopes],
    };
  }

  #tell(caller: Caller): boolean {
    if (!this.#holding.delete(caller)) return false;
    caller.stopTimer();
    this.#told += 1;
    caller.settle({ kind: 'pending' });
    return true;
  }
}
