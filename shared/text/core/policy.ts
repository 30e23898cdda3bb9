import type { LimitScope, Operator, PolicyWindow } from '../../schemas/policy.ts';

/** What a condition says of its argument, by operator. `v`: the rule's value as JSON, or the members of its list. */
export const operatorWords: Record<Operator, (value: string) => string> = {
  eq: (v) => `is ${v}`,
  neq: (v) => `is not ${v}`,
  in: (v) => `is one of ${v}`,
  not_in: (v) => `is none of ${v}`,
  lt: (v) => `is less than ${v}`,
  lte: (v) => `is at most ${v}`,
  gt: (v) => `is more than ${v}`,
  gte: (v) => `is at least ${v}`,
  regex: (v) => `matches the pattern ${v}`,
  contains: (v) => `contains ${v}`,
  exists: () => 'is given',
  not_exists: () => 'is not given',
  starts_with: (v) => `begins with ${v}`,
  ends_with: (v) => `ends with ${v}`,
  glob: (v) => `looks like ${v}`,
  keys_in: (v) => (v === '' ? 'is empty' : `has no other keys than ${v}`),
};

/** The generated sentence, followed by the words of whoever wrote the rule. */
export function said(sentence: string, message: string | null): string {
  return message === null ? `${sentence}.` : `${sentence}: ${message}`;
}

/** Someone's words without what ends them, so that they can stand within a sentence. */
const within = (message: string): string => message.replace(/[.\s]+$/, '');
const after = (message: string | null): string => (message === null ? '' : `: ${within(message)}`);
const inBrackets = (message: string | null): string => (message === null ? '' : ` (${within(message)})`);

/** What a default says, by its action. */
export const defaultSentences = {
  allow: 'Tools that are not named here are allowed.',
  ask: 'Tools that are not named here need approval.',
  deny: 'Tools that are not named here are denied.',
};

/**
 * What a document does, in sentences (`policy.check`, the list of tools). `conditions` are texts such as
 * `args.amount is more than 500`; `message` is what the author of a rule wrote.
 */
export const explained = {
  forClient: (id: string): string => `For ${id}: `,
  hidden: (pattern: string): string => `${pattern} is hidden.`,
  everyTool: (check: string): string => `Every tool: ${check}.`,
  entryDenied: (name: string, message: string | null): string => `${name} is denied${after(message)}.`,
  entryHidden: (name: string, message: string | null): string => `${name} is hidden${after(message)}.`,
  entry: (name: string, asks: boolean, message: string | null, checks: readonly string[]): string => {
    const what = asks ? `needs approval${after(message)}` : 'is allowed';
    return checks.length === 0 ? `${name} ${what}.` : `${name} ${what}; ${checks.join('; ')}.`;
  },
  exception: (conditions: readonly string[], message: string | null): string =>
    conditions.length === 0
      ? `never asked about here${inBrackets(message)}`
      : `not asked about if ${conditions.join(' and ')}${inBrackets(message)}`,
  rule: (what: 'denied' | 'needs approval', conditions: readonly string[], message: string | null): string =>
    conditions.length === 0
      ? `always ${what}${inBrackets(message)}`
      : `${what} if ${conditions.join(' and ')}${inBrackets(message)}`,
  required: (condition: string): string => `only if ${condition}`,
  limit: (limit: string, thenAsks: boolean): string => limit + (thenAsks ? ', then approval is needed' : ''),
  hiddenBy: (tool: string, pattern: string): string => `${tool} is hidden by "${pattern}".`,
  unnamed: (tool: string, fallback: keyof typeof defaultSentences): string =>
    `${tool} is not named in the policy. ${defaultSentences[fallback]}`,
};

/** Why a call is judged as it is: for the record, for prompts and for agents. Ends without a full stop go into `said`. */
export const reasons = {
  hiddenBy: explained.hiddenBy,
  hidden: (tool: string): string => `${tool} is hidden`,
  denied: (tool: string): string => `${tool} is denied`,
  deniedUnnamed: (tool: string): string => `${tool} is denied, as every tool that the policy does not name.`,
  deniedBy: (tool: string, because: string): string => `${tool} is denied${because}`,
  notRequired: (tool: string, condition: string, doubt: string): string =>
    `${tool} is allowed only if ${condition}${doubt}`,
  doubtInBrackets: (path: string, why: string): string => ` (${path} cannot be judged: ${why})`,
  missingInBrackets: (path: string): string => ` (the call has no ${path})`,
  allowedUnnamed: (tool: string): string =>
    `${tool} is allowed, as every tool that the policy does not name.`,
  allowed: (tool: string, key: string): string => `${tool} is allowed${key === tool ? '' : ` by "${key}"`}.`,
  lifted: (tool: string, conditions: readonly string[]): string =>
    `${tool} is allowed${conditions.length === 0 ? '' : reasons.because(conditions)}`,
  asked: (tool: string, because: string): string => `${tool} needs approval${because}`,
  askedUnnamed: (tool: string): string =>
    `${tool} needs approval, as every tool that the policy does not name.`,
  because: (conditions: readonly string[]): string => ` because ${conditions.join(' and ')}`,
  becauseOfDoubt: (path: string, why: string | undefined): string =>
    ` because ${path} cannot be judged (${why})`,
  uncountable: (tool: string, why: string): string =>
    `${tool} is denied because its limit cannot be counted: ${why}`,
  exceeded: (tool: string, limit: string): string =>
    `${tool} has reached its limit of ${limit.replace(/^at most /, '')}`,
  unlisted: (server: string): string => `${server} does not list a tool of this name.`,
  paused: (clientId: string, withEnd: boolean): string =>
    `${clientId} is paused: every call it makes is denied${withEnd ? ' for now.' : ' until a person resumes it.'}`,
  loop: (tool: string, times: number): string =>
    `The same call of ${tool} with the same arguments was made ${times === 1 ? 'once' : `${times} times`} within a minute, which looks like a loop.`,
  failed: 'The call could not be judged because of an error in Drawbridge; its log says more.',
};

const named = (names: readonly string[]): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');

/** About arguments that a rule looks at and listed tools do not have. */
export const unknownArguments = {
  none: (name: string, has: readonly string[]): string =>
    `No tool that this applies to has an argument ${name}. ${has.length === 0 ? 'They have none.' : `They have: ${named(has)}.`}`,
  some: (name: string, tools: readonly string[]): string =>
    `Every call of ${named(tools)} is denied by this: ${tools.length === 1 ? 'it has' : 'they have'} no argument ${name}.`,
};

/** Why a mode other than `enforce` applies. */
export const modeReasons = {
  raised: 'The bridge is raised: every call is denied.',
  raisedFor: (server: string): string => `The bridge is raised for ${server}: every call to it is denied.`,
  bypass: 'Everything is let through for now; the policy is not enforced.',
  observed: (server: string): string => `The policy of ${server} is observed, not enforced.`,
  recommended: (server: string): string =>
    `${server} has no policy of its own yet; the recommended rules are observed, not enforced.`,
};

const timesOf = (max: number): string => (max === 1 ? 'once' : `${max} times`);

const windowOf = (window: PolicyWindow): string => {
  if (typeof window !== 'number') return window === 'hour' ? 'an hour' : `a ${window}`;
  return window === 1 ? 'a second' : `in ${window} seconds`;
};

/** Who shares a count, as the end of a sentence about a limit. */
const scopeWords: Record<LimitScope, string> = {
  grant: 'for each client',
  session: 'for each session',
  client: 'for each client over all servers',
  server: 'for all clients together',
  global: 'for all clients and servers together',
};

/** `at most 10 times a minute for each client`. @param what what is counted; null: calls */
export function limitWords(limit: {
  readonly max: number;
  readonly window: PolicyWindow;
  readonly scope: LimitScope;
  readonly what: string | null;
}): string {
  const { max, window, scope, what } = limit;
  const amount = what === null ? timesOf(max) : `${max} of ${what}`;
  return `at most ${amount} ${windowOf(window)} ${scopeWords[scope]}`;
}
