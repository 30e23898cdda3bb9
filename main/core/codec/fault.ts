import type { CodecFault } from './types.ts';

/** JSON-RPC 2.0, error object. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;

/** Thrown inside the codec; leaves it as a {@link CodecFault}. */
export class Refusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

export function faultOf(error: unknown, id: string | undefined): CodecFault {
  if (error instanceof Refusal) return { code: error.code, message: error.message, id };
  if (error instanceof Error && error.name === 'ScanError') {
    return { code: PARSE_ERROR, message: error.message, id };
  }
  throw error;
}
