import { isObject } from '../../../../shared/base/is-object.ts';
import type { RpcMessage } from '../../codec/types.ts';

/** HTTP status of errors that a stdio server gives without one (MCP 2026-07-28, transports). */
const STATUS: Readonly<Record<number, number>> = {
  [-32601]: 404,
  [-32020]: 400,
  [-32021]: 400,
  [-32022]: 400,
};

/** The JSON-RPC code of an error answer. */
export function codeOf(message: RpcMessage): number | undefined {
  const { error } = message.value();
  return isObject(error) && typeof error.code === 'number' ? error.code : undefined;
}

/** The HTTP status of a JSON-RPC error; undefined where it has none of its own. */
export function statusOf(code: number | undefined): number | undefined {
  return code === undefined ? undefined : STATUS[code];
}
