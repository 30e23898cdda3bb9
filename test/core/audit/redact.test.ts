import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCredentialName } from '../../../main/core/audit/credential-patterns.ts';
import { MAX_STORED_CHARS, redactJson, redactText } from '../../../main/core/audit/redact.ts';
import { call, openAudit, outcome, tempFolder } from './helpers.ts';

const CANARY = 'CANARYq7Zx91';
/** Every text holds the canary where a credential would stand. */
const secrets: Record<string, string> = {
  bearer: `Bearer ${CANARY}abcdefgh`,
  basic: `Basic ${CANARY}abcdefgh=`,
  header: `curl -H "Authorization: ${CANARY}" https://example.com`,
  cookie: `Cookie: sid=${CANARY}; other=${CANARY}`,
  openai: `key sk-proj-${CANARY}abcdefghij`,
  stripe: `sk_live_${CANARY}abcdefghij`,
  github: `ghp_${CANARY}abcdefghijklmnop`,
  githubPat: `github_pat_${CANARY}_abcdefghijklmnop`,
  gitlab: `glpat-${CANARY}abcdef`,
  slack: `xoxb-123-${CANARY}`,
  slackHook: `https://hooks.slack.com/services/T0/B0/${CANARY}`,
  google: `AIza${CANARY}abcdefghijklmnopqrstuvwxyz`,
  npm: `npm_${CANARY}abcdefghijklmnop`,
  ours: `db_${CANARY}abcdefghijklmnopqrstuvwxyz`,
  jwt: `eyJhbGciOiJIUzI1NiJ9.${CANARY}.${CANARY}`,
  pem: `-----BEGIN RSA PRIVATE KEY-----\n${CANARY}\n-----END RSA PRIVATE KEY-----`,
  pemCut: `-----BEGIN OPENSSH PRIVATE KEY-----\n${CANARY}`,
  url: `postgres://me:${CANARY}@db.example.com/x`,
  urlQuery: `https://example.com/?a=1&access_token=${CANARY}&b=2`,
  env: `export DB_PASSWORD=${CANARY}`,
  envQuoted: `API_KEY="${CANARY}"`,
  yaml: `client_secret: ${CANARY}`,
  flag: `deploy --api-token ${CANARY} --yes`,
  sql: `ALTER USER me PASSWORD '${CANARY}'`,
  innerJson: `{"password":"${CANARY}"}`,
  innerInnerJson: JSON.stringify(`{"api_key": "${CANARY}"}`),
};

describe('what looks like a credential', () => {
  test.each(Object.entries(secrets))('%s in text and in arguments', (_name, text) => {
    expect(redactText(text)).not.toContain(CANARY);
    expect(redactText(text)).toContain('[redacted]');
    for (const json of [
      JSON.stringify({ note: text }),
      JSON.stringify([['x', text]]),
      JSON.stringify({ [text]: 1 }),
      JSON.stringify({ note: `before ${text}` }),
    ]) {
      expect(redactJson(json)).not.toContain(CANARY);
      expect(() => JSON.parse(redactJson(json))).not.toThrow();
    }
  });

  test.each([
    'password',
    'Authorization',
    'x-auth-token',
    'X-Api-Key',
    'apiKey',
    'API_KEY',
    'apikey',
    'DB_PASSWORD',
    'accessToken',
    'access_tokens',
    'clientSecret',
    'Set-Cookie',
    'cookies',
    'awsSecretAccessKey',
    'privateKey',
    'token',
    'githubToken',
    'passphrase',
    'credentials',
    'auth',
  ])('the member %s', (name) => {
    expect(isCredentialName(name)).toBe(true);
    for (const value of ['"x"', '12', '["x",{"y":"]}"}]', '{"a":[1,2],"b":"}"}'])
      expect(redactJson(`{"${name}":${value},"after":1.50}`)).toBe(`{"${name}":"[redacted]","after":1.50}`);
    expect(redactJson(`{"${name}":null}`)).toBe(`{"${name}":null}`);
  });

  test.each([
    'max_tokens',
    'maxTokens',
    'tokens',
    'token_count',
    'tokenizer',
    'next_page_token',
    'pageToken',
    'key',
    'primaryKey',
    'sort_key',
    'author',
    'authority',
    'compass',
    'path',
    'keyboard',
    'monkey',
  ])('not the member %s', (name) => {
    expect(isCredentialName(name)).toBe(false);
    expect(redactJson(`{"${name}":100}`)).toBe(`{"${name}":100}`);
  });

  test('a name spelt with escapes', () => {
    expect(redactJson('{"\\u0070assword":"hunter2"}')).toBe('{"\\u0070assword":"[redacted]"}');
    expect(redactJson('{"a":"Bearer\\u0020abcdefghijkl"}')).toBe('{"a":"Bearer [redacted]"}');
  });
});

describe('everything else', () => {
  test('keeps its characters', () => {
    const text =
      '{ "big": 12345678901234567890, "f": 1.10, "e": 1E+400, "n": -0.0,\n "s": "a\\u00e9\\/b", "key": [true, null, {}] }';
    expect(redactJson(text)).toBe(text);
  });

  test('any JSON without a credential comes back as it was', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.nat(3), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        fc.pre(redactText(text) === text);
        const back: unknown = JSON.parse(redactJson(text));
        if (redactJson(text) !== text) expect(JSON.stringify(back)).toContain('[redacted]');
      }),
    );
  });

  test('text that is not JSON is looked through as well', () => {
    expect(redactJson('{"a": ghp_abcdefghijklmnopqrstuv')).toBe('{"a": [redacted]');
    expect(redactJson('{"password": "cut off in the mid')).not.toContain('cut off');
    for (const odd of ['', '"', '{', '}', '[[', '{"a":}', ',,,', 'token'])
      expect(() => redactJson(odd)).not.toThrow();
  });

  test('long arguments are cut, say so, and leak nothing at the cut', () => {
    for (let shift = 0; shift < 60; shift += 7) {
      const pad = 'x '.repeat((MAX_STORED_CHARS - 60 + shift) / 2);
      const text = JSON.stringify({ a: `${pad}ghp_${CANARY}abcdefghijklmnop`, rest: 'y'.repeat(50_000) });
      const stored = redactJson(text);
      expect(stored).not.toContain(CANARY.slice(0, 8));
      expect(stored.length).toBeLessThan(MAX_STORED_CHARS + 100);
      expect(stored).toContain(`[cut here: ${text.length} characters in all]`);
    }
  });
});

test('no canary reaches a file, an export or a list', () => {
  const dir = tempFolder();
  const { audit, clock } = openAudit(dir);
  for (const text of Object.values(secrets)) {
    const seq = audit.begin(
      call({
        argumentsText: JSON.stringify({ text, password: CANARY }),
        reason: `Denied: ${text}`,
        tool: text,
      }),
    );
    audit.finish(seq, outcome({ status: 'error', error: `The server said: ${text}` }));
    audit.note('odd', { text, nested: [{ secret: CANARY }] });
  }
  clock.advance(10_000);
  const shown = [
    JSON.stringify(audit.page({ limit: 1000 })),
    JSON.stringify(audit.detail(1)),
    audit.exportPage('jsonl', 0).text,
    audit.exportPage('csv', 0).text,
  ];
  for (const name of readdirSync(dir)) shown.push(readFileSync(join(dir, name), 'latin1'));
  expect(shown.length).toBeGreaterThan(6);
  for (const text of shown) expect(text).not.toContain(CANARY);
  expect(audit.verify().ok).toBe(true);
  audit.close();
});
