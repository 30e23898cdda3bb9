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
  readonly members: Readonly<Record<string, unknown>>;
}

const NOTHING: Peeked = { valid: false, requests: [], answers: [], method: undefined, members: {} };

/** Reads what kind of message the bytes are. Never throws: what is no message comes out as not valid. */
export function peek(bytes: Buffer): Peeked {
  let value: unknown;
  const text = bytes.toString('utf8');
  try {
    value = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  const requests: string[] = [];
  const answers: string[] = [];
  const all = Array.isArray(value) ? value : [value];
  for (const each of all) {
    if (!isObject(each)) return NOTHING;
    const id = rawId(each.id, text);
    if (typeof each.method === 'string') {
      if (id !== undefined) requests.push(id);
    } else if (id !== undefined && ('result' in each || 'error' in each)) answers.push(id);
    else if (!('error' in each)) return NOTHING;
  }
  const members = isObject(value) ? value : {};
  const method = typeof members.method === 'string' ? members.method : undefined;
  return { valid: all.length > 0, requests, answers, method, members };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rawId(id: unknown, text: string): string | undefined {
  if (typeof id === 'string') return JSON.stringify(id);
  if (typeof id !== 'number') return undefined;
  if (Number.isSafeInteger(id)) return String(id);
  // A number that a double changes: its own digits must come back in the answer.
  const digits = [...text.matchAll(/"id"\s*:\s*(-?\d[\d.eE+-]*)/g)].map((match) => match[1] ?? '');
  return digits.find((each) => Number(each) === id) ?? JSON.stringify(id);
}

/** An error answer. -32000: the server error range of JSON-RPC 2.0. */
export function errorLine(id: string, message: string, code = -32000): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`);
}
