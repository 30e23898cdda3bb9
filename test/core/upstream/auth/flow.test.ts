import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Behaviour } from '../../../fixtures/servers/auth-server.ts';
import { startAuthServer } from '../../../fixtures/servers/auth-server.ts';
import { AuthKit, browse, comeBack } from './kit.ts';

/** Signing in from the first challenge to the token (MCP 2026-07-28, basic/authorization). */

let kit: AuthKit;
const start = async (behaviour: Partial<Behaviour> = {}, path = ''): Promise<void> => {
  kit = await AuthKit.start(behaviour, path);
};
afterEach(() => kit?.stop());

test('a server without tokens costs nothing: no header, no promise, nothing asked', async () => {
  await start();
  expect(kit.header()).toBeUndefined();
  expect(kit.signIns.view('api', false)).toBeNull();
  expect(kit.authority.paths).toEqual([]);
  expect(kit.server.requests).toEqual([]);
});

test('401, sign in, and the next request works', async () => {
  await start();
  expect(await kit.call()).toBe(401);
  expect(kit.signIns.view('api', false)).toMatchObject({
    state: 'needed',
    text: 'This server wants you to sign in.',
  });

  const { url } = await kit.signIns.signIn('api');
  expect(kit.signIns.view('api', false)).toMatchObject({
    state: 'waiting',
    issuer: kit.authority.issuer,
    url,
  });
  const page = await browse(url);
  expect(page.status).toBe(200);
  expect(page.text).toContain('signed in to api');
  expect(kit.signIns.view('api', false)).toEqual({
    state: 'signed-in',
    issuer: kit.authority.issuer,
    url: null,
    until: kit.clock.now() + 3_600_000,
    renews: true,
    text: null,
  });
  expect(await kit.call()).toBe(200);
  expect(typeof kit.header()).toBe('string');
  expect(kit.changes).toContainEqual(['api', 'signed-in']);
  expect(kit.notes).toEqual([
    ['server-signed-in', { server: 'api', issuer: kit.authority.issuer, scope: 'files:read' }],
  ]);
});

test('the authorization request holds what the specification asks for', async () => {
  await start();
  await kit.call();
  await kit.signIn();
  const [asked] = kit.authority.authorizations;
  const [exchanged] = kit.authority.tokenRequests;
  expect(asked?.get('response_type')).toBe('code');
  expect(asked?.get('code_challenge_method')).toBe('S256');
  expect(asked?.get('code_challenge')).toMatch(/^[\w-]{43}$/);
  expect(asked?.get('state')).toMatch(/^[\w-]{43}$/);
  expect(asked?.get('resource')).toBe(kit.server.url);
  expect(asked?.get('scope')).toBe('files:read');
  expect(asked?.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\/[\w-]{16}$/);
  expect(exchanged?.params.get('resource')).toBe(kit.server.url);
  expect(exchanged?.params.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/);
  expect(kit.authority.registrations).toEqual([
    {
      client_name: 'Drawbridge',
      redirect_uris: [asked?.get('redirect_uri')],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      scope: 'files:read',
    },
  ]);
});

test.each([
  ['the address of the challenge', { namesMetadata: true }],
  ['the well-known address', { namesMetadata: false }],
] as const)('finds the authorization server by %s', async (_name, how) => {
  await start();
  Object.assign(kit.server, how);
  await kit.call();
  await kit.signIn();
  expect(await kit.call()).toBe(200);
});

test.each([
  ['OAuth metadata', 'oauth', ''],
  ['OAuth metadata of a tenant', 'oauth', '/tenant1'],
  ['OpenID discovery', 'oidc', ''],
  ['OpenID discovery of a tenant', 'oidc', '/tenant1'],
] as const)('%s', async (_name, metadata, path) => {
  await start({ metadata }, path);
  await kit.call();
  await kit.signIn();
  expect(await kit.call()).toBe(200);
});

test('a server of an older revision, without metadata of its own, is its own authorization server', async () => {
  await start();
  const url = `${kit.authority.issuer}/mcp`;
  kit.configs.set('api', { url });
  expect((await kit.signIn()).status).toBe(200);
  expect(kit.authority.authorizations[0]?.get('resource')).toBe(url);
  expect(kit.header()).toBe(`Bearer ${kit.authority.tokens[0]?.access}`);
  expect(kit.signIns.view('api', false)?.issuer).toBe(kit.authority.issuer);
});

test('without a challenge before it, the server is asked for one', async () => {
  await start();
  await kit.signIn();
  expect(kit.server.requests[0]).toMatchObject({ method: 'POST', rpc: 'ping' });
  expect(kit.authority.authorizations[0]?.get('scope')).toBe('files:read');
  expect(await kit.call()).toBe(200);
});

describe('scopes', () => {
  test('those of the metadata where the challenge names none, and offline_access where it is offered', async () => {
    await start({ scopes: ['a', 'offline_access'] });
    kit.server.challengeScope = undefined;
    kit.server.scopes = ['a', 'b'];
    await kit.signIn();
    expect(kit.authority.authorizations[0]?.get('scope')).toBe('a b offline_access');
  });

  test('none where nobody names one', async () => {
    await start();
    kit.server.challengeScope = undefined;
    await kit.signIn();
    expect(kit.authority.authorizations[0]?.has('scope')).toBe(false);
    expect(await kit.call()).toBe(200);
  });

  test('a call that needs more permissions asks a person, and the old ones stay', async () => {
    await start();
    await kit.signIn();
    expect(await kit.call('write')).toBe(403);
    expect(kit.signIns.view('api', true)).toMatchObject({
      state: 'signed-in',
      text: 'A call needs more permissions than this sign-in has: files:write. Sign in again to grant them.',
    });
    expect(await kit.call('echo')).toBe(200);
    await kit.signIn();
    expect(kit.authority.authorizations[1]?.get('scope')).toBe('files:read files:write');
    expect(await kit.call('write')).toBe(200);
    expect(kit.signIns.view('api', false)?.text).toBeNull();
    expect(kit.server.ran).toEqual(['echo', 'write']);
  });
});

describe('clients', () => {
  test('one registration serves the next sign-in, unless the browser would come back elsewhere', async () => {
    await start();
    const again = async (port: number): Promise<void> => {
      kit.callbackPort = port;
      await kit.restart();
      await kit.signIns.signOut('api');
      expect(await kit.call()).toBe(401);
      await kit.signIn();
      expect(await kit.call()).toBe(200);
    };
    await kit.signIn();
    const port = Number(new URL(kit.authority.authorizations[0]?.get('redirect_uri') ?? '').port);
    await again(port);
    const [first, second] = kit.authority.authorizations;
    expect(second?.get('redirect_uri')).toBe(first?.get('redirect_uri'));
    expect(second?.get('client_id')).toBe(first?.get('client_id'));
    expect(kit.authority.registrations).toHaveLength(1);

    const taken = createServer().listen(port, '127.0.0.1');
    await once(taken, 'listening');
    await again(port);
    taken.close();
    expect(kit.authority.registrations).toHaveLength(2);
  });

  test('a registration that came to nothing is made again', async () => {
    await start();
    await kit.signIn();
    kit.callbackPort = Number(new URL(kit.authority.authorizations[0]?.get('redirect_uri') ?? '').port);
    await kit.restart();
    await kit.signIns.signOut('api');
    // The authorization server shows a page that the client is unknown; the person gives up.
    kit.authority.forgetClients();
    expect((await browse((await kit.signIns.signIn('api')).url)).status).toBe(400);
    kit.signIns.cancelSignIn('api');
    expect((await kit.signIn()).status).toBe(200);
    expect(kit.authority.registrations).toHaveLength(2);
  });

  test.each([
    ['client_secret_basic', 'Basic '],
    ['client_secret_post', undefined],
  ] as const)('a server that insists on %s gets it', async (method, prefix) => {
    await start({ clientSecrets: true, authMethods: [method] });
    await kit.signIn();
    expect(kit.authority.registrations[0]?.token_endpoint_auth_method).toBe(method);
    const [request] = kit.authority.tokenRequests;
    if (prefix) expect(request?.authorization).toMatch(prefix);
    else expect(request?.params.get('client_secret')).toContain('canary');
    expect(await kit.call()).toBe(200);
  });

  test('where programs cannot register, a person is asked to, with the address to use', async () => {
    await start({ registration: 'absent' });
    await expect(kit.signIns.signIn('api')).rejects.toMatchObject({
      kind: 'client',
      message: expect.stringContaining('lets no program register itself'),
      fix: expect.stringMatching(/redirect address http:\/\/127\.0\.0\.1:\d+\/callback\//),
    });
    expect(kit.signIns.view('api', false)?.state).not.toBe('waiting');
  });

  test('a refused registration says why', async () => {
    const body = '{"error":"invalid_redirect_uri","error_description":"only https"}';
    await start({ registration: { status: 400, body } });
    await expect(kit.signIns.signIn('api')).rejects.toMatchObject({
      kind: 'client',
      message: expect.stringContaining('(HTTP 400: invalid_redirect_uri: only https)'),
    });
  });

  test('a client made by hand is used, kept, and bound to its issuer', async () => {
    await start({ registration: 'absent' });
    const { url } = await kit.signIns.signIn('api', { id: 'by-hand-1', secret: 'canary-by-hand' });
    const redirect = new URL(url).searchParams.get('redirect_uri') ?? '';
    expect(redirect).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    expect(kit.authority.addClient(redirect, 'canary-by-hand')).toBe('by-hand-1');
    expect((await browse(url)).status).toBe(200);
    expect(await kit.call()).toBe(200);
    expect(kit.authority.tokenRequests[0]?.authorization).toMatch(/^Basic /);
    expect(kit.configs.get('api')?.client).toMatchObject({
      clientId: 'by-hand-1',
      issuer: kit.authority.issuer,
    });

    const other = await startAuthServer({ registration: 'absent' });
    kit.server.authorities = [other];
    await expect(kit.signIns.signIn('api')).rejects.toMatchObject({
      kind: 'client',
      message: expect.stringContaining(`registered at ${kit.authority.issuer}`),
    });
    expect(other.authorizations).toEqual([]);
    expect(other.tokenRequests).toEqual([]);
    await other.stop();
  });
});

describe('refused before the browser opens', () => {
  const refusal = async (): Promise<string> => {
    const error = (await kit.signIns.signIn('api').catch((thrown: Error) => thrown)) as Error;
    expect(error).toBeInstanceOf(Error);
    expect(kit.authority.registrations).toEqual([]);
    return error.message;
  };

  test.each([[undefined], [[]], [['plain']]])('PKCE methods %j', async (pkce) => {
    await start({ pkce });
    expect(await refusal()).toContain('PKCE');
  });

  test('metadata of another issuer', async () => {
    await start({ claimedIssuer: 'https://honest.example' });
    expect(await refusal()).toContain('another issuer');
  });

  test('metadata about another resource', async () => {
    await start();
    kit.server.claimedResource = 'https://bank.example/mcp';
    expect(await refusal()).toContain('another resource (https://bank.example/mcp)');
    expect(kit.authority.paths).toEqual([]);
  });

  test('no metadata at all', async () => {
    await start();
    kit.server.hasMetadata = false;
    kit.server.namesMetadata = false;
    expect(await refusal()).toContain('publishes no metadata');
  });

  test.each([
    'javascript:alert(1)//',
    'file:///etc/passwd',
    'ftp://auth.example/authorize',
    'http://auth.example/authorize',
    'https://user:pass@auth.example/authorize',
    '$(calc)',
  ])('the authorization endpoint %s', async (authorizationEndpoint) => {
    await start({ authorizationEndpoint });
    expect(await refusal()).not.toBe('');
    expect(kit.signIns.view('api', false)?.url ?? null).toBeNull();
  });

  test.each(['http://auth.example/token', 'file:///etc/passwd'])(
    'the token endpoint %s',
    async (tokenEndpoint) => {
      await start({ tokenEndpoint });
      expect(await refusal()).not.toBe('');
    },
  );

  test('an authorization server that is not there', async () => {
    await start();
    const gone = await startAuthServer();
    await gone.stop();
    kit.server.authorities = [gone];
    expect(await refusal()).toContain('could not be reached: nothing listens there');
  });

  test('a server that is a command, or unknown', async () => {
    await start();
    await expect(kit.signIns.signIn('files')).rejects.toThrow('not a server that is reached over HTTP');
  });
});

test('what a shell could read as more than text reaches no browser', async () => {
  await start({
    authorizationEndpoint: 'https://auth.example/$(calc)`id`/a;b|c\'d"e?x=$(calc)&y=`id`#$(frag)',
  });
  const { url } = await kit.signIns.signIn('api');
  expect(url).toMatch(/^https:\/\/auth\.example\/%24%28calc%29/);
  expect(url).not.toMatch(/[$()'`;|<>"\\^{}\s#]/);
  expect(new URL(url).searchParams.get('x')).toBe('$(calc)');
});

describe('the browser comes back', () => {
  const failed = async (): Promise<{ status: number; text: string }> => {
    const page = await kit.signIn();
    expect(page.status).toBe(400);
    expect(kit.signIns.view('api', false)?.state).toBe('needed');
    expect(kit.header()).toBeUndefined();
    return page;
  };

  test.each([
    ['another issuer', { iss: 'https://attacker.example', announcesIss: true }],
    ['another issuer, unannounced', { iss: 'https://attacker.example', announcesIss: false }],
    ['no issuer although it was announced', { iss: undefined, announcesIss: true }],
  ] as const)('with %s: the code is not sent anywhere', async (_name, how) => {
    await start(how);
    expect((await failed()).text).toContain('another issuer');
    expect(kit.authority.tokenRequests).toEqual([]);
  });

  test('without an issuer where none was announced', async () => {
    await start({ iss: undefined, announcesIss: false });
    expect((await kit.signIn()).status).toBe(200);
  });

  test('with another issuer and an error: the error is not shown', async () => {
    await start({
      iss: 'https://attacker.example',
      authorizeError: { error: 'access_denied', error_description: 'call 555-0100' },
    });
    expect((await failed()).text).not.toContain('555');
  });

  test('with an error: it is said in words, and its markup is text', async () => {
    await start({
      authorizeError: { error: 'access_denied', error_description: '<script>alert(1)</script>' },
    });
    const { text } = await failed();
    expect(text).toContain('access was denied there');
    expect(text).not.toContain('<script');
    expect(kit.signIns.view('api', false)?.text).toContain('access was denied there');
  });

  test('each state counts once, and only under its own address', async () => {
    await start();
    const { url } = await kit.signIns.signIn('api');
    const back = await comeBack(url);
    const wrongPath = new URL(back);
    wrongPath.pathname = '/callback/AAAAAAAAAAAAAAAA';
    expect((await browse(wrongPath.href)).status).toBe(400);
    const wrongState = new URL(back);
    wrongState.searchParams.set('state', 'x'.repeat(43));
    expect((await browse(wrongState.href)).status).toBe(400);
    const twice = new URL(back);
    twice.searchParams.append('state', 'again');
    expect((await browse(twice.href)).status).toBe(400);
    expect(kit.authority.tokenRequests).toEqual([]);
    expect((await browse(back.href)).status).toBe(200);
    expect(kit.authority.tokenRequests).toHaveLength(1);
    await expect(browse(back.href)).rejects.toThrow('fetch failed');
    expect(kit.authority.tokenRequests).toHaveLength(1);
  });

  test('pages of other origins, and names that point to 127.0.0.1, are refused', async () => {
    await start();
    const { url } = await kit.signIns.signIn('api');
    const back = await comeBack(url);
    const foreign = await fetch(back, { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect((await fetch(back, { method: 'POST' })).status).toBe(405);
    expect((await fetch(new URL('/', back))).status).toBe(404);
    const named = new URL(back);
    named.hostname = 'localhost';
    expect((await fetch(named)).status).toBe(403);
    expect(kit.authority.tokenRequests).toEqual([]);
    const right = await fetch(back);
    expect(right.status).toBe(200);
    expect(right.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(right.headers.get('referrer-policy')).toBe('no-referrer');
    expect(right.headers.get('cache-control')).toBe('no-store');
  });

  test('nothing listens before, after a cancel, or after ten minutes', async () => {
    await start();
    const gone = async (end: () => void): Promise<void> => {
      const back = await comeBack((await kit.signIns.signIn('api')).url);
      end();
      await expect(browse(back.href)).rejects.toThrow('fetch failed');
      expect(kit.signIns.view('api', false)?.state).not.toBe('waiting');
    };
    await gone(() => kit.signIns.cancelSignIn('api'));
    await gone(() => kit.clock.advance(10 * 60_000));
    expect(kit.signIns.view('api', false)?.text).toContain('within 10 minutes');
    await gone(() => kit.signIns.stop());
    expect(kit.authority.tokenRequests).toEqual([]);
    expect(kit.clock.waiting).toBe(0);
  });

  test('a second sign-in of the same server replaces the first', async () => {
    await start();
    const first = await comeBack((await kit.signIns.signIn('api')).url);
    const second = await comeBack((await kit.signIns.signIn('api')).url);
    expect((await browse(second.href)).status).toBe(200);
    await expect(browse(first.href)).rejects.toThrow('fetch failed');
  });

  test('a token that is not a bearer token is not used', async () => {
    await start({ tokenType: 'DPoP' });
    expect((await failed()).text).toContain('Only bearer tokens');
  });

  test('a token endpoint that fails', async () => {
    await start({ tokenError: { status: 500, body: 'oops' } });
    expect((await failed()).text).toContain('it has an internal error');
  });
});
