/**
 * The protocol code of the official client that signing in uses. Loaded with `import()` at the first challenge of a
 * server: it takes a tenth of a second, which neither the start of the core nor a server without OAuth should cost.
 */
export {
  checkResourceAllowed,
  computeScopeUnion,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  exchangeAuthorization,
  IssuerMismatchError,
  OAuthError,
  RegistrationRejectedError,
  refreshAuthorization,
  registerClient,
  resourceUrlFromServerUrl,
  startAuthorization,
  validateAuthorizationResponseIssuer,
} from '@modelcontextprotocol/client';
