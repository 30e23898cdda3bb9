import { describe, expect, test } from 'vitest';
import { browserAddress, checkedAddress } from '../../../../main/core/upstream/auth/addresses.ts';
import { readChallenge } from '../../../../main/core/upstream/auth/challenge.ts';
import { renewAt } from '../../../../main/core/upstream/auth/tokens/tokens.ts';
import { oauthReason } from '../../../../main/core/upstream/auth/words.ts';

describe('an address that another party names', () => {
  const remote = new URL('https://mcp.example/mcp');
  const local = new URL('http://127.0.0.1:9000/mcp');
  const lan = new URL('http://192.168.1.5/mcp');

  test.each([
    ['https://auth.example/token', remote],
    ['https://auth.example:8443/a?b=c', local],
    ['http://127.0.0.1:9001/token', local],
    ['http://localhost:9001/token', local],
    ['http://[::1]:9001/token', local],
  ])('%s may be used', (address, server) => {
    expect(checkedAddress(address, 'endpoint', server).href).toBe(address);
  });

  test.each([
    // A server elsewhere must not send us to services of this machine or network (SSRF).
    ['http://127.0.0.1:9001/token', remote],
    ['http://localhost/latest', remote],
    ['http://169.254.169.254/latest/meta-data', remote],
    ['http://169.254.169.254/latest/meta-data', local],
    ['http://auth.example/token', lan],
    ['http://127.0.0.1.evil.example/', local],
    ['http://127.0.0.1@evil.example/', local],
    ['https://user@auth.example/', remote],
    ['https://user:pass@auth.example/', remote],
    ['javascript:alert(1)', local],
    ['data:text/html,x', local],
    ['file:///etc/passwd', local],
    ['ms-msdt:/id', local],
    ['$(calc)', local],
    ['', local],
  ])('%s may not, named by a server at %s', (address, server) => {
    expect(() => checkedAddress(address, 'endpoint', server)).toThrow(/^The endpoint ".*/);
  });

  test('for a browser holds nothing a shell could read, and means the same', () => {
    const url = new URL('https://auth.example/$(id)/a`b;c|d?x=$(id)&y=%27&z=a*b!#$(id)');
    const text = browserAddress(url);
    expect(text).toMatch(/^[\w\-.~:/?@&+,=%[\]]+$/);
    expect(new URL(text).href).toBe(text);
    expect(Object.fromEntries(new URL(text).searchParams)).toEqual({ x: '$(id)', y: "'", z: 'a*b!' });
    expect(decodeURIComponent(new URL(text).pathname)).toBe('/$(id)/a`b;c|d');
  });
});

describe('a challenge', () => {
  test.each([
    [undefined, {}],
    ['Basic realm="x"', {}],
    ['Bearer', {}],
    ['Bearer scope="a b"', { scope: 'a b' }],
    ['bearer error=insufficient_scope, scope="a"', { error: 'insufficient_scope', scope: 'a' }],
    ['Basic realm="x", Bearer scope="a"', { scope: 'a' }],
    ['Basic realm="scope=\\"no\\"", Bearer realm="y"', {}],
  ])('%s', async (header, expected) => {
    const { resourceMetadata, ...rest } = await readChallenge(header);
    expect(JSON.parse(JSON.stringify(rest))).toEqual(expected);
    expect(resourceMetadata).toBeUndefined();
  });

  test('names its metadata', async () => {
    const { resourceMetadata } = await readChallenge(
      'Bearer resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp", scope="x"',
    );
    expect(resourceMetadata?.href).toBe('https://mcp.example/.well-known/oauth-protected-resource/mcp');
  });
});

test('tokens are renewed a minute ahead, those that live shortly at three quarters', () => {
  expect(renewAt({ access: 'a', obtainedAt: 0, expiresAt: 3_600_000 })).toBe(3_540_000);
  expect(renewAt({ access: 'a', obtainedAt: 1000, expiresAt: 5000 })).toBe(4000);
  expect(renewAt({ access: 'a', obtainedAt: 0 })).toBe(Number.POSITIVE_INFINITY);
});

test('errors in words, without what must not be seen', () => {
  expect(oauthReason('access_denied', undefined)).toBe('access was denied there (access_denied)');
  expect(oauthReason('strange_one', 'no canary-1 here', ['canary-1'])).toBe('strange_one: no •••• here');
  expect(oauthReason('<b>', 'x'.repeat(300))).toBe(`an error without a proper name: ${'x'.repeat(200)}…`);
});
