import type { SignInException } from '../../../../shared/schemas/server.ts';
import { signInExceptions as signInTexts } from '../../../../shared/text/core/sign-in.ts';
import { checkedAddress, withoutEmptyPath } from './addresses.ts';
import type { Fetch } from './bounded-fetch.ts';
import type { OAuthLib } from './load-oauth.ts';
import { SignInError } from './types.ts';
import { asSignInError } from './words.ts';

export type Metadata = NonNullable<Awaited<ReturnType<OAuthLib['discoverAuthorizationServerMetadata']>>> & {
  /** What it calls itself where that is another name than the one it was asked as, and a person allowed it. */
  readonly claimedIssuer?: string;
};

/** The server that a sign-in is for, and what a person allowed its authorization server. */
export interface SignInFor {
  readonly server: URL;
  readonly allows: readonly SignInException[] | undefined;
}

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
    if (error instanceof Error && /does not implement/.test(error.message)) {
      // The challenge named a place where there is nothing; it may still be at the well-known one.
      if (metadata) return protectedResource(lib, fetch, server, undefined);
      return { resource: withoutEmptyPath(own), issuers: [], scope: undefined };
    }
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
  if (known !== undefined && namesIssuer(named.issuers, known)) return known;
  return named.issuers[0] ?? `${server.origin}/`;
}

/** Whether an issuer is among those named; a slash at the end makes no other one. */
export function namesIssuer(issuers: readonly string[], issuer: string): boolean {
  const plain = (each: string): string => each.replace(/\/$/, '');
  return issuers.some((each) => plain(each) === plain(issuer));
}

/** Looked for where RFC 8414 and OpenID Connect put it, then at the root of an issuer that has a path. */
async function findMetadata(
  lib: OAuthLib,
  fetch: Fetch,
  issuer: string,
  anyName: boolean,
): Promise<Metadata | undefined> {
  // The protocol code takes an issuer without the slash for one with it, but not the other way round.
  const expected = issuer.endsWith('/') ? issuer : `${issuer}/`;
  const found = await lib.discoverAuthorizationServerMetadata(expected, {
    fetchFn: fetch,
    skipIssuerValidation: anyName,
  });
  if (found || new URL(issuer).pathname === '/') return found && named(found, issuer);
  const root = await lib.discoverAuthorizationServerMetadata(new URL(issuer).origin, {
    fetchFn: fetch,
    skipIssuerValidation: true,
  });
  return root && (anyName || namesIssuer([root.issuer], issuer)) ? named(root, issuer) : undefined;
}

/** Whatever it calls itself, it stays the one that was asked: tokens are bound to that name. */
function named(metadata: Metadata, issuer: string): Metadata {
  if (namesIssuer([metadata.issuer], issuer)) return metadata;
  return { ...metadata, issuer, claimedIssuer: metadata.issuer };
}

/**
 * The metadata of an authorization server (RFC 8414, OpenID Connect Discovery): issuer, addresses and PKCE are checked.
 * @throws SignInError
 */
export async function authorizationServer(
  lib: OAuthLib,
  fetch: Fetch,
  issuer: string,
  { server, allows = [] }: SignInFor,
): Promise<Metadata> {
  checkedAddress(issuer, 'authorization server', server);
  const doing = `Asking the authorization server ${issuer} how to sign in`;
  let metadata: Metadata | undefined;
  try {
    metadata = await findMetadata(lib, fetch, issuer, allows.includes('other-issuer'));
  } catch (error) {
    throw lib.IssuerMismatchError.isInstance(error)
      ? withFix(asSignInError(lib, error, doing), 'other-issuer')
      : asSignInError(lib, error, doing);
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
  const methods = metadata.code_challenge_methods_supported;
  if (methods === undefined && allows.includes('pkce-unsaid')) return metadata;
  if (!methods?.includes('S256')) {
    const text = `The authorization server ${issuer} does not say that it supports PKCE with S256. Signing in without it is not safe, so it is not done.`;
    const error = new SignInError('refused', text);
    throw methods === undefined ? withFix(error, 'pkce-unsaid') : error;
  }
  return metadata;
}

function withFix({ kind, message }: SignInError, exception: SignInException): SignInError {
  return new SignInError(kind, message, signInTexts.allow(exception));
}
