import * as z from 'zod';
import { Decision } from './audit.ts';
import { Time } from './common.ts';

const Judged = z.object({ decision: Decision, rule: z.string(), reason: z.string() });
const Counts = z.object({ allow: z.number(), ask: z.number(), deny: z.number(), hide: z.number() });

/** One recorded call that another policy would have judged otherwise. */
export const SimulatedCall = z.object({
  seq: z.number(),
  at: Time,
  clientId: z.string(),
  clientName: z.string(),
  tool: z.string(),
  /** What the policy in force says of it now, and what the edited one says. */
  before: Judged,
  after: Judged,
  /** Arguments this rests on were redacted when they were recorded, so the judgement may be another. */
  unclear: z.boolean(),
});
export type SimulatedCall = z.infer<typeof SimulatedCall>;

/** A policy tried on recorded history. Nothing was changed. */
export const Simulation = z.object({
  /** Calls that were judged again, and the time they span. */
  calls: z.number(),
  from: Time.nullable(),
  to: Time.nullable(),
  before: Counts,
  after: Counts,
  changed: z.number(),
  unclear: z.number(),
  /** "Of your last 500 calls this would have denied 14, asked 3." */
  sentence: z.string(),
  /** The calls judged otherwise, newest first, at most 200. */
  rows: z.array(SimulatedCall),
});
export type Simulation = z.infer<typeof Simulation>;

/** A foreign policy file read into a document of ours. */
export const ImportedPolicy = z.object({
  /** Null when it could not be read. */
  text: z.string().nullable(),
  problems: z.array(z.object({ path: z.string(), message: z.string(), suggestion: z.string().nullable() })),
  /** What was changed on the way, and why; empty when it was a document of ours already. */
  changes: z.array(z.object({ path: z.string(), message: z.string() })),
  sentences: z.array(z.string()),
});
export type ImportedPolicy = z.infer<typeof ImportedPolicy>;
