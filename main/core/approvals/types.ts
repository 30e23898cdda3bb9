import type { ApprovalScope, ApprovalView, DecisionResult } from '../../../shared/schemas/approval.ts';
import type { Risk } from '../../../shared/schemas/common.ts';
import type { DefinitionChange } from '../../../shared/schemas/pin.ts';
import type { RuleField } from '../../../shared/schemas/rule.ts';

/** What a ticket is bound to: anything else asks again. */
export interface TicketKey {
  readonly clientId: string;
  readonly server: string;
  readonly tool: string;
  readonly argsDigest: string;
  readonly definitionHash: string;
  readonly policyVersion: string;
}
export interface ApprovalRequest extends TicketKey {
  readonly clientName: string;
  readonly toolTitle: string | null;
  readonly risk: Risk;
  /** The definition was in the server's first listing, or a person has reviewed it. */
  readonly reviewed: boolean;
  readonly change: DefinitionChange | null;
  readonly why: string;
  readonly rule: string;
  /** Paths into the arguments that the rule looked at, as the policy writes them (`args.to`). */
  readonly fields: readonly string[];
  /** Raw arguments text as the client sent it. */
  readonly argumentsText: string;
  /** How long the caller can wait on the line, ms. */
  readonly holdMs: number;
}

/** What the policy says of a waiting call now. */
export interface Judged {
  readonly decision: 'allow' | 'ask' | 'deny' | 'hide';
  readonly rule: string;
  /** One sentence, as a prompt shows it. */
  readonly why: string;
  readonly definitionHash: string;
  /** As in the request: a review meanwhile makes it another question. */
  readonly reviewed: boolean;
  readonly policyVersion: string;
}

/** The call behind a prompt, which can be judged again while it waits. Nothing is taken from counters by that. */
export interface WaitingCall {
  judge(): Judged;
  /** The same with other arguments (JSON text of an object); a sentence where the call cannot be changed so. */
  judgeWith(argumentsText: string): Judged | { readonly decision: 'impossible'; readonly why: string };
}

export type ApprovalOutcome =
  | {
      readonly kind: 'allowed';
      readonly by: string;
      readonly scope: ApprovalScope;
      /** The policy that was in force when the person decided. */
      readonly policyVersion: string;
      /** The person allowed the call with these arguments instead (JSON text): it is judged again with them. */
      readonly argumentsText?: string;
    }
  | { readonly kind: 'denied'; readonly by: string; readonly message: string | null }
  /** The hold is over: the caller is told to call again; the prompt stays. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'withdrawn'; readonly reason: string }
  /** Policy or definition changed so that the question is another one, or none: the call is judged from the beginning. */
  | { readonly kind: 'again' }
  /** Too many prompts wait already. */
  | { readonly kind: 'overflow' };

export interface HeldCall {
  readonly approvalId: string;
  readonly outcome: Promise<ApprovalOutcome>;
  /** The caller cancelled or went away: the prompt goes when nobody else waits behind it. */
  withdraw(reason: string): void;
  /** The caller ran out of patience: the prompt stays, as for one that was told to call again. */
  ranOut(): void;
  /** The audit record of this call, once there is one. */
  recorded(seq: number): void;
}

/** A person's answer to one prompt. */
export interface Answer {
  readonly id: string;
  readonly decision: 'allow' | 'deny';
  readonly scope: ApprovalScope;
  /** With `always`: how the rule looks at the arguments. */
  readonly rule?: readonly RuleField[] | undefined;
  /** JSON text of an object. */
  readonly editedArguments?: string | undefined;
  readonly message?: string | undefined;
  /** Digest of what was on the screen. */
  readonly argumentsDigest?: string | undefined;
  readonly by: string;
}

export interface Approvals {
  /** A grant that covers this call already: spends a ticket (single use), or finds a lasting one. Synchronous. */
  spend(key: TicketKey): { readonly by: string; readonly scope: ApprovalScope } | undefined;
  /** Puts the call behind a prompt (identical calls share one). */
  ask(request: ApprovalRequest, call: WaitingCall): HeldCall;
  list(): ApprovalView[];
  /** What a waiting prompt asks about. Throws RpcError `not_found` or `conflict`. */
  request(id: string): ApprovalRequest;
  /** The same; undefined when it does not stand. */
  standing(id: string): ApprovalRequest | undefined;
  /** A person looks at this prompt: it is not given up within the next two minutes. Throws as `request` does. */
  attend(id: string): void;
  decide(answer: Answer): Promise<DecisionResult>;
  /**
   * Answers several prompts of one client, server, tool, definition and risk class, each bound to what was on the screen.
   * Throws RpcError `refused` when they are not of one kind, or may not be allowed together: then nothing is decided.
   */
  decideMany(answers: {
    readonly calls: readonly { readonly id: string; readonly argumentsDigest: string }[];
    readonly decision: 'allow' | 'deny';
    readonly message?: string | undefined;
    readonly by: string;
  }): DecisionResult[];
  onChange(listener: () => void): void;
  /**
   * Policy, mode or a definition changed: judges the waiting calls again. Prompts whose question is the same stay; the callers
   * of the others are judged from the beginning, and prompts that nobody holds any more are withdrawn with `reason`.
   */
  recheck(match: (request: ApprovalRequest) => boolean, reason: string): void;
  /** Takes back the tickets and lasting grants of a client. */
  forgetClient(clientId: string): void;
  /** Withdraws everything (bridge raised, core stopping). Nothing is run. `stopped`: they are listed as missed. */
  withdrawAll(reason: string, how?: 'stopped'): void;
}
