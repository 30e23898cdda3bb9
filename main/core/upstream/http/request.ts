import { sentences } from '../../../../shared/text/sentences.ts';
import { headerFault } from '../errors/header-check.ts';
import { type ResolvedHttp, type UpstreamDeps, UpstreamError, type UpstreamLimits } from '../types.ts';
import type { HttpAnswer } from './decoded.ts';
import { HttpClient } from './exchange.ts';
import { proxyFor } from './proxy.ts';
import { endsSession } from './session-words.ts';
import { errorBody, ownHeaders, sessionLost, signInError, wantsSignIn } from './status.ts';

export interface RequesterOptions {
  readonly server: string;
  readonly config: ResolvedHttp;
  readonly ports: UpstreamDeps['ports'];
  readonly limits: UpstreamLimits;
  readonly auth?: UpstreamDeps['auth'] | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Another address of the same server (HTTP+SSE names one to post to); else the one of its configuration. */
  readonly url?: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
  /** Sending it twice does no harm. */
  readonly repeatable: boolean;
}

/** Sends the requests of one connection: with the entry's own headers, and authorized where there are tokens. */
export class Requester {
  readonly url: URL;
  readonly #o: RequesterOptions;
  readonly #http: HttpClient;
  readonly #own: Readonly<Record<string, string>>;
  /** The entry's own headers without one that the tokens replace. */
  readonly #bare: Readonly<Record<string, string>>;

  /** @throws UpstreamError when the machine's proxy cannot be used */
  constructor(options: RequesterOptions) {
    this.#o = options;
    this.url = new URL(options.config.url);
    const { clock, machine } = options.ports;
    const proxy = proxyFor(machine.env, this.url, process.versions.node);
    const { connectMs } = options.limits;
    this.#http = new HttpClient(clock, connectMs, this.url, proxy, machine.env.NODE_EXTRA_CA_CERTS);
    for (const [name, value] of Object.entries(options.config.headers)) {
      const fault = headerFault(name, value);
      if (fault !== undefined)
        throw new UpstreamError('unsent', sentences(`The server "${options.server}" cannot be asked`, fault));
    }
    this.#own = ownHeaders(options.config.headers);
    this.#bare = Object.fromEntries(
      Object.entries(this.#own).filter(([name]) => name.toLowerCase() !== 'authorization'),
    );
  }

  /**
   * Resolves with the answer's headers, whatever its status; the body is the caller's to read.
   * @throws UpstreamError `signin` when the server wants authorization and no token helps
   */
  async send(what: HttpRequest): Promise<HttpAnswer> {
    const { auth, server } = this.#o;
    const url = what.url ?? this.url;
    const known = auth?.header(server, url);
    // Without tokens, or with good ones, nothing is waited for.
    const sent = typeof known === 'object' ? await known : known;
    const answer = await this.#exchange(what, url, sent);
    if (!wantsSignIn(answer)) {
      if (sent !== undefined) auth?.accepted?.(server, sent);
      return answer;
    }
    const challenge = {
      status: answer.statusCode ?? 0,
      wwwAuthenticate: answer.headers['www-authenticate'],
      sent,
      ...(auth?.accepted ? { reportsAccepted: true } : {}),
    };
    const { status } = challenge;
    const inSession =
      status === 401 && challenge.wwwAuthenticate === undefined && 'Mcp-Session-Id' in what.headers;
    if (inSession && (await endsSession(status, () => errorBody(answer, server))))
      throw sessionLost(server, status);
    answer.resume();
    // What was refused for its authorization was not acted upon, so even a call may be sent once more.
    if (!(await auth?.challenged(server, url, challenge))) throw signInError(server, answer);
    const renewed = await auth?.header(server, url);
    const second = await this.#exchange(what, url, renewed);
    if (wantsSignIn(second)) throw signInError(server, second);
    if (renewed !== undefined) auth?.accepted?.(server, renewed);
    return second;
  }

  #exchange(what: HttpRequest, url: URL, authorization: string | undefined): Promise<HttpAnswer> {
    const own = authorization === undefined ? this.#own : { ...this.#bare, Authorization: authorization };
    return this.#http.exchange({ ...what, url, headers: { ...own, ...what.headers } });
  }

  /** Closes kept connections and everything still open. */
  destroy(): void {
    this.#http.destroy();
  }
}
