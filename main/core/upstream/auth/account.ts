import { messageOf } from '../../../../shared/base/message-of.ts';
import type { SignInView } from '../../../../shared/schemas/server.ts';
import { Brake } from '../../base/brake.ts';
import { type AuthChallenge, UpstreamError } from '../types.ts';
import type { Fetch } from './bounded-fetch.ts';
import { type Challenge, readChallenge } from './challenge.ts';
import { viewOf, type Waiting } from './sign-in-view.ts';
import type { Grants } from './tokens/grants.ts';
import { Renewal } from './tokens/renewal.ts';
import { endOf, TokenUse } from './tokens/token-use.ts';
import { renewAt } from './tokens/tokens.ts';
import type { AuthDeps, Grant, Need, SignInError, Tokens } from './types.ts';

export interface AccountDeps extends AuthDeps {
  readonly grants: Grants;
  fetchFor(server: URL): Fetch;
  changed(server: string): void;
}

/** After a renewal that could not be done, none is tried for so long; after each further one twice as long. */
const PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60_000;

/** The server refused a token. */
interface Refused {
  /** See {@link AuthChallenge.reportsAccepted}. */
  readonly reportsAccepted: boolean;
  readonly resourceMetadata: URL | undefined;
}

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
  /** Renewals that could not be done. */
  readonly #trouble: Brake;
  readonly #use: TokenUse;
  /** The header of the tokens it was made from. */
  #made: { readonly tokens: Tokens; readonly header: string; readonly renewAt: number } | undefined;

  constructor(server: string, deps: AccountDeps) {
    this.server = server;
    this.#deps = deps;
    this.#renewal = new Renewal(server, deps);
    const { clock } = deps;
    this.#trouble = new Brake({ clock, free: 1, firstMs: PAUSE_MS, longestMs: LONGEST_PAUSE_MS });
    this.#use = new TokenUse(clock);
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
    const first = this.#use.isFirst(tokens);
    if (first || now < this.#made.renewAt || tokens.refresh === undefined) return header;
    const end = endOf(tokens);
    const serves = end !== undefined && now < end;
    const trouble = this.#trouble.waitMs() > 0 ? this.#trouble.why : undefined;
    if (serves || this.#use.paceMs() > 0) {
      // Calls made now need not wait for the next one.
      if (trouble === undefined && this.#use.paceMs() === 0)
        this.#renew().catch((error: Error) => this.#deps.log('warn', 'Renewing ahead failed', error));
      return header;
    }
    if (trouble !== undefined) return Promise.reject(new UpstreamError('unsent', trouble));
    return this.#renew().then(
      () => this.header(url),
      (error: Error) => Promise.reject(new UpstreamError('unsent', error.message)),
    );
  }

  /** See {@link UpstreamAuth.accepted}. */
  accepted(sent: string): void {
    if (this.#made?.header === sent) this.#use.wasAccepted(this.#made.tokens);
  }

  /** See {@link UpstreamAuth.challenged}. */
  async challenged(
    url: URL,
    { status, wwwAuthenticate, sent, reportsAccepted = false }: AuthChallenge,
  ): Promise<boolean> {
    const now = this.#present();
    // Signed in or renewed since that was sent.
    if (now !== undefined && now !== sent) return true;
    const challenge = readChallenge(wwwAuthenticate);
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
    if (this.#use.isUseless(tokens)) {
      const many = this.#use.tooMany;
      const text =
        many === undefined
          ? 'The server does not accept the token it was just given. Sign in again.'
          : `The sign-in of "${this.server}" was renewed ${many} times in a row at ${grant.issuer}, and the server accepted none of the tokens. Sign in again. Where that does not help, the clocks of the two may differ.`;
      this.#wants(text, { scope, resourceMetadata, lasting: many !== undefined });
      if (many !== undefined) throw new UpstreamError('unsent', text, status);
      return false;
    }
    if (tokens.refresh === undefined) {
      await this.#end(grant, 'The sign-in is over. Sign in again.', { scope, resourceMetadata });
      return false;
    }
    const trouble = this.#trouble.waitMs() > 0 ? this.#trouble.why : undefined;
    if (trouble !== undefined) throw new UpstreamError('unsent', trouble, status);
    try {
      await this.#renew({ reportsAccepted, resourceMetadata });
    } catch (error) {
      // A message that was refused for its authorization was not carried out.
      throw new UpstreamError('unsent', messageOf(error), status);
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
    return viewOf({ grant: this.grant, waiting: this.waiting, need: this.need }, running);
  }

  /** Puts a grant in force. A disk that refuses it is reported in the log: the grant then holds until the core ends. */
  async take(grant: Grant): Promise<void> {
    if (grant.tokens && !this.#use.knows(grant.tokens)) this.#use.begin(grant.tokens);
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
   * @param refused the server refused the present token
   */
  #renew(refused?: Refused): Promise<boolean> {
    this.#renewing ??= this.#renewOnce(refused)
      .then(
        (renewed) => {
          this.#trouble.forget();
          return renewed;
        },
        (error: SignInError) => {
          this.#trouble.tried(error.message);
          throw error;
        },
      )
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  async #renewOnce(refused: Refused | undefined): Promise<boolean> {
    const wait = this.#use.paceMs();
    if (wait > 0) await new Promise<void>((done) => void this.#deps.clock.after(wait, done));
    const { grant } = this;
    const tokens = grant?.tokens;
    if (!grant || !tokens?.refresh) return false;
    const { resourceMetadata } = refused ?? {};
    const outcome = await this.#renewal.run(grant, refused !== undefined, resourceMetadata);
    if ('text' in outcome) {
      await this.#end(outcome.grant, outcome.text, { resourceMetadata }, tokens);
      return false;
    }
    // A person signed in or out meanwhile: that counts.
    if (this.#deps.grants.get(this.server)?.tokens === tokens) {
      this.#use.renewed(tokens, outcome.tokens, refused?.reportsAccepted ?? false);
      await this.take({ ...grant, tokens: outcome.tokens });
    }
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
