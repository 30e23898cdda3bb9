import * as z from 'zod';

/**
 * The policy document of one server, as people write it (docs/policy.md). This checks shapes only: paths, regular
 * expressions and values that must suit their operator are checked by `parsePolicy` in the core, which also says where.
 */
export const Operator = z.enum([
  'eq',
  'neq',
  'in',
  'not_in',
  'lt',
  'lte',
  'gt',
  'gte',
  'regex',
  'contains',
  'exists',
  'not_exists',
  'starts_with',
  'ends_with',
  'glob',
  'keys_in',
]);
export type Operator = z.infer<typeof Operator>;

/** `require_approval` is an alias of `ask`. */
export const PolicyAction = z.enum(['allow', 'ask', 'deny', 'hide', 'require_approval']);
export type PolicyAction = z.infer<typeof PolicyAction>;
export const PolicyDefault = z.enum(['allow', 'ask', 'deny', 'require_approval']);
export type PolicyDefault = z.infer<typeof PolicyDefault>;

export const WindowName = z.enum(['second', 'minute', 'hour', 'day']);
export type WindowName = z.infer<typeof WindowName>;
/** A named window, or a length in whole seconds (at most 31 days). */
export const PolicyWindow = z.union([WindowName, z.int().min(1).max(2_678_400)], {
  error: 'must be "second", "minute", "hour", "day", or a whole number of seconds from 1 to 2678400',
});
export type PolicyWindow = z.infer<typeof PolicyWindow>;

/** Who shares one count: `grant` is one client on one server. */
export const LimitScope = z.enum(['grant', 'session', 'client', 'server', 'global']);
export type LimitScope = z.infer<typeof LimitScope>;

/** What people are told; at most 500 characters. `on_deny` and `reason` mean the same. */
const Sentence = z.string().min(1).max(500);
const Max = z.number().min(0, 'may not be negative').max(1e15, 'may be at most 1000000000000000');

export const PolicyCondition = z.strictObject({
  /** `args.a.b`, `args.list[0]`, `args.list[*]`, `args["a key"]`; `args` itself where the operator judges objects. */
  path: z.string().min(1),
  op: Operator,
  value: z.unknown().optional(),
  on_deny: Sentence.optional(),
  reason: Sentence.optional(),
});
export type PolicyCondition = z.infer<typeof PolicyCondition>;

/** Holds when every condition holds; an empty list always holds. */
export const PolicyRule = z.strictObject({
  name: z.string().optional(),
  conditions: z.array(PolicyCondition),
  on_deny: Sentence.optional(),
  reason: Sentence.optional(),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

export const PolicyLimit = z.strictObject({
  /** Limits with the same counter, window and scope share one count. Left out: a count of this rule's own. */
  counter: z.string().min(1).max(200).optional(),
  window: PolicyWindow,
  max: Max,
  scope: LimitScope.optional(),
  /** Path of a number ≥ 0 in the arguments that is added instead of 1. */
  increment_from: z.string().min(1).optional(),
  /** A fixed number that is added instead of 1. */
  increment: Max.optional(),
  on_exceed: z.enum(['deny', 'ask', 'require_approval']).optional(),
  on_deny: Sentence.optional(),
  reason: Sentence.optional(),
});
export type PolicyLimit = z.infer<typeof PolicyLimit>;

export const RateLimit = z.union(
  [
    z
      .string()
      .regex(
        /^\d{1,9}\/(second|minute|hour|day)$/,
        'must be like "10/minute"; the units are second, minute, hour and day',
      ),
    z.strictObject({ max: z.int().min(0).max(1e9), window: PolicyWindow }),
  ],
  { error: 'must be like "10/minute" or { "max": 10, "window": 60 }' },
);
export type RateLimit = z.infer<typeof RateLimit>;

const checks = {
  require: z.array(PolicyCondition).optional(),
  deny_if: z.array(PolicyRule).optional(),
  ask_if: z.array(PolicyRule).optional(),
  limits: z.array(PolicyLimit).optional(),
  rate_limit: RateLimit.optional(),
};
export const PolicyEntry = z.strictObject({
  action: PolicyAction.optional(),
  reason: Sentence.optional(),
  on_deny: Sentence.optional(),
  ...checks,
  /** When one holds, the questions of this entry (`action: "ask"`, `ask_if`) are not put. Lifts nothing else. */
  allow_if: z.array(PolicyRule).optional(),
});
export type PolicyEntry = z.infer<typeof PolicyEntry>;
export const PolicyAllTools = z.strictObject(checks);
export type PolicyAllTools = z.infer<typeof PolicyAllTools>;

const ToolPattern = z.string().min(1);
const body = {
  default: PolicyDefault.optional(),
  hide: z.array(ToolPattern).optional(),
  all_tools: PolicyAllTools.optional(),
  tools: z.record(ToolPattern, PolicyEntry).optional(),
};
/** What differs for one client: its entries replace the base entry of the same tool; `hide` and `all_tools` are added. */
export const PolicyOverlay = z.strictObject(body);
export type PolicyOverlay = z.infer<typeof PolicyOverlay>;

export const PolicyDocument = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal('1', 'must be "1"'),
  ...body,
  /** By client id (`cursor`, `claude-code`, …). */
  clients: z.record(z.string().min(1), PolicyOverlay).optional(),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;
