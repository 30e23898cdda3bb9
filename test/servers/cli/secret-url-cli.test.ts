import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Place } from '../whole-core.ts';

const CLI = join(import.meta.dirname, '../../../main/host/cli.ts');
const CANARY = 'canary-key-0123456789';
const place = new Place();
const asked: string[] = [];
/** Answers like a server that does not know its path, and says again what it was asked. */
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.writeHead(404, { 'Content-Type': 'text/plain' });
  response.end(`nothing at ${request.url}`);
});
afterAll(() => {
  server.close();
  place.clear();
});

const run = (...args: string[]): Promise<string> =>
  new Promise((done) => {
    const env = { HOME: place.dir, PATH: process.env.PATH, DRAWBRIDGE_DATA: place.dataDir, SHELL: '/bin/sh' };
    execFile(process.execPath, [CLI, ...args], { env }, (_error, stdout, stderr) => done(stdout + stderr));
  });

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

test('a key in a URL that is added by hand goes to the key store, is used, and is printed nowhere', async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const printed = [
    await run('servers', 'add', 'keyed', '--url', `${origin}/mcp?api_key=${CANARY}`),
    await run('servers'),
    await run('tools', 'keyed'),
    await run('logs', 'keyed'),
    await run('audit', '--json'),
  ].join('\n');
  expect(printed).toContain(`${origin}/••••••`);
  expect(printed).not.toContain(CANARY);
  // Once by the command that added it, and at least once by the gateway.
  expect(asked.filter((url) => url.includes(CANARY)).length).toBeGreaterThan(1);
  for (const path of filesBelow(place.dataDir)) expect(readFileSync(path).includes(CANARY), path).toBe(false);
}, 60_000);
