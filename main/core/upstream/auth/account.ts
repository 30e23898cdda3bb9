import { messageOf } from '../../../../shared/base/message-of.ts';
import type { SignInView } from '../../../../shared/schemas/server.ts';
import { type AuthChallenge, UpstreamError } from '../types.ts';
import type { Fetch } from './bounded-fetch.ts';
import { type Challenge, readChallenge } from './challenge.ts';
import type { Grants } from './grants.ts';
import { Renewal } from './renewal.ts';
import { renewAt } from './tokens.ts';
import type { AuthDeps, Grant, Need, SignInError, Tokens } from './types.ts';

export interface AccountDeps extends AuthDeps {
  readonly grants: Grants;
  fetchFor(server: URL): Fetch;
  changed(server: string): void;
}

/** A sign-in that a browser is doing now. */
export interface Waiting {
  readonly issuer: string;
  readonly url: string;
  /** When it is given up (epoch, ms). */
  readonly until: number;
}

/** A token that is newer than this and is refused is not renewed again, ms. */
const JUST_NOW_MS = 5000;
/** After a renewal that could not be done, none is tried for so long. */
const PAUSE_MS = 5000;

/** The authorization of one server: what it sends, how that is renewed, and what it still needs. */
export class Account {
  readonly server: string;
  readonly #deps: AccountDeps;
  readonly #renewal: Renewal;
  need: Need | undefined;
  waiting: Waiting | undefined;
  /** Grows with every sign-in begun or given up; only the newest may finish. */
  attempt = 0;
  /** The id of a registered client with which a sign-in came to nothing; the next one registers again. */
  doubted: string | undefined;
  #renewing: Promise<boolean> | undefined;
  #trouble: { readonly until: number; readonly error: SignInError } | undefined;
  /** The header of the tokens it was made from. */
  #made: { readonly tokens: Tokens; readonly header: string; readonly renewAt: number } | undefined;

  constructor(server: string, deps: AccountDeps) {
    this.server = server;
    this.#deps = deps;
    this.#renewal = new Renewal(server, deps);
  }

  /** What applies to the server at its present address. */
  get grant(): Grant | undefined {
    const grant = this.#deps.grants.get(this.server);
    return grant && grant.url === this.#deps.config(this.server)?.url ? grant : undefined;
  }

  /** See {@link UpstreamAuth.header}. */
  header(url: URL): string | undefined | Promise<string | undefined> {
    const grant = this.grant;
    const tokens = grant?.tokens;
    if (!grant || !tokens || url.origin !== new URL(grant.url).origin) return undefined;
    if (this.#made?.tokens !== tokens)
      this.#made = { tokens, header: `Bearer ${tokens.access}`, renewAt: renewAt(tokens) };
    const { header } = this.#made;
    const now = this.#deps.clock.now();
    if (now < this.#made.renewAt || tokens.refresh === undefined) return header;
    const trouble = this.#trouble && now < this.#trouble.until ? this.#trouble.error : undefined;
    if (tokens.expiresAt !== undefined && now < tokens.expiresAt) {
      // It is still valid: calls made now need not wait for the next one.
      if (!trouble)
        this.#renew(false).catch((error: Error) => this.#deps.log('warn', 'Renewing ahead failed', error));
      return header;
    }
    if (trouble) return Promise.reject(new UpstreamError('unsent', trouble.message));
    return this.#renew(false).then(
      () => this.header(url),
      (error: Error) => Promise.reject(new UpstreamError('unsent', error.message)),
    );
  }

  /** See {@link UpstreamAuth.challenged}. */
  async challenged(url: URL, { status, wwwAuthenticate, sent }: AuthChallenge): Promise<boolean> {
    const now = this.#present();
    // Signed in or renewed since that was sent.
    if (now !== undefined && now !== sent) return true;
    const challenge = await readChallenge(wwwAuthenticate);
    const grant = this.grant;
    if (status === 403) {
      if (challenge.error === 'insufficient_scope') await this.#wantMore(challenge);
      return false;
    }
    const { scope, resourceMetadata } = challenge;
    const tokens = grant?.tokens;
    if (!grant || !tokens || now === undefined) {
      this.#wants('This server wants you to sign in.', { scope, resourceMetadata });
      return false;
    }
    if (this.#deps.clock.now() - tokens.obtainedAt < JUST_NOW_MS) {
      this.#wants('The server does not accept the token it was just given. Sign in again.', {
        scope,
        resourceMetadata,
      });
      return false;
    }
    if (tokens.refresh === undefined) {
      await this.#end(grant, 'The sign-in is over. Sign in again.', { scope, resourceMetadata });
      return false;
    }
    try {
      await this.#renew(true, resourceMetadata);
    } catch (error) {
      throw new UpstreamError('failed', messageOf(error), status);
    }
    const next = this.#present();
    if (next === undefined) {
      this.#wants(this.need?.text ?? 'The sign-in is over. Sign in again.', { scope, resourceMetadata });
      return false;
    }
    return next !== sent && url.origin === new URL(grant.url).origin;
  }

  /** @param running the server answers calls: what it wanted before that is over */
  view(running: boolean): SignInView | null {
    const grant = this.grant;
    const { waiting } = this;
    const { need } = this;
    const text = need && (need.lasting || !running) ? need.text : null;
    if (waiting)
      return {
        state: 'waiting',
        issuer: waiting.issuer,
        url: waiting.url,
        until: waiting.until,
        renews: false,
        text,
      };
    if (grant?.tokens)
      return {
        state: 'signed-in',
        issuer: grant.issuer,
        url: null,
        until: grant.tokens.expiresAt ?? null,
        renews: grant.tokens.refresh !== undefined,
        text,
      };
    if (!grant && !this.need) return null;
    return { state: 'needed', issuer: grant?.issuer ?? null, url: null, until: null, renews: false, text };
  }

  /** Puts a grant in force. A disk that refuses it is reported in the log: the grant then holds until the core ends. */
  async take(grant: Grant): Promise<void> {
    try {
      await this.#deps.grants.put(this.server, grant);
    } catch (error) {
      this.#deps.log(
        'error',
        `What was obtained for ${this.server} could not be saved; it is lost with the next start`,
        error,
      );
    }
    this.#deps.changed(this.server);
  }

  /** The header in force, without renewing anything. */
  #present(): string | undefined {
    const tokens = this.grant?.tokens;
    return tokens && `Bearer ${tokens.access}`;
  }

  #wants(text: string, { scope, resourceMetadata, lasting }: Omit<Need, 'text'>): void {
    const same = this.need?.text === text && this.need.scope === scope;
    this.need = { text, scope, resourceMetadata, lasting };
    if (!same) this.#deps.changed(this.server);
  }

  /** A call needs more than was granted (MCP 2026-07-28, authorization, step-up): a person has to sign in for it. */
  async #wantMore({ scope, resourceMetadata }: Challenge): Promise<void> {
    const granted = new Set((this.grant?.tokens?.scope ?? '').split(' '));
    const missing = (scope ?? '').split(' ').filter((each) => each !== '' && !granted.has(each));
    const text =
      missing.length > 0 || scope === undefined
        ? `A call needs more permissions than this sign-in has${missing.length > 0 ? `: ${missing.join(', ').slice(0, 200)}` : ''}. Sign in again to grant them.`
        : 'The server refuses a call although the permissions it asks for were granted. Its administrator has to look at that.';
    this.#wants(text, { scope, resourceMetadata, lasting: true });
  }

  /**
   * One renewal at a time, shared by all callers. Resolves to whether there are new tokens; rejects when that cannot be
   * known now.
   */
  #renew(refused: boolean, resourceMetadata?: URL): Promise<boolean> {
    this.#renewing ??= this.#renewOnce(refused, resourceMetadata)
      .then(
        (renewed) => {
          this.#trouble = undefined;
          return renewed;
        },
        (error: SignInError) => {
          this.#trouble = { until: this.#deps.clock.now() + PAUSE_MS, error };
          throw error;
        },
      )
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  async #renewOnce(refused: boolean, resourceMetadata: URL | undefined): Promise<boolean> {
    const { grant } = this;
    const tokens = grant?.tokens;
    if (!grant || !tokens?.refresh) return false;
    const outcome = await this.#renewal.run(grant, refused, resourceMetadata);
    if ('text' in outcome) {
      await this.#end(outcome.grant, outcome.text, { resourceMetadata }, tokens);
      return false;
    }
    // A person signed in or out meanwhile: that counts.
    if (this.#deps.grants.get(this.server)?.tokens === tokens)
      await this.take({ ...grant, tokens: outcome.tokens });
    return true;
  }

  /** The tokens are no longer valid. Nothing is ended when others replaced them meanwhile. */
  async #end(
    grant: Grant,
    text: string,
    more: Omit<Need, 'text'>,
    tokens: Tokens | undefined = grant.tokens,
  ): Promise<void> {
    if (this.#deps.grants.get(this.server)?.tokens !== tokens) return;
    this.need = { ...more, text };
    this.#deps.note('server-sign-in-ended', { server: this.server, issuer: grant.issuer, why: text });
    await this.take({ ...grant, tokens: undefined });
  }
}
