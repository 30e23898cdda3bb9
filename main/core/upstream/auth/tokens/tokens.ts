import type { OAuthLib } from '../load-oauth.ts';
import { type ClientRecord, SignInError, type Tokens } from '../types.ts';
import { endOf } from './token-use.ts';

type Answer = Awaited<ReturnType<OAuthLib['exchangeAuthorization']>>;

/** Access tokens are renewed so long before their end, but not earlier than at three quarters of their life. */
const AHEAD_MS = 60_000;
const MAX_LIFE_S = 10 * 365 * 86_400;

/**
 * What a token endpoint answered, checked: only bearer tokens that can stand in a header.
 * @param asked the scope asked for, which is granted where the answer names none (RFC 6749, 5.1)
 * @throws SignInError
 */
export function tokensFrom(answer: Answer, issuer: string, now: number, asked: string | undefined): Tokens {
  if (answer.token_type.toLowerCase() !== 'bearer')
    throw new SignInError(
      'refused',
      `The authorization server ${issuer} issued a token of the kind ${JSON.stringify(answer.token_type.slice(0, 40))}. Only bearer tokens can be used.`,
    );
  if (!/^[\x21-\x7e]+$/.test(answer.access_token))
    throw new SignInError('refused', `The authorization server ${issuer} issued a token that is not valid.`);
  // A lifetime of zero means that none is known: the server says when the token is over.
  const life = answer.expires_in;
  return {
    access: answer.access_token,
    refresh: answer.refresh_token || undefined,
    obtainedAt: now,
    expiresAt:
      life !== undefined && Number.isFinite(life) && life > 0
        ? now + Math.min(life, MAX_LIFE_S) * 1000
        : undefined,
    scope: answer.scope ?? asked,
  };
}

/** From when on the token is renewed (epoch, ms). */
export function renewAt(tokens: Tokens): number {
  const end = endOf(tokens);
  if (end === undefined) return Number.POSITIVE_INFINITY;
  return end - Math.min(AHEAD_MS, (end - tokens.obtainedAt) / 4);
}

/** A client in the form the protocol code takes. */
export function clientInformation({ id, secret, method }: ClientRecord): {
  client_id: string;
  client_secret?: string;
} {
  return {
    client_id: id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(method === undefined ? {} : { token_endpoint_auth_method: method }),
  };
}
