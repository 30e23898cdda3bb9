import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClients } from '../../../main/core/clients/index.ts';
import { createSecretStore } from '../../../main/core/settings/index.ts';
import type { ServerConfig } from '../../../shared/schemas/server.ts';
import { realClients, type Scratch } from '../../core/clients/kit.ts';
import { sample } from '../../core/clients/steps-kit.ts';

/** `drawbridge restore --all` as a person runs it who has not got the app any more. Each command is a process. */

const CLI = join(import.meta.dirname, '../../../main/host/cli.ts');
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'drawbridge-restore-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const env = {
      HOME: home,
      PATH,
      NODE_COMPILE_CACHE,
      DRAWBRIDGE_DATA: join(home, 'data'),
      SHELL: '/bin/sh',
    };
    execFile(process.execPath, [CLI, ...args], { env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });

const write = (place: string, text: string): void => {
  mkdirSync(dirname(join(home, place)), { recursive: true });
  writeFileSync(join(home, place), text);
};

test('puts back every client without a running core', async () => {
  const clients = ['claude-code', 'cline', 'codex', 'goose', 'continue'].map((id) => ({ id, ...sample(id) }));
  for (const { place, before } of clients) write(place, before);
  expect(await run('connect', '--all')).toMatchObject({ code: 0 });
  for (const { place, before } of clients) expect(readFileSync(join(home, place), 'utf8')).not.toBe(before);
  const restored = await run('restore', '--all');
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  for (const { place, before } of clients) expect(readFileSync(join(home, place), 'utf8')).toBe(before);
  expect((await run('restore', '--all')).stdout).toContain('nothing was changed');
}, 60_000);

test('two thousand entries come back in one go', async () => {
  const servers = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, n) => [`s${n}`, { command: 'npx', args: ['-y', `server-${n}`] }]),
  );
  const before = `${JSON.stringify({ mcpServers: servers }, null, 2)}\n`;
  write('.cursor/mcp.json', before);
  // Registering them is left out: undo needs the journal and the key store only.
  const { deps } = await realClients({ dir: home, data: join(home, 'data') } as Scratch);
  const known = new Map<string, ServerConfig>();
  const clients = createClients({
    ...deps,
    servers: {
      get: (name) => known.get(name),
      all: () => Object.fromEntries(known),
      put: async (name, config) => void known.set(name, config),
      remove: async (name) => void known.delete(name),
    },
  });
  expect(await clients.apply(['cursor'], 'connect')).toMatchObject([{ ok: true }]);
  expect(JSON.parse(readFileSync(join(home, 'data', 'journal.json'), 'utf8')).entries).toHaveLength(2_000);
  const from = performance.now();
  expect(await run('restore', '--all')).toMatchObject({ code: 0 });
  console.info(`restore --all of 2 000 entries: ${Math.round(performance.now() - from)} ms`);
  expect(readFileSync(join(home, '.cursor/mcp.json'), 'utf8')).toBe(before);
}, 60_000);

test('a key that only the app can open is said, and nothing is touched', async () => {
  const wrap = { wrap: async (key: Uint8Array) => key, unwrap: async (key: Uint8Array) => key };
  await createSecretStore({ files, dir: join(home, 'data'), randomBytes, keyWrap: wrap });
  const { place, before } = sample('codex');
  write(place, before);
  const { code, stderr } = await run('restore', '--all');
  expect(code).toBe(1);
  expect(stderr).toContain('Start the app');
  expect(readFileSync(join(home, place), 'utf8')).toBe(before);
});
