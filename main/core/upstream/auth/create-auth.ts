import { createListeners } from '../../../../shared/base/listeners.ts';
import { messageOf } from '../../../../shared/base/message-of.ts';
import type { SignInView } from '../../../../shared/schemas/server.ts';
import type { UpstreamAuth } from '../types.ts';
import { Account, type AccountDeps } from './account.ts';
import { checkedAddress } from './addresses.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { authorizationServer } from './discovery.ts';
import { lenientFetch } from './lenient.ts';
import { oauthLib } from './load-oauth.ts';
import { SignIns } from './sign-in.ts';
import { openGrants } from './tokens/grants.ts';
import { revoke } from './tokens/revoke.ts';
import type { AuthDeps, GivenClient } from './types.ts';

/** Signing in to HTTP servers with OAuth: what people do, in addition to what connections use. */
export interface ServerSignIns extends UpstreamAuth {
  /**
   * Null when nothing is known of a sign-in of this server. Holds no credentials.
   * @param running the server answers calls now
   */
  view(server: string, running: boolean): SignInView | null;
  /**
   * Begins a sign-in; one of this server that waits already is given up.
   * @param client one that a person registered by hand; it is saved with the server
   * @returns the address that a browser has to open; the sign-in is given up after 10 minutes
   * @throws SignInError
   */
  signIn(server: string, client?: GivenClient): Promise<{ url: string }>;
  cancelSignIn(server: string): void;
  /** Deletes the tokens, and tells the authorization server. Works also when that cannot be reached. */
  signOut(server: string): Promise<void>;
  /** Deletes everything of a server that is removed. */
  forget(server: string): Promise<void>;
  /** The grant of a server is that of another name, too; {@link forget} then ends the old one. */
  rename(from: string, to: string): Promise<void>;
  /** `signed-in`: a person just did; `changed`: something of {@link view}. */
  onChange(listener: (server: string, what: 'signed-in' | 'changed') => void): void;
  /** Gives up sign-ins that wait. */
  stop(): void;
}

/** Reads what is saved of earlier sign-ins. Nothing listens and nothing is asked before a sign-in is begun. */
export async function createUpstreamAuth(deps: AuthDeps): Promise<ServerSignIns> {
  const { clock, log } = deps;
  const grants = await openGrants(deps.secrets, () => clock.now(), log);
  const accounts = new Map<string, Account>();
  const listeners = createListeners<[server: string, what: 'signed-in' | 'changed']>();
  const tell = (server: string, what: 'signed-in' | 'changed'): void => {
    listeners.tell(server, what);
  };
  const accountDeps: AccountDeps = {
    ...deps,
    grants,
    fetchFor: (server) =>
      lenientFetch(
        boundedFetch(
          clock,
          deps.env,
          (url) => {
            // The server itself may be asked wherever it is: a person registered it.
            if (url.origin !== server.origin) checkedAddress(url.href, 'address', server);
          },
          deps.network,
        ),
      ),
    changed: (server) => tell(server, 'changed'),
  };
  const signIns = new SignIns(accountDeps, (server) => tell(server, 'signed-in'));
  const account = (server: string): Account => {
    let found = accounts.get(server);
    if (!found) {
      found = new Account(server, accountDeps);
      accounts.set(server, found);
    }
    return found;
  };

  return {
    // No account is made here: a server without tokens costs one look-up.
    header: (server, url) => (grants.get(server) ? account(server).header(url) : undefined),
    challenged: (server, url, challenge) => account(server).challenged(url, challenge),
    accepted: (server, sent) => accounts.get(server)?.accepted(sent),
    view: (server, running) =>
      grants.get(server) || accounts.has(server) ? account(server).view(running) : null,
    async signIn(server, client) {
      return { url: await signIns.begin(account(server), client) };
    },
    cancelSignIn: (server) => signIns.cancel(account(server)),
    async signOut(server) {
      const own = account(server);
      signIns.cancel(own);
      own.need = undefined;
      const grant = grants.get(server);
      if (!grant?.tokens) return tell(server, 'changed');
      await grants.put(server, { ...grant, tokens: undefined });
      tell(server, 'changed');
      deps.note('server-signed-out', { server, issuer: grant.issuer });
      try {
        const lib = await oauthLib();
        const url = new URL(grant.url);
        const fetch = accountDeps.fetchFor(url);
        const asked = { server: url, allows: deps.config(server)?.allows };
        await revoke(fetch, await authorizationServer(lib, fetch, grant.issuer, asked), grant, url);
      } catch (error) {
        log('warn', `The tokens of ${server} are deleted here, but could not be revoked at ${grant.issuer}`, {
          reason: messageOf(error),
        });
      }
    },
    async rename(from, to) {
      const own = accounts.get(from);
      if (own) signIns.cancel(own);
      const grant = grants.get(from);
      if (grant) await grants.put(to, grant);
      accounts.delete(to);
    },
    async forget(server) {
      const own = accounts.get(server);
      if (own) signIns.cancel(own);
      accounts.delete(server);
      await grants.remove(server);
    },
    onChange: (listener) => void listeners.add(listener),
    stop: () => signIns.stop(),
  };
}
