import {
  auth as auth2,
  Client as Client2,
  StreamableHTTPClientTransport as Http2,
} from '@modelcontextprotocol/client';
import { auth as auth1, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Http1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, test } from 'vitest';
import { AuthKit, browse, comeBack } from '../../core/upstream/auth/kit.ts';
import { OAUTH_MODES, type OAuthMode } from '../../fixtures/servers/faults/oauth-modes.ts';
import { CLIENTS, type ClientKind, gatewayBefore, judge, type Outcome } from './faults-kit.ts';

/** Servers that want a sign-in, and authorization servers, with one fault each. */

const INFO = { name: 'faults-test', version: '1' };
/** As in faults-kit.ts. */
const TIME = { timeout: 20_000 };

/** What a client keeps of a sign-in. */
function keeper(): OAuthClientProvider & { url: string } {
  let client: unknown;
  let tokens: unknown;
  let verifier = '';
  return {
    url: '',
    redirectUrl: 'http://127.0.0.1:9/callback',
    clientMetadata: { client_name: 'faults-test', redirect_uris: ['http://127.0.0.1:9/callback'] },
    clientInformation: () => client as never,
    saveClientInformation: (given) => {
      client = given;
    },
    tokens: () => tokens as never,
    saveTokens: (given) => {
      tokens = given;
    },
    redirectToAuthorization(url) {
      this.url = url.href;
    },
    saveCodeVerifier: (given) => {
      verifier = given;
    },
    codeVerifier: () => verifier,
  };
}

async function withKit(mode: OAuthMode, run: (kit: AuthKit) => Promise<Outcome>): Promise<Outcome> {
  const kit = await AuthKit.start(mode.behaviour, mode.path);
  try {
    mode.prepare?.(kit.server, kit.authority);
    return await run(kit).catch((error: Error) => error.message);
  } finally {
    await kit.stop();
  }
}

/** Two calls; between them the token ends. */
async function calls(client: Client1 | Client2, kit: AuthKit, mode: OAuthMode): Promise<Outcome> {
  for (const text of ['one', 'two']) {
    const call = { name: 'echo', arguments: { text } };
    const result =
      client instanceof Client1
        ? await client.callTool(call, undefined, TIME)
        : await client.callTool(call, TIME);
    const said = JSON.stringify(result.content);
    if (result.isError || !said.includes(`"${text}"`)) return said;
    kit.authority.expireAll();
    mode.meanwhile?.(kit.authority, kit.server);
  }
  return 'works';
}

async function direct(kind: ClientKind, kit: AuthKit, mode: OAuthMode): Promise<Outcome> {
  const provider = keeper();
  const { url } = kit;
  const ask = { serverUrl: url };
  await (kind === 'sdk-1' ? auth1(provider, ask) : auth2(provider as never, ask));
  const back = (await comeBack(provider.url)).searchParams;
  const given = { ...ask, authorizationCode: back.get('code') ?? '' };
  const iss = back.get('iss') ?? undefined;
  await (kind === 'sdk-1'
    ? auth1(provider, given)
    : auth2(provider as never, { ...given, ...(iss ? { iss } : {}) }));
  const client = kind === 'sdk-1' ? new Client1(INFO) : new Client2(INFO);
  try {
    if (client instanceof Client1)
      await client.connect(new Http1(url, { authProvider: provider }) as never, TIME);
    else await client.connect(new Http2(url, { authProvider: provider as never }), TIME);
    return await calls(client, kit, mode);
  } finally {
    await client.close();
  }
}

async function routed(kind: ClientKind, kit: AuthKit, mode: OAuthMode): Promise<Outcome> {
  kit.configs.set('files', { url: kit.url.href, allows: mode.allows });
  const page = await browse((await kit.signIns.signIn('files')).url);
  if (!page.text.includes('Signed in')) return page.text;
  const gateway = await gatewayBefore({ kind: 'http', url: kit.url.href, headers: {} }, kit.signIns);
  const client = kind === 'sdk-1' ? new Client1(INFO) : new Client2(INFO);
  const requestInit = { headers: { authorization: 'Bearer token-cursor' } };
  try {
    if (client instanceof Client1)
      await client.connect(new Http1(gateway.url, { requestInit }) as never, TIME);
    else await client.connect(new Http2(gateway.url, { requestInit }), TIME);
    return await calls(client, kit, mode);
  } finally {
    await client.close();
    await gateway.stop();
  }
}

const cases = CLIENTS.flatMap((client) =>
  Object.entries(OAUTH_MODES).map(([name, mode]) => [name, client, mode] as const),
);

describe.concurrent('each server', () => {
  test.each(cases)('%s, with %s', async (_name, client, mode) => {
    const wrong = await judge(
      mode.routed,
      () => withKit(mode, (kit) => routed(client, kit, mode)),
      () => withKit(mode, (kit) => direct(client, kit, mode)),
    );
    expect(wrong).toBeUndefined();
  });
});
