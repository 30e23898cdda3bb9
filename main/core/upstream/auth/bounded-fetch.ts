import type { Clock, Machine } from '../../ports.ts';
import { HttpClient, readBody } from '../http/exchange.ts';
import { proxyFor } from '../http/proxy.ts';
import { UpstreamError } from '../types.ts';
import { type Network, SignInError } from './types.ts';

const LIMIT_MS = 20_000;
const MAX_BYTES = 1024 * 1024;
/** Statuses that have no body (WHATWG Fetch, null body status). */
const EMPTY: readonly number[] = [101, 204, 205, 304];

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` for metadata and tokens, in the way servers themselves are reached (the machine's proxy included): 20 seconds and
 * 1 MB at most, no cookies, redirects within the same origin only.
 * @param env of the machine, for its proxy
 * @param allow throws for an address that must not be asked
 * @param network the environment for one address, where more is known of it
 * @throws SignInError `later` when the other side cannot be reached or does not answer
 */
export function boundedFetch(
  clock: Pick<Clock, 'after'>,
  env: Machine['env'],
  allow: (url: URL) => void,
  network: Network = async () => env,
): Fetch {
  return async (input, init) => {
    const url = new URL(input);
    allow(url);
    // Says what fetch would say of a body: forms come as URLSearchParams, without a type of their own.
    const { method, headers, body } = await said(new Request(url, init));
    const limit = new AbortController();
    const cancel = clock.after(LIMIT_MS, () => limit.abort());
    let client: HttpClient | undefined;
    try {
      const env = await network(url);
      const proxy = proxyFor(env, url, process.versions.node);
      client = new HttpClient(clock, LIMIT_MS, url, proxy, env.NODE_EXTRA_CA_CERTS);
      const repeatable = method === 'GET';
      const answer = await client.exchange({ method, url, headers, body, signal: limit.signal, repeatable });
      const bytes = await readBody(answer, MAX_BYTES, url.origin);
      const status = answer.statusCode ?? 0;
      const got = new Headers();
      for (const [name, values] of Object.entries(answer.headersDistinct))
        for (const value of values ?? []) got.append(name, value);
      return new Response(EMPTY.includes(status) ? null : new Uint8Array(bytes), { status, headers: got });
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const why = limit.signal.aborted
        ? `${url.origin} could not be asked: it did not answer within ${LIMIT_MS / 1000} seconds.`
        : error.message;
      throw new SignInError('later', why);
    } finally {
      cancel();
      client?.destroy();
    }
  };
}

async function said(
  request: Request,
): Promise<{ method: 'GET' | 'POST'; headers: Record<string, string>; body: Buffer | undefined }> {
  const method = request.method === 'POST' ? 'POST' : 'GET';
  const headers = Object.fromEntries(request.headers);
  return { method, headers, body: method === 'POST' ? Buffer.from(await request.arrayBuffer()) : undefined };
}
