import { afterEach, expect, test } from 'vitest';
import type { SignInError } from '../../../../main/core/upstream/auth/types.ts';
import type { SignInException } from '../../../../shared/schemas/server.ts';
import type { Behaviour } from '../../../fixtures/servers/auth-server.ts';
import { AuthKit } from './kit.ts';

/** What a person may allow the authorization server of one server, and nothing beyond it. */

let kit: AuthKit;
afterEach(() => kit.stop());

const OTHER = 'https://other.example';
async function start(behaviour: Partial<Behaviour>, ...allows: SignInException[]): Promise<void> {
  kit = await AuthKit.start(behaviour);
  kit.configs.set('api', { url: kit.server.url, allows });
}
const refusal = (): Promise<SignInError> =>
  kit.signIns.signIn('api').then(
    () => Promise.reject(new Error('it was begun')),
    (error: SignInError) => error,
  );

test.each([
  ['pkce-unsaid', { pkce: undefined }],
  ['other-issuer', { claimedIssuer: OTHER, iss: OTHER }],
] as const)('%s: refused with the way out, and done when it is allowed', async (exception, behaviour) => {
  await start(behaviour, exception === 'pkce-unsaid' ? 'other-issuer' : 'pkce-unsaid');
  expect((await refusal()).fix).toContain(`--allow ${exception}`);
  kit.configs.set('api', { url: kit.server.url, allows: [exception] });
  expect((await kit.signIn()).text).toContain('Signed in');
  expect(await kit.call()).toBe(200);
  kit.authority.expireAll();
  kit.clock.advance(20_000);
  expect(await kit.call()).toBe(200);
  await kit.signIns.signOut('api');
  expect(kit.authority.revocations.length).toBe(1);
});

test('methods without S256 are refused whatever is allowed: PKCE would fail there', async () => {
  await start({ pkce: ['plain'] }, 'pkce-unsaid', 'other-issuer');
  const { message, fix } = await refusal();
  expect(message).toContain('PKCE');
  expect(fix).toBeUndefined();
});

test('an answer of a third issuer is refused', async () => {
  await start({ claimedIssuer: OTHER, iss: 'https://third.example' }, 'other-issuer');
  const page = await kit.signIn();
  expect(page.text).toContain('another issuer');
  expect(kit.authority.tokenRequests).toEqual([]);
});
