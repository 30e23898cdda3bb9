import * as z from 'zod';
import { SCOPE_NAMES } from '../approval-scopes.ts';
import { Risk, Time } from './common.ts';
import { DefinitionChange } from './pin.ts';

export const ApprovalScope = z.enum(SCOPE_NAMES);
export type ApprovalScope = z.infer<typeof ApprovalScope>;

export const ApprovalView = z.object({
  id: z.string(),
  createdAt: Time,
  clientId: z.string(),
  clientName: z.string(),
  server: z.string(),
  tool: z.string(),
  toolTitle: z.string().nullable(),
  risk: Risk,
  definitionHash: z.string(),
  /** The definition was in the server's first listing, or a person has reviewed it. Without that no lasting scope is offered. */
  reviewed: z.boolean(),
  /** How the definition changed since it was last reviewed or approved; null when it did not. */
  change: DefinitionChange.nullable(),
  /** Why it asks, in one sentence, and the rule by JSON pointer. */
  why: z.string(),
  rule: z.string(),
  /** Paths into the arguments that the rule looked at, as the policy writes them (`args.to`); none when it asks whatever they are. */
  fields: z.array(z.string()),
  /** The whole arguments as JSON text, indented, numbers as the client wrote them. Untrusted: plain text only. */
  argumentsText: z.string(),
  argumentsDigest: z.string(),
  /** Identical calls waiting behind this one prompt. */
  count: z.number(),
  /** Prompts of this client within the last minute, this one included. */
  perMinute: z.number(),
  /** The client asks so often that pausing it is offered. */
  offerPause: z.boolean(),
  /** `holding`: a caller waits on the line. `pending`: callers were told to call again; Allow makes a ticket. */
  state: z.enum(['holding', 'pending']),
  /** When the caller stops waiting and is answered "approval pending". */
  holdUntil: Time,
  /** When the prompt itself is given up. */
  expiresAt: Time,
  scopes: z.array(ApprovalScope),
});
export type ApprovalView = z.infer<typeof ApprovalView>;

/**
 * What became of a decision: `ran` the waiting calls, or left a `ticket` for the identical retry. `gone`, only when several
 * were answered at once: this one was answered, withdrawn or given up meanwhile, and nothing was decided about it.
 */
export const DecisionResult = z.object({
  id: z.string(),
  outcome: z.enum(['ran', 'ticket', 'denied', 'gone']),
  message: z.string(),
});
export type DecisionResult = z.infer<typeof DecisionResult>;
