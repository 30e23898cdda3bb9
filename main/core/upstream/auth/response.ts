import type { Metadata } from './discovery.ts';
import type { OAuthLib } from './load-oauth.ts';
import { SignInError } from './types.ts';
import { oauthReason } from './words.ts';

/**
 * The code of an authorization response. Its issuer is checked before anything else of it is believed
 * (MCP 2026-07-28, authorization response validation; RFC 9207).
 * @throws SignInError or the library's IssuerMismatchError
 */
export function codeIn(lib: OAuthLib, metadata: Metadata, params: URLSearchParams): string {
  const failed = `Signing in at ${metadata.issuer} failed`;
  for (const name of ['iss', 'code', 'error'])
    if (params.getAll(name).length > 1)
      throw new SignInError('refused', `${failed}: the answer holds ${name} more than once.`);
  lib.validateAuthorizationResponseIssuer({
    iss: params.get('iss') ?? undefined,
    expectedIssuer:
      params.get('iss') === metadata.claimedIssuer
        ? (metadata.claimedIssuer ?? metadata.issuer)
        : metadata.issuer,
    issParameterSupported: metadata.authorization_response_iss_parameter_supported === true,
  });
  const error = params.get('error');
  if (error !== null)
    throw new SignInError(
      'refused',
      `${failed}: ${oauthReason(error, params.get('error_description') ?? undefined)}.`,
    );
  const code = params.get('code');
  if (!code) throw new SignInError('refused', `${failed}: the answer holds neither a code nor an error.`);
  return code;
}
