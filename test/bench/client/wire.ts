/** One client's connection to a server, however it is carried. The same code asks every target. */
export interface Wire {
  /** Sends a request and resolves with the bytes of its answer (the JSON-RPC message). */
  request(body: Buffer): Promise<Buffer>;
  notify(body: Buffer): Promise<void>;
  close(): Promise<void>;
}

export const PROTOCOL = '2025-11-25';

/** Ids are numbers and stand right behind `jsonrpc`. */
export function message(id: number | undefined, method: string, params?: string): Buffer {
  const idText = id === undefined ? '' : `,"id":${id}`;
  return Buffer.from(
    `{"jsonrpc":"2.0"${idText},"method":"${method}"${params === undefined ? '' : `,"params":${params}`}}`,
  );
}

let count = 0;

/** An id that was not used before in this run. */
export function nextId(): number {
  return ++count;
}

/** A call of `echo`. No two have the same arguments, as no two of a real agent's have, and as loop guards want it. */
export function echoCall(id: number, text: string): Buffer {
  return message(
    id,
    'tools/call',
    `{"name":"echo","arguments":{"text":"${text}","n":${id},"label":"bench"}}`,
  );
}

export const INITIALIZE = `{"protocolVersion":"${PROTOCOL}","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}`;

/** Fails when an answer is not the result of that call: a fast refusal must never pass for a fast answer. */
export function checkEcho(answer: Buffer, id: number, text: string): void {
  const ends = answer.length > 4096 ? [answer.subarray(0, 2048), answer.subarray(-2048)] : [answer];
  const seen = ends.map((part) => part.toString('latin1')).join('');
  const whole = seen.includes(`"id":${id}`) && !seen.includes('"error"') && !seen.includes('"isError":true');
  if (!whole || !seen.includes(text.slice(0, 32)) || answer.length < text.length) {
    throw new Error(`Call ${id} was not answered with its echo: ${seen.slice(0, 500)}`);
  }
}
