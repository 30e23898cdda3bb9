import { isObject } from '../../../../shared/base/is-object.ts';
import type { Json, JsonObject } from '../../codec/types.ts';
import type { Fetch } from './bounded-fetch.ts';
import { SignInError } from './types.ts';

/** Required by the schemas of the protocol code, though nothing here depends on them. */
const METADATA_DEFAULTS = {
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
};

/**
 * `fetch` for the protocol code, whose answers are read as tolerantly as they can be without guessing: members that are
 * null count as absent (RFC 8414, RFC 9728, RFC 7591, RFC 6749), and what may be left out is filled in.
 * @throws SignInError `later` when a page comes instead of JSON: there is a proxy or a captive portal in between
 */
export function lenientFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!response.ok || response.status === 204) return response;
    const text = await response.text();
    const { status, headers } = response;
    const wellKnown = new URL(url).pathname.includes('/.well-known/');
    if (/^\s*</.test(text)) {
      // Web applications answer every path with their page: there is no metadata here.
      if (wellKnown) return new Response(null, { status: 404 });
      const { origin, pathname } = new URL(url);
      throw new SignInError('later', `${origin}${pathname} answered with a web page instead of JSON.`);
    }
    const value = parsed(text);
    if (!isObject(value)) return new Response(text, { status, headers });
    return new Response(JSON.stringify(filledIn(value, init)), { status, headers });
  };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as Json;
  } catch {
    // The protocol code says what is wrong with it.
    return undefined;
  }
}

function filledIn(answer: JsonObject, init: RequestInit | undefined): JsonObject {
  const value: JsonObject = Object.fromEntries(Object.entries(answer).filter(([, each]) => each !== null));
  if (Array.isArray(value.scope)) value.scope = value.scope.join(' ');
  if (typeof value.access_token === 'string') return tokens(value);
  if (typeof value.authorization_endpoint === 'string')
    return { ...METADATA_DEFAULTS, jwks_uri: value.issuer ?? value.authorization_endpoint, ...value };
  if (typeof value.resource === 'string' && typeof value.authorization_servers === 'string')
    return { ...value, authorization_servers: [value.authorization_servers] };
  if (typeof value.client_id === 'string') return registration(value, init);
  return value;
}

/** The end of a token is known only where it is a number of seconds above zero, as a number or as text. */
function tokens({ expires_in: life, ...value }: JsonObject): JsonObject {
  const seconds = typeof life === 'string' && life.trim() !== '' ? Number(life) : life;
  const known = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
  return { token_type: 'Bearer', ...value, ...(known ? { expires_in: seconds } : {}) };
}

function registration(value: JsonObject, init: RequestInit | undefined): JsonObject {
  const asked = typeof init?.body === 'string' ? parsed(init.body) : undefined;
  const redirects = isObject(asked) ? asked.redirect_uris : undefined;
  const made: JsonObject = { ...(redirects === undefined ? {} : { redirect_uris: redirects }), ...value };
  for (const name of ['client_id_issued_at', 'client_secret_expires_at']) {
    const at = Number(made[name]);
    if (made[name] !== undefined) made[name] = Number.isFinite(at) ? at : 0;
  }
  return made;
}
