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
  /** The first listing of the server, or a person, vouches for the definition. */
  readonly reviewed: boolean;
  readonly change: DefinitionChange | null;
  readonly why: string;
  readonly rule: string;
  /** Raw arguments text as the client sent it. */
  readonly argumentsText: string;
  /** How long the caller can wait on the line, ms. */
  readonly holdMs: number;
}

export type ApprovalOutcome =
  | {
      readonly kind: 'allowed';
      readonly by: string;
      readonly scope: ApprovalScope;
      /** The person allowed the call with these arguments instead (JSON text): it is judged again with them. */
      readonly argumentsText?: string;
    }
  | { readonly kind: 'denied'; readonly by: string; readonly message: string | null }
  /** The hold is over: the caller is told to call again; the prompt stays. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'withdrawn'; readonly reason: string }
  /** Too many prompts wait already. */
  | { readonly kind: 'overflow' };

export interface HeldCall {
  readonly approvalId: string;
  readonly outcome: Promise<ApprovalOutcome>;
  /** The caller cancelled or went away: the prompt goes when nobody else waits behind it. */
  withdraw(reason: string): void;
}

export interface Approvals {
  /** A grant that covers this call already: spends a ticket (single use), or finds a lasting one. Synchronous. */
  spend(key: TicketKey): { readonly by: string; readonly scope: ApprovalScope } | undefined;
  /** Puts the call behind a prompt (identical calls share one). */
  ask(request: ApprovalRequest): HeldCall;
  list(): ApprovalView[];
  /** A person looks at the prompt (`approvals.attend`): its end is put off to at least two minutes from now. No effect on an unknown id. */
  attend(id: string): void;
  decide(input: {
    id: string;
    decision: 'allow' | 'deny';
    scope: ApprovalScope;
    rule?: readonly RuleField[];
    editedArguments?: string;
    message?: string;
    argumentsDigest?: string;
    by: string;
  }): Promise<DecisionResult>;
  onChange(listener: () => void): void;
  /** Policy or definition changed: prompts bound to the old one are withdrawn, their callers answered. */
  invalidate(match: (request: ApprovalRequest) => boolean, reason: string): void;
  /** Withdraws everything (bridge raised, core stopping). Nothing is run. */
  withdrawAll(reason: string): void;
}
