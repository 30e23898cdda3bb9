export type OAuthLib = typeof import('./oauth.ts');

let loaded: Promise<OAuthLib> | undefined;

/** The protocol code, loaded once and only when a server asks for authorization. */
export function oauthLib(): Promise<OAuthLib> {
  loaded ??= import('./oauth.ts');
  return loaded;
}
