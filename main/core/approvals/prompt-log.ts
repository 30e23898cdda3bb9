import type { ApprovalScope } from '../../../shared/schemas/approval.ts';
import type { Risk } from '../../../shared/schemas/common.ts';
import { MissedHow } from '../../../shared/schemas/health.ts';
import type { Prompt } from './prompt.ts';

/** How a prompt ended. `void`: the policy, the definition or a mode took the question away; nobody missed it. */
export type Ended =
  | { readonly how: 'allowed'; readonly scope: ApprovalScope; readonly ms: number }
  | { readonly how: 'denied'; readonly ms: number }
  | { readonly how: MissedHow | 'void' };

/** Whether nobody answered: such a call is listed as missed. */
export function isMissed(how: Ended['how']): how is MissedHow {
  return MissedHow.safeParse(how).success;
}

/** What the queue tells about its prompts, as it happens. Never throws: a prompt does not depend on it. */
export interface PromptLog {
  opened(prompt: Prompt): void;
  /** One more identical call asks. */
  joined(prompt: Prompt): void;
  ended(id: string, end: Ended): void;
  /** The audit record of a call that asked. */
  recorded(id: string, seq: number): void;
}

/** A prompt that stood when the last core ended without saying so. */
export interface Interrupted {
  readonly id: string;
  readonly at: number;
  readonly clientId: string;
  readonly clientName: string;
  readonly server: string;
  readonly tool: string;
  readonly risk: Risk;
  readonly rule: string;
  readonly definitionHash: string;
  readonly policyVersion: string;
  readonly argumentsDigest: string;
  /** Redacted, pretty-printed. */
  readonly argumentsText: string;
  readonly count: number;
}
