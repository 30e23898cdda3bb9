import { isObject } from '../../../shared/base/is-object.ts';
import type { JsonObject, RpcMessage } from '../codec/types.ts';
import { modernHeaders, modernRequest } from './discover.ts';
import { ownError, ownRequest, ownResult } from './messages.ts';
import { type Era, type UpstreamConnection, UpstreamError } from './types.ts';

export const METHOD_NOT_FOUND = -32601;

interface Waiting {
  readonly resolve: (answer: RpcMessage) => void;
  readonly reject: (error: UpstreamError) => void;
}

/** A server's refusal of a request, in its own words. */
export class Refusal extends UpstreamError {}

/** The little of an MCP client, of either era, that a listing needs. */
export class Peer {
  readonly #connection: UpstreamConnection;
  readonly #era: Era;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<string, Waiting>();
  #failure: UpstreamError | undefined;
  #next = 1;

  constructor(connection: UpstreamConnection, era: Era, signal: AbortSignal, whyAborted: () => string) {
    this.#connection = connection;
    this.#era = era;
    this.#signal = signal;
    connection.onMessage((message) => this.#take(message));
    connection.onClose((reason) => this.#fail(new UpstreamError('failed', reason.message)));
    const aborted = (): void => this.#fail(new UpstreamError('failed', whyAborted()));
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
  }

  /**
   * @param none an error code that means there is nothing
   * @returns an answer with a result that is an object; undefined for `none`
   * @throws Refusal when the server answers with an error, UpstreamError when it does not answer
   */
  async ask(method: string, params: JsonObject, none?: number): Promise<RpcMessage | undefined> {
    const name = `drawbridge-${this.#next++}`;
    const modern = this.#era === 'modern';
    const request = modern ? modernRequest(name, method, params) : ownRequest(name, method, params);
    const id = request.id as string;
    const headers = modern ? { headers: modernHeaders(method) } : {};
    const answer = await new Promise<RpcMessage>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#waiting.set(id, { resolve, reject });
      this.#connection.send(request, { signal: this.#signal, ...headers }).catch((error: UpstreamError) => {
        this.#waiting.delete(id);
        reject(this.#failure ?? error);
      });
    });
    const { result, error } = answer.value();
    if (isObject(result)) return answer;
    if (isObject(error) && none !== undefined && error.code === none) return undefined;
    const why = isObject(error) ? `${String(error.message)} (${String(error.code)})` : 'no result';
    throw new Refusal('failed', `The server "${this.#connection.server}" answered ${method} with: ${why}`);
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
