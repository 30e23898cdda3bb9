import * as z from 'zod';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { sentence } from '../../../../shared/text/sentences.ts';
import type { OAuthLib } from './load-oauth.ts';
import { SignInError } from './types.ts';

const LATER = new Set(['server_error', 'temporarily_unavailable', 'too_many_requests', 'slow_down']);
/** Errors of an authorization server (RFC 6749, RFC 6750, RFC 7591) in words. */
const WORDS: Record<string, string> = {
  access_denied: 'access was denied there',
  invalid_client: 'it does not know this client, or refuses its credentials',
  invalid_grant: 'the sign-in is no longer valid',
  invalid_scope: 'it does not grant these permissions',
  invalid_target: 'it issues no tokens for this server',
  unauthorized_client: 'this client may not sign in that way',
  temporarily_unavailable: 'it is not available at the moment',
  server_error: 'it has an internal error',
};

/** The code and, where it gave one, the reason of an OAuth error: `access was denied there (access_denied: …)`. */
export function oauthReason(
  code: string,
  description: string | undefined,
  hide: readonly string[] = [],
): string {
  const name = /^[\w.-]{1,60}$/.test(code) ? code : 'an error without a proper name';
  const said = description === undefined || description === code ? '' : `: ${short(description, hide)}`;
  const words = WORDS[code];
  return words === undefined ? `${name}${said}` : `${words} (${name}${said})`;
}

/** Text of another party: at most 200 characters, and none of the values in `hide`. */
function short(text: string, hide: readonly string[]): string {
  let clean = text;
  for (const value of hide) if (value.length > 0) clean = clean.replaceAll(value, '••••');
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}

/**
 * What went wrong, in a sentence without credentials.
 * @param doing begins it: "Signing in to https://auth.example"
 * @param hide values that must not appear
 */
export function asSignInError(
  lib: OAuthLib,
  error: unknown,
  doing: string,
  hide: readonly string[] = [],
): SignInError {
  if (error instanceof SignInError) return error;
  if (lib.OAuthError.isInstance(error)) {
    // The library puts a body it cannot read into the message; it may hold anything.
    const readable = !/Raw body:/.test(error.message);
    const reason = oauthReason(error.code, readable ? error.message : undefined, hide);
    return new SignInError(LATER.has(error.code) ? 'later' : 'refused', `${doing} failed: ${reason}.`);
  }
  if (lib.IssuerMismatchError.isInstance(error))
    return new SignInError(
      'refused',
      `${doing} was stopped: the answer names another issuer than the one that was asked. Somebody may be trying to mix up two sign-ins, or the authorization server is set up wrongly.`,
    );
  if (error instanceof z.core.$ZodError || error instanceof SyntaxError)
    return new SignInError('refused', `${doing} failed: the answer is not what the specification asks for.`);
  return new SignInError('refused', sentence(`${doing} failed: ${short(messageOf(error), hide)}`));
}

/** The OAuth error code of a failure, where there is one. */
export function codeOf(lib: OAuthLib, error: unknown): string | undefined {
  return lib.OAuthError.isInstance(error) ? error.code : undefined;
}
