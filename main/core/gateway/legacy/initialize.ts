import { isObject } from '../../../../shared/base/is-object.ts';
import type { RpcMessage } from '../../codec/types.ts';

/** What a client and a server agreed on (MCP 2025-11-25, lifecycle, initialization). */
export interface Agreed {
  readonly protocolVersion: string;
  /** Name and version the client gives itself; empty when it gives none. */
  readonly software: string;
  /** The server has tools. */
  readonly hasTools: boolean;
}

/** Reads it from initialize and its answer. Undefined when the answer is no result of initialize. */
export function agreedIn(initialize: RpcMessage, answer: RpcMessage): Agreed | undefined {
  const { result } = answer.value();
  if (!isObject(result) || typeof result.protocolVersion !== 'string') return undefined;
  const { protocolVersion, capabilities } = result;
  const hasTools = isObject(capabilities) && isObject(capabilities.tools);
  return { protocolVersion, software: softwareOf(initialize), hasTools };
}

/** Name and version the client gives itself in initialize; empty when it gives none. */
export function softwareOf(initialize: RpcMessage): string {
  const { params } = initialize.value();
  const info = isObject(params) && isObject(params.clientInfo) ? params.clientInfo : undefined;
  return info ? `${String(info.name)} ${String(info.version)}`.slice(0, 200) : '';
}

/** The revision the client asks for in initialize. */
export function wantedVersion(initialize: RpcMessage): string | undefined {
  const { params } = initialize.value();
  return isObject(params) && typeof params.protocolVersion === 'string' ? params.protocolVersion : undefined;
}
