import * as z from 'zod';
import { Category, Severity, Time } from './common.ts';

export const Decision = z.enum([
  'allow',
  'deny',
  'hide',
  /** Only as what enforcing would have done. */
  'ask',
  'approved',
  'refused',
  'pending',
  'withdrawn',
  'pass',
]);
export type Decision = z.infer<typeof Decision>;
export const CallStatus = z.enum(['running', 'ok', 'tool-error', 'error', 'not-run', 'cancelled', 'lost']);
export type CallStatus = z.infer<typeof CallStatus>;

/** One line of the activity list. */
export const ActivityRow = z.object({
  seq: z.number(),
  at: Time,
  clientId: z.string(),
  clientName: z.string(),
  server: z.string(),
  /** `tools/call`, or another forwarded method. */
  method: z.string(),
  tool: z.string().nullable(),
  category: Category.nullable(),
  severity: Severity.nullable(),
  decision: Decision,
  /** Under observe or bypass: what enforcing would have done. */
  would: Decision.nullable(),
  rule: z.string(),
  reason: z.string(),
  status: CallStatus,
  durationMs: z.number().nullable(),
  heldMs: z.number().nullable(),
  resultBytes: z.number().nullable(),
  error: z.string().nullable(),
});
export type ActivityRow = z.infer<typeof ActivityRow>;

export const ActivityDetail = ActivityRow.extend({
  session: z.string(),
  definitionHash: z.string().nullable(),
  policyVersion: z.string(),
  argumentsDigest: z.string().nullable(),
  /** Redacted arguments as JSON text. */
  argumentsText: z.string().nullable(),
  approvedBy: z.string().nullable(),
  resultDigest: z.string().nullable(),
});
export type ActivityDetail = z.infer<typeof ActivityDetail>;

export const ActivityQuery = z.strictObject({
  /** Rows before this sequence number, newest first. */
  before: z.number().optional(),
  limit: z.number().int().min(1).max(1000).default(100),
  client: z.string().optional(),
  server: z.string().optional(),
  tool: z.string().optional(),
  decision: Decision.optional(),
  /** What enforcing would have done, where it was only observed or let through. */
  would: Decision.optional(),
  text: z.string().optional(),
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;

export const AuditVerdict = z.object({
  ok: z.boolean(),
  entries: z.number(),
  /** What is wrong first: `edited`, `missing`, `reordered` or `truncated`, and where. */
  fault: z.enum(['edited', 'missing', 'reordered', 'truncated']).nullable(),
  at: z.number().nullable(),
  message: z.string(),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;
