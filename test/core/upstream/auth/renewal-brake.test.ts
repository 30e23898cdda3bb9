// @module-tag slow
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../../../main/core/upstream/types.ts';
import { AuthKit } from './kit.ts';

/** Renewals whose number depends on what authorization servers and servers say. */

let kit: AuthKit;
beforeEach(async () => {
  kit = await AuthKit.start();
});
afterEach(() => kit.stop());
const renewals = () =>
  kit.authority.tokenRequests.filter(({ params }) => params.get('grant_type') === 'refresh_token').length;
const settled = () => new Promise((done) => setTimeout(done, 30));

describe('an end that is not known', () => {
  const lives: [string, unknown][] = [
    ['0', 0],
    ['null', null],
    ['absent', undefined],
    ['negative', -1],
    ['a text that is no number', 'soon'],
    ['an empty text', ''],
    ['the text 0', '0'],
    ['an object', {}],
    ['true', true],
  ];
  test.each(lives)('expires_in is %s: the token is used until the server refuses it', async (_name, life) => {
    kit.authority.behaviour.tokenMembers = { expires_in: life };
    expect((await kit.signIn()).text).toContain('Signed in');
    for (let i = 0; i < 20; i++) {
      expect(await kit.call()).toBe(200);
      kit.clock.advance(60_000);
    }
    await settled();
    expect(renewals()).toBe(0);
    kit.authority.expireAll();
    expect(await kit.call()).toBe(200);
    expect(renewals()).toBe(1);
  });

  test('as a text it is a number of seconds', async () => {
    kit.authority.behaviour.tokenMembers = { expires_in: '3600' };
    await kit.signIn();
    expect(kit.signIns.view('api', true)?.until).toBe(kit.clock.now() + 3_600_000);
  });

  test('one that was saved as over from its beginning counts as not known', async () => {
    await kit.signIn();
    const [[name, value] = ['', '']] = kit.secrets.values;
    const grant = JSON.parse(value) as { tokens: { obtainedAt: number; expiresAt: number } };
    grant.tokens.expiresAt = grant.tokens.obtainedAt;
    kit.secrets.values.set(name, JSON.stringify(grant));
    await kit.restart();
    for (let i = 0; i < 10; i++) expect(await kit.call()).toBe(200);
    expect(renewals()).toBe(0);
  });
});

describe('an end that comes too soon', () => {
  test('a token just obtained is used, and the next renewals wait longer and longer', {
    tags: ['slow'],
  }, async () => {
    kit.authority.behaviour.tokenMembers = { expires_in: 0.001 };
    await kit.signIn();
    for (let i = 0; i < 100; i++) {
      expect(await kit.call()).toBe(200);
      await settled();
      kit.clock.advance(100);
    }
    // 10 seconds: after 250 ms, 500 ms, 1, 2 and 4 seconds.
    expect(renewals()).toBeGreaterThan(2);
    expect(renewals()).toBeLessThan(8);
  });

  test('a life shorter than the way to the authorization server', async () => {
    kit.authority.behaviour.tokenMembers = { expires_in: 1 };
    await kit.signIn();
    kit.clock.advance(20_000);
    kit.authority.behaviour.tokenDelayMs = 20;
    const answers = await Promise.all(Array.from({ length: 20 }, () => kit.call()));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(renewals()).toBe(1);
  });
});

describe('a server that accepts none of the tokens', () => {
  const refusedOnce = async (): Promise<boolean | unknown> => {
    const sent = await kit.header();
    const challenge = { status: 401, wwwAuthenticate: 'Bearer', sent, reportsAccepted: true };
    return kit.signIns.challenged('api', kit.url, challenge).catch((error: unknown) => error);
  };

  test('gets a few, with pauses that grow, and is then told as failed with the reason', async () => {
    await kit.signIn();
    const at: number[] = [];
    for (let second = 0; second < 900; second += 3) {
      const before = renewals();
      await refusedOnce();
      if (renewals() > before) at.push(second);
      kit.clock.advance(3000);
    }
    const gaps = at.slice(1).map((each, index) => each - (at[index] as number));
    expect(at.length).toBeGreaterThan(2);
    expect(at.length).toBeLessThan(9);
    for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThan((gaps[index - 1] ?? 0) * 1.5);
    const outcome = await refusedOnce();
    expect(outcome).toBeInstanceOf(UpstreamError);
    expect((outcome as UpstreamError).kind).toBe('unsent');
    expect((outcome as UpstreamError).message).toMatch(/renewed \d times in a row .* accepted none/);
    expect(kit.signIns.view('api', false)?.text).toMatch(/renewed \d times in a row/);
  });

  test('a sign-in begins anew', async () => {
    await kit.signIn();
    for (let i = 0; i < 30; i++) {
      await refusedOnce();
      kit.clock.advance(20_000);
    }
    await kit.signIn();
    kit.clock.advance(10_000);
    const before = renewals();
    expect(await refusedOnce()).toBe(true);
    expect(renewals()).toBe(before + 1);
  });

  test('tokens that it accepts, and soon refuses, are renewed for as long as that goes on', async () => {
    await kit.signIn();
    for (let i = 0; i < 30; i++) {
      kit.signIns.accepted?.('api', (await kit.header()) as string);
      kit.clock.advance(6000);
      expect(await refusedOnce()).toBe(true);
    }
    expect(renewals()).toBe(30);
  });
});

describe('clocks', () => {
  test('one that is set back does not make an old token a new one', async () => {
    await kit.signIn();
    kit.clock.advance(60_000);
    kit.clock.jump(-3_600_000);
    kit.authority.expireAll();
    expect(await kit.call()).toBe(200);
    expect(renewals()).toBe(1);
  });

  test('one that is set forward costs one renewal', async () => {
    await kit.signIn();
    kit.clock.jump(24 * 3_600_000);
    for (let i = 0; i < 10; i++) expect(await kit.call()).toBe(200);
    await settled();
    expect(renewals()).toBe(1);
  });
});

test('an authorization server that is down is asked after pauses that grow, also on 401', async () => {
  await kit.signIn();
  kit.clock.advance(20_000);
  kit.authority.expireAll();
  kit.authority.behaviour.tokenError = { status: 503, body: '{}' };
  for (let second = 0; second < 300; second++) {
    const sent = await kit.header();
    const asked = kit.signIns.challenged('api', kit.url, {
      status: 401,
      wwwAuthenticate: 'Bearer',
      sent,
    });
    await expect(asked).rejects.toMatchObject({ kind: 'unsent' });
    kit.clock.advance(1000);
  }
  // After 5, 10, 20 and 40 seconds, then each minute.
  expect(renewals()).toBe(8);
  kit.authority.behaviour.tokenError = undefined;
  kit.clock.advance(60_000);
  expect(await kit.call()).toBe(200);
});
