import { RpcError } from '../../../shared/rpc/frames.ts';
import type { ServerConfig } from '../../../shared/schemas/server.ts';
import { refusals } from '../../../shared/text/core/rpc.ts';
import { isCredentialName, redactText } from '../audit/credential-patterns.ts';
import { holdsCredential } from '../clients/entries/url-credentials.ts';
import type { CoreParts } from '../parts.ts';
import { headerFault } from '../upstream/errors/header-check.ts';

/** @throws RpcError for a header that could not be sent: refused when it is entered, not when it is used */
export function checkHeaders(config: ServerConfig): void {
  if (config.kind === 'stdio') return;
  for (const [name, value] of Object.entries(config.headers)) {
    const fault = typeof value === 'string' ? headerFault(name, value) : undefined;
    if (fault !== undefined) throw new RpcError('refused', fault);
  }
}

/** The configuration with every value that looks like a credential in the key store, under the server's name. */
export async function withSecretsStored(
  parts: CoreParts,
  name: string,
  config: ServerConfig,
): Promise<ServerConfig> {
  const stored: ServerConfig = structuredClone(config);
  const [kind, values] =
    stored.kind === 'stdio' ? (['env', stored.env] as const) : (['header', stored.headers] as const);
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== 'string' || !(isCredentialName(key) || redactText(value) !== value)) continue;
    const secret = `server/${name}/${kind}/${key}`;
    await parts.secrets.set(secret, value);
    values[key] = { secret };
  }
  if (stored.kind !== 'stdio' && typeof stored.url === 'string' && holdsCredential(stored.url)) {
    const secret = `server/${name}/url`;
    await parts.secrets.set(secret, stored.url);
    stored.url = { secret, origin: new URL(stored.url).origin };
  }
  if (stored.kind !== 'stdio' && typeof stored.oauth?.clientSecret === 'string') {
    const secret = `server/${name}/oauth/client-secret`;
    await parts.secrets.set(secret, stored.oauth.clientSecret);
    stored.oauth.clientSecret = { secret };
  }
  return stored;
}

/** Names of the secrets of a configuration. */
export function secretsIn(config: ServerConfig): string[] {
  const found: string[] = [];
  JSON.stringify(config, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'secret' in value && typeof value.secret === 'string')
      found.push(value.secret);
    return value;
  });
  return found;
}

/** @throws RpcError where a configuration names a secret of somebody else */
export function checkSecrets(name: string, config: ServerConfig): void {
  const foreign = secretsIn(config).find((secret) => !secret.startsWith(`server/${name}/`));
  if (foreign !== undefined) throw new RpcError('refused', refusals.foreignSecret(foreign));
}
