import { checkedAddress } from '../addresses.ts';
import type { Fetch } from '../bounded-fetch.ts';
import type { Metadata } from '../discovery.ts';
import type { Grant } from '../types.ts';

/**
 * Tells the authorization server that the tokens are not used any more (RFC 7009). The refresh token where there is one:
 * revoking it revokes the whole grant.
 * @returns false when the server offers no revocation
 * @throws SignInError or Error when it refuses or cannot be reached
 */
export async function revoke(fetch: Fetch, metadata: Metadata, grant: Grant, server: URL): Promise<boolean> {
  const endpoint = (metadata as { revocation_endpoint?: unknown }).revocation_endpoint;
  const token = grant.tokens?.refresh ?? grant.tokens?.access;
  if (typeof endpoint !== 'string' || token === undefined) return false;
  const url = checkedAddress(endpoint, 'revocation endpoint', server);
  const { id, secret, method } = grant.client;
  const body = new URLSearchParams({
    token,
    token_type_hint: grant.tokens?.refresh === undefined ? 'access_token' : 'refresh_token',
  });
  const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded' };
  if (secret !== undefined && method !== 'client_secret_post') {
    const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
    headers.Authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  } else {
    body.set('client_id', id);
    if (secret !== undefined) body.set('client_secret', secret);
  }
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${url.origin} refused to revoke a token (HTTP ${answer.status}).`);
  return true;
}
