import { HttpClient } from '../http/exchange.ts';
import { proxyFor } from '../http/proxy.ts';
import { UpstreamError } from '../types.ts';
import { type AuthDeps, SignInError } from './types.ts';

const PROBE_MS = 20_000;

/** What a `WWW-Authenticate` of a server asks for (RFC 6750, RFC 9728). */
export interface Challenge {
  readonly error?: string | undefined;
  readonly scope?: string | undefined;
  readonly resourceMetadata?: URL | undefined;
}

/** A parameter with its value, quoted or not, or a word alone (RFC 9110, 11.6.1). */
const PIECE =
  /([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|([\w!#$%&'*+.^`|~-]+)|(,)/g;
/** Schemes whose parameters lead to an authorization server; the first one present counts. */
const SCHEMES = ['bearer', 'dpop'];

/** Reads the Bearer challenge of a header, or of several joined by commas; other schemes may stand around it. */
export function readChallenge(header: string | undefined): Challenge {
  const challenges = challengesIn(header ?? '');
  const params = SCHEMES.map((scheme) => challenges.get(scheme)).find((found) => found !== undefined);
  if (!params) return {};
  const metadata = params.get('resource_metadata') ?? '';
  return {
    error: params.get('error') || undefined,
    scope: params.get('scope') || undefined,
    resourceMetadata: URL.canParse(metadata) ? new URL(metadata) : undefined,
  };
}

/** The parameters of each scheme, all names in lower case; of a name given twice the first counts. */
function challengesIn(header: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  let params: Map<string, string> | undefined;
  let fresh = true;
  for (const [, name, quoted, plain, word, comma] of header.matchAll(PIECE)) {
    if (name !== undefined) {
      const key = name.toLowerCase();
      if (params && !params.has(key)) params.set(key, quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
    } else if (word !== undefined && (fresh || SCHEMES.includes(word.toLowerCase()))) {
      const scheme = word.toLowerCase();
      params = found.get(scheme) ?? new Map();
      found.set(scheme, params);
    }
    fresh = comma !== undefined;
  }
  return found;
}

/**
 * Sends a server something harmless without authorization, for its challenge. Empty when it gives none.
 * @throws SignInError when it cannot be reached
 */
export async function probeChallenge(
  server: URL,
  { clock, env, network }: Pick<AuthDeps, 'clock' | 'env' | 'network'>,
): Promise<Challenge> {
  const limit = new AbortController();
  const cancel = clock.after(PROBE_MS, () => limit.abort());
  let client: HttpClient | undefined;
  try {
    const known = (await network?.(server)) ?? env;
    const proxy = proxyFor(known, server, process.versions.node);
    client = new HttpClient(clock, PROBE_MS, server, proxy, known.NODE_EXTRA_CA_CERTS);
    const answer = await client.exchange({
      method: 'POST',
      url: server,
      signal: limit.signal,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: Buffer.from('{"jsonrpc":"2.0","id":"drawbridge-sign-in","method":"ping"}'),
      repeatable: true,
    });
    return (answer.statusCode ?? 0) >= 400 ? readChallenge(answer.headers['www-authenticate']) : {};
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    // An answer that leads elsewhere is an answer without a challenge.
    if (error.status !== undefined) return {};
    throw new SignInError('later', error.message);
  } finally {
    cancel();
    client?.destroy();
  }
}
