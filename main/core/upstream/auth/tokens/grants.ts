import { createHash } from 'node:crypto';
import * as z from 'zod';
import { messageOf } from '../../../../../shared/base/message-of.ts';
import type { Log } from '../../../ports.ts';
import type { SecretStore } from '../../../settings/types.ts';
import type { Grant } from '../types.ts';

const VERSION = 1;
const PREFIX = 'oauth/';

const Stored = z.object({
  version: z.literal(VERSION),
  savedAt: z.number(),
  issuer: z.string(),
  resource: z.string(),
  url: z.string(),
  client: z.object({
    id: z.string(),
    secret: z.string().optional(),
    method: z.string().optional(),
    expiresAt: z.number().optional(),
    redirectUri: z.string(),
    from: z.enum(['registration', 'settings']),
  }),
  requested: z.string().optional(),
  tokens: z
    .object({
      access: z.string(),
      refresh: z.string().optional(),
      obtainedAt: z.number(),
      expiresAt: z.number().optional(),
      scope: z.string().optional(),
    })
    .optional(),
});

/** What authorization servers gave us, by server: in memory, and encrypted in the secret store. */
export interface Grants {
  get(server: string): Grant | undefined;
  /** In force at once; resolves when it is on disk. Grants of this server by other issuers are deleted. */
  put(server: string, grant: Grant): Promise<void>;
  remove(server: string): Promise<void>;
}

/**
 * Reads all grants. Each is a secret named `oauth/<server>/<digest of issuer and resource>`: the store binds a value to
 * its name, so one can never replace another. One that cannot be read is left alone and ignored.
 */
export async function openGrants(secrets: SecretStore, now: () => number, log: Log): Promise<Grants> {
  const current = new Map<string, Grant>();
  const saved = new Map<string, number>();
  for (const name of await secrets.names()) {
    const server = serverOf(name);
    if (server === undefined) continue;
    const grant = await read(name);
    if (grant && grant.savedAt >= (saved.get(server) ?? 0)) {
      saved.set(server, grant.savedAt);
      const { version: _version, savedAt: _at, ...rest } = grant;
      current.set(server, rest);
    }
  }

  async function read(name: string): Promise<z.infer<typeof Stored> | undefined> {
    try {
      const text = await secrets.get(name);
      const grant = Stored.parse(JSON.parse(text ?? 'null'));
      if (keyOf(serverOf(name) ?? '', grant) === name) return grant;
      throw new Error('it belongs to another issuer or resource');
    } catch (error) {
      log('warn', `What is saved of a sign-in (${name}) cannot be read; sign in again`, {
        reason: error instanceof z.ZodError ? 'it has another form' : messageOf(error),
      });
      return undefined;
    }
  }

  const forget = async (server: string, but?: string): Promise<void> => {
    for (const name of await secrets.names())
      if (serverOf(name) === server && name !== but) await secrets.delete(name);
  };

  return {
    get: (server) => current.get(server),
    async put(server, grant) {
      current.set(server, grant);
      const name = keyOf(server, grant);
      const stored: z.infer<typeof Stored> = { version: VERSION, savedAt: now(), ...grant };
      await secrets.set(name, JSON.stringify(stored));
      await forget(server, name);
    },
    async remove(server) {
      current.delete(server);
      await forget(server);
    },
  };
}

function keyOf(server: string, { issuer, resource }: Pick<Grant, 'issuer' | 'resource'>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([issuer, resource]))
    .digest('base64url');
  return `${PREFIX}${server}/${digest}`;
}

/** Names of servers hold no slash. */
function serverOf(name: string): string | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  return name.slice(PREFIX.length, name.lastIndexOf('/'));
}
