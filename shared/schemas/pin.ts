import * as z from 'zod';
import { Time } from './common.ts';

/** What a change of a definition does that a person has to look at. */
export const ChangeKind = z.enum([
  /** Hidden characters (bidi, tags, zero-width) in any field: always blocks. */
  'hidden-text',
  /** It now declares less risk than before (annotations, or words that made it a riskier class are gone). */
  'lowers-risk',
  /** Words that speak to the model rather than describe the tool were added. */
  'adds-instructions',
  /** It takes arguments it did not take before. */
  'adds-arguments',
  /** It switches back and forth between definitions. */
  'flip-flop',
]);
export type ChangeKind = z.infer<typeof ChangeKind>;

/** One part of a word diff. Untrusted: plain text only. */
export const DiffPart = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() });
export type DiffPart = z.infer<typeof DiffPart>;

export const DefinitionChange = z.object({
  from: z.string(),
  to: z.string(),
  at: Time,
  /** `blocks`: waits for a person. `passes`: recorded only. */
  direction: z.enum(['blocks', 'passes']),
  kinds: z.array(ChangeKind),
  /** One sentence for each kind: what changed, where, and why it matters. */
  reasons: z.array(z.string()),
  /** Field by field: `description`, `annotations.readOnlyHint`, `inputSchema.properties.path.description`. */
  fields: z.array(z.object({ path: z.string(), parts: z.array(DiffPart) })),
});
export type DefinitionChange = z.infer<typeof DefinitionChange>;

/** How one tool's definition stands against what was seen and reviewed before. */
export const PinView = z.object({
  /**
   * `first-seen`: as in the first listing of its server. `reviewed`: a person accepted it. `new`: appeared later, not
   * reviewed. `passed`: changed harmlessly. `blocked`: may not be called before a person reviews it.
   */
  state: z.enum(['first-seen', 'reviewed', 'new', 'passed', 'blocked']),
  hash: z.string(),
  since: Time,
  /** Definitions seen so far. */
  versions: z.number(),
  /** While blocked: why, in sentences. Else warnings that block nothing. */
  reasons: z.array(z.string()),
});
export type PinView = z.infer<typeof PinView>;

/** One definition a tool had, newest first in lists. */
export const DefinitionVersion = z.object({
  hash: z.string(),
  firstAt: Time,
  lastAt: Time,
  reviewedAt: Time.nullable(),
  /** Against the one before; null for the first. */
  change: DefinitionChange.nullable(),
});
export type DefinitionVersion = z.infer<typeof DefinitionVersion>;

export const PinHistory = z.object({
  pin: PinView,
  /** Against the last definition that a person accepted, or the first one seen: what a review is about. Null when nothing changed. */
  review: DefinitionChange.nullable(),
  versions: z.array(DefinitionVersion),
});
export type PinHistory = z.infer<typeof PinHistory>;
