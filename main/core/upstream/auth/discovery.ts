import { checkedAddress, withoutEmptyPath } from './addresses.ts';
import type { Fetch } from './bounded-fetch.ts';
import type { OAuthLib } from './load-oauth.ts';
import { SignInError } from './types.ts';
import { asSignInError } from './words.ts';

export type Metadata = NonNullable<Awaited<ReturnType<OAuthLib['discoverAuthorizationServerMetadata']>>>;

/** What a server says about its authorization (RFC 9728). */
export interface Protected {
  /** The value of the `resource` parameter (RFC 8707). */
  readonly resource: string;
  /** Its authorization servers in its order; empty when it names none. */
  readonly issuers: readonly string[];
  /** `scopes_supported`, joined. */
  readonly scope: string | undefined;
}

/**
 * Asks a server for its protected resource metadata: at the address of its challenge, else at the well-known ones
 * (MCP 2026-07-28, authorization server discovery). A server without any, of an older revision, is its own authorization
 * server.
 * @throws SignInError
 */
export async function protectedResource(
  lib: OAuthLib,
  fetch: Fetch,
  server: URL,
  metadata: URL | undefined,
): Promise<Protected> {
  const own = lib.resourceUrlFromServerUrl(server);
  const doing = `Asking ${server.origin} where to sign in`;
  let found: Awaited<ReturnType<OAuthLib['discoverOAuthProtectedResourceMetadata']>>;
  try {
    const at = metadata ? { resourceMetadataUrl: metadata } : {};
    found = await lib.discoverOAuthProtectedResourceMetadata(server, at, fetch);
  } catch (error) {
    if (error instanceof Error && /does not implement/.test(error.message) && !metadata)
      return { resource: withoutEmptyPath(own), issuers: [], scope: undefined };
    throw asSignInError(lib, error, doing);
  }
  if (!lib.checkResourceAllowed({ requestedResource: own, configuredResource: found.resource }))
    throw new SignInError(
      'refused',
      `${doing} failed: its metadata is about another resource (${found.resource}). Signing in with it could give this server a token that is meant for the other.`,
    );
  return {
    resource: found.resource,
    issuers: found.authorization_servers ?? [],
    scope: found.scopes_supported?.join(' ') || undefined,
  };
}

/** The authorization server to use: the one in use already where it is still named, else the first. */
export function chooseIssuer(named: Protected, server: URL, known: string | undefined): string {
  if (known !== undefined && named.issuers.includes(known)) return known;
  return named.issuers[0] ?? `${server.origin}/`;
}

/**
 * The metadata of an authorization server (RFC 8414, OpenID Connect Discovery): issuer, addresses and PKCE are checked.
 * @throws SignInError
 */
export async function authorizationServer(
  lib: OAuthLib,
  fetch: Fetch,
  issuer: string,
  server: URL,
): Promise<Metadata> {
  checkedAddress(issuer, 'authorization server', server);
  const doing = `Asking the authorization server ${issuer} how to sign in`;
  let metadata: Metadata | undefined;
  try {
    metadata = await lib.discoverAuthorizationServerMetadata(issuer, { fetchFn: fetch });
  } catch (error) {
    throw asSignInError(lib, error, doing);
  }
  if (!metadata)
    throw new SignInError(
      'refused',
      `${doing} failed: it publishes no metadata. If this server takes a token or key instead, put it into the headers of its settings.`,
    );
  checkedAddress(metadata.authorization_endpoint, 'authorization endpoint', server);
  checkedAddress(metadata.token_endpoint, 'token endpoint', server);
  if (metadata.registration_endpoint)
    checkedAddress(metadata.registration_endpoint, 'registration endpoint', server);
  // Where the field is absent, too, the specification tells clients to go no further.
  if (!metadata.code_challenge_methods_supported?.includes('S256'))
    throw new SignInError(
      'refused',
      `The authorization server ${issuer} does not say that it supports PKCE with S256. Signing in without it is not safe, so it is not done.`,
    );
  return metadata;
}
