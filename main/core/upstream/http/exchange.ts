import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../ports.ts';
import { UpstreamError } from '../types.ts';
import type { HttpProxy } from './proxy.ts';

/** Servers commonly drop an idle connection after 5 s; ours go earlier, so that a call is never sent on a closing one. */
const IDLE_MS = 4000;
const MAX_REDIRECTS = 5;

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Sending it twice does no harm: tried once more when a kept connection turns out to be closed. */
  readonly repeatable: boolean;
}

/** HTTP requests to one server: kept connections, no time limit on answers, redirects within the same origin only. */
export class HttpClient {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #connectMs: number;
  readonly #secure: boolean;
  readonly #agent: http.Agent;
  readonly #proxy: HttpProxy | undefined;
  readonly #guarded = new WeakSet<Socket>();

  /** @param origin an address of the server: others of the same scheme and host only are asked for */
  constructor(clock: Pick<Clock, 'after'>, connectMs: number, origin: URL, proxy?: HttpProxy) {
    this.#clock = clock;
    this.#connectMs = connectMs;
    this.#secure = origin.protocol === 'https:';
    this.#proxy = proxy;
    const options = { keepAlive: true, timeout: IDLE_MS, ...(proxy ? { proxyEnv: proxy.env } : {}) };
    this.#agent = this.#secure ? new https.Agent(options) : new http.Agent(options);
  }

  /**
   * Resolves with the answer's headers; the body is the caller's to read.
   * @throws UpstreamError `unsent` when no connection came about, `failed` otherwise
   */
  async exchange(what: Exchange): Promise<http.IncomingMessage> {
    let url = what.url;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await this.#once(what, url, what.repeatable);
      const status = answer.statusCode ?? 0;
      const { location } = answer.headers;
      if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return answer;
      answer.resume();
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      const shown = next ? `${next.origin}${next.pathname}` : 'an address that is not a URL';
      if (!next || next.origin !== url.origin) {
        throw new UpstreamError(
          'failed',
          `${url.origin} redirects to ${shown}. Redirects to another origin are not followed, since credentials would go there. If that is the server's address now, put it into its settings.`,
          status,
        );
      }
      if (what.method !== 'GET' && status !== 307 && status !== 308) {
        throw new UpstreamError(
          'failed',
          `${url.origin} redirects to ${shown} in a way (${status}) that drops the message. Put that address into the server's settings.`,
          status,
        );
      }
      url = next;
    }
    throw new UpstreamError('failed', `${url.origin} redirects more than ${MAX_REDIRECTS} times.`);
  }

  /** Closes kept connections and everything still open. */
  destroy(): void {
    this.#agent.destroy();
  }

  /**
   * While Node hands a kept socket from one request to the next, an abort finds it without any listener for errors, and
   * the process would end. The request or the reader tells of the error as well.
   */
  #guard(socket: Socket): void {
    if (this.#guarded.has(socket)) return;
    this.#guarded.add(socket);
    socket.on('error', () => {});
  }

  #once(what: Exchange, url: URL, again: boolean): Promise<http.IncomingMessage> {
    const secure = this.#secure;
    return new Promise((done, fail) => {
      if (what.signal?.aborted)
        return fail(new UpstreamError('unsent', 'The request was cancelled before it was sent.'));
      const request = (secure ? https : http).request(url, {
        method: what.method,
        agent: this.#agent,
        headers: what.body ? { ...what.headers, 'Content-Length': String(what.body.length) } : what.headers,
        signal: what.signal,
      });
      let connected = false;
      const cancel = this.#clock.after(this.#connectMs, () => {
        request.destroy(new Error(`no connection within ${this.#connectMs / 1000} seconds`));
      });
      const up = (): void => {
        connected = true;
        cancel();
      };
      request.on('socket', (socket) => {
        this.#guard(socket);
        if (!socket.connecting) up();
        else socket.once(secure ? 'secureConnect' : 'connect', up);
      });
      request.on('response', (answer) => {
        cancel();
        // A body that nobody reads any more may still break, which must not end the process. Readers see it themselves.
        answer.on('error', () => {});
        done(answer);
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        cancel();
        if (again && request.reusedSocket && !what.signal?.aborted) {
          this.#once(what, url, false).then(done, fail);
        } else if (what.signal?.aborted) {
          fail(new UpstreamError(connected ? 'failed' : 'unsent', 'The request was cancelled.'));
        } else if (connected) {
          fail(
            new UpstreamError(
              'failed',
              `The connection to ${url.origin} broke before it answered: ${explain(error)}.`,
            ),
          );
        } else {
          const through = this.#proxy ? ` through the proxy ${this.#proxy.shown}` : '';
          fail(
            new UpstreamError('unsent', `${url.origin} could not be reached${through}: ${explain(error)}.`),
          );
        }
      });
      request.end(what.body);
    });
  }
}

/** A connection error in words. */
export function explain(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'nothing listens there (connection refused)';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be found';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'it closed the connection';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no network route to it';
    case 'ETIMEDOUT':
      return 'it does not answer';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_HAS_EXPIRED':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is not valid (${error.code})`;
    case 'ERR_PROXY_TUNNEL':
      return `the proxy refuses to connect to it (${error.message.split(': ').at(-1)})`;
    default:
      return error.message || error.code || 'unknown reason';
  }
}

/** Reads a body that may not be larger than `max` bytes. @throws UpstreamError */
export async function readBody(answer: http.IncomingMessage, max: number, from: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > max) throw new UpstreamError('failed', `${from} sent an answer larger than ${max} bytes.`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    throw new UpstreamError(
      'failed',
      `The answer of ${from} broke off: ${explain(error as NodeJS.ErrnoException)}.`,
    );
  }
  return Buffer.concat(parts);
}
