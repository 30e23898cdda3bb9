import { createHash } from 'node:crypto';
import type { Account, AccountDeps } from './account.ts';
import { browserAddress } from './addresses.ts';
import type { Fetch } from './bounded-fetch.ts';
import { CALLBACK_PATH, CallbackListener } from './callback.ts';
import { probeChallenge } from './challenge.ts';
import { authorizationServer, chooseIssuer, type Metadata, protectedResource } from './discovery.ts';
import { type OAuthLib, oauthLib } from './load-oauth.ts';
import type { PageText } from './page.ts';
import { type ClientWish, clientFor, givenClient } from './registration.ts';
import { codeIn } from './response.ts';
import { clientInformation, tokensFrom } from './tokens/tokens.ts';
import { CALLBACK_PORT, type ClientRecord, type GivenClient, type Need, SignInError } from './types.ts';
import { asSignInError } from './words.ts';

/** How long a person may take in the browser. */
const PERSON_MS = 10 * 60_000;

/** All that belongs to one sign-in, kept in memory only: it ends with the process that waits for the browser. */
interface Pending {
  readonly account: Account;
  readonly attempt: number;
  readonly state: string;
  readonly path: string;
  readonly lib: OAuthLib;
  readonly fetch: Fetch;
  readonly metadata: Metadata;
  readonly client: ClientRecord;
  readonly verifier: string;
  readonly resource: string;
  readonly scope: string | undefined;
  readonly url: string;
  readonly cancelTimer: () => void;
}

/** Sign-ins with a browser: authorization code with PKCE, coming back to this machine (OAuth 2.1; RFC 8252). */
export class SignIns {
  readonly #deps: AccountDeps;
  readonly #done: (server: string) => void;
  readonly #listener: CallbackListener;
  readonly #pending = new Map<string, Pending>();
  #beginning = 0;

  /** @param done called when a person has signed in to a server */
  constructor(deps: AccountDeps, done: (server: string) => void) {
    this.#deps = deps;
    this.#done = done;
    this.#listener = new CallbackListener({
      port: deps.callbackPort ?? CALLBACK_PORT,
      take: (path, params) => this.#take(path, params),
    });
  }

  /**
   * Finds out where to sign in and prepares it; a sign-in of this server that waits already is given up.
   * @returns the address for the browser
   * @throws SignInError
   */
  async begin(account: Account, given: GivenClient | undefined): Promise<string> {
    this.cancel(account);
    const attempt = account.attempt;
    this.#beginning++;
    try {
      const pending = await this.#prepare(account, attempt, given);
      this.#pending.set(pending.state, pending);
      account.waiting = {
        issuer: pending.metadata.issuer,
        url: pending.url,
        until: this.#deps.clock.now() + PERSON_MS,
      };
      this.#deps.changed(account.server);
      return pending.url;
    } finally {
      this.#beginning--;
      this.#closeIfIdle();
    }
  }

  /** Gives up what waits for this server. */
  cancel(account: Account): void {
    account.attempt++;
    for (const pending of this.#pending.values())
      if (pending.account === account) {
        account.doubted = pending.client.id;
        this.#over(pending);
      }
  }

  stop(): void {
    for (const pending of this.#pending.values()) this.#over(pending);
    this.#listener.close();
  }

  async #prepare(account: Account, attempt: number, given: GivenClient | undefined): Promise<Pending> {
    const { clock, randomBytes, config, fetchFor } = this.#deps;
    const { server: name } = account;
    const configured = config(name);
    if (!configured) throw new SignInError('refused', `"${name}" is not a server that is reached over HTTP.`);
    const server = new URL(configured.url);
    const fetch = fetchFor(server);
    const lib = await oauthLib();
    const grant = this.#deps.grants.get(name);
    const need: Omit<Need, 'text'> = account.need?.resourceMetadata
      ? account.need
      : { ...(await probeChallenge(server, this.#deps)), ...account.need };

    const named = await protectedResource(lib, fetch, server, need.resourceMetadata);
    const known = given ? undefined : (configured.client?.issuer ?? grant?.issuer);
    const issuer = chooseIssuer(named, server, known);
    const metadata = await authorizationServer(lib, fetch, issuer, { server, allows: configured.allows });
    if (given) await this.#deps.saveClient(name, given, metadata.issuer);
    const asked = grant && grant.issuer === metadata.issuer ? grant.requested : undefined;
    const scope = lib.computeScopeUnion(
      asked,
      need.scope ?? (asked === undefined ? named.scope : undefined),
      metadata.scopes_supported?.includes('offline_access') ? 'offline_access' : undefined,
    );

    const port = await this.#listener.open();
    const client = config(name)?.client;
    // An address for each authorization server: the answer of one cannot be passed off as that of another.
    const path = client ? CALLBACK_PATH : `${CALLBACK_PATH}/${digest(metadata.issuer)}`;
    const redirectUri = `http://127.0.0.1:${port}${path}`;
    const wish: ClientWish = {
      metadata,
      redirectUri,
      scope,
      grant: grant && grant.client.id !== account.doubted ? grant : undefined,
      given: client && (await givenClient(name, client, this.#deps.secrets)),
      now: clock.now(),
    };
    const record = await clientFor(lib, fetch, wish);
    const state = randomBytes(32).toString('base64url');
    const { authorizationUrl, codeVerifier } = await lib.startAuthorization(metadata.issuer, {
      metadata,
      clientInformation: clientInformation(record),
      redirectUrl: redirectUri,
      state,
      resource: named.resource,
      ...(scope === undefined ? {} : { scope }),
    });
    if (attempt !== account.attempt)
      throw new SignInError('refused', 'This sign-in was given up, or another one was started.');
    const pending: Pending = {
      account,
      attempt,
      state,
      path,
      lib,
      fetch,
      metadata,
      client: record,
      verifier: codeVerifier,
      resource: named.resource,
      scope,
      url: browserAddress(authorizationUrl),
      cancelTimer: clock.after(PERSON_MS, () => {
        account.doubted = record.id;
        account.need = {
          ...account.need,
          lasting: true,
          text: 'The sign-in was not finished in the browser within 10 minutes. Start it again.',
        };
        this.#over(pending);
      }),
    };
    return pending;
  }

  /** The browser came back. Each state counts once. */
  #take(path: string, params: URLSearchParams): Promise<PageText> | undefined {
    const [state, ...more] = params.getAll('state');
    const pending = state !== undefined && more.length === 0 ? this.#pending.get(state) : undefined;
    if (!pending || pending.path !== path) return undefined;
    this.#pending.delete(pending.state);
    pending.cancelTimer();
    return this.#finish(pending, params).finally(() => this.#over(pending));
  }

  async #finish(pending: Pending, params: URLSearchParams): Promise<PageText> {
    const { account } = pending;
    const { server } = account;
    try {
      const code = codeIn(pending.lib, pending.metadata, params);
      await this.#redeem(pending, code);
      return {
        title: 'Signed in',
        text: `Drawbridge is signed in to ${server}. You can close this page; the next call of your client works.`,
      };
    } catch (error) {
      const failure = asSignInError(pending.lib, error, `Signing in at ${pending.metadata.issuer}`, [
        params.get('code') ?? '',
        pending.verifier,
        pending.client.secret ?? '',
      ]);
      if (params.get('error') !== 'access_denied') account.doubted = pending.client.id;
      if (account.attempt === pending.attempt)
        account.need = { ...account.need, lasting: true, text: failure.message };
      this.#deps.log('warn', `Signing in to ${server} failed: ${failure.message}`);
      return { title: 'Not signed in', text: failure.message, failed: true };
    }
  }

  async #redeem(pending: Pending, code: string): Promise<void> {
    const { account, lib, metadata, client, resource, scope } = pending;
    const { clock, config, note } = this.#deps;
    const answer = await lib.exchangeAuthorization(metadata.issuer, {
      metadata,
      clientInformation: clientInformation(client),
      authorizationCode: code,
      // Checked before; the library checks it again.
      ...(metadata.authorization_response_iss_parameter_supported ? { iss: metadata.issuer } : {}),
      codeVerifier: pending.verifier,
      redirectUri: client.redirectUri,
      resource,
      fetchFn: pending.fetch,
    });
    const tokens = tokensFrom(answer, metadata.issuer, clock.now(), scope);
    const url = config(account.server)?.url;
    if (account.attempt !== pending.attempt || url === undefined)
      throw new SignInError('refused', 'This sign-in was given up, or another one was started.');
    account.need = undefined;
    account.doubted = undefined;
    account.waiting = undefined;
    note('server-signed-in', {
      server: account.server,
      issuer: metadata.issuer,
      scope: tokens.scope ?? null,
    });
    await account.take({ issuer: metadata.issuer, resource, url, client, requested: scope, tokens });
    this.#done(account.server);
  }

  #over(pending: Pending): void {
    pending.cancelTimer();
    this.#pending.delete(pending.state);
    const { account } = pending;
    if (account.waiting?.url === pending.url) account.waiting = undefined;
    this.#deps.changed(account.server);
    this.#closeIfIdle();
  }

  #closeIfIdle(): void {
    if (this.#pending.size === 0 && this.#beginning === 0) this.#listener.close();
  }
}

function digest(issuer: string): string {
  return createHash('sha256').update(issuer).digest('base64url').slice(0, 16);
}
