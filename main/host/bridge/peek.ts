import { isObject } from '../../../shared/base/is-object.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the bridge must know of a message; the message itself travels as the bytes it came in. */
export interface Peeked {
  /** False: the bytes are not a JSON-RPC message or a batch of them. */
  readonly valid: boolean;
  /** Raw JSON text of the ids of the requests in it. */
  readonly requests: readonly string[];
  /** Raw JSON text of the ids of the answers in it. */
  readonly answers: readonly string[];
  /** Method of a single request or notification. */
  readonly method: string | undefined;
  /** Members of a single message. */
  readonly members: Json;
  /** Every method in it. */
  readonly methods: readonly string[];
}

const NOTHING: Peeked = {
  valid: false,
  requests: [],
  answers: [],
  method: undefined,
  members: {},
  methods: [],
};

/** Reads what kind of message the bytes are. Never throws: what is no message comes out as not valid. */
export function peek(bytes: Buffer): Peeked {
  let value: unknown;
  let text: string;
  try {
    text = bytes.toString('utf8');
    value = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  const requests: string[] = [];
  const answers: string[] = [];
  const methods: string[] = [];
  const all = Array.isArray(value) ? value : [value];
  for (const each of all) {
    if (!isObject(each)) return NOTHING;
    const id = rawId(each.id, 'id', text);
    if (typeof each.method === 'string') {
      methods.push(each.method);
      if (id !== undefined) requests.push(id);
    } else if (id !== undefined && ('result' in each || 'error' in each)) answers.push(id);
    else if (!('error' in each)) return NOTHING;
  }
  const members = isObject(value) ? value : {};
  const method = typeof members.method === 'string' ? members.method : undefined;
  return { valid: all.length > 0, requests, answers, method, members, methods };
}

/** The parameters of a single message. */
export function paramsOf({ members }: Peeked): Json {
  return isObject(members.params) ? members.params : {};
}

/** The protocol version that a message of the modern era names (MCP 2026-07-28, basic, `_meta`). */
export function modernVersion(message: Peeked): string | undefined {
  const { _meta: meta } = paramsOf(message);
  const version = isObject(meta) ? meta['io.modelcontextprotocol/protocolVersion'] : undefined;
  return typeof version === 'string' ? version : undefined;
}

/** Raw id of the request that a `notifications/cancelled` is about. */
export function cancelledId(message: Peeked, bytes: Buffer): string | undefined {
  if (message.method !== 'notifications/cancelled') return undefined;
  const { requestId } = paramsOf(message);
  return Number.isSafeInteger(requestId) || typeof requestId === 'string'
    ? JSON.stringify(requestId)
    : rawId(requestId, 'requestId', bytes.toString('utf8'));
}

/** Methods that change nothing, or that change no more when they are repeated. An unknown method may do anything. */
const REPEATABLE: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
  'tasks/get',
  'tasks/list',
  'tasks/result',
  'tasks/cancel',
]);

/** Whether a message whose fate is unknown may be sent again. */
export function isRepeatable(message: Peeked): boolean {
  // An answer belongs to the session that asked.
  if (!message.valid || message.answers.length > 0) return false;
  return message.methods.every((method) => method.startsWith('notifications/') || REPEATABLE.has(method));
}

function rawId(id: unknown, key: string, text: string): string | undefined {
  if (typeof id === 'string') return JSON.stringify(id);
  if (typeof id !== 'number') return undefined;
  if (Number.isSafeInteger(id)) return String(id);
  // A number that loses digits as a double: the answer must carry the digits as they were.
  const pattern = new RegExp(String.raw`"${key}"\s*:\s*(-?\d[\d.eE+-]*)`, 'g');
  const digits = [...text.matchAll(pattern)].map((match) => match[1] ?? '');
  return digits.find((each) => Number(each) === id) ?? JSON.stringify(id);
}

export const INTERNAL_ERROR = -32603;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;

/** An error answer; `id` is raw JSON text. Codes of JSON-RPC 2.0. */
export function errorLine(id: string, message: string, code = INTERNAL_ERROR): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`);
}
