import * as files from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { importEntry } from '../../../../main/core/clients/entries/import-entry.ts';
import { secretsOf } from '../../../../main/core/clients/entries/secrets.ts';
import { clientRow } from '../../../../main/core/clients/index.ts';
import type { Machine } from '../../../../main/core/ports.ts';
import { shellWith } from '../../upstream/helpers.ts';

/** Variables that entries name, and that only the login shell has: programs started from a desktop lack them. */

const machine: Machine = {
  platform: 'linux',
  home: '/home/ada',
  env: { HOME: '/home/ada', OURS: 'our-own' },
  bridge: { command: 'node', args: [] },
};
const SHELL: Record<string, string> = {
  GH: 'ghp-canary-7',
  OURS: 'not-this',
  FOLDER: '/srv/data',
  SPARE: 'never',
};

const imported = (client: string, entry: unknown, shell: Parameters<typeof shellWith>[0] = {}) => {
  const row = clientRow(client);
  if (!row) throw new Error(client);
  const loginShell = shellWith({ shell: '/bin/zsh', variable: (name) => SHELL[name], ...shell });
  return importEntry(entry, row.dialect, null, '/home/ada/x.json', { ports: { files, machine }, loginShell });
};

const URL = 'https://mcp.example.com/mcp';
const BEARER = { headers: { Authorization: 'Bearer ghp-canary-7' } };
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the clients' own variables
test.each<[client: string, entry: object, draft: object]>([
  ['claude-code', { type: 'http', url: URL, headers: { Authorization: 'Bearer ${GH}' } }, BEARER],
  [
    'claude-code',
    { command: 'x', env: { T: '${GH}', F: '${FOLDER}/a', O: '${OURS}' } },
    { env: { T: 'ghp-canary-7', F: '/srv/data/a', O: 'our-own' } },
  ],
  ['cursor', { url: URL, headers: { Authorization: 'Bearer ${env:GH}' } }, BEARER],
  [
    'cursor',
    { command: '${env:FOLDER}/x', args: ['--token', '${env:GH}'] },
    { command: '/srv/data/x', args: ['--token', 'ghp-canary-7'] },
  ],
  ['opencode', { type: 'remote', url: URL, headers: { Authorization: 'Bearer {env:GH}' } }, BEARER],
  ['qwen-code', { httpUrl: URL, headers: { Authorization: 'Bearer $GH' } }, BEARER],
  ['codex', { url: URL, bearer_token_env_var: 'GH' }, BEARER],
  ['codex', { url: URL, env_http_headers: { 'X-Key': 'GH' } }, { headers: { 'X-Key': 'ghp-canary-7' } }],
  [
    'codex',
    { command: 'x', env_vars: ['GH', { name: 'FOLDER' }], env: { A: 'b' } },
    { env: { GH: 'ghp-canary-7', FOLDER: '/srv/data', A: 'b' } },
  ],
])('%s: %j', async (client, entry, expected) => {
  const draft = await imported(client, entry);
  expect(draft).toMatchObject(expected);
  expect(JSON.stringify(draft)).not.toContain('never');
  // Whatever it is called, and wherever it stands, it goes to the key store.
  const secrets = secretsOf(draft, 'x').map(({ value }) => value);
  if (JSON.stringify(expected).includes('canary')) expect(secrets.join(' ')).toContain('ghp-canary-7');
  expect(secrets).not.toContain('/srv/data/a');
});

test('a secret goes to the key store also under a harmless name', async () => {
  const draft = await imported('cursor', {
    command: 'x',
    args: ['${env:GH}'],
    env: { LOG_LEVEL: '${env:GH}' },
  });
  expect(secretsOf(draft, 'x').map(({ label }) => label)).toEqual(['argument 1', 'env LOG_LEVEL']);
});

describe('a variable that nobody has', () => {
  const entry = { url: URL, headers: { Authorization: 'Bearer ${env:NONE}' } };
  test('is named with where to set it, and never with advice to write its value down', async () => {
    await expect(imported('cursor', entry)).rejects.toThrow(
      'The environment variable NONE is set neither where Drawbridge runs nor in your login shell (/bin/zsh). Export it',
    );
    await expect(imported('codex', { url: URL, bearer_token_env_var: 'NONE' })).rejects.toThrow('~/.zshrc');
    await expect(imported('codex', { command: 'x', env_vars: ['NONE'] })).rejects.toThrow('NONE');
    for (const client of ['cursor', 'continue']) {
      const text = await imported(client, {
        ...entry,
        type: 'streamable-http',
        headers: { A: '${{ secrets.V }}${env:NONE}' },
      }).then(() => '', String);
      expect(text).not.toMatch(/write the value/i);
    }
  });
  test('of a shell that did not answer tells that', async () => {
    const problem = 'The login shell /bin/zsh did not tell its PATH and variables: it ended with 3.';
    await expect(imported('cursor', entry, { problem })).rejects.toThrow(problem);
  });
});

test('a header that cannot be sent is named when the entry is read, without its value', async () => {
  const headers = { 'X-Key': 'schlüssel→x' };
  await expect(imported('cursor', { url: URL, headers })).rejects.toThrow(
    'The value of the header X-Key holds a character that no header may have (U+2192), at character 10.',
  );
  await expect(imported('cursor', { url: URL, headers: { '': 'x' } })).rejects.toThrow(
    'cannot be the name of a header',
  );
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the clients' own variables
