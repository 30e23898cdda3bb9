import type { JsonObject, RpcMessage } from '../codec/types.ts';
import { ownError, ownNotification, ownRequest, ownResult } from './messages.ts';
import { type UpstreamConnection, UpstreamError } from './types.ts';

const MAX_PAGES = 200;
const LIMIT_MS = 60_000;
const METHOD_NOT_FOUND = -32601;
/** What is asked for; a server answers with the version it speaks (MCP 2025-11-25, lifecycle). */
const PROTOCOL_VERSION = '2025-11-25';

/**
 * Asks a server for all its tools, as the client `drawbridge`, on a fresh connection. The caller closes the connection.
 * @param limitMs time for everything together; long enough for a first start that installs a package
 * @returns the definitions in the server's order; none when the server has no tools
 * @throws UpstreamError when the server ends, refuses, or takes too long
 */
export async function listTools(
  connection: UpstreamConnection,
  signal: AbortSignal,
  limitMs: number = LIMIT_MS,
): Promise<JsonObject[]> {
  const overtime = AbortSignal.timeout(limitMs);
  const peer = new Peer(connection, AbortSignal.any([signal, overtime]), () =>
    overtime.aborted
      ? `The server "${connection.server}" did not answer within ${limitMs / 1000} seconds.`
      : 'Asking the server for its tools was cancelled.',
  );
  const { protocolVersion } = await peer.ask('initialize', {
    protocolVersion: PROTOCOL_VERSION,
    capabilities: {},
    clientInfo: { name: 'drawbridge', title: 'Drawbridge', version: '1' },
  });
  if (typeof protocolVersion === 'string') connection.setProtocolVersion(protocolVersion);
  await peer.tell(ownNotification('notifications/initialized'));
  const tools: JsonObject[] = [];
  const seen = new Set<string>();
  let params: JsonObject = {};
  for (let page = 0; page < MAX_PAGES; page++) {
    const result = await peer.ask('tools/list', params, METHOD_NOT_FOUND);
    tools.push(...(Array.isArray(result.tools) ? result.tools.filter(isObject) : []));
    const { nextCursor } = result;
    if (typeof nextCursor !== 'string') return tools;
    if (seen.has(nextCursor)) break;
    seen.add(nextCursor);
    params = { cursor: nextCursor };
  }
  throw new UpstreamError(
    'failed',
    `The list of tools of the server "${connection.server}" does not end: ${seen.size} pages, with cursors that repeat or no last one.`,
  );
}

interface Waiting {
  readonly resolve: (answer: RpcMessage) => void;
  readonly reject: (error: UpstreamError) => void;
}

/** The little of an MCP client that a listing needs. */
class Peer {
  readonly #connection: UpstreamConnection;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<string, Waiting>();
  #failure: UpstreamError | undefined;
  #next = 1;

  constructor(connection: UpstreamConnection, signal: AbortSignal, whyAborted: () => string) {
    this.#connection = connection;
    this.#signal = signal;
    connection.onMessage((message) => this.#take(message));
    connection.onClose((reason) => this.#fail(new UpstreamError('failed', reason.message)));
    const aborted = (): void => this.#fail(new UpstreamError('failed', whyAborted()));
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
  }

  /** @param none an error code that means an empty result */
  async ask(method: string, params: JsonObject, none?: number): Promise<JsonObject> {
    const request = ownRequest(`drawbridge-${this.#next++}`, method, params);
    const id = request.id as string;
    const answer = await new Promise<RpcMessage>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#waiting.set(id, { resolve, reject });
      this.#connection.send(request, { signal: this.#signal }).catch((error: UpstreamError) => {
        this.#waiting.delete(id);
        reject(this.#failure ?? error);
      });
    });
    const { result, error } = answer.value();
    if (isObject(result)) return result;
    if (isObject(error) && none !== undefined && error.code === none) return {};
    const why = isObject(error) ? `${String(error.message)} (${String(error.code)})` : 'no result';
    throw new UpstreamError(
      'failed',
      `The server "${this.#connection.server}" answered ${method} with: ${why}`,
    );
  }

  async tell(message: RpcMessage): Promise<void> {
    await this.#connection.send(message, { signal: this.#signal });
  }

  #take(message: RpcMessage): void {
    if (message.kind === 'response' && message.id !== undefined) {
      this.#waiting.get(message.id)?.resolve(message);
      this.#waiting.delete(message.id);
    } else if (message.kind === 'request' && message.id !== undefined) {
      const answer =
        message.method === 'ping'
          ? ownResult(message.id, {})
          : ownError(message.id, 'Method not found', METHOD_NOT_FOUND);
      this.#connection
        .send(answer, { signal: this.#signal })
        .catch((error: UpstreamError) => this.#fail(error));
    }
  }

  #fail(error: UpstreamError): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
