import { isUtf8 } from 'node:buffer';
import { faultOf, INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, Refusal } from './fault.ts';
import { type Found, Message } from './message.ts';
import { checkMethod, ENVELOPE, KeyGuard } from './names.ts';
import { MAX_DEPTH, readParams, scalar } from './read-params.ts';
import { Scanner } from './scanner.ts';
import type { Parsed, Span } from './types.ts';

/** Messages in one batch (only MCP 2025-03-26 has batches). */
export const MAX_BATCH = 100;

export interface ClientOptions {
  /** The longest message taken, bytes. */
  readonly maxBytes: number;
  /** Whether the negotiated version has batches (2025-03-26). */
  readonly allowBatch: boolean;
}

/**
 * Parses one message of a client, or a batch, so strictly that every reader of the same bytes sees the same message.
 * What is not certain is a fault; nothing of it may be forwarded. JSON-RPC 2.0; MCP 2025-11-25, base protocol.
 */
export function parseFromClient(bytes: Buffer, options: ClientOptions): Parsed {
  if (bytes.length > options.maxBytes) {
    return fault(
      INVALID_REQUEST,
      `The message has ${bytes.length} bytes; at most ${options.maxBytes} are taken`,
    );
  }
  return parse(bytes, true, options.allowBatch);
}

/**
 * Parses one message of a server: its envelope is read strictly, everything else only has to be JSON. Batches are taken, and
 * answers with bytes that are not UTF-8.
 */
export function parseFromServer(bytes: Buffer): Parsed {
  return parse(bytes, false, true);
}

function fault(code: number, message: string): Parsed {
  return { ok: false, fault: { code, message, id: undefined } };
}

const NOT_UTF8 = 'The message is not valid UTF-8';

function parse(bytes: Buffer, client: boolean, allowBatch: boolean): Parsed {
  const utf8 = isUtf8(bytes);
  if (!utf8 && client) return fault(PARSE_ERROR, NOT_UTF8);
  const scanner = new Scanner(bytes, 0, bytes.length, client);
  if (scanner.peek() === 0x5b)
    return utf8 ? parseBatch(scanner, client, allowBatch) : fault(PARSE_ERROR, NOT_UTF8);
  const found = blank();
  try {
    readEnvelope(scanner, client, found, bytes);
    scanner.expectEnd();
    // An answer with a stray byte in its text still has to reach the client that waits for it, which shows U+FFFD there.
    if (!utf8 && (found.kind !== 'response' || found.id?.includes('\ufffd')))
      throw new Refusal(PARSE_ERROR, NOT_UTF8);
    return { ok: true, message: new Message(bytes, found) };
  } catch (error) {
    return { ok: false, fault: faultOf(error, found.id) };
  }
}

function parseBatch(scanner: Scanner, client: boolean, allowed: boolean): Parsed {
  if (!allowed) return fault(INVALID_REQUEST, 'Batches are not part of the negotiated protocol version');
  const batch: Message[] = [];
  try {
    scanner.elements((index) => {
      if (client && index >= MAX_BATCH) {
        throw new Refusal(INVALID_REQUEST, `A batch may hold at most ${MAX_BATCH} messages`);
      }
      const start = scanner.at;
      scanner.skip(MAX_DEPTH);
      const raw = scanner.bytes.subarray(start, scanner.at);
      const found = blank();
      readEnvelope(new Scanner(raw, 0, raw.length, client), client, found, raw);
      batch.push(new Message(raw, found));
    });
    scanner.expectEnd();
    if (batch.length === 0) throw new Refusal(INVALID_REQUEST, 'A batch may not be empty');
    return { ok: true, batch };
  } catch (error) {
    return { ok: false, fault: faultOf(error, undefined) };
  }
}

function blank(): Found {
  return {
    kind: 'notification',
    id: undefined,
    method: undefined,
    call: undefined,
    progressToken: undefined,
    meta: undefined,
    cancels: undefined,
    isError: false,
  };
}

/** What the walk over the envelope's members has seen so far. */
interface Walk {
  version: boolean;
  result: boolean;
  error: boolean;
  nullId: boolean;
  /** `params` when they came before the method was known. */
  params: Span | undefined;
  paramsSeen: boolean;
  /** Members that were only skipped; a tools/call needs them read strictly too. */
  skipped: Span[];
}

function readEnvelope(scanner: Scanner, client: boolean, found: Found, raw: Buffer): void {
  const room = client ? MAX_DEPTH - 1 : Number.POSITIVE_INFINITY;
  const guard = new KeyGuard(ENVELOPE, 'the message');
  const walk: Walk = {
    version: false,
    result: false,
    error: false,
    nullId: false,
    params: undefined,
    paramsSeen: false,
    skipped: [],
  };
  if (scanner.peek() !== 0x7b) {
    scanner.skip(room);
    throw new Refusal(INVALID_REQUEST, 'The message is not a JSON object');
  }
  scanner.members((key, at) => {
    try {
      guard.see(key, at);
    } catch (error) {
      if (key === 'id') found.id = undefined;
      throw error;
    }
    if (key === 'params') {
      walk.paramsSeen = true;
      const start = scanner.at;
      if (found.method !== undefined) readParams(scanner, client, found, raw);
      else {
        scanner.skip(room);
        walk.params = { start, end: scanner.at };
      }
    } else if (key === 'method') {
      if (scanner.peek() !== 0x22) throw new Refusal(INVALID_REQUEST, '"method" is not a string');
      found.method = scanner.string();
      if (client) checkMethod(found.method);
    } else if (key === 'id') readId(scanner, client, found, walk);
    else if (key === 'jsonrpc') {
      walk.version = scanner.peek() === 0x22 && scanner.string() === '2.0';
      if (!walk.version) throw new Refusal(INVALID_REQUEST, '"jsonrpc" is not "2.0"');
    } else {
      const start = scanner.at;
      scanner.skip(room);
      if (key === 'result') walk.result = true;
      else if (key === 'error') walk.error = true;
      if (client) walk.skipped.push({ start, end: scanner.at });
    }
  });
  conclude(client, found, walk, raw);
}

function readId(scanner: Scanner, client: boolean, found: Found, walk: Walk): void {
  const byte = scanner.peek();
  if (byte === 0x6e && !client) {
    scanner.word();
    walk.nullId = true;
    return;
  }
  const id = scalar(scanner);
  if (id === undefined) throw new Refusal(INVALID_REQUEST, '"id" is neither a string nor a number');
  found.id = id;
}

function conclude(client: boolean, found: Found, walk: Walk, raw: Buffer): void {
  if (!walk.version) throw new Refusal(INVALID_REQUEST, '"jsonrpc": "2.0" is missing');
  if (found.method !== undefined) {
    if (walk.result || walk.error)
      throw new Refusal(INVALID_REQUEST, 'The message is a request and a response at once');
    if (walk.nullId) throw new Refusal(INVALID_REQUEST, 'The id of a request may not be null');
    if (found.method === '') throw new Refusal(INVALID_REQUEST, '"method" is empty');
    found.kind = found.id === undefined ? 'notification' : 'request';
    if (walk.params) {
      readParams(new Scanner(raw, walk.params.start, walk.params.end, client), client, found, raw);
    }
    if (client && found.method === 'tools/call') {
      if (found.id === undefined)
        throw new Refusal(INVALID_REQUEST, 'tools/call without an id cannot be answered');
      if (!walk.paramsSeen) throw new Refusal(INVALID_PARAMS, 'tools/call needs params');
      for (const { start, end } of walk.skipped) {
        new Scanner(raw, start, end, true).value(MAX_DEPTH, 'strict');
      }
    }
    return;
  }
  if (walk.result === walk.error) {
    throw new Refusal(
      INVALID_REQUEST,
      'The message has neither a method nor exactly one of result and error',
    );
  }
  if (walk.nullId) found.id = 'null';
  if (found.id === undefined) throw new Refusal(INVALID_REQUEST, 'A response needs an id');
  if (walk.paramsSeen) throw new Refusal(INVALID_REQUEST, 'A response has no params');
  found.kind = 'response';
  found.isError = walk.error;
}
