import { canonicalNumber } from './canonical/canonical-number.ts';
import { INVALID_PARAMS, INVALID_REQUEST, Refusal } from './fault.ts';
import { Call, type Found, type Member } from './message.ts';
import { CALL_PARAMS, KeyGuard, META, META_PREFIX, PARAMS, TASK_PARAMS } from './names.ts';
import { LONGEST_NUMBER, Scanner } from './scanner.ts';
import type { JsonObject, RpcMeta, Span } from './types.ts';

/** Levels of nesting in a message from a client, its own braces counted. */
export const MAX_DEPTH = 100;

/** The canonical text of the string or number that begins here: two spellings of one id are one id. */
export function scalar(scanner: Scanner): string | undefined {
  const byte = scanner.peek();
  if (byte === 0x22) return JSON.stringify(scanner.string());
  if (byte !== 0x2d && !(byte >= 0x30 && byte <= 0x39)) return undefined;
  const start = scanner.at;
  const short = scanner.skipNumber();
  if (short !== undefined) return String(short);
  if (scanner.at - start > LONGEST_NUMBER)
    throw new Refusal(INVALID_REQUEST, `A number has too many digits, at byte ${start}`);
  return canonicalNumber(scanner.bytes.toString('latin1', start, scanner.at));
}

/** Reads the params of a message, as far as the gateway needs them: every level where they are a call's. */
export function readParams(scanner: Scanner, client: boolean, found: Found, raw: Buffer): void {
  if (scanner.peek() !== 0x7b) {
    scanner.skip(client ? MAX_DEPTH - 1 : Number.POSITIVE_INFINITY);
    if (client) throw new Refusal(INVALID_PARAMS, 'params must be an object');
    return;
  }
  if (client && found.method === 'tools/call') {
    readCall(scanner, found, raw);
    return;
  }
  const known = found.method?.startsWith('tasks/') ? TASK_PARAMS : PARAMS;
  const guard = client ? new KeyGuard(known, 'params') : undefined;
  const progress = found.method === 'notifications/progress';
  const cancelled = found.method === 'notifications/cancelled';
  const room = client ? MAX_DEPTH - 2 : Number.POSITIVE_INFINITY;
  scanner.members((key, at) => {
    guard?.see(key, at);
    if (key === '_meta') readMeta(scanner, client, found, room);
    else if (key === 'progressToken' && progress) found.progressToken = scalarOrSkip(scanner, room);
    else if (key === 'requestId' && cancelled) found.cancels = scalarOrSkip(scanner, room);
    else scanner.skip(room);
  });
}

function scalarOrSkip(scanner: Scanner, room: number): string | undefined {
  const text = scalar(scanner);
  if (text === undefined) scanner.skip(room);
  return text;
}

function readMeta(scanner: Scanner, client: boolean, found: Found, room: number): void {
  if (scanner.peek() !== 0x7b) {
    if (client) throw new Refusal(INVALID_PARAMS, 'params._meta must be an object');
    scanner.skip(room);
    return;
  }
  const guard = client ? new KeyGuard(META, 'params._meta') : undefined;
  scanner.members((key, at) => {
    guard?.see(key, at);
    if (key === 'progressToken' && found.method !== 'notifications/progress') {
      found.progressToken = scalarOrSkip(scanner, room - 1);
    } else if (key.startsWith(META_PREFIX)) {
      found.meta ??= noMeta();
      readOwnMeta(scanner, key.slice(META_PREFIX.length), found.meta, room - 1);
    } else scanner.skip(room - 1);
  });
}

function noMeta(): RpcMeta {
  return {
    protocolVersion: undefined,
    hasCapabilities: false,
    clientInfo: undefined,
    hasLogLevel: false,
    subscriptionId: undefined,
  };
}

function readOwnMeta(scanner: Scanner, key: string, meta: RpcMeta, room: number): void {
  const first = scanner.peek();
  const start = scanner.at;
  if (key === 'protocolVersion' && first === 0x22) {
    meta.protocolVersion = scanner.string();
    return;
  }
  if (key === 'subscriptionId') {
    meta.subscriptionId = scalarOrSkip(scanner, room);
    return;
  }
  scanner.skip(room);
  if (key === 'protocolVersion') meta.protocolVersion = null;
  else if (key === 'clientCapabilities') meta.hasCapabilities = first === 0x7b;
  else if (key === 'clientInfo') meta.clientInfo = first === 0x7b ? { start, end: scanner.at } : undefined;
  else if (key === 'logLevel') meta.hasLogLevel = true;
}

/** The params of tools/call, every level read strictly: what policy judges is what any server will see. */
function readCall(scanner: Scanner, found: Found, raw: Buffer): void {
  const guard = new KeyGuard(CALL_PARAMS, 'params');
  let name: string | undefined;
  let args: JsonObject | undefined;
  let span: Span | undefined;
  let extras: Member[] | undefined;
  scanner.members((key, at) => {
    guard.see(key, at);
    if (key === 'name') {
      if (scanner.peek() !== 0x22) throw new Refusal(INVALID_PARAMS, 'params.name must be a string');
      name = scanner.string();
    } else if (key === 'arguments') {
      if (scanner.peek() !== 0x7b) throw new Refusal(INVALID_PARAMS, 'params.arguments must be an object');
      const start = scanner.at;
      args = scanner.object(MAX_DEPTH - 2, 'strict');
      span = { start, end: scanner.at };
    } else if (key === '_meta') {
      const start = scanner.at;
      readMeta(scanner, true, found, MAX_DEPTH - 2);
      new Scanner(raw, start, scanner.at, true).object(MAX_DEPTH - 2, 'strict');
    } else {
      const start = scanner.at;
      scanner.value(MAX_DEPTH - 2, 'strict');
      extras ??= [];
      extras.push({ name: key, start, end: scanner.at });
    }
  });
  if (name === undefined || name === '') throw new Refusal(INVALID_PARAMS, 'params.name is missing or empty');
  found.call = new Call(name, args ?? Object.create(null), raw, span, extras);
}
