import * as z from 'zod';
import { Risk, Time } from './common.ts';

/** How a prompt ended that was not answered. `expired`: not in time. `gave-up`: the caller cancelled or hung up first. `stopped`: Drawbridge ended meanwhile. */
export const MissedHow = z.enum(['expired', 'gave-up', 'stopped']);
export type MissedHow = z.infer<typeof MissedHow>;

/** A prompt that was not answered while it waited. */
export const MissedCall = z.object({
  id: z.string(),
  /** The audit record of the call; null when there is none. */
  seq: z.number().nullable(),
  at: Time,
  clientId: z.string(),
  clientName: z.string(),
  server: z.string(),
  tool: z.string(),
  risk: Risk,
  why: z.string(),
  rule: z.string(),
  /** Redacted, pretty-printed JSON. Untrusted: plain text only. */
  argumentsText: z.string(),
  /** How many identical calls asked. */
  count: z.number(),
  how: MissedHow,
});
export type MissedCall = z.infer<typeof MissedCall>;

/** A prompt that is always answered the same way should become a rule. */
export const HealthSuggestion = z.object({
  server: z.string(),
  tool: z.string(),
  clientId: z.string(),
  clientName: z.string(),
  answer: z.enum(['allow', 'deny']),
  times: z.number(),
  /** "You allowed all 12 calls of list_issues from Cursor in the last 30 days." */
  sentence: z.string(),
  /** A recorded call to make the rule from. */
  seq: z.number().nullable(),
});
export type HealthSuggestion = z.infer<typeof HealthSuggestion>;

export const ApprovalHealth = z.object({
  days: z.number(),
  prompts: z.number(),
  perDay: z.number(),
  allowed: z.number(),
  denied: z.number(),
  missed: z.number(),
  /** From prompt to answer; null without answers. */
  medianMs: z.number().nullable(),
  /** Answers that came in under two seconds: too fast to have read the prompt. */
  hasty: z.number(),
  byDay: z.array(z.object({ day: z.string(), prompts: z.number() })),
  byTool: z.array(
    z.object({
      server: z.string(),
      tool: z.string(),
      prompts: z.number(),
      allowed: z.number(),
      denied: z.number(),
      missed: z.number(),
    }),
  ),
  suggestions: z.array(HealthSuggestion),
});
export type ApprovalHealth = z.infer<typeof ApprovalHealth>;

/** A client whose calls are all denied until a person lets it go on. */
export const PausedClient = z.object({
  clientId: z.string(),
  clientName: z.string(),
  since: Time,
  /** Null: until a person resumes it. */
  until: Time.nullable(),
});
export type PausedClient = z.infer<typeof PausedClient>;
