import * as z from 'zod';
import { HEALTH_DAYS, LONGEST_HEALTH_DAYS, MAX_MISSED_CALLS } from '../limits.ts';
import { ApprovalScope, DecisionResult } from '../schemas/approval.ts';
import { ApprovalHealth, MissedCall } from '../schemas/health.ts';
import { RuleDraft, RuleField } from '../schemas/rule.ts';
import { both, Done, manager } from './roles.ts';

/** Calls about prompts: those that wait, and those that were not answered. */
export const approvalCalls = {
  'approvals.decide': {
    input: z.strictObject({
      id: z.string(),
      decision: z.enum(['allow', 'deny']),
      scope: ApprovalScope.default('once'),
      /** With `always`: the rule to write, as `approvals.draftRule` gave it or as the person changed it. */
      rule: z.array(RuleField).optional(),
      /** Allow with other arguments (JSON text of an object): judged again, and run only if the policy lets them through. */
      editedArguments: z.string().max(1_000_000).optional(),
      message: z.string().max(2000).optional(),
      /** Digest of what was on the screen: a prompt that changed meanwhile is not decided. */
      argumentsDigest: z.string().optional(),
    }),
    output: DecisionResult,
    roles: both,
  },
  /** Answers several waiting calls of one tool and client at once; each is bound to what was on the screen. */
  'approvals.decideMany': {
    input: z.strictObject({
      calls: z
        .array(z.strictObject({ id: z.string(), argumentsDigest: z.string() }))
        .min(1)
        .max(200),
      decision: z.enum(['allow', 'deny']),
      message: z.string().max(2000).optional(),
    }),
    output: z.array(DecisionResult),
    roles: both,
  },
  /** A person is looking at this prompt: it is not given up within the next two minutes. Says nothing to the caller. */
  'approvals.attend': { input: z.strictObject({ id: z.string() }), output: Done, roles: both },
  /** The rule that `always` would write for a waiting call. Changes nothing. */
  'approvals.draftRule': {
    input: z.strictObject({ id: z.string(), fields: z.array(RuleField).optional() }),
    output: RuleDraft,
    roles: both,
  },
  /** Prompts that were not answered, newest first. */
  'approvals.missed': {
    input: z.strictObject({ limit: z.number().int().min(1).max(MAX_MISSED_CALLS).default(100) }),
    output: z.array(MissedCall),
    roles: manager,
  },
  /** Takes one off the list of missed calls, or all. */
  'approvals.dismiss': {
    input: z.strictObject({ id: z.string().optional() }),
    output: Done,
    roles: manager,
  },
  'approvals.health': {
    input: z.strictObject({ days: z.number().int().min(1).max(LONGEST_HEALTH_DAYS).default(HEALTH_DAYS) }),
    output: ApprovalHealth,
    roles: manager,
  },
};
