import type { GrantScope } from '../../approval-scopes.ts';
import { grantEffect } from '../approval-scopes.ts';

const identical = (calls: number): string =>
  calls === 1 ? 'The call runs now.' : `${calls} identical calls run now.`;
const NOBODY_WAITS = 'Nobody was waiting on the line any more.';

/** What became of a decision, for the person who made it. */
export const decided = {
  denied: (told: number): string =>
    told > 0 ? 'The call was denied.' : 'Denied. The agent hears of it when it calls again.',
  /** @param ran how many calls run now; none: the caller went away @param grant null: allowed once */
  allowed: (ran: number, grant: GrantScope | null): string => {
    const effect = grant === null ? '' : ` ${grantEffect(grant)}`;
    if (ran > 0) return `${identical(ran)}${effect}`;
    const next =
      grant === null
        ? 'The next identical call within 5 minutes runs, once.'
        : 'The next identical call runs.';
    return `${NOBODY_WAITS} ${next}${effect}`;
  },
  edited: (ran: number): string => `${identical(ran)} It has the arguments you gave it; the agent is told.`,
  always: (ran: number, rule: string): string =>
    `${ran > 0 ? identical(ran) : `${NOBODY_WAITS} The next such call runs.`} A rule now allows it: ${rule}`,
};

/** An answer that cannot be given: why, and what to do instead. */
interface Refusal {
  readonly message: string;
  readonly fix: string;
}

export const notDecided = {
  scope: (message: string, scopes: readonly string[]): Refusal => ({
    message,
    fix: scopes.length > 1 ? `Allow it for: ${scopes.join(', ')}.` : 'Allow it once.',
  }),
  otherArguments: (id: string): Refusal => ({
    message: `The arguments on the screen are not those of the call ${id}. Nothing was decided.`,
    fix: 'Look at the prompt again.',
  }),
  editedOnceOnly: {
    message: 'A call with changed arguments is allowed once only.',
    fix: 'Allow it once.',
  },
  editedUnusable: (fault: string): Refusal => ({
    message: `The changed arguments cannot be used: ${fault} The call is still waiting.`,
    fix: 'Mend them and try again.',
  }),
  editedTooLate: (id: string): Refusal => ({
    message: `Nobody waits on the line for the call ${id} any more, so changed arguments would reach nobody.`,
    fix: 'Deny it with a message that says what to change, or allow it as it is.',
  }),
  editedDenied: (tool: string, why: string): Refusal => ({
    message: `The call of ${tool} with these arguments is not let through: ${why} It is still waiting.`,
    fix: 'Change the arguments, allow it as it is, or deny it.',
  }),
  ruleNotSaved: (tool: string, why: string): Refusal => ({
    message: `The rule for ${tool} could not be saved: ${why} The call is still waiting.`,
    fix: 'Allow it once, or mend the policy file and try again.',
  }),
  ruleDoesNotAllow: (why: string): Refusal => ({
    message: `The rule was saved, but the policy does not let this call through: ${why}`,
    fix: 'If it asks again, answer that prompt.',
  }),
  notOfOneKind: (one: string, other: string): Refusal => ({
    message: `The calls ${one} and ${other} are not of one kind, so one answer cannot stand for both. Nothing was decided.`,
    fix: 'Answer together only calls of one client, server, tool, definition and risk class.',
  }),
  oneByOne: (severity: string, category: string): Refusal => ({
    message: `Calls that are ${severity} and ${category} are allowed one by one. Nothing was decided.`,
    fix: 'Answer each on its own, or deny them together.',
  }),
};

/** Why a scope is not offered. */
export const scopeRefused = {
  grave: (id: string, severity: string, category: string): string =>
    `The call ${id} can only be allowed once, because it is ${severity} and ${category}.`,
  privilege: (id: string, tool: string): string =>
    `The call ${id} can only be allowed once, because ${tool} can change who may do what.`,
  unreviewed: (id: string, tool: string): string =>
    `The call ${id} can only be allowed once, because nobody has reviewed the definition of ${tool} yet.`,
  notOfItsEntry: (tool: string, rule: string, scope: string): string =>
    `No rule for ${tool} alone can end this question, because ${rule} asks. The scope ${scope} is not to be had.`,
};

/** What became of a prompt that is gone, as the end of a sentence about its call. */
export const gone = {
  denied: (by: string): string => `was already denied by ${by}`,
  allowed: (by: string): string => `was already allowed by ${by}`,
  allowedEdited: (by: string): string => `was already allowed by ${by}, with changed arguments`,
  withdrawn: (reason: string): string => `was withdrawn (${reason})`,
  expired: 'expired before anybody answered',
  ruleSaved: '; the rule was saved',
};

/** Why a prompt cannot be answered. */
export const notThere = {
  unknown: (id: string): string => `No call waits under the id ${id}.`,
  gone: (id: string, why: string): string => `The call ${id} ${why}.`,
  beingAnswered: (id: string): string => `The call ${id} is being answered already.`,
};

/** A question that is always answered alike. */
export function alwaysAlike(all: {
  readonly answer: 'allow' | 'deny';
  readonly times: number;
  readonly tool: string;
  readonly clientName: string;
  readonly days: number;
}): string {
  const { answer, times, tool, clientName, days } = all;
  return `You ${answer === 'allow' ? 'allowed' : 'denied'} all ${times} calls of ${tool} from ${clientName} in the last ${days} days.`;
}

/** The reason in the record of a call that waited when the core was killed. @param since as ISO 8601 */
export function interrupted(count: number, since: string): string {
  const calls = count === 1 ? 'this call waited' : `${count} such calls waited`;
  return `Drawbridge ended while ${calls} for a person, at ${since}. Nothing was run.`;
}
