import { notRun as texts } from '../../../../shared/text/model.ts';
import { errorMessage, INVALID_PARAMS, resultMessage } from '../../codec/index.ts';
import type { JsonObject } from '../../codec/types.ts';

/** Under `_meta` of a result that the gateway gave instead of the server, or to which it added a text. */
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

/** What an answer says of a decision: a text for the model, and the same as data. */
export interface Told {
  readonly text: string;
  readonly meta: DecisionMeta;
}

/**
 * A tool result that says why the call was not run: an agent reads it, and goes on.
 * @param id raw JSON text
 * @param modern results of MCP 2026-07-28 say what type they are
 */
export function notRunResult(id: string, { text, meta }: Told, modern: boolean): Buffer {
  const _meta: JsonObject = { [DECISION_META]: { ...meta } as JsonObject };
  const result: JsonObject = { content: [{ type: 'text', text }], isError: true, _meta };
  return resultMessage(id, modern ? { resultType: 'complete', ...result } : result);
}

/** The error that a server gives for a tool it does not have (MCP 2025-11-25, tools, error handling). @param id raw JSON text */
export function unknownTool(id: string, tool: string): Buffer {
  return errorMessage(id, INVALID_PARAMS, texts.unknown(tool));
}
