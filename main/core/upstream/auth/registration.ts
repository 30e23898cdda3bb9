import type { SecretStore } from '../../settings/types.ts';
import type { Fetch } from './bounded-fetch.ts';
import type { Metadata } from './discovery.ts';
import type { OAuthLib } from './load-oauth.ts';
import { type AuthServerConfig, type ClientRecord, type Grant, SignInError } from './types.ts';
import { asSignInError } from './words.ts';

export interface ClientWish {
  readonly metadata: Metadata;
  readonly redirectUri: string;
  readonly scope: string | undefined;
  /** What is there already, of whichever issuer. */
  readonly grant: Grant | undefined;
  /** What the settings say about a client registered by hand; its secret in plain. */
  readonly given: { readonly id: string; readonly secret?: string; readonly issuer?: string } | undefined;
  readonly now: number;
}

/**
 * The client to sign in as, in the order of the specification (MCP 2026-07-28, client registration): one that a person
 * registered, the one registered here before, a new registration. Client ID metadata documents need a web site of the
 * client, which this program does not have.
 * @throws SignInError `client` when only a person can register one
 */
export async function clientFor(lib: OAuthLib, fetch: Fetch, wish: ClientWish): Promise<ClientRecord> {
  const { metadata, redirectUri, given, grant } = wish;
  const { issuer } = metadata;
  if (given) {
    const bound = given.issuer ?? (grant?.client.id === given.id ? grant.issuer : undefined);
    if (bound !== undefined && bound !== issuer)
      throw new SignInError(
        'client',
        `The client ID in the settings of this server was registered at ${bound}, but the server now signs in at ${issuer}. It is not sent there.`,
        `If the change is right, register a client at ${issuer} with the redirect address ${redirectUri} and give its ID.`,
      );
    return { id: given.id, secret: given.secret, redirectUri, from: 'settings' };
  }
  const old = grant?.client;
  if (old && grant.issuer === issuer && old.from === 'registration' && old.redirectUri === redirectUri) {
    if (old.expiresAt === undefined || old.expiresAt > wish.now) return old;
  }
  if (!metadata.registration_endpoint)
    throw new SignInError(
      'client',
      `The authorization server ${issuer} lets no program register itself.`,
      `Register Drawbridge there by hand, with the redirect address ${redirectUri}, and give the client ID you get.`,
    );
  return register(lib, fetch, wish);
}

async function register(lib: OAuthLib, fetch: Fetch, wish: ClientWish): Promise<ClientRecord> {
  const { metadata, redirectUri, scope } = wish;
  try {
    const made = await lib.registerClient(metadata.issuer, {
      metadata,
      clientMetadata: {
        client_name: 'Drawbridge',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: methodFor(metadata.token_endpoint_auth_methods_supported),
        application_type: 'native',
      },
      ...(scope === undefined ? {} : { scope }),
      fetchFn: fetch,
    });
    const ends = made.client_secret_expires_at;
    return {
      id: made.client_id,
      secret: made.client_secret,
      method: made.token_endpoint_auth_method,
      expiresAt: ends ? ends * 1000 : undefined,
      redirectUri,
      from: 'registration',
    };
  } catch (error) {
    const doing = `Registering at ${metadata.issuer}`;
    if (lib.RegistrationRejectedError.isInstance(error)) {
      const { status } = error;
      throw new SignInError(
        status >= 500 ? 'later' : 'client',
        `${doing} was refused (HTTP ${status}${reasonIn(error.body)}).`,
        `Register Drawbridge there by hand, with the redirect address ${redirectUri}, and give the client ID you get.`,
      );
    }
    throw asSignInError(lib, error, doing);
  }
}

/** Native programs keep no secret (RFC 8252, 8.5); only a server that insists gives them one. */
function methodFor(supported: readonly string[] | undefined): string {
  if (!supported || supported.length === 0 || supported.includes('none')) return 'none';
  return supported.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post';
}

/** `: invalid_redirect_uri: …` from the body of a refusal (RFC 7591, 3.2.2). */
function reasonIn(body: string): string {
  try {
    const { error, error_description: why } = JSON.parse(body) as Record<string, unknown>;
    const parts = [error, why].filter((part) => typeof part === 'string');
    return parts.length > 0 ? `: ${parts.join(': ').slice(0, 200)}` : '';
  } catch {
    // A page or nothing: the status says what there is to say.
    return '';
  }
}

/** A client registered by hand, its secret in plain. @throws SignInError when the key store does not hold the secret */
export async function givenClient(
  server: string,
  client: NonNullable<AuthServerConfig['client']>,
  secrets: Pick<SecretStore, 'get'>,
): Promise<NonNullable<ClientWish['given']>> {
  const { clientId: id, clientSecret, issuer } = client;
  const bound = issuer === undefined ? {} : { issuer };
  if (clientSecret === undefined) return { id, ...bound };
  const secret = typeof clientSecret === 'string' ? clientSecret : await secrets.get(clientSecret.secret);
  if (secret === undefined)
    throw new SignInError(
      'client',
      `The client secret of "${server}" is not in the key store.`,
      'Give client ID and secret again.',
    );
  return { id, secret, ...bound };
}
