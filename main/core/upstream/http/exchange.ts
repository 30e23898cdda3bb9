import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { sentence, sentences } from '../../../../shared/text/sentences.ts';
import { withoutMark } from '../../codec/wire/lines.ts';
import type { Clock } from '../../ports.ts';
import { explain, Reason, reasonOf } from '../errors/network-errors.ts';
import { UpstreamError } from '../types.ts';
import { isUnknownAuthority, moreAuthorities } from './authorities.ts';
import { decoded, type HttpAnswer } from './decoded.ts';
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

/** The same scheme, host and port, or the https form of the same host; and no other credentials in the address. */
function isWithin(from: URL, to: URL): boolean {
  const named = to.username !== '' || to.password !== '';
  if (named && (to.username !== from.username || to.password !== from.password)) return false;
  if (to.origin === from.origin) return true;
  const upgraded = from.protocol === 'http:' && to.protocol === 'https:';
  return upgraded && from.hostname === to.hostname && from.port === '' && to.port === '';
}

/** HTTP requests to one server: kept connections, no time limit on answers, redirects within the same origin only. */
export class HttpClient {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #connectMs: number;
  readonly #agents = new Map<boolean, http.Agent>();
  readonly #proxy: HttpProxy | undefined;
  readonly #extraCaFile: string | undefined;
  #authorities: readonly string[] | undefined;
  readonly #guarded = new WeakSet<Socket>();

  /**
   * @param origin an address of the server: others of the same scheme and host only are asked for
   * @param extraCaFile a file with more certificate authorities
   */
  constructor(
    clock: Pick<Clock, 'after'>,
    connectMs: number,
    origin: URL,
    proxy?: HttpProxy,
    extraCaFile?: string,
  ) {
    this.#extraCaFile = extraCaFile;
    this.#clock = clock;
    this.#connectMs = connectMs;
    this.#proxy = proxy;
    this.#agentFor(origin.protocol === 'https:');
  }

  /** One for each scheme: a server may redirect to its https form. */
  #agentFor(secure: boolean): http.Agent {
    const found = this.#agents.get(secure);
    if (found) return found;
    const proxy = this.#proxy;
    const options = { keepAlive: true, timeout: IDLE_MS, ...(proxy ? { proxyEnv: proxy.env } : {}) };
    const ca = this.#authorities;
    const made = secure
      ? new https.Agent({ ...options, ALPNProtocols: ['http/1.1'], ...(ca ? { ca: [...ca] } : {}) })
      : new http.Agent(options);
    this.#agents.set(secure, made);
    return made;
  }

  /**
   * Resolves with the answer's headers; the body is the caller's to read.
   * @throws UpstreamError `unsent` when no connection came about, `failed` otherwise
   */
  async exchange(what: Exchange): Promise<HttpAnswer> {
    let url = what.url;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await this.#once(what, url, what.repeatable);
      const status = answer.statusCode ?? 0;
      if (status === 407 && this.#proxy) {
        answer.resume();
        // As Node says it where the proxy is asked for a tunnel.
        const refused = Object.assign(new Error(`HTTP ${status}`), { code: 'ERR_PROXY_TUNNEL' });
        throw this.#unreached(url, refused);
      }
      const { location } = answer.headers;
      if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return decoded(answer);
      answer.resume();
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      const shown = next ? `${next.origin}${next.pathname}` : 'an address that is not a URL';
      if (!next || !isWithin(url, next)) {
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

  /** True where more authorities may help, and are used from now on. Nothing was sent so far. */
  async #trustMore(error: NodeJS.ErrnoException): Promise<boolean> {
    const ca =
      this.#authorities || !isUnknownAuthority(error) ? undefined : await moreAuthorities(this.#extraCaFile);
    if (!ca) return false;
    this.#authorities = ca;
    this.#agents.get(true)?.destroy();
    this.#agents.delete(true);
    return true;
  }

  /** Closes kept connections and everything still open. */
  destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
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

  #broken(url: URL, error: Error, connected: boolean, cancelled: boolean): UpstreamError {
    if (cancelled) return new UpstreamError(connected ? 'failed' : 'unsent', 'The request was cancelled.');
    const { clause, fix } = reasonOf(error);
    const what = `The connection to ${url.origin} broke before it answered: ${clause}`;
    return new UpstreamError('failed', sentences(sentence(what), fix));
  }

  #unreached(url: URL, error: Error): UpstreamError {
    const { clause, fix } = reasonOf(error);
    const through = this.#proxy ? ` through the proxy ${this.#proxy.shown}` : '';
    const what = `${url.origin} could not be reached${through}: ${clause}`;
    return new UpstreamError('unsent', sentences(sentence(what), fix));
  }

  #once(what: Exchange, url: URL, again: boolean): Promise<http.IncomingMessage> {
    const secure = url.protocol === 'https:';
    return new Promise((done, fail) => {
      if (what.signal?.aborted)
        return fail(new UpstreamError('unsent', 'The request was cancelled before it was sent.'));
      const request = (secure ? https : http).request(url, {
        method: what.method,
        agent: this.#agentFor(secure),
        headers: what.body ? { ...what.headers, 'Content-Length': String(what.body.length) } : what.headers,
        signal: what.signal,
      });
      let connected = false;
      const cancel = this.#clock.after(this.#connectMs, () => {
        request.destroy(new Reason(`no connection within ${this.#connectMs / 1000} seconds`));
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
        } else if (connected || what.signal?.aborted) {
          fail(this.#broken(url, error, connected, what.signal?.aborted ?? false));
        } else {
          this.#trustMore(error).then(
            (helps) => {
              if (helps) this.#once(what, url, again).then(done, fail);
              else fail(this.#unreached(url, error));
            },
            (reason: Error) => fail(this.#unreached(url, reason)),
          );
        }
      });
      request.end(what.body);
    });
  }
}

/** How long a body that nobody needs may take to end, ms; then its connection is not used again. */
const LEAVE_MS = 5000;

/** Lets go of a body that is not needed, and does not wait for its end: as clients do with what is no answer to a request. */
export function leave(answer: HttpAnswer, clock: Pick<Clock, 'after'>): void {
  const cancel = clock.after(LEAVE_MS, () => answer.destroy());
  answer.once('close', cancel);
  answer.resume();
}

/**
 * Reads a body that may not be larger than `max` bytes, without a byte order mark before its text.
 * @param whose it is, as in "the server "x""
 * @throws UpstreamError
 */
export async function readBody(answer: HttpAnswer, max: number, whose: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > max)
        throw new UpstreamError('failed', `The answer of ${whose} is larger than ${max} bytes.`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    const said = error instanceof Reason ? 'cannot be read' : 'broke off';
    throw new UpstreamError(
      'failed',
      `The answer of ${whose} ${said}: ${explain(error as NodeJS.ErrnoException)}.`,
    );
  }
  return withoutMark(Buffer.concat(parts));
}
