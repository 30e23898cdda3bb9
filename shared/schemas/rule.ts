import * as z from 'zod';
import { ServerName } from './common.ts';

/** How a rule made from a call looks at one of its arguments. */
export const RuleField = z.strictObject({
  /** `args.to`, `args["a key"]`: a path of the policy language. */
  path: z.string().min(1),
  /** `exactly` this value, a text that `begins` so, or `any` value (also none). */
  use: z.enum(['exactly', 'begins', 'any']),
  /** JSON text of the value, or of the beginning. As in the call when it comes from the core. */
  value: z.string(),
});
export type RuleField = z.infer<typeof RuleField>;

export const RuleEffect = z.enum(['allow', 'ask', 'deny']);
export type RuleEffect = z.infer<typeof RuleEffect>;

/** A rule made from one call, not yet in force: `policy.set` with its `text`, or the decision `always`, saves it. */
export const RuleDraft = z.object({
  server: ServerName,
  tool: z.string(),
  /** Null: for every client. */
  clientId: z.string().nullable(),
  effect: RuleEffect,
  fields: z.array(RuleField),
  /** Paths of `fields` whose value is a text, so that `begins` can be chosen. */
  canBegin: z.array(z.string()),
  /** The rule in words. */
  sentence: z.string(),
  /** Of the last `of` recorded calls of this server, how many this rule speaks of; `unclear` ones had arguments that were redacted. */
  matched: z.number(),
  unclear: z.number(),
  of: z.number(),
  /** The whole document with the rule in it, and what changes against the one in force. */
  text: z.string(),
  diff: z.string(),
  /** Why this rule would not have the effect asked for; it cannot be saved then. */
  refused: z.string().nullable(),
});
export type RuleDraft = z.infer<typeof RuleDraft>;
