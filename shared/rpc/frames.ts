/**
 * The frames of the contract: what travels, as JSON text, over any carrier between a user interface (or the command
 * line) and the core. Seven kinds: call, cancel, ok, err, open, close, event.
 */
export type Frame =
  | { t: 'call'; id: number; name: string; input: unknown }
  | { t: 'cancel'; id: number }
  | { t: 'ok'; id: number; output: unknown }
  | { t: 'err'; id: number; code: ErrorCode; message: string; fix?: string }
  | { t: 'open'; id: number; topic: string }
  | { t: 'close'; id: number }
  | { t: 'event'; id: number; data: unknown };

/** Every refusal carries one of these, so that a caller can act on it without reading the sentence. */
export type ErrorCode =
  | 'bad_input' // the input does not fit the schema
  | 'unknown_call'
  | 'forbidden' // this role may not call it
  | 'not_found'
  | 'conflict' // what the caller saw has changed since
  | 'needs_client' // signing in takes a client ID that only a person can get
  | 'refused' // understood, and refused for a reason given in the message
  | 'cancelled'
  | 'disconnected'
  | 'internal';

/** An error that crosses the contract. `message` says what happened; `fix` says what to do, where there is something. */
export class RpcError extends Error {
  readonly code: ErrorCode;
  readonly fix?: string;
  constructor(code: ErrorCode, message: string, fix?: string) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    if (fix !== undefined) this.fix = fix;
  }
}

/** Parses one frame; anything that is not a frame gives undefined, and the receiver drops it with a log line. */
export function parseFrame(text: string): Frame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const frame = value as { t?: unknown; id?: unknown; name?: unknown; topic?: unknown };
  if (typeof frame.id !== 'number' || !Number.isSafeInteger(frame.id)) return undefined;
  switch (frame.t) {
    case 'call':
      return typeof frame.name === 'string' ? (value as Frame) : undefined;
    case 'open':
      return typeof frame.topic === 'string' ? (value as Frame) : undefined;
    case 'cancel':
    case 'ok':
    case 'err':
    case 'close':
    case 'event':
      return value as Frame;
    default:
      return undefined;
  }
}
