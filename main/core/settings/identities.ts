import { hash, timingSafeEqual } from 'node:crypto';
import type { ClientIdentity, RenewableIdentities, SecretStore } from './types.ts';

const PREFIX = 'token/';
const TOKEN_BYTES = 32;

/**
 * The bearer tokens of the clients: `db_` and 256 random bits in base64url, kept in the secret store under
 * `token/<client id>`. `clientName` gives the name that people see.
 */
export async function createIdentities(deps: {
  readonly secrets: SecretStore;
  readonly randomBytes: (size: number) => Buffer;
  readonly clientName: (id: string) => string;
}): Promise<RenewableIdentities> {
  const { secrets, randomBytes, clientName } = deps;
  /** Looked up by digest, so that neither the lookup nor its timing depends on how much of a guess is right. */
  const byDigest = new Map<string, { readonly digest: Buffer; readonly id: string }>();
  const tokens = new Map<string, Promise<string>>();

  const learn = (id: string, token: string): void => {
    const digest = digestOf(token);
    byDigest.set(digest.toString('hex'), { digest, id });
  };
  for (const name of await secrets.names()) {
    if (!name.startsWith(PREFIX)) continue;
    const token = await secrets.get(name);
    if (token === undefined) continue;
    const id = name.slice(PREFIX.length);
    learn(id, token);
    tokens.set(id, Promise.resolve(token));
  }

  const make = async (id: string): Promise<string> => {
    const token = `db_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
    await secrets.set(PREFIX + id, token);
    learn(id, token);
    return token;
  };

  return {
    byToken(token): ClientIdentity | undefined {
      const digest = digestOf(token);
      const found = byDigest.get(digest.toString('hex'));
      if (!found || !timingSafeEqual(found.digest, digest)) return undefined;
      return { id: found.id, name: clientName(found.id) };
    },
    knows: (clientId) => tokens.has(clientId),
    ids: () => [...tokens.keys()],
    async renew(clientId) {
      const before = await tokens.get(clientId);
      const token = make(clientId);
      tokens.set(clientId, token);
      try {
        await token;
      } catch (error) {
        // What is on disk is still the old one.
        if (before === undefined) tokens.delete(clientId);
        else tokens.set(clientId, Promise.resolve(before));
        throw error;
      }
      if (before !== undefined) byDigest.delete(digestOf(before).toString('hex'));
      return token;
    },
    tokenFor(clientId) {
      let token = tokens.get(clientId);
      if (!token) {
        token = make(clientId);
        tokens.set(clientId, token);
        // A failed write rejects for its caller; the next one tries again.
        token.catch(() => tokens.delete(clientId));
      }
      return token;
    },
  };
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
