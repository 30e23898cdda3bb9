import type { Clock } from '../../ports.ts';
import { oauthLib } from './load-oauth.ts';
import { SignInError } from './types.ts';

const PROBE_MS = 20_000;

/** What a `WWW-Authenticate` of a server asks for (RFC 6750, RFC 9728). */
export interface Challenge {
  readonly error?: string | undefined;
  readonly scope?: string | undefined;
  readonly resourceMetadata?: URL | undefined;
}

/** Reads the Bearer challenge of a header; other schemes may stand before it. */
export async function readChallenge(header: string | undefined): Promise<Challenge> {
  const at = header?.search(/(?:^|,\s*)bearer\s/i) ?? -1;
  if (header === undefined || at < 0) return {};
  const lib = await oauthLib();
  const own = header.slice(at).replace(/^,\s*/, '');
  const { error, scope, resourceMetadataUrl } = lib.extractWWWAuthenticateParams(
    new Response(null, { headers: { 'WWW-Authenticate': own } }),
  );
  return { error, scope, resourceMetadata: resourceMetadataUrl };
}

/**
 * Sends a server something harmless without authorization, for its challenge. Empty when it gives none.
 * @throws SignInError when it cannot be reached
 */
export async function probeChallenge(server: URL, clock: Pick<Clock, 'after'>): Promise<Challenge> {
  const limit = new AbortController();
  const cancel = clock.after(PROBE_MS, () => limit.abort());
  try {
    const answer = await fetch(server, {
      method: 'POST',
      redirect: 'manual',
      signal: limit.signal,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: '{"jsonrpc":"2.0","id":"drawbridge-sign-in","method":"ping"}',
    });
    await answer.body?.cancel();
    return answer.status === 401 ? readChallenge(answer.headers.get('www-authenticate') ?? undefined) : {};
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    const why = cause?.code ? ` (${cause.code})` : '';
    throw new SignInError('later', `${server.origin} could not be reached${why}.`);
  } finally {
    cancel();
  }
}
