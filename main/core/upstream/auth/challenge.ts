import { oauthLib } from './lib.ts';

/** What a `WWW-Authenticate` of a server asks for (RFC 6750, RFC 9728). */
export interface Challenge {
  readonly error?: string | undefined;
  readonly scope?: string | undefined;
  readonly resourceMetadata?: URL | undefined;
}

/** Reads the Bearer challenge of a header; other schemes may stand before it. */
export async function readChallenge(header: string | undefined): Promise<Challenge> {
  const at = header?.search(/(?:^|,\s*)bearer\s/i) ?? -1;
  if (header === undefined || at < 0) return {};
  const lib = await oauthLib();
  const own = header.slice(at).replace(/^,\s*/, '');
  const { error, scope, resourceMetadataUrl } = lib.extractWWWAuthenticateParams(
    new Response(null, { headers: { 'WWW-Authenticate': own } }),
  );
  return { error, scope, resourceMetadata: resourceMetadataUrl };
}
