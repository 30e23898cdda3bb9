/**
 * What the gateway says to a client, and so to the model behind it: why a call was not run, what a person changed in it, what
 * went wrong. The record of a call repeats the reasons. Texts only; `main/core/gateway` puts them into JSON-RPC.
 */

import { sentence, sentences } from './sentences.ts';

const POLICY = 'This is the policy of the person at this machine, not a failure.';
const DECISION = 'This is their decision, not a failure.';
const NO_USE = 'Trying again will not help.';
const OTHER_ARGUMENTS =
  'The same arguments will be denied again. Other arguments that fit this rule may be allowed: call again with them if they serve the task.';

/** Reasons of decisions that the gateway makes itself: in the record, and beside the answer. One sentence each. */
export const reasons = {
  unrecorded: 'The record of the call could not be written.',
  unlisted: 'The server does not list a tool of this name.',
  unlistable: (server: string, why: string): string =>
    `The tools of ${server} could not be listed, so the call could not be judged: ${why}`,
  overflow: 'Too many calls wait for the person already.',
  refused: 'The person denied it.',
  edited: 'The person changed the arguments.',
  cancelled: 'The client cancelled the call.',
  hungUp: 'The client hung up.',
  givenUp: 'The client gave the call up.',
  policyUnsteady: 'The policy kept changing while the person was asked.',
  waitFailed: 'Drawbridge could not wait for the answer.',
  editUnusable: (why: string): string => `The person's arguments could not be used: ${why}`,
  notTheirTask: 'The task is not known to be one of this client.',
  notJudged: 'Only tool calls are judged; this was forwarded.',
  task: (seq: number | undefined): string =>
    `This concerns the task of ${seq === undefined ? 'a call' : `the call of record ${seq}`}.`,
} as const;

/** What the record of a call says after its reason; each begins with a space. */
export const besideReason = {
  goesOnWith: (seq: number): string => ` It goes on with the call of record ${seq}.`,
  carries: (members: readonly string[]): string =>
    ` Beside its arguments the call carries ${members.join(', ')}.`,
  ranOut: (reason: string, approvalId: string): string =>
    `${sentence(reason)} The client stopped waiting; the question (${approvalId}) stays for the identical call.`,
  edited: (by: string, sentDigest: string, judgedDigest: string): string =>
    ` ${by === 'person' ? 'The person' : by} changed the arguments: those of the client had the digest ${sentDigest}, those it was judged with have ${judgedDigest}.`,
};

/** Answers to calls that were not run. Times in ms since the epoch. */
export const notRun = {
  /** @param byArguments the rule looked at the arguments: a call with others may be allowed */
  denied(tool: string, reason: string, freeAt: number | undefined, now: number, byArguments = false): string {
    const again = freeAt !== undefined ? helpsFrom(freeAt, now) : byArguments ? OTHER_ARGUMENTS : NO_USE;
    return `Drawbridge did not run ${tool}: ${sentence(reason)} ${POLICY} ${again}`;
  },
  /** @param server whose calls are stopped; undefined: all */
  raised: (tool: string, server: string | undefined): string =>
    `Drawbridge did not run ${tool}: the person at this machine stopped all tool calls${server === undefined ? '' : ` to ${server}`}. ${DECISION} Do not call ${server === undefined ? 'tools' : 'its tools'} until they say that you may go on. Say what you were about to do, and continue with what needs no ${server === undefined ? 'tools' : 'tool of it'}.`,
  /** @param freeAt when the pause ends by itself */
  paused(tool: string, freeAt: number | undefined, now: number): string {
    const again =
      freeAt === undefined
        ? 'Calls are judged again when they resume it; until then do not call.'
        : helpsFrom(freeAt, now);
    return `Drawbridge did not run ${tool}: the person at this machine paused this client, and every call it makes is denied. ${DECISION} ${again}`;
  },
  refused(tool: string, message: string | null): string {
    const said = message === null || message === '' ? '' : ` They say: ${sentence(message)}`;
    return `The person at this machine denied this call of ${tool}.${said} ${DECISION} ${NO_USE}`;
  },
  pending: (tool: string, approvalId: string): string =>
    `Drawbridge has not run ${tool} yet: approval pending (${approvalId}); the person has been asked; call again with identical arguments. ${POLICY} Do other work that does not depend on it meanwhile, then repeat the identical call: when they have allowed it, it runs. An approval stays good for 5 minutes and for one call. Do not try to reach the same in another way.`,
  withdrawn: (tool: string, reason: string): string =>
    `Drawbridge did not run ${tool}: the question to the person at this machine was withdrawn. ${sentence(reason)} This is not a failure of the tool. Calling again asks again.`,
  overflow: (tool: string): string =>
    `Drawbridge did not run ${tool}: too many calls wait for the person at this machine already. ${POLICY} Try again when some of them are answered.`,
  unrecorded: (tool: string): string =>
    `Drawbridge did not run ${tool}: its record of the call could not be written, and nothing runs without one. This is not a failure of the tool. The person at this machine finds the cause in Drawbridge (a full disk, mostly); try again then.`,
  /** Exactly what a server says of a tool it does not have (MCP 2025-11-25, tools, error handling). */
  unknown: (tool: string): string => `Unknown tool: ${tool}`,
  /** More input for a task, where the policy asks again since its call was allowed. */
  updateAsks: (tool: string): string =>
    `Drawbridge did not pass on more input for ${tool}: the policy changed since it was allowed, and asks the person at this machine again. Call the tool again.`,
};

/** About calls that run, or are about to. */
export const running = {
  /** While a person is asked; shown as progress. */
  waiting: 'Waiting for the person at this machine to decide.',
  /** In front of the result. @param argumentsText the JSON it ran with */
  edited: (argumentsText: string): string =>
    `The person at this machine changed the arguments of this call before allowing it. It ran with: ${argumentsText}`,
  /** Between that and structured content which has no place for it. */
  asText:
    'The call ran and this is its result. It is marked as an error only because it is not the result of the arguments that you sent:',
  /** Why a call cannot be given other arguments. */
  followsEarlier: (member: string): string =>
    `The call goes on with an earlier one (${member}), whose arguments it must repeat.`,
};

/** Errors in place of an answer of the server. */
export const failed = {
  idTaken: (id: string): string => `The id ${id} belongs to a request that is not answered yet.`,
  tooManyWaiting: (max: number): string => `More than ${max} requests wait already.`,
  unrecorded: 'Drawbridge could not write its record of this request and did not forward it.',
  /** @param why the connection ended, a sentence */
  lost: (why: string, method: string): string =>
    sentences(why, `It had not answered ${method}, which may or may not have been done.`),
  /** @param sent the server has the request */
  abandoned: (method: string, sent: boolean): string =>
    sentences(
      'This client was not connected for too long.',
      sent
        ? `The server had not answered ${method}, which may or may not have been done.`
        : `${method} was not sent.`,
    ),
  answerNotKept:
    'The answer came while this client was not connected, and was too large or came too long ago to be kept. What was asked may have been done.',
  unknownTask: (id: string): string => `Unknown task: ${id}`,
  missingCapability: 'Missing required client capability',
  tooManySessions: 'Too many sessions are open. Close one and try again.',
};

/** Why a session, or the client's requests to a server, ended: what waited is answered with it. */
export const ended = {
  notAccepted: 'The server did not accept the session.',
  byClient: 'The client ended the session.',
  beforeBegun: 'The client closed the connection before the server answered initialize.',
  clientGone: 'The client is gone.',
  idle: 'The session was not used for long.',
  idleModern: 'It was not used for long.',
  madeRoom: 'Too many sessions are open, and this one was idle the longest.',
  stopping: 'Drawbridge is stopping.',
  disconnected: 'This client was disconnected from Drawbridge.',
};

/** To a server whose request the client will not answer. */
export const unanswered = {
  notListening: 'The client does not listen.',
  tooMany: 'Too many requests wait for the client.',
};

/** At the address where all servers of a client are joined. */
export const joined = {
  instructions:
    'These are the tools of several MCP servers. The part of a name before the first "__" says which server it belongs to.',
  unknownTool: (name: string): string => `No server lists a tool that is named ${name} here.`,
  unknownPrompt: (name: string): string => `Unknown prompt: ${name}`,
  unknownResource: (uri: string): string => `None of the servers lists the resource ${uri}`,
  unknownMethod: (method: string): string => `Method not found: ${method}`,
  unknownCursor: 'The cursor is not one of this list.',
  /** @param limitMs how long it had */
  slow: (limitMs: number): string => `It did not answer within ${limitMs / 1000} seconds.`,
  noResult: 'The server gave no result.',
  unreadable: 'The answer cannot be read.',
  cancelled: 'The request was cancelled.',
};

/** ISO 8601 in whole seconds, never too early. @param at ms since the epoch */
export function time(at: number): string {
  return `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

function helpsFrom(freeAt: number, now: number): string {
  return `Trying again helps from ${time(freeAt)} on (${wait(freeAt - now)}).`;
}

function wait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return seconds === 1 ? 'in 1 second' : `in ${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
}
