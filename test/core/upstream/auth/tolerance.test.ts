import { afterEach, describe, expect, test } from 'vitest';
import { readChallenge } from '../../../../main/core/upstream/auth/challenge.ts';
import type { Behaviour } from '../../../fixtures/servers/auth-server.ts';
import { AuthKit } from './kit.ts';

/** What authorization servers leave out, write as null, or put elsewhere. */

let kit: AuthKit | undefined;
afterEach(async () => {
  await kit?.stop();
  kit = undefined;
});

const forms: [string, Partial<Behaviour>, string?][] = [
  ['token_type is absent', { tokenMembers: { token_type: undefined } }],
  ['token_type is null', { tokenMembers: { token_type: null } }],
  ['token_type is "bearer"', { tokenType: 'bearer' }],
  ['token_type is "BEARER"', { tokenType: 'BEARER' }],
  ['scope is null', { tokenMembers: { scope: null } }],
  ['scope is a list', { tokenMembers: { scope: ['a', 'b'] } }],
  ['refresh_token is null', { tokenMembers: { refresh_token: null } }],
  ['id_token is null', { tokenMembers: { id_token: null } }],
  [
    'metadata with null for what it does not have',
    {
      metadataMembers: {
        scopes_supported: null,
        revocation_endpoint: null,
        service_documentation: null,
        grant_types_supported: null,
        token_endpoint_auth_methods_supported: null,
        authorization_response_iss_parameter_supported: null,
      },
    },
  ],
  ['metadata without response types', { metadataMembers: { response_types_supported: undefined } }],
  [
    'OpenID metadata without what only OpenID needs',
    {
      metadata: 'oidc',
      metadataMembers: {
        jwks_uri: undefined,
        subject_types_supported: undefined,
        id_token_signing_alg_values_supported: null,
      },
    },
  ],
  [
    'metadata at the root, with a path in the issuer',
    { metadataPath: '/.well-known/oauth-authorization-server' },
    '/tenant',
  ],
  [
    'metadata of OpenID put before the path',
    { metadataPath: '/.well-known/openid-configuration/tenant' },
    '/tenant',
  ],
  ['metadata of OpenID put after the path', { metadata: 'oidc' }, '/tenant'],
  [
    'a web application that answers every address',
    { metadataPath: '/.well-known/openid-configuration', page: '<!doctype html><title>App</title>' },
  ],
  [
    'a registration that answers little',
    { registrationMembers: { redirect_uris: undefined, client_name: null, client_secret_expires_at: null } },
  ],
  ['a registration with a time as text', { registrationMembers: { client_id_issued_at: '1700000000' } }],
];

test.each(forms)('%s', async (_name, behaviour, path = '') => {
  kit = await AuthKit.start(behaviour, path);
  expect((await kit.signIn()).text).toContain('Signed in');
  expect(await kit.call()).toBe(200);
});

test('an error with HTTP 200 is an error', async () => {
  kit = await AuthKit.start({ tokenError: { status: 200, body: '{"error":"invalid_grant"}' } });
  expect((await kit.signIn()).text).toContain('no longer valid (invalid_grant)');
});

test('a page in the place of tokens says so, and does not end the sign-in', async () => {
  kit = await AuthKit.start();
  await kit.signIn();
  kit.clock.advance(20_000);
  kit.authority.expireAll();
  kit.authority.behaviour.tokenError = {
    status: 200,
    body: '<html><body>Log in to the guest network</body></html>',
  };
  await expect(kit.call()).rejects.toThrow(/answered with a web page instead of JSON/);
  kit.authority.behaviour.tokenError = undefined;
  kit.clock.advance(6000);
  expect(await kit.call()).toBe(200);
});

describe('a challenge', () => {
  const metadata = 'https://api.example/.well-known/oauth-protected-resource';
  test.each([
    ['quoted', `Bearer resource_metadata="${metadata}", scope="a b"`],
    ['not quoted', `Bearer resource_metadata=${metadata}, scope="a b"`],
    ['lower case', `bearer resource_metadata="${metadata}", scope="a b"`],
    ['upper case', `BEARER RESOURCE_METADATA="${metadata}", SCOPE="a b"`],
    ['white space around the sign', `Bearer resource_metadata = "${metadata}" , scope= "a b"`],
    ['after another scheme', `Basic realm="x", Bearer resource_metadata="${metadata}", scope="a b"`],
    [
      'before another scheme',
      `Bearer resource_metadata="${metadata}", scope="a b", Basic realm="x", scope="c"`,
    ],
    ['after one without parameters', `Negotiate, Bearer resource_metadata="${metadata}", scope="a b"`],
    [
      'with a name in a text',
      `Bearer error_description="scope=c, error=d", resource_metadata="${metadata}", scope="a b"`,
    ],
    [
      'with a quote in a text',
      `Bearer realm="a \\"b\\", scope=c", resource_metadata="${metadata}", scope="a b"`,
    ],
    ['without a comma between schemes', `Basic realm="x" Bearer resource_metadata="${metadata}" scope="a b"`],
    ['of DPoP', `DPoP resource_metadata="${metadata}", scope="a b"`],
  ])('%s', (_name, header) => {
    const { scope, error, resourceMetadata } = readChallenge(header);
    expect([scope, error, resourceMetadata?.href]).toEqual(['a b', undefined, metadata]);
  });

  test.each([
    undefined,
    '',
    'Bearer',
    'Basic realm="Bearer scope=a"',
    'Bearer resource_metadata="not an address"',
  ])('%s says nothing', (header) => {
    expect(Object.values(readChallenge(header)).filter((each) => each !== undefined)).toEqual([]);
  });
});
