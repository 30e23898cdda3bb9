// @module-tag slow
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../../../main/core/upstream/types.ts';
import { startAuthServer } from '../../../fixtures/servers/auth-server.ts';
import { until } from '../../../kit/until.ts';
import { AuthKit } from './kit.ts';

/** Tokens that end: renewed ahead and on 401, once for everybody, and only with the issuer they came from. */

const HOUR = 3_600_000;
let kit: AuthKit;
beforeEach(async () => {
  kit = await AuthKit.start();
  await kit.signIn();
  kit.clock.advance(10_000);
});
afterEach(() => kit.stop());
const refreshes = () =>
  kit.authority.tokenRequests.filter(({ params }) => params.get('grant_type') === 'refresh_token');
const settled = async (): Promise<void> => {
  // What was begun in the background has network to do; 401 handling joins it, so this waits for it.
  await new Promise((done) => setTimeout(done, 50));
};

describe('ahead of the end', () => {
  test('the token still serves while the next one is fetched; nobody waits', async () => {
    const first = kit.header();
    kit.clock.advance(HOUR - 10_000 - 59_000);
    const sent = Array.from({ length: 50 }, () => kit.header());
    expect(new Set(sent)).toEqual(new Set([first]));
    await until('the next token', () => kit.header() !== first);
    expect(refreshes()).toHaveLength(1);
    expect(await kit.call()).toBe(200);
  });

  test('not a moment earlier', async () => {
    kit.clock.advance(HOUR - 10_000 - 61_000);
    kit.header();
    await settled();
    expect(refreshes()).toEqual([]);
  });

  test('when the authorization server is down the token still serves, and it is asked again only after a pause', async () => {
    kit.authority.behaviour.tokenError = { status: 503, body: '{}' };
    kit.clock.advance(HOUR - 10_000 - 59_000);
    for (let i = 0; i < 5; i++) {
      expect(await kit.call()).toBe(200);
      await until('the try to renew', (see) => see(refreshes().length) > 0);
      await settled();
    }
    expect(refreshes()).toHaveLength(1);
    kit.clock.advance(6000);
    kit.authority.behaviour.tokenError = undefined;
    expect(await kit.call()).toBe(200);
    await until('the renewal', (see) => see(refreshes().length) === 2);
  });
});

describe('after the end', () => {
  test('all who call wait for one renewal', async () => {
    kit.authority.behaviour.tokenDelayMs = 100;
    kit.authority.expireAll();
    kit.clock.advance(2 * HOUR);
    const codes = await Promise.all(Array.from({ length: 50 }, () => kit.call()));
    expect(new Set(codes)).toEqual(new Set([200]));
    expect(refreshes()).toHaveLength(1);
    expect(refreshes()[0]?.params.get('resource')).toBe(kit.server.url);
  });

  test('an authorization server that is down is an error for now, not a sign-in', async () => {
    kit.authority.behaviour.tokenError = { status: 503, body: '{}' };
    kit.clock.advance(2 * HOUR);
    const error = await Promise.resolve(kit.header()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({ kind: 'unsent', message: expect.stringContaining('internal error') });
    expect(kit.signIns.view('api', false)?.state).toBe('signed-in');
    kit.authority.behaviour.tokenError = undefined;
    kit.clock.advance(6000);
    expect(await kit.call()).toBe(200);
  });
});

describe('on 401', () => {
  test('50 at once, one renewal, and each is sent once more', async () => {
    kit.authority.expireAll();
    const codes = await Promise.all(Array.from({ length: 50 }, () => kit.call()));
    expect(new Set(codes)).toEqual(new Set([200]));
    expect(refreshes()).toHaveLength(1);
    expect(kit.server.ran).toHaveLength(50);
  });

  test('a call that was answered late uses the tokens that others fetched', async () => {
    const old = kit.header() as string;
    kit.authority.expireAll();
    expect(await kit.call()).toBe(200);
    const challenge = { status: 401, wwwAuthenticate: 'Bearer', sent: old };
    expect(await kit.signIns.challenged('api', kit.url, challenge)).toBe(true);
    expect(refreshes()).toHaveLength(1);
  });

  test('rotated refresh tokens are kept: it works again and again, also after a restart', async () => {
    for (let round = 0; round < 3; round++) {
      kit.authority.expireAll();
      kit.clock.advance(10_000);
      expect(await kit.call()).toBe(200);
      await kit.restart();
    }
    expect(new Set(refreshes().map(({ params }) => params.get('refresh_token'))).size).toBe(3);
  });

  test('one that is not rotated stays', async () => {
    kit.authority.behaviour.rotates = false;
    for (let round = 0; round < 2; round++) {
      kit.authority.expireAll();
      kit.clock.advance(10_000);
      expect(await kit.call()).toBe(200);
    }
    expect(new Set(refreshes().map(({ params }) => params.get('refresh_token'))).size).toBe(1);
  });

  test('a server that refuses what it was just given is not asked in circles', async () => {
    kit.server.refusesAll = true;
    for (let i = 0; i < 10; i++) expect(await kit.call()).toBe(401);
    expect(refreshes()).toHaveLength(1);
    expect(kit.signIns.view('api', false)?.text).toContain('does not accept the token it was just given');
    expect(kit.signIns.view('api', true)?.text).toBeNull();
  });

  test('a refused renewal asks for a sign-in, and the token is gone, also from the disk', async () => {
    kit.authority.endAll();
    expect(await kit.call()).toBe(401);
    expect(kit.signIns.view('api', false)).toMatchObject({
      state: 'needed',
      issuer: kit.authority.issuer,
      text: expect.stringContaining('the sign-in is no longer valid (invalid_grant'),
    });
    expect(kit.header()).toBeUndefined();
    expect(await kit.call()).toBe(401);
    expect(refreshes()).toHaveLength(1);
    expect(kit.notes.at(-1)?.[0]).toBe('server-sign-in-ended');
    for (const value of kit.secrets.values.values()) expect(value).not.toContain('canary-');
    await kit.signIn();
    expect(await kit.call()).toBe(200);
    // The client is still known there.
    expect(kit.authority.registrations).toHaveLength(
      new Set(kit.authority.authorizations.map((a) => a.get('redirect_uri'))).size,
    );
  });

  test('a forgotten client registers again', async () => {
    kit.authority.expireAll();
    kit.authority.forgetClients();
    expect(await kit.call()).toBe(401);
    expect(kit.signIns.view('api', false)?.text).toContain('it does not know this client');
    await kit.signIn();
    expect(await kit.call()).toBe(200);
  });

  test('without a refresh token the end is the end', async () => {
    kit.authority.behaviour.issuesRefreshTokens = false;
    await kit.signIn();
    kit.clock.advance(2 * HOUR);
    kit.authority.expireAll();
    expect(kit.signIns.view('api', false)?.renews).toBe(false);
    expect(await kit.call()).toBe(401);
    expect(kit.signIns.view('api', false)).toMatchObject({
      state: 'needed',
      text: 'The sign-in is over. Sign in again.',
    });
  });
});

describe('another issuer', () => {
  test('gets nothing of the old one: not the tokens, not the client; a person signs in again', async () => {
    const other = await startAuthServer();
    const before = kit.authority.secrets.slice();
    kit.server.authorities = [other];
    expect(await kit.call()).toBe(401);
    expect(refreshes()).toEqual([]);
    expect(kit.signIns.view('api', false)).toMatchObject({
      state: 'needed',
      text: `The server no longer signs in at ${kit.authority.issuer}, but at ${other.issuer}. Sign in there.`,
    });
    await kit.signIn();
    expect(await kit.call()).toBe(200);
    expect(other.registrations).toHaveLength(1);
    const told = JSON.stringify([
      other.registrations,
      other.authorizations.map(String),
      other.tokenRequests.map(({ params, authorization }) => [String(params), authorization]),
    ]);
    for (const secret of before) expect(told).not.toContain(secret);
    expect(other.authorizations[0]?.get('client_id')).not.toBe(
      kit.authority.authorizations[0]?.get('client_id'),
    );
    // One grant is left, under the name of the new issuer.
    expect(kit.secrets.values.size).toBe(1);
    await other.stop();
  });

  test('a changed address of the server ends the use of its tokens', async () => {
    const header = kit.header();
    kit.configs.set('api', { url: kit.server.sseUrl });
    expect(kit.header()).toBeUndefined();
    kit.configs.set('api', { url: kit.server.url });
    expect(kit.header()).toBe(header);
    expect(kit.signIns.header('api', new URL('http://127.0.0.1:1/mcp'))).toBeUndefined();
  });
});

describe('signing out and removing', () => {
  test('signing out deletes the tokens here and revokes them there', async () => {
    const { refresh } = kit.authority.tokens[0] ?? {};
    await kit.signIns.signOut('api');
    expect(kit.header()).toBeUndefined();
    expect(kit.signIns.view('api', false)).toMatchObject({ state: 'needed', text: null });
    expect(kit.authority.revocations.map((params) => params.get('token'))).toEqual([refresh]);
    for (const value of kit.secrets.values.values()) expect(value).not.toContain('canary-');
    expect(kit.notes.at(-1)).toEqual(['server-signed-out', { server: 'api', issuer: kit.authority.issuer }]);
  });

  test('also when the authorization server is gone', async () => {
    await kit.authority.stop();
    await kit.signIns.signOut('api');
    expect(kit.header()).toBeUndefined();
    expect(kit.logged.join('\n')).toContain('could not be revoked');
  });

  test('a removed server leaves nothing', async () => {
    await kit.signIns.forget('api');
    expect(kit.secrets.values.size).toBe(0);
    expect(kit.signIns.view('api', false)).toBeNull();
    expect(kit.header()).toBeUndefined();
  });

  test('signing out while a renewal is under way stays signed out', async () => {
    kit.authority.behaviour.tokenDelayMs = 50;
    kit.authority.expireAll();
    const calling = kit.call();
    await new Promise((done) => setTimeout(done, 25));
    await kit.signIns.signOut('api');
    expect(await calling).toBe(401);
    expect(kit.signIns.view('api', false)?.state).toBe('needed');
    expect(kit.header()).toBeUndefined();
  });
});

describe('what is saved', () => {
  test('is bound to issuer and resource by its name; one that is put in the place of another is ignored', async () => {
    const [[name, value] = ['', '']] = kit.secrets.values;
    expect(name).toMatch(/^oauth\/api\/[\w-]{43}$/);
    kit.secrets.values.delete(name);
    kit.secrets.values.set('oauth/other/AAAA', value);
    kit.configs.set('other', { url: kit.server.url });
    await kit.restart();
    expect(kit.signIns.header('other', kit.url)).toBeUndefined();
    expect(kit.logged.join('\n')).toContain('cannot be read; sign in again');
  });

  test('a disk that is full does not stop the calls, and is reported', async () => {
    kit.secrets.broken = true;
    kit.authority.expireAll();
    expect(await kit.call()).toBe(200);
    expect(kit.logged.join('\n')).toContain('could not be saved');
  });

  test('no secret is in a log line, a note or the view', async () => {
    kit.authority.expireAll();
    await kit.call();
    kit.authority.endAll();
    kit.clock.advance(10_000);
    await kit.call();
    kit.authority.behaviour.tokenError = { status: 400, body: 'not json: everything you sent' };
    await kit.signIn();
    await kit.signIns.signOut('api');
    const everything = kit.everything();
    for (const secret of kit.authority.secrets) expect(everything).not.toContain(secret);
    expect(kit.authority.secrets.length).toBeGreaterThan(4);
  });
});
