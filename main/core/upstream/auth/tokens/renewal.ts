import { sentences } from '../../../../../shared/text/sentences.ts';
import type { Clock, Log } from '../../../ports.ts';
import type { Fetch } from '../bounded-fetch.ts';
import { authorizationServer, type Metadata, namesIssuer, protectedResource } from '../discovery.ts';
import { type OAuthLib, oauthLib } from '../load-oauth.ts';
import type { AuthServerConfig, Grant, Tokens } from '../types.ts';
import { asSignInError, codeOf } from '../words.ts';
import { clientInformation, tokensFrom } from './tokens.ts';

export interface RenewalDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  fetchFor(server: URL): Fetch;
  config(server: string): AuthServerConfig | undefined;
}

/** New tokens, or why there are no more, and what is left of the grant. */
export type Renewed = { readonly tokens: Tokens } | { readonly text: string; readonly grant: Grant };

/** Gets new tokens of one server with its refresh token, from the issuer that gave it and from no other. */
export class Renewal {
  readonly #server: string;
  readonly #deps: RenewalDeps;
  #metadata: Metadata | undefined;

  constructor(server: string, deps: RenewalDeps) {
    this.#server = server;
    this.#deps = deps;
  }

  /**
   * @param refused the server refused the present token: whether it still names this issuer is looked at first
   * @throws SignInError `later` when it cannot be known now
   */
  async run(grant: Grant, refused: boolean, resourceMetadata: URL | undefined): Promise<Renewed> {
    const lib = await oauthLib();
    const server = new URL(grant.url);
    const fetch = this.#deps.fetchFor(server);
    const moved = refused && (await this.#moved(lib, fetch, grant, resourceMetadata));
    if (moved) {
      const text = `The server no longer signs in at ${grant.issuer}, but at ${moved}. Sign in there.`;
      return { text, grant };
    }
    try {
      if (this.#metadata?.issuer !== grant.issuer)
        this.#metadata = await authorizationServer(lib, fetch, grant.issuer, {
          server,
          allows: this.#deps.config(this.#server)?.allows,
        });
      const answer = await lib.refreshAuthorization(grant.issuer, {
        metadata: this.#metadata,
        clientInformation: clientInformation(grant.client),
        refreshToken: grant.tokens?.refresh ?? '',
        resource: grant.resource,
        fetchFn: fetch,
      });
      return { tokens: tokensFrom(answer, grant.issuer, this.#deps.clock.now(), grant.tokens?.scope) };
    } catch (error) {
      this.#metadata = undefined;
      const doing = `Renewing the sign-in of "${this.#server}" at ${grant.issuer}`;
      const failure = asSignInError(lib, error, doing, secretsOf(grant));
      if (failure.kind === 'later') throw failure;
      const unknown = codeOf(lib, error) === 'invalid_client' && grant.client.from === 'registration';
      const client = unknown ? { ...grant.client, expiresAt: 0 } : grant.client;
      return { text: sentences(failure.message, 'Sign in again.'), grant: { ...grant, client } };
    }
  }

  /** The authorization server that the server names instead of this one; undefined when it names this one, or none. */
  async #moved(
    lib: OAuthLib,
    fetch: Fetch,
    grant: Grant,
    resourceMetadata: URL | undefined,
  ): Promise<string | undefined> {
    try {
      const { issuers } = await protectedResource(lib, fetch, new URL(grant.url), resourceMetadata);
      return namesIssuer(issuers, grant.issuer) ? undefined : issuers[0];
    } catch (error) {
      // The refresh token goes to the issuer it came from in any case.
      const text = `Whether ${this.#server} still signs in at ${grant.issuer} is not known`;
      this.#deps.log('warn', text, error);
      return undefined;
    }
  }
}

/** What must not appear in a text about this grant. */
function secretsOf({ tokens, client }: Grant): string[] {
  return [tokens?.access, tokens?.refresh, client.secret].filter((each) => each !== undefined);
}
