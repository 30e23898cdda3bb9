import { errorMessage, INVALID_PARAMS, resultMessage } from '../../codec/index.ts';
import type { JsonObject } from '../../codec/types.ts';

/** Under `_meta` of a result that the gateway gave instead of the server. */
export const DECISION_META = 'drawbridge/decision';

export interface DecisionMeta {
  readonly decision: 'approved' | 'deny' | 'refused' | 'pending' | 'withdrawn' | 'error';
  /** JSON pointer into the policy, or `mode:…`, `gateway:…`, `approval:…`. */
  readonly rule: string;
  readonly reason: string;
  readonly approvalId?: string;
  /** ISO 8601: when a limit has room again. */
  readonly freeAt?: string;
  /** Where the person changed the arguments: digests of those the client sent and of those that ran. */
  readonly sentDigest?: string;
  readonly ranDigest?: string;
}

const POLICY = 'This is the policy of the person at this machine, not a failure.';
const NO_USE = 'Trying again will not help.';

/**
 * A tool result that says why the call was not run: an agent reads it, and goes on.
 * @param modern results of MCP 2026-07-28 say what type they are
 */
export function notRun(id: string, text: string, meta: DecisionMeta, modern: boolean): Buffer {
  const _meta: JsonObject = { [DECISION_META]: { ...meta } as JsonObject };
  const result: JsonObject = { content: [{ type: 'text', text }], isError: true, _meta };
  return resultMessage(id, modern ? { resultType: 'complete', ...result } : result);
}

/** Exactly what a server says of a tool it does not have (MCP 2025-11-25, tools, error handling). */
export function unknownTool(id: string, tool: string): Buffer {
  return errorMessage(id, INVALID_PARAMS, `Unknown tool: ${tool}`);
}

/** @param now ms since the epoch */
export function deniedText(tool: string, reason: string, freeAt: number | undefined, now: number): string {
  const again = freeAt === undefined ? NO_USE : helpsFrom(freeAt, now);
  return `Drawbridge did not run ${tool}: ${sentence(reason)} ${POLICY} ${again}`;
}

/** @param freeAt when the pause ends by itself; @param now ms since the epoch */
export function pausedText(tool: string, freeAt: number | undefined, now: number): string {
  const again =
    freeAt === undefined
      ? 'Calls are judged again when they resume it; until then do not call.'
      : helpsFrom(freeAt, now);
  return `Drawbridge did not run ${tool}: the person at this machine paused this client, and every call it makes is denied. This is their decision, not a failure. ${again}`;
}

function helpsFrom(freeAt: number, now: number): string {
  return `Trying again helps from ${time(freeAt)} on (${wait(freeAt - now)}).`;
}

/** Whole seconds, never too early. */
export function time(at: number): string {
  return `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

function wait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return seconds === 1 ? 'in 1 second' : `in ${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
}

export function refusedText(tool: string, message: string | null): string {
  const said = message === null || message === '' ? '' : ` They say: ${sentence(message)}`;
  return `The person at this machine denied this call of ${tool}.${said} This is their decision, not a failure. ${NO_USE}`;
}

export function pendingText(tool: string, approvalId: string): string {
  return `Drawbridge has not run ${tool} yet: approval pending (${approvalId}); the person has been asked; call again with identical arguments. ${POLICY} An approval stays good for 5 minutes and for one call.`;
}

export function withdrawnText(tool: string, reason: string): string {
  return `Drawbridge did not run ${tool}: the question to the person at this machine was withdrawn. ${sentence(reason)} This is not a failure of the tool. Calling again asks anew.`;
}

export function overflowText(tool: string): string {
  return `Drawbridge did not run ${tool}: too many calls wait for the person at this machine already. ${POLICY} Try again when some of them are answered.`;
}

export function auditFailedText(tool: string): string {
  return `Drawbridge did not run ${tool}: its record of the call could not be written, and nothing runs without one. This is not a failure of the tool. The person at this machine finds the cause in Drawbridge (a full disk, mostly); try again then.`;
}

export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
